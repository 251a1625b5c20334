// How far a print is, how long it takes still, and the record that outlives this process.
import { secondsAt } from '../gcode/index.ts'
import { modalRecordOf, type PrintRecord } from '../server/contract/print-record.ts'
import type { Progress } from '../server/contract/printers.ts'
import type { Place } from './gcode-source.ts'
import type { LinkQuality } from './link-quality.ts'
import type { ModalTracker } from './modal-tracker.ts'
import type { PrintPlan } from './print-plan.ts'

/** Seconds of motion after which its pace tells more than the analysis. */
const ENOUGH_TO_JUDGE = 30

export class PrintProgress {
  readonly #plan: PrintPlan
  #acceptedBytes: number
  #printedMs = 0
  #runningSince: number | null = null
  #firstMove: { readonly doneSeconds: number; readonly printedSeconds: number } | null = null
  /** The link counts over its whole life: what it had counted before this print is taken off. */
  #quality: () => LinkQuality
  #before = { resends: 0, underruns: 0 }
  place: Place = { layer: null, object: null }

  constructor(plan: PrintPlan, quality: () => LinkQuality) {
    this.#plan = plan
    this.#acceptedBytes = plan.from?.bytes ?? 0
    this.#quality = quality
    const { resends, underruns } = quality()
    this.#before = { resends: -resends, underruns: -underruns }
  }

  get acceptedBytes(): number {
    return this.#acceptedBytes
  }

  accepted(bytes: number): void {
    this.#acceptedBytes = bytes
  }

  /** The clock of the print stands still while it is paused. */
  setRunning(running: boolean): void {
    if (running === (this.#runningSince !== null)) return
    if (this.#runningSince !== null) this.#printedMs += performance.now() - this.#runningSince
    this.#runningSince = running ? performance.now() : null
  }

  /** The link is another from now on: its counting begins anew, that of the print does not. */
  changeLink(quality: () => LinkQuality): void {
    const { resends, underruns } = this.#counts()
    const next = quality()
    this.#before = { resends: resends - next.resends, underruns: underruns - next.underruns }
    this.#quality = quality
  }

  now(fetching: boolean): Progress {
    const { printId, totalBytes, course } = this.#plan
    const running = this.#runningSince === null ? 0 : performance.now() - this.#runningSince
    const doneSeconds = course ? secondsAt(course, this.#acceptedBytes) : 0
    const totalSeconds = course?.seconds[course.seconds.length - 1] ?? 0
    const printedSeconds = (this.#printedMs + running) / 1000
    return {
      printId,
      acceptedBytes: this.#acceptedBytes,
      totalBytes,
      doneSeconds,
      totalSeconds,
      printedSeconds,
      remainingSeconds: course ? (totalSeconds - doneSeconds) * this.#pace(doneSeconds, printedSeconds) : null,
      fetching,
    }
  }

  record(at: Date, tracker: ModalTracker): PrintRecord {
    const { printId, totalBytes, doneSeconds, totalSeconds, remainingSeconds } = this.now(false)
    return {
      printId,
      bytes: this.#acceptedBytes,
      totalBytes,
      modal: modalRecordOf(tracker.state, tracker.retracted),
      ...this.place,
      doneSeconds,
      totalSeconds,
      remainingSeconds,
      ...this.#counts(),
      at: at.toISOString(),
    }
  }

  #counts(): { resends: number; underruns: number } {
    const { resends, underruns } = this.#quality()
    return { resends: this.#before.resends + resends, underruns: this.#before.underruns + underruns }
  }

  /** How many of our seconds one of the analysis takes, from the first move on: heating up is no sign of slowness. */
  #pace(doneSeconds: number, printedSeconds: number): number {
    if (doneSeconds <= 0) return 1
    this.#firstMove ??= { doneSeconds, printedSeconds }
    const done = doneSeconds - this.#firstMove.doneSeconds
    const taken = printedSeconds - this.#firstMove.printedSeconds
    return done < ENOUGH_TO_JUDGE || taken <= 0 ? 1 : taken / done
  }
}
