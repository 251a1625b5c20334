// Temperatures of the last half hour, in this process's memory: enough to draw a curve as soon as a page opens.
import type { Telemetry, TemperatureHistory } from '../contract/printers.ts'

const KEPT = 1800

interface Reading {
  readonly at: number
  readonly temperatures: Telemetry['temperatures']
}

export class TemperatureMemory {
  readonly #readings = new Map<number, Reading[]>()

  take(telemetry: Telemetry): void {
    if (Object.keys(telemetry.temperatures).length === 0) return
    const readings = this.#readings.get(telemetry.printerId) ?? []
    readings.push({ at: Date.parse(telemetry.at) / 1000, temperatures: telemetry.temperatures })
    if (readings.length > KEPT) readings.splice(0, readings.length - KEPT)
    this.#readings.set(telemetry.printerId, readings)
  }

  of(printerId: number): TemperatureHistory {
    const readings = this.#readings.get(printerId) ?? []
    const heaters = [...new Set(readings.flatMap(({ temperatures }) => Object.keys(temperatures)))].sort()
    const column = (heater: string, which: 'actual' | 'target'): (number | null)[] =>
      readings.map(({ temperatures }) => temperatures[heater]?.[which] ?? null)
    return {
      at: readings.map(({ at }) => at),
      actual: Object.fromEntries(heaters.map((heater) => [heater, column(heater, 'actual')])),
      target: Object.fromEntries(heaters.map((heater) => [heater, column(heater, 'target')])),
    }
  }
}
