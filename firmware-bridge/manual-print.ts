// Whether somebody prints from the printer's card or with its knob, from what the printer lets fall. Pure.
import type { ManualPrint } from '../server/contract/printer-controls.ts'

export type ManualInput =
  /** `SD printing byte 1234/56789` */
  | { readonly kind: 'card'; readonly doneBytes: number; readonly totalBytes: number }
  /** `Not SD printing` */
  | { readonly kind: 'no-card' }
  /** `Done printing file` */
  | { readonly kind: 'card-done' }
  /** `echo:Now fresh file: X`, `File opened: X Size: n` */
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'action'; readonly action: string }
  /** The nozzle is heated to a printing temperature that the bridge has not asked for. */
  | { readonly kind: 'hot'; readonly hot: boolean }
  /** A look at the position: it has moved since the last look, and not by the bridge. */
  | { readonly kind: 'looked'; readonly moved: boolean }

/** What is known; times in milliseconds of the caller's clock. */
export interface ManualWatch {
  readonly print: ManualPrint | null
  /** How it was recognised: what began with the card ends with it. */
  readonly by: 'card' | 'action' | 'motion' | null
  readonly file: string | null
  readonly hot: boolean
  /** Looks in a row at which a hot nozzle had moved. */
  readonly moves: number
  readonly stillSince: number | null
}

export const nothingByHand: ManualWatch = {
  print: null,
  by: null,
  file: null,
  hot: false,
  moves: 0,
  stillSince: null,
}

/** One move of a hot nozzle is somebody's hand at the knob; several are a print. */
const ENOUGH_MOVES = 3
/** Cold and still for so long, in milliseconds: it is over. */
const STILL_MS = 60_000

const begin = (watch: ManualWatch, by: NonNullable<ManualWatch['by']>, at: Date): ManualWatch =>
  watch.print !== null
    ? watch
    : {
        ...watch,
        by,
        print: { file: watch.file, doneBytes: null, totalBytes: null, paused: false, since: at.toISOString() },
      }

const ended = (watch: ManualWatch): ManualWatch => ({ ...nothingByHand, hot: watch.hot })

/** The watch after one input; `now` in milliseconds, `at` the same moment as a date. */
export const watchManual = (watch: ManualWatch, input: ManualInput, now: number, at: Date): ManualWatch => {
  switch (input.kind) {
    case 'card': {
      const begun = begin(watch, 'card', at)
      const { doneBytes, totalBytes } = input
      return { ...begun, by: 'card', print: begun.print && { ...begun.print, doneBytes, totalBytes } }
    }
    case 'no-card':
      // Some firmware says so while it is paused.
      return watch.by === 'card' && !watch.print?.paused ? ended(watch) : watch
    case 'card-done':
      return watch.print === null ? watch : ended(watch)
    case 'file':
      return { ...watch, file: input.name, print: watch.print && { ...watch.print, file: input.name } }
    case 'action':
      return watchAction(watch, input.action, at)
    case 'hot':
      return watchHeat({ ...watch, hot: input.hot, ...(input.hot ? { stillSince: null } : {}) }, now)
    case 'looked':
      return watchMotion(watch, input.moved, now, at)
  }
}

const watchAction = (watch: ManualWatch, action: string, at: Date): ManualWatch => {
  const paused = (is: boolean): ManualWatch => ({ ...watch, print: watch.print && { ...watch.print, paused: is } })
  switch (action) {
    case 'start':
      return begin(watch, 'action', at)
    case 'pause':
    case 'paused':
      return paused(true)
    case 'resume':
    case 'resumed':
      return paused(false)
    case 'cancel':
      return watch.print === null ? watch : ended(watch)
    default:
      return watch
  }
}

const watchMotion = (watch: ManualWatch, moved: boolean, now: number, at: Date): ManualWatch => {
  if (!moved) return watchHeat({ ...watch, moves: 0, stillSince: watch.stillSince ?? now }, now)
  const seen = { ...watch, stillSince: null, moves: watch.hot ? watch.moves + 1 : 0 }
  return seen.moves >= ENOUGH_MOVES ? begin(seen, 'motion', at) : seen
}

/** A print that was known by its motion, or by a word of the printer, ends by growing cold and standing still. */
const watchHeat = (watch: ManualWatch, now: number): ManualWatch => {
  const still = watch.stillSince !== null && now - watch.stillSince >= STILL_MS
  return watch.print !== null && watch.by !== 'card' && !watch.hot && still ? ended(watch) : watch
}
