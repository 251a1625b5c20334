// Points, directions and turns as plain arrays.
export type Vector = readonly [number, number, number]
/** x, y, z, w. */
export type Quaternion = readonly [number, number, number, number]
/** Three rows of four: a turn or stretch, and a shift in the last column. */
export type Affine = readonly number[]

export const identity: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]

export const dot = (one: Vector, other: Vector): number => one[0] * other[0] + one[1] * other[1] + one[2] * other[2]

export const cross = (one: Vector, other: Vector): Vector => [
  one[1] * other[2] - one[2] * other[1],
  one[2] * other[0] - one[0] * other[2],
  one[0] * other[1] - one[1] * other[0],
]

export const length = (vector: Vector): number => Math.hypot(vector[0], vector[1], vector[2])

/** Of length 1; upwards where it has none. */
export const unit = (vector: Vector): Vector => {
  const size = length(vector)
  return size > 0 ? [vector[0] / size, vector[1] / size, vector[2] / size] : [0, 0, 1]
}

/** `first` after `second`: what `second` gives is put through `first`. */
export const compose = (first: Affine, second: Affine): Affine => {
  const product: number[] = []
  const at = (matrix: Affine, row: number, column: number): number => matrix[row * 4 + column] as number
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = column === 3 ? at(first, row, 3) : 0
      for (let k = 0; k < 3; k++) sum += at(first, row, k) * at(second, k, column)
      product.push(sum)
    }
  }
  return product
}

/** Negative where it mirrors: triangles then have to be turned round. */
export const determinant = (m: Affine): number => {
  const [a, b, c, , d, e, f, , g, h, i] = m as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
}

export const scaling = ([x, y, z]: Vector): Affine => [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0]

export const shifting = ([x, y, z]: Vector): Affine => [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z]

/** The turn of a quaternion; of any length but none. */
export const turning = (quaternion: Quaternion): Affine => {
  const size = Math.hypot(...quaternion)
  if (size < 1e-9) return identity
  const [x, y, z, w] = quaternion.map((part) => part / size) as [number, number, number, number]
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    0,
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    0,
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
    0,
  ]
}

/** The shortest turn that brings one direction to the other. */
export const turnFrom = (from: Vector, to: Vector): Quaternion => {
  const [one, other] = [unit(from), unit(to)]
  const cosine = dot(one, other)
  if (cosine < -1 + 1e-9) {
    const [x, y, z] = unit(Math.abs(one[0]) < 0.9 ? cross(one, [1, 0, 0]) : cross(one, [0, 1, 0]))
    return [x, y, z, 0]
  }
  const [x, y, z] = cross(one, other)
  const size = Math.hypot(x, y, z, 1 + cosine)
  return [x / size, y / size, z / size, (1 + cosine) / size]
}

/** About the vertical, counter-clockwise from above. */
export const turnAbout = (degrees: number): Quaternion => {
  const half = (degrees * Math.PI) / 360
  return [0, 0, Math.sin(half), Math.cos(half)]
}

export const applied = (m: Affine, [x, y, z]: Vector): Vector => {
  const row = (at: number): number =>
    (m[at] as number) * x + (m[at + 1] as number) * y + (m[at + 2] as number) * z + (m[at + 3] as number)
  return [row(0), row(4), row(8)]
}
