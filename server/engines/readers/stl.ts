// STL, binary and as text.
import { MeshBuilder } from '../../geometry/mesh-builder.ts'
import { BadInput } from '../body.ts'
import { checkParts, checkPlace, checkTriangles, plainName, type Source } from './source.ts'

const HEAD_BYTES = 84
const TRIANGLE_BYTES = 50

export const readStl = (bytes: Uint8Array): Source => {
  if (bytes.length === 0) throw new BadInput('It is empty.')
  // Binary ones may begin with "solid" too: what decides is whether their count and length fit together.
  if (bytes.length >= HEAD_BYTES && bytes.length === HEAD_BYTES + countOf(bytes) * TRIANGLE_BYTES)
    return readBinary(bytes)
  if (looksLikeText(bytes)) return readText(bytes)
  return readBinary(bytes)
}

const countOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(80, true)

const looksLikeText = (bytes: Uint8Array): boolean => {
  const start = Buffer.from(bytes.subarray(0, 2048)).toString('latin1')
  return /^\s*solid\b/i.test(start) && /\b(facet|endsolid)\b/i.test(start)
}

const readBinary = (bytes: Uint8Array): Source => {
  if (bytes.length < HEAD_BYTES)
    throw new BadInput('It is cut off: not even its head is whole. Fetch or export it again.')
  const count = countOf(bytes)
  const held = Math.floor((bytes.length - HEAD_BYTES) / TRIANGLE_BYTES)
  if (count > held)
    throw new BadInput(`It says that it holds ${count} triangles, but ends after ${held}. Fetch or export it again.`)
  // Fewer than there are would leave out a piece of the part.
  if (count < held)
    throw new BadInput(`It says that it holds ${count} triangles, but there are ${held}. Export it again.`)
  if (count === 0) throw new BadInput('It holds no triangles.')
  checkTriangles(count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const builder = new MeshBuilder()
  const corner = (at: number): number => {
    const [x, y, z] = [view.getFloat32(at, true), view.getFloat32(at + 4, true), view.getFloat32(at + 8, true)]
    checkPlace(x, y, z)
    return builder.vertex(x, y, z)
  }
  builder.beginPart('', null)
  for (let triangle = 0; triangle < count; triangle++) {
    const at = HEAD_BYTES + triangle * TRIANGLE_BYTES + 12
    builder.triangle(corner(at), corner(at + 12), corner(at + 24))
  }
  return { builder, unit: null, notes: [] }
}

const CUT_OFF = 'It ends in the middle. Fetch or export it again.'

/** One pass over the words of the text; numbers are read where corners are. */
const readText = (bytes: Uint8Array): Source => {
  const text = Buffer.from(bytes).toString('latin1')
  const builder = new MeshBuilder()
  const words = /\S+/g
  const next = (): string | null => words.exec(text)?.[0] ?? null
  const number = (): number => {
    const word = next()
    if (word === null) throw new BadInput(CUT_OFF)
    return Number(word)
  }
  let corners: number[] = []
  let [solids, open] = [0, false]
  for (let word = next(); word !== null; word = next()) {
    switch (word.toLowerCase()) {
      case 'solid': {
        const end = text.indexOf('\n', words.lastIndex)
        const name = end < 0 ? '' : text.slice(words.lastIndex, end)
        if (end >= 0) words.lastIndex = end
        checkParts(++solids)
        builder.beginPart(plainName(name), null)
        open = true
        break
      }
      case 'vertex': {
        const [x, y, z] = [number(), number(), number()]
        checkPlace(x, y, z)
        corners.push(builder.vertex(x, y, z))
        break
      }
      case 'endfacet': {
        if (corners.length !== 3) throw new BadInput('One of its triangles has not three corners. Export it again.')
        const [a = 0, b = 0, c = 0] = corners
        builder.triangle(a, b, c)
        checkTriangles(builder.triangles)
        corners = []
        break
      }
      case 'endsolid': {
        const end = text.indexOf('\n', words.lastIndex)
        words.lastIndex = end < 0 ? text.length : end
        open = false
        break
      }
    }
  }
  if (open || corners.length > 0) throw new BadInput(CUT_OFF)
  if (builder.triangles === 0) throw new BadInput('It holds no triangles.')
  return { builder, unit: null, notes: [] }
}
