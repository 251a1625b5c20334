// AMF (ISO/ASTM 52915), plain or in an archive: objects of volumes, placed by a constellation where there is one.
import { BadContainer } from '../../../gcode/binary/bad-container.ts'
import { ZipReader } from '../../../gcode/binary/zip-reader.ts'
import { MeshBuilder } from '../../geometry/mesh-builder.ts'
import { type Affine, applied, compose, scaling, shifting, turning } from '../../geometry/vectors.ts'
import { BadInput } from '../body.ts'
import {
  checkParts,
  checkPlace,
  checkTriangles,
  MOST_TRIANGLES,
  millimetresIn,
  plainName,
  type Source,
} from './source.ts'
import { type Attributes, readXml, type XmlSink, type XmlStream } from './xml.ts'

const MOST_UNPACKED = 600e6
const MOST_PLACED = 20_000

interface Volume {
  readonly triangles: number[]
  colour: string | null
}

interface AmfObject {
  name: string
  readonly corners: number[]
  readonly volumes: Volume[]
}

interface Instance {
  readonly objectId: string
  readonly shift: [number, number, number]
  readonly turn: [number, number, number]
}

export const readAmf = (bytes: Uint8Array): Source => {
  const document = new AmfDocument()
  const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b
  if (isArchive) unpack(bytes, document)
  else {
    const xml = readXml(document)
    xml.feed(bytes)
    xml.end()
  }
  return placed(document)
}

const unpack = (bytes: Uint8Array, document: AmfDocument): void => {
  let unpacked = 0
  let xml: XmlStream | null = null
  const zip = new ZipReader({
    begin: (name) => {
      if (xml !== null || !/\.(amf|xml)$/i.test(name)) return null
      const stream = readXml(document)
      xml = stream
      return (piece) => {
        unpacked += piece.length
        if (unpacked > MOST_UNPACKED) throw new BadInput('Unpacked it is larger than any model that can be printed.')
        stream.feed(piece)
      }
    },
    finish: () => {},
  })
  try {
    zip.feed(bytes)
    zip.end()
  } catch (error) {
    if (error instanceof BadContainer)
      throw new BadInput(`It is damaged or no AMF: ${error.message.replace(/ from the slicer/, '')}`)
    throw error
  }
}

class AmfDocument implements XmlSink {
  unit = 'millimeter'
  readonly objects = new Map<string, AmfObject>()
  readonly instances: Instance[] = []
  #object: AmfObject | null = null
  #volume: Volume | null = null
  #instance: Instance | null = null
  #colour: Record<string, number> | null = null
  #isName = false
  #text = ''

  open(name: string, given: Attributes): void {
    this.#text = ''
    if (name === 'amf') this.unit = given['unit'] ?? 'millimeter'
    else if (name === 'object') {
      this.#object = { name: '', corners: [], volumes: [] }
      this.objects.set(given['id'] ?? '', this.#object)
    } else if (name === 'volume') {
      this.#volume = { triangles: [], colour: null }
      this.#object?.volumes.push(this.#volume)
    } else if (name === 'instance') {
      this.#instance = { objectId: given['objectid'] ?? '', shift: [0, 0, 0], turn: [0, 0, 0] }
      this.instances.push(this.#instance)
      if (this.instances.length > MOST_PLACED) throw new BadInput('It places more objects than any plate holds.')
    } else if (name === 'color') this.#colour = {}
    else if (name === 'metadata') this.#isName = given['type'] === 'name'
  }

  text(text: string): void {
    if (this.#text.length < 1000) this.#text += text
  }

  close(name: string): void {
    const number = (): number => (this.#text.trim() === '' ? Number.NaN : Number(this.#text))
    if (name === 'x' || name === 'y' || name === 'z') {
      this.#object?.corners.push(number())
      if ((this.#object?.corners.length ?? 0) > MOST_TRIANGLES * 9) checkTriangles(Number.POSITIVE_INFINITY)
    } else if (name === 'v1' || name === 'v2' || name === 'v3') this.#volume?.triangles.push(number())
    else if (name === 'r' || name === 'g' || name === 'b') {
      if (this.#colour !== null) this.#colour[name] = number()
    } else if (name === 'color') this.#endColour()
    else if (name === 'metadata' && this.#isName && this.#object !== null) this.#object.name = plainName(this.#text)
    else if (name === 'object') this.#object = null
    else if (name === 'volume') this.#volume = null
    else this.#takeInstance(name, number())
    this.#text = ''
  }

  #takeInstance(name: string, value: number): void {
    const instance = this.#instance
    if (instance === null || !Number.isFinite(value)) return
    const shifts = ['deltax', 'deltay', 'deltaz'].indexOf(name)
    const turns = ['rx', 'ry', 'rz'].indexOf(name)
    if (shifts >= 0) instance.shift[shifts] = value
    if (turns >= 0) instance.turn[turns] = value
  }

  #endColour(): void {
    const { r = Number.NaN, g = Number.NaN, b = Number.NaN } = this.#colour ?? {}
    this.#colour = null
    if (![r, g, b].every((part) => part >= 0 && part <= 1) || this.#volume === null) return
    this.#volume.colour = `#${[r, g, b]
      .map((part) =>
        Math.round(part * 255)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')}`
  }
}

const placed = (document: AmfDocument): Source => {
  const builder = new MeshBuilder()
  const scale = millimetresIn(document.unit)
  const inMillimetres = scaling([scale, scale, scale])
  const wanted: Instance[] =
    document.instances.length > 0
      ? document.instances
      : [...document.objects.keys()].map((objectId) => ({ objectId, shift: [0, 0, 0], turn: [0, 0, 0] }))
  let parts = 0
  for (const { objectId, shift, turn } of wanted) {
    const object = document.objects.get(objectId)
    // A constellation may place constellations; programs that write them are not known.
    if (object === undefined) throw new BadInput('It places an object that is not in it. Export it again.')
    const matrix = compose(inMillimetres, compose(shifting(shift), turned(turn)))
    for (const volume of object.volumes) {
      checkParts(++parts)
      addVolume(builder, object, volume, matrix)
    }
  }
  if (builder.triangles === 0) throw new BadInput('It holds no triangles.')
  return { builder, unit: document.unit, notes: [] }
}

/** About x, then y, then z, in degrees (8.3). */
const turned = ([x, y, z]: readonly [number, number, number]): Affine => {
  const about = (axis: 0 | 1 | 2, degrees: number): Affine => {
    const half = (degrees * Math.PI) / 360
    const part = (one: number): number => (one === axis ? Math.sin(half) : 0)
    return turning([part(0), part(1), part(2), Math.cos(half)])
  }
  return compose(about(2, z), compose(about(1, y), about(0, x)))
}

const addVolume = (
  builder: MeshBuilder,
  { name, corners }: AmfObject,
  { triangles, colour }: Volume,
  matrix: Affine,
): void => {
  builder.beginPart(name, colour)
  checkTriangles(builder.triangles + triangles.length / 3)
  const vertices = triangles.map((corner) => {
    const [x, y, z] = [corners[corner * 3], corners[corner * 3 + 1], corners[corner * 3 + 2]]
    if (x === undefined || y === undefined || z === undefined)
      throw new BadInput('One of its triangles names a corner that is not there. Export it again.')
    const place = applied(matrix, [x, y, z])
    checkPlace(...place)
    return builder.vertex(...place)
  })
  for (let at = 0; at + 2 < vertices.length; at += 3)
    builder.triangle(vertices[at] as number, vertices[at + 1] as number, vertices[at + 2] as number)
}
