// STEP: exact surfaces -> triangles, by Open CASCADE.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import { MeshBuilder } from '../../geometry/mesh-builder.ts'
import { BadInput } from '../body.ts'
import { checkParts, checkPlace, checkTriangles, plainName, type Source } from './source.ts'

const Numbers = Type.Object({ array: Type.Array(Type.Number()) })
const Answer = Type.Object({
  success: Type.Boolean(),
  meshes: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.Optional(Type.String()),
        color: Type.Optional(Type.Array(Type.Number())),
        attributes: Type.Object({ position: Numbers }),
        index: Numbers,
      }),
    ),
  ),
})

interface Occt {
  ReadStepFile(bytes: Uint8Array, options: object): unknown
}
type OpenOcct = (options: object) => Promise<Occt>

/** How far triangles may be from the true surface (mm), and turn along it (radians): finer than a nozzle draws. */
const FINENESS = {
  linearUnit: 'millimeter',
  linearDeflectionType: 'absolute_value',
  linearDeflection: 0.05,
  angularDeflection: 0.3,
}

/** Reads what it needs from the disk at once; the engine itself starts when it is asked. */
export const openStep = (): ((bytes: Uint8Array) => Promise<Source>) => {
  const require = createRequire(import.meta.url)
  const open = require('occt-import-js') as OpenOcct
  const wasmBinary = readFileSync(require.resolve('occt-import-js/dist/occt-import-js.wasm'))
  return async (bytes) => {
    const occt = await open({ wasmBinary, print: () => {}, printErr: () => {} })
    const answer = occt.ReadStepFile(bytes, FINENESS)
    if (!Value.Check(Answer, answer) || !answer.success || answer.meshes === undefined)
      throw new BadInput('It cannot be read as STEP. Export it again, as STEP AP214 or AP242.')
    const builder = new MeshBuilder()
    answer.meshes.forEach(({ name, color, attributes, index }, at) => {
      checkParts(at + 1)
      builder.beginPart(plainName(name ?? ''), colourOf(color))
      checkTriangles(builder.triangles + index.array.length / 3)
      const places = attributes.position.array
      const corner = (place: number): number => {
        const from = (index.array[place] as number) * 3
        const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = places.slice(from, from + 3)
        checkPlace(x, y, z)
        return builder.vertex(x, y, z)
      }
      for (let place = 0; place + 2 < index.array.length; place += 3)
        builder.triangle(corner(place), corner(place + 1), corner(place + 2))
    })
    if (builder.triangles === 0) throw new BadInput('It holds no body: only points, lines or drawings.')
    return { builder, unit: null, notes: [] }
  }
}

/** Three parts from 0 to 1. */
const colourOf = (parts: readonly number[] | undefined): string | null => {
  if (parts === undefined || parts.length < 3 || !parts.every((part) => part >= 0 && part <= 1)) return null
  return `#${parts
    .slice(0, 3)
    .map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}
