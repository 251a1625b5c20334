// When a printer is switched on and off by its plug: a pure function of how it stands.
import type { Plug } from '../contract/power.ts'
import type { Printer, SessionState } from '../contract/printers.ts'

/** °C; a hotter nozzle needs its fan, or what melts in it creeps up and clogs it. */
export const COOL_NOZZLE = 50

export interface PowerView {
  readonly name: string
  readonly bridgeAlive: boolean
  readonly state: SessionState
  /** The hottest nozzle, in °C; null where it is not known. */
  readonly nozzle: number | null
  readonly hasPrint: boolean
  /** Something is asked of a heater. */
  readonly heating: boolean
}

export const powerViewOf = ({ name, bridgeAlive, telemetry, print }: Printer): PowerView => {
  const heaters = Object.entries(telemetry?.temperatures ?? {})
  const nozzles = heaters.filter(([heater]) => /^T\d+$/.test(heater)).map(([, { actual }]) => actual)
  return {
    name,
    bridgeAlive,
    state: telemetry?.state ?? 'offline',
    nozzle: nozzles.length > 0 ? Math.max(...nozzles) : null,
    hasPrint: print !== null,
    heating: heaters.some(([, { target }]) => (target ?? 0) > 0),
  }
}

/** Why it must not be switched off now; null where it may be. A printer that cannot be seen may be printing. */
export const hindranceToOff = (view: PowerView): string | null => {
  const { name } = view
  if (view.hasPrint) return `${name} has a print on it. It is not switched off before that has ended.`
  if (!view.bridgeAlive) return `The bridge of ${name} does not answer: nobody knows whether it prints.`
  if (!['idle', 'offline', 'connecting', 'halted'].includes(view.state)) {
    return `${name} is ${view.state}. It is not switched off now.`
  }
  if (view.heating) return `${name} is heating. Switch its heaters off first.`
  if (view.nozzle !== null && view.nozzle >= COOL_NOZZLE) {
    return `The nozzle of ${name} still has ${Math.round(view.nozzle)} °C. It is switched off below ${COOL_NOZZLE} °C.`
  }
  return null
}

/** Whether it has earned its rest: seen, idle, cool, and for long enough. `idleMs` by a clock that never goes back. */
export const isDueOff = (plug: Plug, view: PowerView, idleMs: number): boolean =>
  plug.isOn === true &&
  plug.offAfterMinutes !== null &&
  view.state === 'idle' &&
  view.nozzle !== null &&
  hindranceToOff(view) === null &&
  idleMs >= plug.offAfterMinutes * 60_000

/** Whether a job waits that only wants this printer to be switched on. */
export const isDueOn = (plug: Plug, view: PowerView, wanted: boolean): boolean =>
  wanted && plug.onBeforePrint && plug.isOn === false && view.bridgeAlive && !view.hasPrint
