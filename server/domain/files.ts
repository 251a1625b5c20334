// Is this G-code? What the name and the first bytes of an upload tell.
import { BadContainer, type Command, CommandScanner, type CommandSink, TextReader } from '../../gcode/index.ts'
import { BadPicture } from '../../gcode/pictures/bad-picture.ts'
import { toPng } from '../../gcode/pictures/to-png.ts'
import { gcodeEndings, isFileName } from '../contract/files.ts'
import { type Refusal, refuse } from '../contract/refusals.ts'

const modelEndings = ['.stl', '.obj', '.step', '.stp', '.amf', '.scad', '.f3d', '.blend']

/** Bytes at the beginning in which a text has no zeros. */
const LOOKED_AT = 4096

const endsWithOne = (name: string, endings: readonly string[]): boolean =>
  endings.some((ending) => name.toLowerCase().endsWith(ending))

/** Why a file of this name is not taken, before a byte of it has come; null where it may come. */
export const refuseName = (name: string): Refusal | null => {
  if (!isFileName(name)) return refuse('file.name')
  if (endsWithOne(name, modelEndings)) return refuse('file.model', { name })
  if (!endsWithOne(name, gcodeEndings)) return refuse('file.not-gcode', { name })
  return null
}

/** The name under which the text of a file is kept: binary G-code and archives are unpacked. */
export const textName = (name: string, plate: number | undefined): string => {
  const plain = name.replace(/\.(bgcode|ufp|gcode\.3mf|3mf)$/i, '.gcode')
  return plate === undefined || plate === 1 ? plain : plain.replace(/(\.\w+)$/, ` (plate ${plate})$1`)
}

/**
 * An upload as it passes: bytes of a file of any kind in, the text in it out. Refuses what is no G-code, what is damaged,
 * and at its end what holds no command.
 */
export class UploadCheck implements CommandSink {
  readonly #name: string
  readonly #plate: number | undefined
  readonly #reader: TextReader
  readonly #scanner = new CommandScanner(this)
  #text: Uint8Array[] = []
  #commands = 0
  #receivedBytes = 0
  #textBytes = 0

  constructor(name: string, plate: number | undefined) {
    this.#name = name
    this.#plate = plate
    this.#reader = new TextReader({ text: (bytes) => void this.#text.push(bytes), plate })
  }

  get receivedBytes(): number {
    return this.#receivedBytes
  }

  get textBytes(): number {
    return this.#textBytes
  }

  /** Numbers of the plates of an archive, after its end; empty for other files. */
  get plates(): number[] {
    return this.#reader.plates.map(({ number }) => number)
  }

  /** The picture of the plate, a PNG, where the archive holds one that can be shown. */
  get picture(): Uint8Array | null {
    const { plates } = this.#reader
    const picture = plates.find(({ number }) => number === (this.#plate ?? plates[0]?.number))?.thumbnail
    try {
      return picture ? toPng(picture, 'png') : null
    } catch (error) {
      if (error instanceof BadPicture) return null
      throw error
    }
  }

  command(command: Command): void {
    if (command.letter !== 0) this.#commands++
  }

  /** The text that these bytes bring. */
  piece(bytes: Uint8Array): Refusal | readonly Uint8Array[] {
    const first = this.#receivedBytes === 0
    this.#receivedBytes += bytes.length
    if (first && /^solid [^;]*\n\s*facet/.test(String.fromCharCode(...bytes.subarray(0, 80)))) {
      return refuse('file.model', { name: this.#name })
    }
    return this.#read(() => this.#reader.feed(bytes))
  }

  /** The text that was still waiting. */
  end(): Refusal | readonly Uint8Array[] {
    if (this.#receivedBytes === 0) return refuse('file.empty', { name: this.#name })
    const last = this.#read(() => this.#reader.end())
    if ('code' in last) return last
    this.#scanner.end()
    return this.#commands === 0 ? refuse('file.not-gcode', { name: this.#name }) : last
  }

  #read(read: () => void): Refusal | readonly Uint8Array[] {
    this.#text = []
    try {
      read()
    } catch (error) {
      if (error instanceof BadContainer) return refuse('file.damaged', { name: this.#name, reason: error.message })
      throw error
    }
    for (const text of this.#text) {
      if (this.#textBytes < LOOKED_AT && text.subarray(0, LOOKED_AT).includes(0)) {
        return refuse('file.binary', { name: this.#name })
      }
      this.#textBytes += text.length
      this.#scanner.feed(text)
    }
    return this.#text
  }
}
