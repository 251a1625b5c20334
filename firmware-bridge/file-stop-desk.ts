// What happens where a file stops: it waits for a person, pauses, or has its filament changed.
import type { PersonWait } from '../server/contract/printer-controls.ts'
import { type FileStop, GuardedSource } from './file-stops.ts'
import type { Obeying } from './obeying.ts'
import type { LineSource, SourceLine } from './source.ts'

interface Stopped {
  readonly stop: FileStop
  readonly line: SourceLine
}

export class FileStops {
  readonly #obey: Obeying
  #source: GuardedSource | null = null
  /** It came while the print was being paused by somebody else. */
  #pending: Stopped | null = null
  #waiting: { readonly text: string; readonly until: number | null } | null = null

  constructor(obey: Obeying) {
    this.#obey = obey
  }

  forget(): void {
    this.#pending = null
    this.#waiting = null
  }

  guard(source: LineSource): LineSource {
    const { host } = this.#obey
    this.#source = new GuardedSource(
      source,
      (stop, line) => this.#begin({ stop, line }),
      (line) => host.note(`Left out of the file: ${line.text}`),
    )
    return this.#source
  }

  /** A print that is resumed has nothing to wait for. */
  goOn(): void {
    this.#waiting = null
  }

  takePending(): void {
    const pending = this.#pending
    this.#pending = null
    if (pending !== null) this.#begin(pending)
  }

  wait(): PersonWait | null {
    if (this.#waiting === null) return null
    const { text, until } = this.#waiting
    const left = until === null ? null : until - performance.now()
    return { by: 'file', text, until: left === null ? null : new Date(Date.now() + left).toISOString() }
  }

  /** A wait with an end goes on by itself. */
  tick(): void {
    const until = this.#waiting?.until ?? null
    if (until === null || performance.now() < until || this.#obey.host.state() !== 'paused') return
    this.#waiting = null
    this.#obey.resume().catch((error: Error) => this.#obey.host.note(error.message))
  }

  #begin(stopped: Stopped): void {
    if (this.#obey.host.state() !== 'printing') {
      this.#pending = stopped
      return
    }
    this.#carryOut(stopped).catch((error: Error) => this.#obey.host.note(error.message))
  }

  async #carryOut(stopped: Stopped): Promise<void> {
    const { filament, parking } = this.#obey
    const { stop } = stopped
    switch (stop.kind) {
      case 'wait': {
        parking.stayNext = true
        if (!(await this.#pause(stop.text || 'The file waits for a person.'))) return this.#again(stopped)
        const until = stop.seconds === null ? null : performance.now() + stop.seconds * 1000
        this.#waiting = { text: stop.text, until }
        return this.#passed(stopped)
      }
      case 'pause':
        if (!(await this.#pause('Paused by the file.'))) return this.#again(stopped)
        return this.#passed(stopped)
      case 'filament': {
        if (filament.byFirmware && (await this.#toFirmware(stop.line))) return this.#passed(stopped)
        const answer = await filament.lead('The file asks for other filament.')
        if ('refused' in answer) return this.#again(stopped)
        return this.#passed(stopped)
      }
    }
  }

  async #pause(reason: string): Promise<boolean> {
    return (await this.#obey.host.streamer()?.pause(reason)) ?? false
  }

  /** False where the firmware does not know the command after all. */
  async #toFirmware(line: string): Promise<boolean> {
    const before = this.#obey.unknownCount
    await this.#obey.send([line])
    return this.#obey.unknownCount === before
  }

  /** Somebody else was quicker: it is looked at again when the print goes on. */
  #again(stopped: Stopped): void {
    this.#obey.parking.stayNext = false
    this.#pending = stopped
  }

  /** The line has had its effect: what comes after it may go out, and it is not given out again. */
  #passed({ line }: Stopped): void {
    const { host } = this.#obey
    host.streamer()?.accepted(line)
    this.#source?.goOn()
    host.changed()
    host.link()?.ready()
  }
}
