// A view -> pixels: light, the shade of corners, and lines where surfaces end. Nothing lies behind it.
import { unit, type Vector } from '../../geometry/vectors.ts'
import type { View } from './view.ts'

/** Right, up, towards the eye. */
const KEY = unit([-0.7, 0.75, 0.6])
const FILL = unit([0.85, 0.05, 0.5])
const SHINE = unit([-0.3, 0.5, 1])

/** Where shade is looked for around a pixel: a spiral, so that a few places say much. */
const AROUND = Array.from({ length: 14 }, (_, n) => {
  const turn = n * 2.399963
  const far = ((n + 1) / 14) ** 0.7
  return [Math.cos(turn) * far, Math.sin(turn) * far] as const
})
/** How far shade reaches, of the picture's side. */
const REACH = 0.055

/** Four bytes for each pixel: red, green, blue, and how much of it is there. */
export const shade = (view: View): Uint8Array => {
  const { side, depth, colours, palette } = view
  const rgb = palette.map((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)))
  const pixels = new Uint8Array(side * side * 4)
  for (let pixel = 0; pixel < side * side; pixel++) {
    if (depth[pixel] === Number.NEGATIVE_INFINITY) continue
    const normal = normalAt(view, pixel)
    const { light, shine } = lit(normal)
    const bright = light * (1 - 0.62 * shadeAt(view, pixel, normal)) * (1 - 0.42 * lineAt(view, pixel, normal))
    const colour = rgb[colours[pixel] as number] as number[]
    for (let part = 0; part < 3; part++)
      pixels[pixel * 4 + part] = Math.min(255, (colour[part] as number) * bright + 255 * shine)
    pixels[pixel * 4 + 3] = 255
  }
  return pixels
}

const normalAt = ({ normals }: View, pixel: number): Vector => [
  normals[pixel * 3] as number,
  normals[pixel * 3 + 1] as number,
  normals[pixel * 3 + 2] as number,
]

const towards = (one: Vector, other: Vector): number =>
  Math.max(0, one[0] * other[0] + one[1] * other[1] + one[2] * other[2])

const lit = (normal: Vector): { light: number; shine: number } => ({
  light: 0.42 + 0.1 * normal[1] + 0.68 * towards(normal, KEY) + 0.12 * towards(normal, FILL),
  shine: 0.07 * towards(normal, SHINE) ** 24,
})

/** From 0 in the open to 1 in a deep corner: how much stands around it. */
const shadeAt = ({ side, depth }: View, pixel: number, normal: Vector): number => {
  const [x, y] = [pixel % side, Math.floor(pixel / side)]
  const reach = REACH * side
  const own = depth[pixel] as number
  let sum = 0
  for (const [right, down] of AROUND) {
    const [dx, dy] = [Math.round(right * reach), Math.round(down * reach)]
    const [ox, oy] = [x + dx, y + dy]
    if (ox < 0 || oy < 0 || ox >= side || oy >= side) continue
    const dz = (depth[oy * side + ox] as number) - own
    if (!(dz > -reach)) continue
    // How high it stands above the surface here; pictures count downwards.
    const above = dx * normal[0] - dy * normal[1] + dz * normal[2]
    const far = Math.sqrt(dx * dx + dy * dy + dz * dz)
    if (above > far * 0.12 && far > 0) sum += (above / far) * Math.max(0, 1 - far / (reach * 2.2))
  }
  return Math.min(1, (sum / AROUND.length) * 2.6)
}

/** From 0 to 1: whether a surface ends here, or bends sharply. */
const lineAt = (view: View, pixel: number, normal: Vector): number => {
  const { side, depth } = view
  const [x, y] = [pixel % side, Math.floor(pixel / side)]
  const own = depth[pixel] as number
  let strongest = 0
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    const [ox, oy] = [x + dx, y + dy]
    if (ox < 0 || oy < 0 || ox >= side || oy >= side) continue
    const other = oy * side + ox
    const far = depth[other] as number
    if (far === Number.NEGATIVE_INFINITY) {
      strongest = Math.max(strongest, 0.85)
      continue
    }
    // What the slope of the surface alone explains is no jump.
    const expected = normal[2] > 0.05 ? -(dx * normal[0] - dy * normal[1]) / normal[2] : 0
    if (own - far > 6 + Math.abs(expected) * 2) strongest = 1
    const [ax, ay, az] = normalAt(view, other)
    const bend = ax * normal[0] + ay * normal[1] + az * normal[2]
    if (bend < 0.85) strongest = Math.max(strongest, 0.55 * Math.min(1, (0.85 - bend) / 0.5))
  }
  return strongest
}
