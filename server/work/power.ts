// Printers that stand idle and cool are switched off by their plugs, and on where a job waits for them.
import type { Printer } from '../contract/printers.ts'
import { obstacles } from '../domain/match.ts'
import { hindranceToOff, isDueOff, isDueOn, powerViewOf } from '../domain/power.ts'
import { assemble } from '../domain/scheduling/assemble.ts'
import { waitsForItself } from '../domain/scheduling/waits.ts'
import { askPlug, switchPlug } from '../plugs/plug-calls.ts'
import { type Database, DatabaseAway } from '../store/database.ts'
import { listPlugs, type PlugRow, savePlugState, switchOffAlone, withPassword } from '../store/plugs.ts'
import { listPrinters, readPrinter } from '../store/printers.ts'
import { databaseNow, readStanding } from '../store/scheduling.ts'
import type { Sealer } from '../store/secrets.ts'

export class Power {
  readonly #db: Database
  readonly #sealer: Sealer
  readonly #now: () => number
  /** Since when a printer has been idle and cool, by a clock that is never set back. */
  readonly #idleSince = new Map<number, number>()

  /** `now` in milliseconds. */
  constructor(db: Database, sealer: Sealer, now: () => number = () => performance.now()) {
    this.#db = db
    this.#sealer = sealer
    this.#now = now
  }

  /** Looks at every plug once. One that does not answer holds up no other. */
  async look(): Promise<void> {
    const plugs = await listPlugs(this.#db)
    if (plugs.length === 0) return
    const printers = await listPrinters(this.#db)
    const wanted = await this.#wantedBy(printers)
    await Promise.all(
      plugs.map(async (plug) => {
        const printer = printers.find(({ id }) => id === plug.printerId)
        if (printer !== undefined) await this.#lookAt(plug, printer, wanted.has(printer.id))
      }),
    )
  }

  /** Those for which a job waits that could print there now. */
  async #wantedBy(printers: readonly Printer[]): Promise<Set<number>> {
    const standing = await readStanding(this.#db)
    const now = await databaseNow(this.#db)
    const jobs = assemble(standing, now).jobs.filter((job) => waitsForItself(job, now) === null)
    const takes = ({ id, tags, profile }: Printer): boolean =>
      jobs.some(
        ({ printerId, printerTags, findings, barred }) =>
          (printerId === null || printerId === id) &&
          printerTags.every((tag) => tags.includes(tag)) &&
          !barred?.has(id) &&
          findings !== null &&
          obstacles(findings, profile).length === 0,
      )
    const ready = printers.filter((printer) => printer.bed === 'clear' && printer.takesJobs)
    return new Set(ready.filter(takes).map(({ id }) => id))
  }

  async #lookAt(plug: PlugRow, printer: Printer, wanted: boolean): Promise<void> {
    const view = powerViewOf(printer)
    const now = this.#now()
    const rests = view.state === 'idle' && hindranceToOff(view) === null && !wanted
    const since = rests ? (this.#idleSince.get(printer.id) ?? now) : null
    if (since === null) this.#idleSince.delete(printer.id)
    else this.#idleSince.set(printer.id, since)
    try {
      const address = withPassword(plug, this.#sealer)
      const isOn = await askPlug(address)
      const told = { ...plug, isOn }
      await savePlugState(this.#db, printer.id, { isOn, trouble: null })
      if (isDueOn(told, view, wanted)) {
        await switchPlug(address, true)
        await savePlugState(this.#db, printer.id, { isOn: true, trouble: null })
      } else if (since !== null && isDueOff(told, view, now - since)) {
        // The answer of the plug took a moment: a print may have been sent meanwhile.
        await switchOffAlone(this.#db, printer.id, async (inside) => {
          const seen = await readPrinter(inside, printer.id)
          if (seen === null || hindranceToOff(powerViewOf(seen)) !== null) return false
          await switchPlug(address, false)
          return true
        })
      }
    } catch (error) {
      if (!(error instanceof Error) || error instanceof DatabaseAway) throw error
      await savePlugState(this.#db, printer.id, { isOn: null, trouble: error.message })
    }
  }
}
