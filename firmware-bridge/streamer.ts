// One print on one printer: a file's lines through the link, paused, resumed, given up, and how it ended.
import type { LabelledRanges, ModalState } from '../gcode/index.ts'
import type { PrintRecord } from '../server/contract/print-record.ts'
import type { PrinterProfile, Progress, SessionState } from '../server/contract/printers.ts'
import { FileLineUp } from './file-line-up.ts'
import { GcodeSource } from './gcode-source.ts'
import type { Link } from './link.ts'
import type { LinkQuality } from './link-quality.ts'
import { ModalTracker } from './modal-tracker.ts'
import type { PrintPlan } from './print-plan.ts'
import { PrintProgress } from './print-progress.ts'
import type { SessionInput } from './printer-state.ts'
import type { LineSource, SourceLine } from './source.ts'

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
  /** Takes the nozzle out of the way of the part; `state` is what the last accepted line left. */
  park(state: Readonly<ModalState>): Promise<void>
  /** Takes it back to where it was parked from, as hot as it was, and restores every mode. */
  unpark(): Promise<void>
  /** Switches everything off and leaves the part. */
  leave(state: Readonly<ModalState>): Promise<void>
  /** The lines of the file that may go to the printer as they are; at others it holds the print up. */
  guard(source: LineSource): LineSource
}

/** A printer that is told to stop is not waited for longer than this, in milliseconds. */
const PATIENCE_MS = 15_000

export class Streamer {
  readonly plan: PrintPlan
  readonly ended: Promise<PrintOutcome>
  #link: Link
  readonly #host: PrintHost
  readonly #tracker = new ModalTracker()
  readonly #progress: PrintProgress
  #tellEnd: (outcome: PrintOutcome) => void = () => {}
  #source: GcodeSource | null = null
  readonly #givenUp: LabelledRanges[] = []
  #lines: FileLineUp | null = null
  /** The same lines, held up where the file waits for a person. */
  #guarded: LineSource | null = null
  /** The lines that lead in to a print that is gone on with are being sent. */
  #leading = false
  /** It was lost and found again while it was paused: the new link has no lines yet. */
  #streamsLater = false
  #over = false
  #runs: () => void = () => {}

