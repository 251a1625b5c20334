// One print on one printer: a file's lines through the link, paused, resumed, given up, and how it ended.
import { type Course, secondsAt } from '../gcode/index.ts'
import type { PrinterProfile, Progress, SessionState } from '../server/contract/printers.ts'
import { GcodeSource } from './gcode-source.ts'
import type { Link } from './link.ts'
import { ModalTracker } from './modal-tracker.ts'
import { cancelLines, pauseLines, resumeLines } from './park.ts'
import type { SessionInput } from './printer-state.ts'
import type { SourceLine } from './source.ts'

export interface PrintPlan {
  readonly printId: number
  readonly totalBytes: number
  readonly course: Course | null
  /** Brings the file near and says where it lies. */
  fetch(): Promise<string>
}

export interface PrintOutcome {
  readonly state: 'completed' | 'failed' | 'cancelled' | 'interrupted'
  readonly reason: string | null
  readonly acceptedBytes: number
}

/** What the print needs of its printer. */
export interface PrintHost {
  readonly profile: PrinterProfile
  state(): SessionState
  /** Moves the printer's state on; false where that has no meaning now. */
  enter(input: SessionInput, reason: string | null): boolean
  /** Sends lines one after the other, unmixed with others. */
  send(lines: readonly string[]): Promise<void>
  isHot(): boolean
}

/** A printer that is told to stop is not waited for longer than this, in milliseconds. */
const PATIENCE_MS = 15_000
/** Seconds of motion after which its pace tells more than the analysis. */
const ENOUGH_TO_JUDGE = 30

export class Streamer {
  readonly plan: PrintPlan
  readonly #link: Link
  readonly #host: PrintHost
  readonly #tracker = new ModalTracker()
  readonly ended: Promise<PrintOutcome>
  #tellEnd: (outcome: PrintOutcome) => void = () => {}
  #source: GcodeSource | null = null
  #acceptedBytes = 0
  #printedMs = 0
  #runningSince: number | null = null
  #firstMove: { readonly doneSeconds: number; readonly printedSeconds: number } | null = null

  constructor(plan: PrintPlan, link: Link, host: PrintHost) {
    this.plan = plan
    this.#link = link
    this.#host = host
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve
    })
  }

  /** Brings the file and begins to stream; what fails on the way ends the print. */
  begin(): void {
    const failed = (error: Error): void => void this.#giveUp(`The file could not be read: ${error.message}`)
    this.#open(failed).catch(failed)
  }

  async #open(failed: (error: Error) => void): Promise<void> {
    const path = await this.plan.fetch()
    // It may have been cancelled while the file was on its way.
    if (this.#host.state() !== 'printing') return
    const source = await GcodeSource.open(path)
    source.onReady = () => this.#link.ready()
    source.onFailed = failed
    this.#source = source
    await this.#link.renumber()
    this.#link.stream(source)
  }

  accepted(line: SourceLine): void {
    this.#acceptedBytes = line.endOffset
    this.#tracker.follow(line.text)
  }

  /** The clock of the print stands still while it is paused. */
  setRunning(running: boolean): void {
    if (!running && this.#runningSince !== null) {
      this.#printedMs += performance.now() - this.#runningSince
      this.#runningSince = null
    } else if (running && this.#runningSince === null) this.#runningSince = performance.now()
  }

  /** Every line has been accepted: when the last move is made, the print is complete. */
  finish(): void {
    this.#link.ask('M400').then(
      () => {
        this.end('completed', null)
        this.#host.enter('finished', null)
      },
      () => {}, // The link ended meanwhile: whoever ended it has told the outcome.
    )
  }

  /** False where the printer was told otherwise meanwhile. */
  async pause(reason: string): Promise<boolean> {
    this.#host.enter('pause', reason)
    this.#link.hold()
    await this.#link.whenQuiet()
    if (this.#host.state() !== 'pausing') return false
    await this.#host.send(pauseLines(this.#tracker.state, this.#host.profile))
    return this.#host.enter('paused', reason)
  }

  async resume(): Promise<boolean> {
    this.#host.enter('resume', null)
    await this.#host.send(resumeLines(this.#tracker.state, this.#host.profile))
    if (!this.#host.enter('resumed', null)) return false
    this.#link.release()
    return true
  }

  async cancel(reason: string): Promise<void> {
    this.#host.enter('cancel', reason)
    await this.#leave('cancelled', reason)
  }

  /** Ends it once; a later word on it is not heard. */
  end(state: PrintOutcome['state'], reason: string | null): void {
    this.setRunning(false)
    this.#tellEnd({ state, reason, acceptedBytes: this.#acceptedBytes })
    // The file was only read: a failing close loses nothing.
    this.#source?.close().catch(() => {})
    this.#source = null
  }

  progress(): Progress {
    const { printId, totalBytes, course } = this.plan
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
      fetching: this.#source === null,
    }
  }

  /** How many of our seconds one of the analysis takes, from the first move on: heating up is no sign of slowness. */
  #pace(doneSeconds: number, printedSeconds: number): number {
    if (doneSeconds <= 0) return 1
    this.#firstMove ??= { doneSeconds, printedSeconds }
    const done = doneSeconds - this.#firstMove.doneSeconds
    const taken = printedSeconds - this.#firstMove.printedSeconds
    return done < ENOUGH_TO_JUDGE || taken <= 0 ? 1 : taken / done
  }

  /** The file fails in mid print: the heaters must not stay on. */
  async #giveUp(reason: string): Promise<void> {
    if (!this.#host.enter('cancel', reason)) return
    await this.#leave('failed', reason).catch(() => this.end('failed', reason))
  }

  /** Stops feeding, frees the printer from a wait for heat, switches off and parks. */
  async #leave(outcome: 'cancelled' | 'failed', reason: string): Promise<void> {
    this.#link.drop()
    if (!this.#link.isQuiet) this.#link.interject('M108')
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())
    await Promise.race([this.#link.whenQuiet(), patience])
    await this.#host.send(cancelLines(this.#tracker.state, this.#host.profile, this.#host.isHot()))
    this.end(outcome, reason)
    this.#host.enter('cancelled', null)
  }
}
