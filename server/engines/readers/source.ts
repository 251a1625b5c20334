// What every reader of models gives, and the bounds that hold for all.
import type { ModelNote } from '../../contract/models.ts'
import type { MeshBuilder } from '../../geometry/mesh-builder.ts'
import { BadInput } from '../body.ts'

/** What was read. Its triangles are in the builder. */
export interface Source {
  readonly builder: MeshBuilder
  /** As the file says it; null: it says none. */
  readonly unit: string | null
  readonly notes: readonly ModelNote[]
}

/** More than any part that people print; a rendered statue has two millions. */
export const MOST_TRIANGLES = 5_000_000
export const MOST_PARTS = 2000
/** A printer that is 100 m wide is yet to be built; beyond, floats of 32 bits are too coarse. */
const FARTHEST = 100_000

export const checkTriangles = (count: number): void => {
  if (count > MOST_TRIANGLES)
    throw new BadInput(
      `It holds more than ${MOST_TRIANGLES / 1e6} million triangles. Simplify it, then upload it again.`,
    )
}

export const checkParts = (count: number): void => {
  if (count > MOST_PARTS) throw new BadInput(`It holds more than ${MOST_PARTS} parts. Split it into several files.`)
}

/** A corner must be a place. */
export const checkPlace = (x: number, y: number, z: number): void => {
  // Also catches what is not a number: every comparison with it is false.
  if (Math.abs(x) <= FARTHEST && Math.abs(y) <= FARTHEST && Math.abs(z) <= FARTHEST) return
  if (Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z))
    throw new BadInput('It is more than 100 m wide or lies that far away. Check the unit, then export it again.')
  throw new BadInput('One of its corners is not a number. Export it again from the program that made it.')
}

/** Millimetres in each unit that 3MF (core specification, 3.4) and AMF (ISO/ASTM 52915, 8.1) know. */
const units: Readonly<Record<string, number>> = {
  micron: 0.001,
  millimeter: 1,
  centimeter: 10,
  inch: 25.4,
  foot: 304.8,
  feet: 304.8,
  meter: 1000,
}

export const millimetresIn = (unit: string): number => {
  const known = Object.hasOwn(units, unit) ? units[unit] : undefined
  if (known === undefined) throw new BadInput('It is drawn in a unit that is not known. Export it in millimetres.')
  return known
}

/** `#RRGGBB` or `#RRGGBBAA` as it is kept; null for anything else. */
export const colourOf = (text: string | undefined): string | null =>
  text !== undefined && /^#[0-9a-f]{6}([0-9a-f]{2})?$/i.test(text) ? text.slice(0, 7).toLowerCase() : null

/** Names come from strangers: what a terminal or a page could misread is left out. */
export const plainName = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .trim()
    .slice(0, 200)
