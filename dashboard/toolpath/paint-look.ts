// Puts a look into the uniforms of the shaders: palettes, ramps, masks.
import {
  type Colouring,
  colourAt,
  kindColours,
  type Rgb,
  rampOf,
  SEAM_COLOUR,
  SEAM_COLOUR_DARK,
  toolColours,
} from './colours.ts'
import { ALL_PLASTIC, ALL_TRAVEL, maskOf, OUTSIDE, RETRACT, START, UNRETRACT } from './kinds.ts'
import type { Look } from './look.ts'
import { scaleOf } from './scale.ts'
import { PALETTE_WIDTH, type ToolpathGpu } from './toolpath-gpu.ts'
import { colourNumbers } from './toolpath-shader.ts'
import type { ToolpathStore } from './toolpath-store.ts'

const FULL = 255

export const paintLook = (gpu: ToolpathGpu, store: ToolpathStore, look: Look, dark: boolean): void => {
  const { uniforms } = gpu
  uniforms.uColourBy.value = colourNumbers[look.colouring]
  const scale = scaleOf(store, look.colouring)
  uniforms.uScale.value.set(scale?.least ?? 0, scale?.most ?? 0)
  paintPalette(gpu, look, dark)
  paintRamp(gpu, look.colouring)
  paintValues(gpu, store)
  let low = 0
  let high = 0
  for (let tool = 0; tool < 64; tool++) {
    if (look.hiddenTools.has(tool)) continue
    if (tool < 32) low |= 1 << tool
    else high |= 1 << (tool - 32)
  }
  uniforms.uTools.value = [low >>> 0, high >>> 0]
  const hidden = maskOf(look.hiddenKinds)
  const plastic = (ALL_PLASTIC & ~hidden) >>> 0
  for (const shape of ['bead', 'line'] as const) {
    gpu.looks[shape][0].uKinds.value = plastic
    gpu.looks[shape][1].uKinds.value = (plastic & OUTSIDE) >>> 0
  }
  gpu.looks.travel[0].uKinds.value = look.travels ? (ALL_TRAVEL & ~hidden) >>> 0 : 0
  gpu.looks.dot[0].uKinds.value = maskOf([
    ...(look.retractions ? [RETRACT, UNRETRACT] : []),
    ...(look.seams ? [START] : []),
  ])
  const { cut } = look
  if (cut === null) uniforms.uCut.value.set(0, 0, 0, 1)
  // From behind it would hide what it opens: the near side goes.
  else
    uniforms.uCut.value.set(cut.axis === 'x' ? 1 : 0, cut.axis === 'y' ? -1 : 0, 0, cut.axis === 'x' ? cut.at : -cut.at)
}

const paintPalette = (gpu: ToolpathGpu, look: Look, dark: boolean): void => {
  const texture = gpu.uniforms.uPalette.value
  const bytes = texture.image.data as Uint8Array
  const set = (row: number, n: number, [red, green, blue]: Rgb): void => {
    bytes.set([red, green, blue, FULL], (row * PALETTE_WIDTH + n) * 4)
  }
  for (const [kind, colour] of kindColours.entries()) set(0, kind, colour)
  set(0, START, dark ? SEAM_COLOUR_DARK : SEAM_COLOUR)
  for (const [tool, colour] of toolColours.entries()) set(1, tool, colour)
  for (let object = 0; object < PALETTE_WIDTH; object++) {
    set(2, object, [
      look.excluded.has(object - 1) ? FULL : 0,
      look.chosen !== null && look.chosen === object - 1 ? FULL : 0,
      0,
    ])
  }
  texture.needsUpdate = true
}

const paintRamp = (gpu: ToolpathGpu, colouring: Colouring): void => {
  const texture = gpu.uniforms.uRamp.value
  const bytes = texture.image.data as Uint8Array
  const ramp = rampOf(colouring)
  for (let n = 0; n < 256; n++) bytes.set([...colourAt(ramp, n / 255), FULL], n * 4)
  texture.needsUpdate = true
}

const paintValues = (gpu: ToolpathGpu, store: ToolpathStore): void => {
  const texture = gpu.uniforms.uValues.value
  const values = texture.image.data as Float32Array
  values.set(store.temperatures.slice(0, 256), 0)
  const seconds = store.facts?.layerSeconds
  if (seconds) values.set(seconds.subarray(0, values.length - 1024), 1024)
  texture.needsUpdate = true
}
