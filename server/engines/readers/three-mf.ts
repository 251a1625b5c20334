// A 3MF package -> everything that its build says, at its place, in millimetres.
import { BadContainer } from '../../../gcode/binary/bad-container.ts'
import { ZipReader } from '../../../gcode/binary/zip-reader.ts'
import type { ModelNote } from '../../contract/models.ts'
import { MeshBuilder } from '../../geometry/mesh-builder.ts'
import { type Affine, applied, compose, determinant, scaling } from '../../geometry/vectors.ts'
import { BadInput } from '../body.ts'
import { checkParts, checkPlace, checkTriangles, millimetresIn, type Source } from './source.ts'
import { type Placed, ThreeMfDocument, type ThreeMfObject } from './three-mf-document.ts'
import { readXml } from './xml.ts'

/** What a package may hold unpacked, of what is read. A million triangles take about 100 MB of XML. */
const MOST_UNPACKED = 600e6
/** Objects may be made of objects; a few lines could otherwise ask for billions. */
const MOST_DEPTH = 16
const MOST_PLACED = 20_000

interface Package {
  readonly models: Map<string, ThreeMfDocument>
  /** The name of the .model file to begin with. */
  root: string
  hasSettings: boolean
}

export const readThreeMf = (bytes: Uint8Array): Source => {
  const unpacked = unpack(bytes)
  const root = unpacked.models.get(unpacked.root) ?? [...unpacked.models.values()].find(({ items }) => items.length > 0)
  if (root === undefined) throw new BadInput('It holds no model. Export it again.')
  const notes: ModelNote[] = []
  if (unpacked.hasSettings)
    notes.push({ code: 'settings-left-out', message: 'It brings slicer settings of its own. Only its shape is used.' })
  const placing = new Placing(unpacked.models)
  for (const item of root.items) placing.place(root, item, scaling(threeTimes(millimetresIn(root.unit))), 0)
  if (placing.leftOut > 0)
    notes.push({
      code: 'supports-left-out',
      message: 'Supports that are drawn in it are left out; the slicer makes its own.',
    })
  if (placing.builder.triangles === 0) throw new BadInput('It has nothing to build: no object in it is placed.')
  return { builder: placing.builder, unit: root.unit, notes }
}

const threeTimes = (value: number): [number, number, number] => [value, value, value]

const unpack = (bytes: Uint8Array): Package => {
  const found: Package = { models: new Map(), root: '3D/3dmodel.model', hasSettings: false }
  let unpacked = 0
  let ended = (): void => {}
  const zip = new ZipReader({
    begin: (name) => {
      ended = () => {}
      if (/^Metadata\/.*\.(config|json|gcode)$/i.test(name)) found.hasSettings = true
      const sink = /\.model$/i.test(name) ? new ThreeMfDocument() : name === '_rels/.rels' ? relationsInto(found) : null
      if (sink === null) return null
      if (sink instanceof ThreeMfDocument) found.models.set(name, sink)
      const xml = readXml(sink)
      ended = () => xml.end()
      return (piece) => {
        unpacked += piece.length
        if (unpacked > MOST_UNPACKED) throw new BadInput('Unpacked it is larger than any model that can be printed.')
        xml.feed(piece)
      }
    },
    finish: () => ended(),
  })
  try {
    zip.feed(bytes)
    zip.end()
  } catch (error) {
    if (error instanceof BadContainer)
      throw new BadInput(`It is damaged or no 3MF: ${error.message.replace(/ from the slicer/, '')}`)
    throw error
  }
  return found
}

const relationsInto = (found: Package) => ({
  open: (name: string, given: Readonly<Record<string, string>>): void => {
    if (name !== 'Relationship' || !given['Type']?.endsWith('/3dmodel')) return
    found.root = given['Target']?.replace(/^\//, '') ?? found.root
  },
  close: (): void => {},
})

/** Walks from what is built down to the meshes. */
class Placing {
  readonly builder = new MeshBuilder()
  leftOut = 0
  readonly #models: ReadonlyMap<string, ThreeMfDocument>
  #parts = 0
  #placed = 0

  constructor(models: ReadonlyMap<string, ThreeMfDocument>) {
    this.#models = models
  }

  place(from: ThreeMfDocument, { objectId, path, transform }: Placed, above: Affine, depth: number): void {
    if (depth > MOST_DEPTH || ++this.#placed > MOST_PLACED)
      throw new BadInput('Its objects are made of each other more often than any model needs.')
    const document = path === null ? from : this.#models.get(path)
    const object = document?.objects.get(objectId)
    if (document === undefined || object === undefined)
      throw new BadInput('It places an object that is not in it. Export it again.')
    const matrix = compose(above, transform)
    if (object.type === 'support' || object.type === 'solidsupport') this.leftOut += 1
    else if (object.triangles.length > 0) this.#addMesh(object, matrix)
    for (const component of object.components) this.place(document, component, matrix, depth + 1)
  }

  #addMesh({ name, colour, corners, triangles, painted }: ThreeMfObject, matrix: Affine): void {
    checkParts(++this.#parts)
    const { builder } = this
    builder.beginPart(name, colour)
    checkTriangles(builder.triangles + triangles.length / 3)
    const vertices = new Uint32Array(corners.length / 3)
    for (let at = 0; at < vertices.length; at++) {
      const [x, y, z] = applied(matrix, [
        corners[at * 3] as number,
        corners[at * 3 + 1] as number,
        corners[at * 3 + 2] as number,
      ])
      checkPlace(x, y, z)
      vertices[at] = builder.vertex(x, y, z)
    }
    const mirrors = determinant(matrix) < 0
    for (let at = 0; at < triangles.length; at += 3) {
      const [a, b, c] = [0, 1, 2].map((corner) => vertices[triangles[at + corner] as number])
      if (a === undefined || b === undefined || c === undefined)
        throw new BadInput('One of its triangles names a corner that is not there. Export it again.')
      builder.triangle(a, mirrors ? c : b, mirrors ? b : c, painted.get(at / 3) ?? null)
    }
  }
}
