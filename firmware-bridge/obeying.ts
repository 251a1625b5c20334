// What the parts of obeying need of each other: one command leads to another.
import type { CommandBody } from '../server/contract/printer-commands.ts'
import type { PersonWait } from '../server/contract/printer-controls.ts'
import type { CommandAnswer } from './command-queue.ts'
import type { ObeyHost } from './obey-host.ts'
import type { Parking } from './parking.ts'
import type { PrinterWords } from './printer-words.ts'

export interface Obeying {
  readonly host: ObeyHost
  readonly words: PrinterWords
  readonly parking: Parking
  readonly filament: {
    /** Whether the firmware asks people by itself when it is told M600. */
    readonly byFirmware: boolean
    lead(reason: string): Promise<CommandAnswer>
  }
  readonly stops: { wait(): PersonWait | null }
  /** The firmware itself has paused: it parks and comes back by its own rules. */
  firmwarePaused: boolean
  readonly tool: number
  /** How many commands the firmware has not known. */
  readonly unknownCount: number
  send(lines: readonly string[]): Promise<void>
  command(body: CommandBody, askedBy: string | null): Promise<CommandAnswer>
  resume(): Promise<CommandAnswer>
  cannot(): string
  answer(obeyed: boolean | undefined): CommandAnswer
}
