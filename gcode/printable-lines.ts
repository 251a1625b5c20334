// A file's bytes -> the commands as they are sent to a printer, each with the place in the file where it is done.
import { type Command, type CommandSink, textOf } from './command.ts'
import { CommandScanner } from './scanner.ts'

export interface PrintableLine {
  readonly text: string
  /** Bytes of the file up to and with this line. */
  readonly endOffset: number
}

/** Feed it chunks of any size; take what has gathered. Comments, blank lines, line numbers and checksums are left out. */
export class PrintableLines implements CommandSink {
  readonly #scanner = new CommandScanner(this)
  #gathered: PrintableLine[] = []

  feed(chunk: Uint8Array): void {
    this.#scanner.feed(chunk)
  }

  end(): void {
    this.#scanner.end()
  }

  take(): PrintableLine[] {
    const taken = this.#gathered
    this.#gathered = []
    return taken
  }

  command(command: Command): void {
    // A file's own numbering (M110) would collide with the host's.
    if (command.letter === 77 && command.number === 110) return
    this.#gathered.push({ text: textOf(command), endOffset: command.nextOffset })
  }
}
