// Printers that can take the same slices, and the room that all of them have.
import type { FirmwareDialect, PrinterProfile } from '../contract/printers.ts'
import type { PrinterClass } from '../contract/slicing.ts'
import type { PrinterSlicing } from '../contract/slicing-scripts.ts'

/** A printer as far as it matters for slicing. */
export interface SlicedPrinter {
  readonly id: number
  readonly name: string
  readonly profile: PrinterProfile
  readonly slicing: PrinterSlicing
}

export const usualSlicing: PrinterSlicing = {
  definition: null,
  feed: 'direct',
  filamentDiameter: 1.75,
  start: null,
  end: null,
}

/** As long as nobody has said what a printer speaks, it is taken for the most frequent. */
export const dialectOf = ({ dialect }: PrinterProfile): FirmwareDialect => dialect ?? 'marlin-2'

/** mm; a corner of the bed this near to the origin is where it is on most printers. */
const NEAR_ORIGIN = 60

/** Beds whose coordinates mean the same: from a corner, round about a centre, or just this one. */
const frameOf = ({ shape, originX, originY, width, depth }: PrinterProfile): string => {
  if (shape === 'round') return `round ${originX} ${originY}`
  if (Math.abs(originX) <= NEAR_ORIGIN && Math.abs(originY) <= NEAR_ORIGIN) return 'corner'
  return `${originX} ${originY} ${width} ${depth}`
}

const keyOf = ({ profile, slicing }: SlicedPrinter): string =>
  [
    frameOf(profile),
    profile.nozzleDiameter,
    dialectOf(profile),
    profile.maxBedTemperature > 0 ? 'heated' : 'cold',
    slicing.feed,
    slicing.filamentDiameter,
    slicing.definition ?? '',
    slicing.start ?? '',
    slicing.end ?? '',
  ].join('|')

/** Short and the same for the same text: FNV-1a, twice over from other beginnings. */
const shortOf = (text: string): string => {
  const hash = (seed: number): number => {
    let value = seed
    for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193)
    return value >>> 0
  }
  return (hash(0x811c9dc5) * 2 ** 20 + (hash(0x9747b28c) >>> 12)).toString(36)
}

export const classOf = (printer: SlicedPrinter): string => shortOf(keyOf(printer))

export const membersOf = (printers: readonly SlicedPrinter[], key: string): SlicedPrinter[] =>
  printers.filter((printer) => classOf(printer) === key)

export const listClasses = (printers: readonly SlicedPrinter[]): PrinterClass[] => {
  const keys = [...new Set(printers.map(classOf))]
  return keys.map((key) => {
    const members = membersOf(printers, key)
    const [first] = members
    const { profile } = first as SlicedPrinter
    const dialect = dialectOf(profile)
    const largest = (side: 'width' | 'depth' | 'height'): number => Math.max(...members.map((one) => one.profile[side]))
    const hasHeatedBed = profile.maxBedTemperature > 0
    const [width, depth, height] = [largest('width'), largest('depth'), largest('height')]
    const bed = profile.shape === 'round' ? `round ${width} mm` : `${width} × ${depth} mm`
    return {
      key,
      title: `${profile.nozzleDiameter} mm nozzle, ${bed}, ${dialect}${hasHeatedBed ? '' : ', cold bed'}`,
      printers: members.map(({ id, name }) => ({ id, name })),
      nozzleDiameter: profile.nozzleDiameter,
      dialect,
      hasHeatedBed,
      width,
      depth,
      height,
    }
  })
}

/** What a slice needs of its printer: sizes in mm, temperatures in °C. */
export interface Needs {
  readonly width: number
  readonly depth: number
  readonly height: number
  readonly nozzle: number
  readonly bed: number
}

export const fits = ({ profile }: SlicedPrinter, needs: Needs): boolean => {
  const across =
    profile.shape === 'round'
      ? Math.hypot(needs.width, needs.depth) <= profile.width
      : needs.width <= profile.width && needs.depth <= profile.depth
  return across && needs.height <= profile.height && isHotEnough(profile, needs)
}

export const isHotEnough = (profile: PrinterProfile, { nozzle, bed }: Needs): boolean =>
  nozzle <= profile.maxNozzleTemperature && (profile.maxBedTemperature === 0 || bed <= profile.maxBedTemperature)

/** The room and heat that all of them have. They are of one class, and at least one. */
export const commonProfile = (printers: readonly SlicedPrinter[]): PrinterProfile => {
  const profiles = printers.map(({ profile }) => profile)
  const [first] = profiles
  const least = (side: 'height' | 'maxNozzleTemperature' | 'maxBedTemperature'): number =>
    Math.min(...profiles.map((one) => one[side]))
  const common = {
    height: least('height'),
    maxNozzleTemperature: least('maxNozzleTemperature'),
    maxBedTemperature: least('maxBedTemperature'),
  }
  if (first === undefined) throw new Error('A class of printers has none.')
  const base: PrinterProfile = {
    shape: first.shape,
    nozzleDiameter: first.nozzleDiameter,
    dialect: dialectOf(first),
    width: Math.min(...profiles.map(({ width }) => width)),
    depth: Math.min(...profiles.map(({ depth }) => depth)),
    originX: first.originX,
    originY: first.originY,
    ...common,
  }
  if (first.shape === 'round') return base
  const originX = Math.max(...profiles.map((one) => one.originX))
  const originY = Math.max(...profiles.map((one) => one.originY))
  const right = Math.min(...profiles.map((one) => one.originX + one.width))
  const back = Math.min(...profiles.map((one) => one.originY + one.depth))
  return { ...base, originX, originY, width: right - originX, depth: back - originY }
}
