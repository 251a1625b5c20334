// Pictures of a mesh, drawn without a graphics card: PNG with nothing behind the model, so that any page suits it.
import { encodePng } from '../../../gcode/pictures/png.ts'
import type { WireMesh } from '../../contract/mesh-wire.ts'
import { shade } from './shade.ts'
import { viewOf } from './view.ts'

const LARGE = 512
/** Between light and dark, so that it stands out from both. */
const NEUTRAL = '#8fa8c0'

/** The same picture, 512 and 256 pixels wide. */
export const drawThumbnails = (mesh: WireMesh): { large: Uint8Array; small: Uint8Array } => {
  const large = halved(shade(viewOf(mesh, LARGE * 2, NEUTRAL)), LARGE * 2)
  return { large: png(large, LARGE), small: png(halved(large, LARGE), LARGE / 2) }
}

const png = (pixels: Uint8Array, side: number): Uint8Array =>
  encodePng({ width: side, height: side, channels: 4, pixels })

/** Each four pixels become one; what is not there has no say in its colour. */
const halved = (pixels: Uint8Array, side: number): Uint8Array => {
  const half = side / 2
  const result = new Uint8Array(half * half * 4)
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      const from = (y * 2 * side + x * 2) * 4
      const places = [from, from + 4, from + side * 4, from + side * 4 + 4]
      const alpha = places.reduce((sum, at) => sum + (pixels[at + 3] as number), 0)
      if (alpha === 0) continue
      const to = (y * half + x) * 4
      for (let part = 0; part < 3; part++) {
        const sum = places.reduce((total, at) => total + (pixels[at + part] as number) * (pixels[at + 3] as number), 0)
        result[to + part] = Math.round(sum / alpha)
      }
      result[to + 3] = Math.round(alpha / 4)
    }
  }
  return result
}
