import { describe, expect, it } from 'vitest'
import {
  asDrawn,
  beyondBed,
  boundsOf,
  combine,
  matrixOf,
  turnAbout,
  turnBetween,
} from '../../dashboard/part/placing.ts'

/** A box of 10 × 20 × 30 mm whose lowest corner is far from the origin. */
const positions = new Float32Array(
  [0, 1, 2, 3, 4, 5, 6, 7].flatMap((at) => [at & 1 ? 110 : 100, at & 2 ? 70 : 50, at & 4 ? 25 : -5]),
)

const moved = (matrix: readonly number[], [x, y, z]: readonly number[]): number[] =>
  [0, 4, 8].map(
    (row) =>
      (matrix[row] ?? 0) * (x ?? 0) +
      (matrix[row + 1] ?? 0) * (y ?? 0) +
      (matrix[row + 2] ?? 0) * (z ?? 0) +
      (matrix[row + 3] ?? 0),
  )

describe('how a part lies on the plate', () => {
  it('stands on the bed with the middle of its box where it is put', () => {
    const placing = { ...asDrawn, position: [7, -3] as const }
    const matrix = matrixOf(placing, boundsOf({ positions }, placing))
    expect(moved(matrix, [105, 60, -5])).toEqual([7, -3, 0])
    expect(moved(matrix, [105, 60, 25])).toEqual([7, -3, 30])
  })

  it('lies on the face that was pressed, wherever that looked', () => {
    for (const normal of [
      [1, 0, 0],
      [0, 0, 1],
      [0, 0, -1],
      [0.6, 0, 0.8],
      [-0.3, 0.5, 0.1],
    ] as const) {
      const rotation = turnBetween(normal, [0, 0, -1])
      const [x, y, z] = moved(matrixOf({ ...asDrawn, rotation }, { min: [0, 0, 0], max: [0, 0, 0] }), normal)
      const length = Math.hypot(...normal)
      expect([x ?? 0, y ?? 0, (z ?? 0) / length].map((one) => Math.round(one * 1e6) / 1e6 + 0)).toEqual([0, 0, -1])
    }
  })

  it('keeps turns in the order in which they were made', () => {
    const rotation = combine(turnAbout('z', 90), turnAbout('x', 90))
    const { min, max } = boundsOf({ positions }, { scale: [1, 1, 1], rotation })
    expect([0, 1, 2].map((axis) => Math.round((max[axis] ?? 0) - (min[axis] ?? 0)))).toEqual([30, 10, 20])
  })

  it('keeps its size when it is mirrored', () => {
    const { min, max } = boundsOf({ positions }, { scale: [-2, 1, 1], rotation: [0, 0, 0, 1] })
    expect([max[0] - min[0], max[1] - min[1], max[2] - min[2]]).toEqual([20, 20, 30])
  })

  it('says how far it stands out over a bed, also a round one, and above it', () => {
    const bed = { width: 200, depth: 100, height: 50, round: false }
    expect(beyondBed([20, 20, 20], [0, 0], bed)).toBe(0)
    expect(beyondBed([20, 20, 20], [95, 0], bed)).toBe(5)
    expect(beyondBed([20, 20, 60], [0, 0], bed)).toBe(10)
    expect(beyondBed([100, 100, 20], [0, 0], { ...bed, depth: 200 })).toBe(0)
    expect(beyondBed([150, 150, 20], [0, 0], { ...bed, depth: 200, round: true })).toBeGreaterThan(6)
  })
})
