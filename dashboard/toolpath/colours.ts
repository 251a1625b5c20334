// Colours of the toolpath: a colour for each role and tool, and ramps for measures. Chosen so that neighbours also
// differ in lightness: they stay apart for eyes that do not tell red from green, and on grey screens.
import { type Role, roles } from '../../gcode/index.ts'
import { RETRACT, TRAVEL, UNRETRACT, WIPE } from './kinds.ts'

export const colourings = ['role', 'speed', 'flow', 'height', 'width', 'tool', 'layer-time', 'temperature'] as const
export type Colouring = (typeof colourings)[number]

export type Rgb = readonly [red: number, green: number, blue: number]

const rgb = (hex: string): Rgb => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
]

const ofRole: Readonly<Record<Role, string>> = {
  unknown: '#8d99a6',
  'external-perimeter': '#e8762c',
  perimeter: '#f4c04f',
  overhang: '#2138a0',
  infill: '#9c2f2a',
  'solid-infill': '#8a5fc7',
  'top-infill': '#e2574c',
  'bottom-infill': '#5f86c9',
  bridge: '#4fa8dc',
  'gap-fill': '#fff2bf',
  'thin-wall': '#d7a77d',
  ironing: '#f6a6c0',
  skirt: '#1f7a70',
  brim: '#2a9d8f',
  raft: '#4d6b57',
  support: '#35b04a',
  'support-interface': '#10662a',
  'wipe-tower': '#b7dfa6',
  custom: '#66788a',
}

/** By kind: the roles, then what lays no plastic. */
export const kindColours: readonly Rgb[] = Array.from({ length: 32 }, (_, kind): Rgb => {
  const role = roles[kind]
  if (role !== undefined) return rgb(ofRole[role])
  if (kind === RETRACT) return rgb('#cd3fb8')
  if (kind === UNRETRACT) return rgb('#2aa6a0')
  if (kind === WIPE) return rgb('#d0a9e8')
  return kind === TRAVEL ? rgb('#5b8def') : rgb('#8d99a6')
})

/** Where an outer wall begins. */
export const SEAM_COLOUR = rgb('#111827')
export const SEAM_COLOUR_DARK = rgb('#ffffff')

const toolBase = ['#e8762c', '#2c6fbb', '#f4c04f', '#1b7a5a', '#b85cc9', '#7ac5e8', '#8a2d2a', '#a5a9ad'].map(rgb)

/** By tool; after eight of them they come again, darker. */
export const toolColours: readonly Rgb[] = Array.from({ length: 64 }, (_, tool): Rgb => {
  const [red, green, blue] = toolBase[tool % toolBase.length] as Rgb
  const shade = 0.82 ** Math.floor(tool / toolBase.length)
  return [Math.round(red * shade), Math.round(green * shade), Math.round(blue * shade)]
})

/** From dark blue over green to bright yellow: even steps of lightness. (Values of matplotlib's viridis, public domain.) */
const even = ['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#addc30', '#fde725'].map(
  rgb,
)
/** From black-violet to pale yellow, for heat. (matplotlib's inferno, public domain.) */
const heat = ['#1b0c41', '#4a0c6b', '#781c6d', '#a52c60', '#cf4446', '#ed6925', '#fb9b06', '#f7d13d', '#fcffa4'].map(
  rgb,
)

export const rampOf = (colouring: Colouring): readonly Rgb[] => (colouring === 'temperature' ? heat : even)

/** `part` from 0 to 1 along a ramp. */
export const colourAt = (ramp: readonly Rgb[], part: number): Rgb => {
  const place = Math.min(1, Math.max(0, part)) * (ramp.length - 1)
  const below = Math.floor(place)
  const one = ramp[below] as Rgb
  const other = ramp[Math.min(below + 1, ramp.length - 1)] as Rgb
  const mix = (n: 0 | 1 | 2): number => Math.round(one[n] + (other[n] - one[n]) * (place - below))
  return [mix(0), mix(1), mix(2)]
}

export const cssOf = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`