  constructor(plan: PrintPlan, link: Link, host: PrintHost) {
    this.plan = plan
    this.#link = link
    this.#host = host
    this.#progress = new PrintProgress(plan, () => link.quality)
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve
    })
  }

  /** What the lines accepted so far have left. */
  get tracker(): ModalTracker {
    return this.#tracker
  }

  /** Brings the file and begins to stream; what fails on the way ends the print. */
  begin(): void {
    const failed = (error: Error): void => void this.#giveUp(`The file could not be read: ${error.message}`)
    this.#open(failed).catch(failed)
  }

  async #open(failed: (error: Error) => void): Promise<void> {
    const { from } = this.plan
    const path = await this.plan.fetch()
    const source = await GcodeSource.open(path, from?.bytes ?? 0, (line) => this.#tracker.follow(line.text))
    // It may have been cancelled while the file was on its way.
    if (this.#over) return void (await source.close())
    source.onReady = () => this.#link.ready()
    source.onFailed = failed
    this.#source = source
    if (this.#givenUp.length > 0) source.exclude(this.#givenUp)
    this.#lines = new FileLineUp(source)
    this.#guarded = this.#host.guard(this.#lines)
    this.#progress.place = source.placeAt(from?.bytes ?? 0)
    if (from && !(await this.#leadIn(from.lines))) return
    await this.#untilRunning()
    if (this.#over) return
    await this.#link.renumber()
    this.#link.stream(this.#guarded)
  }

  /** False where it was cancelled, or the printer lost, in between: then no further line goes out. */
  async #leadIn(lines: readonly string[]): Promise<boolean> {
    this.#leading = true
    try {
      for (const line of lines) {
        if (this.#host.state() !== 'printing') return false
        await this.#host.send([line])
      }
      return this.#host.state() === 'printing'
    } catch (error) {
      // Whoever ended the link has told the outcome.
      if (this.#over || this.#host.state() !== 'printing') return false
      throw error
    } finally {
      this.#leading = false
    }
  }

  async #untilRunning(): Promise<void> {
    while (!this.#over && this.#host.state() !== 'printing') {
      await new Promise<void>((resolve) => {
        this.#runs = resolve
      })
    }
  }

  accepted(line: SourceLine): void {
    this.#lines?.accepted(line)
    this.#progress.accepted(line.endOffset)
    this.#tracker.follow(line.text)
  }

  /** The clock of the print stands still while it is paused. */
  setRunning(running: boolean): void {
    this.#progress.setRunning(running)
    if (running) this.#runs()
  }

  /** Every line has been accepted: the last moves are waited for. */
  finish(): void {
    this.#link.ask('M400').then(
      () => {
        this.end('completed', null)
        this.#host.enter('finished', null)
      },
      () => {}, // The link ended meanwhile: whoever ended it has told the outcome, or goes on with it.
    )
  }

  /** False where the printer was told otherwise meanwhile. */
  async pause(reason: string): Promise<boolean> {
    // Where the nozzle stands on its way back into a part is not what the file says.
    if (this.#leading) return false
    this.#host.enter('pause', reason)
    this.#link.hold()
    await this.#link.whenQuiet()
    if (this.#host.state() !== 'pausing') return false
    await this.#host.park(this.#tracker.state)
    return this.#host.enter('paused', reason)
  }

  async resume(): Promise<boolean> {
    this.#host.enter('resume', null)
    await this.#host.unpark()
    if (!this.#host.enter('resumed', null)) return false
    if (this.#streamsLater && this.#guarded !== null) this.#link.stream(this.#guarded)
    else this.#link.release()
    this.#streamsLater = false
    return true
  }

  async cancel(reason: string): Promise<void> {
    if (this.#host.state() === 'reconnecting') {
      this.end('cancelled', reason)
      return void this.#host.enter('lost', reason)
    }
    this.#host.enter('cancel', reason)
    await this.#leave('cancelled', reason)
  }

  /** From the next lines on, the moves of these objects are left out. */
  exclude(objects: readonly LabelledRanges[]): void {
    this.#givenUp.push(...objects)
    this.#source?.exclude(objects)
  }

  /** Whether it can go on over a new link: it streams, or is paused between two lines. */
  get mayReturn(): boolean {
    return !this.#over && !this.#leading && this.#lines !== null
  }

  /** Where the file would have the printer after none of these lines, after the first, and so on; null: not known. */
  placesAfter(lines: readonly SourceLine[]): ({ x: number; y: number; z: number } | null)[] {
    return this.#tracker.placesAfter(lines.map(({ text }) => text))
  }

  /** Goes on over a new link; `held`: it was paused and stays so. `back` is called when lines may go out again. */
  async goOn(link: Link, had: readonly SourceLine[], held: boolean, back: () => void): Promise<void> {
    for (const line of had) this.accepted(line)
    this.#progress.changeLink(() => link.quality)
    this.#link = link
    await link.renumber()
    if (this.#lines === null || this.#over) return
    this.#lines.giveAgain()
    this.#streamsLater = held
    back()
    if (!held && this.#guarded !== null) link.stream(this.#guarded)
  }

  /** Ends it once; a later word on it is not heard. */
  end(state: PrintOutcome['state'], reason: string | null): void {
    this.setRunning(false)
    this.#over = true
    this.#runs()
    this.#tellEnd({ state, reason, acceptedBytes: this.#progress.acceptedBytes })
    // The file was only read: a failing close loses nothing.
    this.#source?.close().catch(() => {})
    this.#source = null
    this.#lines = null
  }

  progress(): Progress {
    return this.#progress.now(this.#source === null)
  }

  /** The last line that the printer has, and what it remembers there; call it as the print runs. */
  record(at: Date): PrintRecord {
    if (this.#lines !== null) this.#progress.place = this.#lines.placeAt(this.#progress.acceptedBytes)
    return this.#progress.record(at, this.#tracker)
  }

  get quality(): LinkQuality {
    return this.#link.quality
  }

  /** The printer obeys no further line: what it heats is switched off. */
  fail(reason: string): void {
    void this.#giveUp(reason)
  }

  /** The file or the printer fails in mid print: the heaters must not stay on. */
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
    await this.#host.leave(this.#tracker.state)
    this.end(outcome, reason)
    this.#host.enter('cancelled', null)
  }
}
