// One .model file of a 3MF package -> its objects, colours and what is to be built.
// 3MF core specification 1.3; materials and properties extension 1.2; production extension 1.1.
import type { Affine } from '../../geometry/vectors.ts'
import { BadInput } from '../body.ts'
import { checkTriangles, colourOf, MOST_TRIANGLES, plainName } from './source.ts'
import type { Attributes, XmlSink } from './xml.ts'

/** An object placed somewhere: as part of another, or on the plate. */
export interface Placed {
  readonly objectId: string
  /** The .model file it lies in; null: this one. */
  readonly path: string | null
  readonly transform: Affine
}

export interface ThreeMfObject {
  readonly name: string
  readonly type: string
  readonly colour: string | null
  readonly corners: number[]
  readonly triangles: number[]
  /** Colours of single triangles, by their number. */
  readonly painted: Map<number, string>
  readonly components: Placed[]
}

export class ThreeMfDocument implements XmlSink {
  unit = 'millimeter'
  readonly objects = new Map<string, ThreeMfObject>()
  readonly items: Placed[] = []
  readonly #colours = new Map<string, (string | null)[]>()
  #object: ThreeMfObject | null = null
  #group: (string | null)[] | null = null
  #inBuild = false

  open(name: string, given: Attributes): void {
    switch (name) {
      case 'model':
        this.unit = given['unit'] ?? 'millimeter'
        break
      case 'basematerials':
      case 'colorgroup':
        this.#group = []
        this.#colours.set(given['id'] ?? '', this.#group)
        break
      case 'base':
        this.#group?.push(colourOf(given['displaycolor']))
        break
      case 'color':
        this.#group?.push(colourOf(given['color']))
        break
      case 'object':
        this.#beginObject(given)
        break
      case 'vertex':
        this.#takeCorner(given)
        break
      case 'triangle':
        this.#takeTriangle(given)
        break
      case 'component':
        this.#object?.components.push(placedBy(given))
        break
      case 'build':
        this.#inBuild = true
        break
      case 'item':
        if (this.#inBuild) this.items.push(placedBy(given))
        break
    }
  }

  close(name: string): void {
    if (name === 'object') this.#object = null
    if (name === 'build') this.#inBuild = false
    if (name === 'basematerials' || name === 'colorgroup') this.#group = null
  }

  #beginObject(given: Attributes): void {
    this.#object = {
      name: plainName(given['name'] ?? ''),
      type: given['type'] ?? 'model',
      colour: this.#colour(given['pid'], given['pindex']),
      corners: [],
      triangles: [],
      painted: new Map(),
      components: [],
    }
    this.objects.set(given['id'] ?? '', this.#object)
  }

  #takeCorner(given: Attributes): void {
    const corners = this.#object?.corners
    if (corners === undefined) return
    if (corners.length > MOST_TRIANGLES * 9) checkTriangles(Number.POSITIVE_INFINITY)
    for (const axis of ['x', 'y', 'z']) corners.push(numberIn(given[axis]))
  }

  #takeTriangle(given: Attributes): void {
    const object = this.#object
    if (object === null) return
    const { triangles, painted } = object
    checkTriangles(triangles.length / 3)
    const colour = this.#colour(given['pid'], given['p1'])
    if (colour !== null && colour !== object.colour) painted.set(triangles.length / 3, colour)
    for (const corner of ['v1', 'v2', 'v3']) triangles.push(Number(given[corner]))
  }

  #colour(group: string | undefined, index: string | undefined): string | null {
    if (group === undefined) return null
    return this.#colours.get(group)?.[Number(index ?? 0)] ?? null
  }
}

const numberIn = (text: string | undefined): number => (text === undefined || text === '' ? Number.NaN : Number(text))

const placedBy = (given: Attributes): Placed => ({
  objectId: given['objectid'] ?? '',
  path: given['path']?.replace(/^\//, '') ?? null,
  transform: transformOf(given['transform']),
})

/** Twelve numbers, column by column of a matrix that is multiplied from the right (core specification, 3.3). */
const transformOf = (text: string | undefined): Affine => {
  if (text === undefined) return [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]
  const m = text.trim().split(/\s+/).map(Number)
  if (m.length !== 12 || m.some((value) => !Number.isFinite(value)))
    throw new BadInput('The place of one of its objects is not made of numbers. Export it again.')
  return [0, 1, 2].flatMap((row) => [0, 3, 6, 9].map((column) => m[column + row] as number))
}
