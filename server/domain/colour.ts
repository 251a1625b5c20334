// Whether two colours are the same to somebody who wants a part in one of them.

/** What people call colours, in the languages of the dashboard. sRGB. */
const names: Readonly<Record<string, string>> = {
  black: '#1a1a1a',
  negro: '#1a1a1a',
  schwarz: '#1a1a1a',
  white: '#f5f5f5',
  blanco: '#f5f5f5',
  weiß: '#f5f5f5',
  weiss: '#f5f5f5',
  grey: '#808080',
  gray: '#808080',
  gris: '#808080',
  grau: '#808080',
  silver: '#b8b8b8',
  red: '#d02020',
  rojo: '#d02020',
  rot: '#d02020',
  orange: '#f08020',
  naranja: '#f08020',
  yellow: '#f0d020',
  amarillo: '#f0d020',
  gelb: '#f0d020',
  green: '#208040',
  verde: '#208040',
  grün: '#208040',
  blue: '#2050c0',
  azul: '#2050c0',
  blau: '#2050c0',
  purple: '#7030a0',
  violet: '#7030a0',
  morado: '#7030a0',
  lila: '#7030a0',
  pink: '#f080b0',
  rosa: '#f080b0',
  brown: '#704020',
  marrón: '#704020',
  braun: '#704020',
}

/** Colours this far apart (ΔE*76) are called the same: a slicer's red is not that of the maker of the filament. */
const SAME_WITHIN = 32

/** `wanted` and `has`: a name or #rrggbb. Names that are not known are the same where they are spelt the same. */
export const isColour = (wanted: string, has: string): boolean => {
  const [one, other] = [wanted.trim().toLowerCase(), has.trim().toLowerCase()]
  if (one === other) return true
  const [first, second] = [labOf(one), labOf(other)]
  if (first === null || second === null) return false
  return Math.hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2]) <= SAME_WITHIN
}

type Lab = readonly [number, number, number]

/** CIE L*a*b* (D65) of a colour, null where it is none that is known. */
const labOf = (colour: string): Lab | null => {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/.exec(names[colour] ?? colour)
  if (hex === null) return null
  const [r = 0, g = 0, b = 0] = hex.slice(1).map((part) => linear(Number.parseInt(part, 16) / 255))
  const x = curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505)
  const y = curve(0.2126 * r + 0.7152 * g + 0.0722 * b)
  const z = curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

const curve = (value: number): number => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116)
