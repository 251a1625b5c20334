// The records of the prints under way on this machine's disk, so that a power cut takes a second of knowledge at most.
import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as Value from 'typebox/value'
import { type KeptPrint, KeptPrints } from '../server/contract/print-record.ts'

/** Between two records. With the time that writing takes, none is older than a second. */
const EVERY_MS = 400
const NOTHING = '[]'

/**
 * Two files are written in turn, each with its checksum: when the power goes in the middle of one, the other is whole.
 * Nothing is renamed, so that no folder has to be written for it.
 */
export class RecordShelf {
  readonly #folder: string
  readonly #failed: (error: Error) => void
  #handles: FileHandle[] = []
  #sequence = 0
  #written = NOTHING
  #broken = false
  #stopped = false
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  /** `failed` is told once when the disk takes no more, and once again after it did. */
  constructor(folder: string, failed: (error: Error) => void) {
    this.#folder = folder
    this.#failed = failed
  }

  /** What an earlier process left; call it once, first. */
  async open(): Promise<readonly KeptPrint[]> {
    let newest: { sequence: number; text: string } | null = null
    for (const path of this.#paths) {
      const slot = await readSlot(path)
      if (slot !== null && slot.sequence > (newest?.sequence ?? 0)) newest = slot
    }
    if (newest === null) return []
    this.#sequence = newest.sequence
    this.#written = newest.text
    const prints: unknown = JSON.parse(newest.text)
    return Value.Check(KeptPrints, prints) ? prints : []
  }

  /** Writes down what `prints` tells, again and again. */
  start(prints: () => readonly KeptPrint[]): void {
    const round = async (): Promise<void> => {
      const began = performance.now()
      await this.keep(prints())
      if (this.#stopped) return
      this.#timer = setTimeout(() => void round(), Math.max(20, EVERY_MS - (performance.now() - began)))
    }
    void round()
  }

  /** Resolves when it lies on the disk, or the disk has refused it: a print does not end for that. */
  keep(prints: readonly KeptPrint[]): Promise<void> {
    const text = JSON.stringify(prints)
    this.#writing = this.#writing.then(() => (text === this.#written ? undefined : this.#write(text)))
    return this.#writing
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#writing
    for (const handle of this.#handles) await handle.close()
  }

  get #paths(): string[] {
    return ['prints-0.json', 'prints-1.json'].map((name) => join(this.#folder, name))
  }

  async #write(text: string): Promise<void> {
    try {
      if (this.#handles.length === 0) await this.#openFiles()
      const sequence = this.#sequence + 1
      const slot = this.#handles[sequence % 2] as FileHandle
      await slot.write(slotText(sequence, text), 0, 'utf8')
      await slot.datasync()
      this.#sequence = sequence
      this.#written = text
      this.#broken = false
    } catch (error) {
      if (!this.#broken) this.#failed(error instanceof Error ? error : new Error(String(error)))
      this.#broken = true
    }
  }

  async #openFiles(): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    // `a+` makes it where it is missing; writing at a place needs `r+`.
    for (const path of this.#paths) await (await open(path, 'a+')).close()
    this.#handles = await Promise.all(this.#paths.map((path) => open(path, 'r+')))
  }
}

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The length stands before the text: what a longer one has left behind it does not count. */
const slotText = (sequence: number, text: string): string => {
  const body = `${sequence} ${Buffer.byteLength(text)}\n${text}`
  return `${sumOf(body)} ${body}`
}

const readSlot = async (path: string): Promise<{ sequence: number; text: string } | null> => {
  const bytes = await readFile(path).catch(() => null)
  const head = /^([0-9a-f]{64}) ((\d+) (\d+)\n)/.exec(bytes?.subarray(0, 120).toString('latin1') ?? '')
  if (bytes === null || head === null) return null
  const [whole, sum, line, sequence, length] = head
  const text = bytes.subarray(whole.length, whole.length + Number(length)).toString('utf8')
  return sumOf(`${line}${text}`) === sum ? { sequence: Number(sequence), text } : null
}
