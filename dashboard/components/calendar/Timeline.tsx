// Printers as rows, time across: one draws a time with the pointer or the keys, and the form opens with it.
// biome-ignore-all lint/a11y/useSemanticElements: an interactive grid over a line of time is no table
import { useLingui } from '@lingui/react/macro'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Claim } from '../../../server/contract/bookings.ts'
import type { BookingCalendar } from '../../../server/contract/calendar.ts'
import { type Axis, cellAt, endOfCell, placeOf } from './axis.ts'
import { type GridState, pressKey, sketchOf } from './keys.ts'
import { TimelineHead, TimelineWindows } from './TimelineHead.tsx'
import { TimelineRow } from './TimelineRow.tsx'
import { claimIn, claimsOn, isMovable, type Sketch } from './taken.ts'
import { useDrag } from './use-drag.ts'
import { useSiteTimes } from './use-site-times.ts'
import { useSpokenSketch } from './use-spoken-sketch.ts'

export interface TimelineProps {
  readonly calendar: BookingCalendar
  readonly axis: Axis
  readonly stepMinutes: number
  readonly label: string
  /** Whether the form is open: when it closes, nothing is drawn any more. */
  readonly formOpen: boolean
  /** Opens the form with it. */
  finish(sketch: Sketch): void
  openClaim(claim: Claim): void
  /** Other days: -1 back, 1 on. */
  page(by: number): void
}

const TAP_MINUTES = 60

export const Timeline = (props: TimelineProps) => {
  const { calendar, axis, stepMinutes, label, finish, openClaim } = props
  const { t } = useLingui()
  const grid = useGrid(props)
  const { state, setState, say, spoken } = grid
  const printerIds = calendar.printers.map(({ id }) => id)
  const drag = useDrag({
    calendar,
    axis,
    stepMinutes,
    tapMinutes: TAP_MINUTES,
    sketch: (sketch) => {
      setState((before) => ({ ...before, ...focusOf(axis, printerIds, sketch), anchor: null, sketch }))
      if (sketch) say(sketch)
    },
    finish,
    openClaim: (id) => {
      const claim = calendar.claims.find((one) => one.id === id)
      if (claim) openClaim(claim)
    },
  })
  const now = Date.parse(calendar.now)
  const nowAt = placeOf(axis, now, now + 1)
  return (
    <div className="timeline-scroll">
      <div
        ref={drag.field}
        role="grid"
        className="timeline"
        data-days={axis.days.length}
        aria-label={label}
        aria-rowcount={calendar.printers.length + 1}
        aria-colcount={axis.cells.length + 1}
        aria-multiselectable
        aria-description={t`Arrows move, Shift and arrows select a time, Enter opens the form or the booking, the space bar picks a booking of yours up, Page up and Page down change the day.`}
        onKeyDown={grid.onKeyDown}
        {...drag.handlers}
      >
        <TimelineHead axis={axis} />
        <div className="timeline-body" role="rowgroup">
          <TimelineWindows calendar={calendar} axis={axis} />
          {calendar.printers.map((printer, row) => (
            <TimelineRow
              key={printer.id}
              calendar={calendar}
              axis={axis}
              printer={printer}
              rowIndex={row}
              focused={state.row === row ? state.cell : null}
              sketch={state.sketch?.printerId === printer.id ? state.sketch : null}
            />
          ))}
          {nowAt && (
            <div className="timeline-over" aria-hidden>
              <div className="now-line" style={{ left: nowAt.left }} />
            </div>
          )}
        </div>
      </div>
      <div className="visually-hidden" role="status" aria-live="polite">
        {spoken}
      </div>
    </div>
  )
}

const focusOf = (axis: Axis, printerIds: readonly number[], sketch: Sketch | null): Partial<GridState> => {
  if (sketch === null) return {}
  const row = printerIds.indexOf(sketch.printerId)
  return row < 0 ? {} : { row, cell: cellAt(axis, sketch.from) }
}

/** The roving focus, and what keys do. */
const useGrid = ({ calendar, axis, formOpen, finish, openClaim, page }: TimelineProps) => {
  const times = useSiteTimes()
  const speak = useSpokenSketch(calendar)
  const first = calendar.printers[0]?.id ?? 0
  const now = Date.parse(calendar.now)
  const [state, setState] = useState<GridState>(() => ({
    row: 0,
    cell: startCell(axis, now),
    anchor: null,
    sketch: null,
  }))
  const [spoken, setSpoken] = useState('')
  const held = useRef<HTMLElement | null>(null)
  // Other days have other cells; the place of the focus stays, as far as there are so many.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only where the days change
  useEffect(() => {
    setState((before) => ({
      ...before,
      cell: Math.min(before.cell, axis.cells.length - 1),
      anchor: null,
      sketch: null,
    }))
  }, [axis.from, axis.cells.length])
  useEffect(() => {
    if (!formOpen) setState((before) => ({ ...before, anchor: null, sketch: null }))
  }, [formOpen])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows the keys, and nothing else
  useEffect(() => {
    held.current?.querySelector<HTMLElement>('[role=gridcell][tabindex="0"]')?.focus()
    held.current = null
  }, [state])
  const say = (sketch: Sketch): void => setSpoken(speak.time(sketch))

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.altKey || event.metaKey) return
    const pressed = { key: event.key, shift: event.shiftKey, ctrl: event.ctrlKey }
    const printerIds = calendar.printers.map(({ id }) => id)
    const answer = pressKey(state, pressed, axis, printerIds)
    if (answer === null) return
    event.preventDefault()
    const printerId = printerIds[state.row] ?? first
    const from = axis.cells[state.cell] ?? axis.from
    const claim = claimIn(claimsOn(calendar.claims, printerId), from, endOfCell(axis, state.cell))
    if (answer.does === 'grab') {
      if (claim === null || !isMovable(claim, now)) return
      const sketch = { printerId, from: Date.parse(claim.start), to: Date.parse(claim.end), claimId: claim.id }
      setState({ ...state, sketch })
      setSpoken(speak.grabbed(times.span(sketch.from, sketch.to)))
      return
    }
    if (answer.does === 'open') {
      if (state.sketch) finish(state.sketch)
      else if (claim) openClaim(claim)
      else finish(sketchOf(axis, printerId, state.cell, Math.max(state.cell, cellAt(axis, from + 3_599_999))))
      return
    }
    if (answer.page !== 0) page(answer.page)
    if (answer.does === 'dropped') setSpoken(speak.dropped())
    else if (answer.state.sketch) say(answer.state.sketch)
    held.current = event.currentTarget
    setState(answer.state)
  }
  return { state, setState, say, spoken, onKeyDown }
}

/** Now, or in the morning of a day that is not today. */
const startCell = (axis: Axis, now: number): number => {
  if (now >= axis.from && now < axis.to) return Math.min(axis.cells.length - 1, cellAt(axis, now) + 1)
  return cellAt(axis, axis.from + 10 * 3_600_000)
}
