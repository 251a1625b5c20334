// Printers share circuits: a bed and a nozzle that warm up draw much, and little once they are warm.
import { type Found, found } from '../../contract/reasons.ts'
import type { PowerCircuit, SchedulePrinter, Snapshot } from './snapshot.ts'

/** What each circuit carries now, and with what is started in this pass. */
export class Power {
  readonly #circuits: ReadonlyMap<number, PowerCircuit>
  readonly #used = new Map<number, number>()

  constructor({ circuits, printers }: Pick<Snapshot, 'circuits' | 'printers'>) {
    this.#circuits = new Map(circuits.map((circuit) => [circuit.id, circuit]))
    for (const printer of printers) this.#add(printer, drawOf(printer))
  }

  /** Why it must not begin to heat now; null where it may. */
  hindrance(printer: SchedulePrinter): Found | null {
    const circuit = printer.circuitId === null ? undefined : this.#circuits.get(printer.circuitId)
    if (circuit === undefined) return null
    const { name, limitWatts } = circuit
    if (printer.heatingWatts > limitWatts) return found('power.too-much', { circuit: name })
    const others = (this.#used.get(circuit.id) ?? 0) - drawOf(printer)
    return others + printer.heatingWatts > limitWatts ? found('power.circuit', { circuit: name }) : null
  }

  start(printer: SchedulePrinter): void {
    this.#add(printer, printer.heatingWatts - drawOf(printer))
  }

  #add({ circuitId }: SchedulePrinter, watts: number): void {
    if (circuitId !== null) this.#used.set(circuitId, (this.#used.get(circuitId) ?? 0) + watts)
  }
}

export const drawOf = ({ heating, heatingWatts, holdingWatts }: SchedulePrinter): number =>
  heating === 'no' ? 0 : heating === 'warming' ? heatingWatts : holdingWatts
