// What obeying needs of a printer's session.
import type { PlateObject } from '../server/contract/printer-controls.ts'
import type { PrinterProfile, SessionState } from '../server/contract/printers.ts'
import type { Routines } from '../server/contract/routines.ts'
import type { CommandAnswer } from './command-queue.ts'
import type { Link } from './link.ts'
import type { SessionInput } from './printer-state.ts'
import type { Dialect } from './protocol/dialect.ts'
import type { Temperatures } from './protocol/temperatures.ts'
import type { PrintOutcome, Streamer } from './streamer.ts'

export interface ObeyHost {
  readonly name: string
  readonly profile: PrinterProfile
  /** Milliseconds that a minute of pause lasts. */
  readonly minute: number
  routines(): Routines
  state(): SessionState
  /** Moves the printer's state on; false where that has no meaning now. */
  enter(input: SessionInput, reason: string | null): boolean
  link(): Link | null
  streamer(): Streamer | null
  dialect(): Dialect
  /** What M115 told. */
  capabilities(): Readonly<Record<string, boolean>>
  temperatures(): Temperatures
  /** Sends lines one after the other, unmixed with others, each told once it is accepted. Throws when the link ends. */
  send(lines: readonly string[], accepted: (line: string) => void): Promise<void>
  /** Whatever is being sent by `send` stops after the line that is on the wire. */
  abandon(): void
  note(text: string): void
  changed(): void
  objectsFound(printId: number, objects: readonly PlateObject[]): void
  /** How the printer is spoken to past all else; null: it is not there. */
  voice(): ((line: string) => void) | null
  /** It obeys nothing any more until it is connected anew; a print on it ends so. */
  halt(reason: string, outcome: PrintOutcome['state']): void
  reconnect(): Promise<CommandAnswer>
}
