// Is this G-code? What the name and the first bytes of an upload tell.
import { type Command, CommandScanner, type CommandSink } from '../../gcode/index.ts'
import { gcodeEndings, isFileName } from '../contract/files.ts'
import { type Refusal, refuse } from '../contract/refusals.ts'

const modelEndings = ['.stl', '.3mf', '.obj', '.step', '.stp', '.amf', '.scad', '.f3d', '.blend']

const endsWithOne = (name: string, endings: readonly string[]): boolean =>
  endings.some((ending) => name.toLowerCase().endsWith(ending))

/** Why a file of this name is not taken, before a byte of it has come; null where it may come. */
export const refuseName = (name: string): Refusal | null => {
  if (!isFileName(name)) return refuse('file.name')
  if (endsWithOne(name, modelEndings)) return refuse('file.model', { name })
  if (!endsWithOne(name, gcodeEndings)) return refuse('file.not-gcode', { name })
  return null
}

/** Looks at an upload while it passes: `piece` refuses what is no text, `end` what holds no command. */
export class UploadCheck implements CommandSink {
  readonly #name: string
  readonly #scanner = new CommandScanner(this)
  #commands = 0
  #first = true
  #sizeBytes = 0

  constructor(name: string) {
    this.#name = name
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  command(command: Command): void {
    if (command.letter !== 0) this.#commands++
  }

  piece(bytes: Uint8Array): Refusal | null {
    this.#sizeBytes += bytes.length
    if (this.#first && bytes.length > 0) {
      this.#first = false
      const start = String.fromCharCode(...bytes.subarray(0, 80))
      if (start.startsWith('PK\x03\x04') || /^solid [^;]*\n\s*facet/.test(start)) {
        return refuse('file.model', { name: this.#name })
      }
      if (bytes.subarray(0, 4096).includes(0)) return refuse('file.binary', { name: this.#name })
    }
    this.#scanner.feed(bytes)
    return null
  }

  end(): Refusal | null {
    this.#scanner.end()
    if (this.#sizeBytes === 0) return refuse('file.empty', { name: this.#name })
    return this.#commands === 0 ? refuse('file.not-gcode', { name: this.#name }) : null
  }
}
