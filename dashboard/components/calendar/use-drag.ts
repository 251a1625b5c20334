// Drawing on the calendar with a pointer: a new time, or a booking that is moved or stretched. It only sketches.
import { type PointerEvent as ReactPointerEvent, useEffect, useRef } from 'react'
import type { BookingCalendar } from '../../../server/contract/calendar.ts'
import { type Axis, instantAt } from './axis.ts'
import { isMovable, type Sketch } from './taken.ts'

/** On touch a finger must rest so long before it draws: otherwise it scrolls. */
const LONG_PRESS_MS = 350
/** A finger that trembles within this is at rest. Pixels. */
const TREMBLE = 10
const EDGE = 9
const MINUTE = 60_000

export interface DragTarget {
  readonly calendar: BookingCalendar
  readonly axis: Axis
  /** Starts and lengths are in such steps. */
  readonly stepMinutes: number
  /** A tap without a drag takes so much. */
  readonly tapMinutes: number
  sketch(sketch: Sketch | null): void
  finish(sketch: Sketch): void
  openClaim(claimId: number): void
}

interface Grip {
  readonly pointerId: number
  readonly x: number
  readonly y: number
  readonly at: number
  readonly mode: 'new' | 'move' | 'from' | 'to' | 'look'
  readonly start: Sketch
  timer: number
  drawing: boolean
  moved: boolean
  last: Sketch
}

const trackAt = (x: number, y: number): HTMLElement | null =>
  document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-printer]') ?? null

export const useDrag = (target: DragTarget) => {
  const grip = useRef<Grip | null>(null)
  const field = useRef<HTMLDivElement>(null)
  const latest = useRef(target)
  latest.current = target

  // A scroll that has not begun can still be stopped; React's own listeners may not do it.
  useEffect(() => {
    const element = field.current
    const stop = (event: TouchEvent): void => {
      if (grip.current?.drawing) event.preventDefault()
    }
    element?.addEventListener('touchmove', stop, { passive: false })
    return () => element?.removeEventListener('touchmove', stop)
  }, [])

  const drop = (): void => {
    if (grip.current) window.clearTimeout(grip.current.timer)
    grip.current = null
    latest.current.sketch(null)
  }

  const onPointerDown = (event: ReactPointerEvent<HTMLElement>): void => {
    if (event.button !== 0 || !event.isPrimary || !(event.target instanceof Element)) return
    const held = takeHold(event, latest.current)
    if (held === null) return
    const element = event.currentTarget
    const begin = (): void => {
      held.drawing = true
      if (held.mode !== 'look') element.setPointerCapture(held.pointerId)
      if (held.mode === 'new') latest.current.sketch(held.last)
      if (event.pointerType === 'touch') navigator.vibrate?.(15)
    }
    grip.current = held
    if (event.pointerType === 'touch') held.timer = window.setTimeout(begin, LONG_PRESS_MS)
    else begin()
  }

  const onPointerMove = (event: ReactPointerEvent<HTMLElement>): void => {
    const held = grip.current
    if (held === null || held.pointerId !== event.pointerId) return
    const far = Math.hypot(event.clientX - held.x, event.clientY - held.y)
    if (!held.drawing) {
      if (far > TREMBLE) drop()
      return
    }
    if (far > 4) held.moved = true
    if (!held.moved || held.mode === 'look') return
    held.last = drawn(held, event, latest.current)
    latest.current.sketch(held.last)
  }

  const onPointerUp = (event: ReactPointerEvent<HTMLElement>): void => {
    const held = grip.current
    if (held === null || held.pointerId !== event.pointerId) return
    window.clearTimeout(held.timer)
    grip.current = null
    const isTap = !held.moved
    const { claimId } = held.start
    if (isTap && claimId !== null) {
      latest.current.sketch(null)
      latest.current.openClaim(claimId)
    } else if (!held.drawing && held.mode !== 'new') latest.current.sketch(null)
    else if (held.mode !== 'look') {
      const { tapMinutes } = latest.current
      latest.current.finish(isTap ? { ...held.last, to: held.last.from + tapMinutes * MINUTE } : held.last)
    }
  }

  return { field, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: drop } }
}

const instantOf = (track: HTMLElement, x: number, axis: Axis, stepMinutes: number): number => {
  const { left, width } = track.getBoundingClientRect()
  return instantAt(axis, (x - left) / width, stepMinutes)
}

const takeHold = (event: ReactPointerEvent<HTMLElement>, target: DragTarget): Grip | null => {
  const { calendar, axis, stepMinutes } = target
  if (!(event.target instanceof Element)) return null
  const track = event.target.closest<HTMLElement>('[data-printer]')
  if (track === null) return null
  const printerId = Number(track.dataset['printer'])
  const at = instantOf(track, event.clientX, axis, stepMinutes)
  const hold = { pointerId: event.pointerId, x: event.clientX, y: event.clientY, at, timer: 0, drawing: false }
  const block = event.target.closest<HTMLElement>('[data-claim]')
  const claim = calendar.claims.find(({ id }) => id === Number(block?.dataset['claim']))
  if (block !== null && claim !== undefined) {
    const start = { printerId, from: Date.parse(claim.start), to: Date.parse(claim.end), claimId: claim.id }
    const mode = isMovable(claim, Date.parse(calendar.now)) ? sideOf(block, event.clientX) : 'look'
    return { ...hold, mode, start, last: start, moved: false }
  }
  const start = { printerId, from: at, to: at + stepMinutes * MINUTE, claimId: null }
  return { ...hold, mode: 'new', start, last: start, moved: false }
}

const sideOf = (block: HTMLElement, x: number): 'from' | 'to' | 'move' => {
  const { left, right, width } = block.getBoundingClientRect()
  const edge = Math.min(EDGE, width / 4)
  if (x - left < edge) return 'from'
  return right - x < edge ? 'to' : 'move'
}

const drawn = ({ mode, start, at }: Grip, event: ReactPointerEvent<HTMLElement>, target: DragTarget): Sketch => {
  const { axis, stepMinutes } = target
  const step = stepMinutes * MINUTE
  const track = trackAt(event.clientX, event.clientY)
  const own = document.querySelector<HTMLElement>(`[data-printer="${start.printerId}"]`)
  const measure = track ?? own
  if (measure === null) return start
  const now = instantOf(measure, event.clientX, axis, stepMinutes)
  if (mode === 'new') return { ...start, from: Math.min(at, now), to: Math.max(at, now) + step }
  const by = now - at
  if (mode === 'from') return { ...start, from: Math.min(start.to - step, start.from + by) }
  if (mode === 'to') return { ...start, to: Math.max(start.from + step, start.to + by) }
  const printerId = Number(track?.dataset['printer'] ?? start.printerId)
  return { ...start, printerId, from: start.from + by, to: start.to + by }
}
