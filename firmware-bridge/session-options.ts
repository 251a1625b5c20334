// What a session needs to serve one printer.
import type { PlateObject } from '../server/contract/printer-controls.ts'
import type { PrinterProfile } from '../server/contract/printers.ts'
import type { Routines } from '../server/contract/routines.ts'
import type { ConnectTiming } from './introduce.ts'
import type { OpenPort } from './port/open-port.ts'

export interface SessionOptions {
  readonly printerId: number
  readonly name: string
  readonly address: string
  readonly baudRate: number
  readonly profile: PrinterProfile
  readonly timing: ConnectTiming
  readonly open: OpenPort
  /** Where the printer can be opened now, by what it is known by; null while it is not there. */
  resolve(address: string): Promise<string | null>
  /** Its state, or what is known about it, is another. */
  changed(): void
  /** What the workshop has taught it. */
  readonly routines?: Routines
  /** Milliseconds of a minute, where a pause is measured in minutes. */
  readonly minute?: number
  /** The objects of the plate that is printed are known, or one is given up. */
  objectsFound?(printId: number, objects: readonly PlateObject[]): void
  /** Something happened that nobody foresaw; the session must be ended, and another begun. */
  failed?(error: Error): void
}
