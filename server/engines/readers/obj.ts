// Wavefront OBJ: corners, faces of any number of corners, objects and groups. Materials lie in files of their own.
import { fillPolygon } from '../../geometry/fill-polygon.ts'
import { MeshBuilder } from '../../geometry/mesh-builder.ts'
import { BadInput } from '../body.ts'
import { checkParts, checkPlace, checkTriangles, plainName, type Source } from './source.ts'

const MOST_CORNERS_OF_FACE = 10_000

export const readObj = (bytes: Uint8Array): Source => {
  const builder = new MeshBuilder()
  const corners: [number, number, number][] = []
  let [parts, named] = ['', ''] as [string, string]
  let count = 0
  const beginPart = (): void => {
    checkParts(++count)
    builder.beginPart(named, null)
    parts = named
  }
  for (const line of linesOf(bytes)) {
    const [word, ...values] = line.trim().split(/\s+/)
    if (word === 'v') {
      const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = values.map(Number)
      checkPlace(x, y, z)
      corners.push([x, y, z])
    } else if (word === 'o' || word === 'g') {
      named = plainName(values.join(' '))
    } else if (word === 'f') {
      if (count === 0 || named !== parts) beginPart()
      addFace(builder, corners, values)
      checkTriangles(builder.triangles)
    }
  }
  if (builder.triangles === 0) throw new BadInput('It holds no faces.')
  return { builder, unit: null, notes: [] }
}

/** Lines, with those joined that end in a backslash. */
function* linesOf(bytes: Uint8Array): Generator<string> {
  const text = Buffer.from(bytes).toString('latin1')
  let held = ''
  for (let from = 0; from < text.length; ) {
    let end = text.indexOf('\n', from)
    if (end < 0) end = text.length
    const line = text.slice(from, end).replace(/\r$/, '')
    from = end + 1
    if (line.endsWith('\\')) held += `${line.slice(0, -1)} `
    else {
      yield held + line
      held = ''
    }
  }
  if (held !== '') yield held
}

/** `7`, `7/1`, `7/1/3`, `7//3`; negative ones count backwards from the last corner so far. */
const addFace = (
  builder: MeshBuilder,
  corners: readonly [number, number, number][],
  words: readonly string[],
): void => {
  if (words.length < 3 || words.length > MOST_CORNERS_OF_FACE)
    throw new BadInput('One of its faces has not the corners that a face needs. Export it again.')
  const places = words.map((word) => {
    const number = Number.parseInt(word, 10)
    const place = corners[number < 0 ? corners.length + number : number - 1]
    if (place === undefined) throw new BadInput('One of its faces names a corner that is not there. Export it again.')
    return place
  })
  const vertices = places.map(([x, y, z]) => builder.vertex(x, y, z))
  for (const [a, b, c] of fillPolygon(places))
    builder.triangle(vertices[a] as number, vertices[b] as number, vertices[c] as number)
}
