// The objects of the plate that is printed, so that one can be given up while the others go on.
import { createReadStream } from 'node:fs'
import { CommandScanner, type LabelledRanges, ObjectLabels } from '../gcode/index.ts'
import { MOST_OBJECTS, type PlateObject } from '../server/contract/printer-controls.ts'

export interface LabelledObject extends LabelledRanges {
  readonly x: number | null
  readonly y: number | null
}

/** Reads a file once; empty where it labels no objects, or more than can be told apart. Throws where the disk fails. */
export const readObjects = async (path: string): Promise<LabelledObject[]> => {
  const labels = new ObjectLabels()
  const scanner = new CommandScanner(labels)
  for await (const chunk of createReadStream(path, { highWaterMark: 64 * 1024 })) scanner.feed(chunk)
  scanner.end()
  labels.end(scanner.offset)
  const { objects, complete } = labels.result()
  if (!complete || objects.length > MOST_OBJECTS) return []
  const names = new Map<string, number>()
  return objects.map(({ name, ranges, centre }) => {
    const count = (names.get(name) ?? 0) + 1
    names.set(name, count)
    // Copies of one object bear one name.
    return {
      name: count === 1 ? name : `${name} (${count})`,
      ranges,
      x: centre?.[0] ?? null,
      y: centre?.[1] ?? null,
    }
  })
}

export class PlateObjects {
  #objects: readonly LabelledObject[] = []
  readonly #excluded = new Set<string>()

  take(objects: readonly LabelledObject[]): void {
    this.#objects = objects
    this.#excluded.clear()
  }

  get list(): PlateObject[] {
    return this.#objects.map(({ name, x, y }) => ({ name, x, y, excluded: this.#excluded.has(name) }))
  }

  /** The stretches to leave out from now on, or why not. */
  exclude(name: string): { readonly object: LabelledRanges } | { readonly refused: string } {
    const object = this.#objects.find((one) => one.name === name)
    if (object === undefined) return { refused: `There is no object ${name} on this plate.` }
    if (this.#excluded.has(name)) return { refused: `${name} is given up already.` }
    if (this.#objects.length - this.#excluded.size <= 1) {
      return { refused: `${name} is the last object of the plate: cancel the print instead.` }
    }
    this.#excluded.add(name)
    return { object }
  }
}
