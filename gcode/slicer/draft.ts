// What has been read of a slicer's notes so far, and how one note is put into it: the first word on a matter stays.
import type { Axes } from '../machine.ts'
import type { FilamentMetadata, SlicerConfig, SlicerMetadata } from './metadata.ts'
import {
  MOST_TOOLS,
  parseAmount,
  parseAmounts,
  parseDuration,
  parseFlag,
  parseName,
  parseNames,
  parseShare,
  tidy,
} from './values.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Places in a file by which its end is known; see footer.ts. */
export type Landmark =
  | 'header'
  | 'config-begin'
  | 'config-end'
  | 'executable-end'
  | 'last-setting'
  | 'last-region-setting'
  | 'summary'

export interface Draft {
  readonly said: Writable<Omit<SlicerMetadata, 'filaments' | 'nozzleDiameters' | 'footer' | 'config'>>
  readonly filaments: Writable<FilamentMetadata>[]
  nozzleDiameters: readonly number[]
  readonly config: Writable<Omit<SlicerConfig, 'maxFeedrate' | 'maxAcceleration' | 'jerk'>>
  readonly maxFeedrate: Writable<Partial<Axes>>
  readonly maxAcceleration: Writable<Partial<Axes>>
  readonly jerk: Writable<Partial<Axes>>
  readonly landmarks: Set<Landmark>
  readonly aside: Aside
}

/** Notes that mean something only together with others; see finish.ts. */
export interface Aside {
  /** `first_layer_height = 75%`, as a part of the layer height. */
  firstLayerShare?: number
  brimType?: string
  /** The plate that lies on the bed, and the bed temperatures for each kind of plate. */
  bedType?: string
  readonly plates: Map<string, readonly (number | undefined)[]>
  /** Tools that Bambu Studio's lists are about, counted from 0, and those lists. */
  usedTools?: readonly number[]
  lengths?: readonly (number | undefined)[]
  volumes?: readonly (number | undefined)[]
  masses?: readonly (number | undefined)[]
  /** The one tool that Simplify3D prints with, and of what. */
  onlyTool?: number
  material?: string
  /** How many tools there are, where lists go beyond. */
  tools?: number
  totalVolumeCm3?: number
  temperatureNames?: readonly (string | undefined)[]
}

export const emptyDraft = (): Draft => ({
  said: {},
  filaments: [],
  nozzleDiameters: [],
  config: {},
  maxFeedrate: {},
  maxAcceleration: {},
  jerk: {},
  landmarks: new Set(),
  aside: { plates: new Map() },
})

/** Takes in what stands behind a key: its text, and the number that stands in the key itself (`Ext #1`), else -1. */
export type Reader = (draft: Draft, value: string, index: number) => void

/** By key in small letters; each run of digits in it is one `#`. */
export type Readers = Readonly<Record<string, Reader>>

/** Sets what is not set yet. */
export const put = <K extends string, V>(target: { [P in K]?: V }, key: K, value: V | undefined): void => {
  if (value !== undefined && target[key] === undefined) target[key] = value
}

/** The filament of a tool, counted from 0; a stray object where there can be no such tool. */
export const filamentOf = (draft: Draft, tool: number): Writable<FilamentMetadata> => {
  if (!(tool >= 0 && tool < MOST_TOOLS)) return {}
  while (draft.filaments.length <= tool) draft.filaments.push({})
  return draft.filaments[tool] as Writable<FilamentMetadata>
}

type KeyOf<T, V> = { [K in keyof T]-?: NonNullable<T[K]> extends V ? K : never }[keyof T] & string
type Said = Draft['said']

export const readAmount =
  (key: KeyOf<Said, number>, most: number): Reader =>
  ({ said }, value) =>
    put(said, key, parseAmount(value, most))

/** As `readAmount`; 0 means that there is none, or that nobody told the slicer. */
export const readPositive =
  (key: KeyOf<Said, number>, most: number): Reader =>
  ({ said }, value) => {
    const amount = parseAmount(value, most)
    if (amount !== 0) put(said, key, amount)
  }

export const readDuration =
  (key: KeyOf<Said, number>): Reader =>
  ({ said }, value) =>
    put(said, key, parseDuration(value))

export const readName =
  (key: 'printerModel' | 'printerProfile' | 'printProfile'): Reader =>
  ({ said }, value) =>
    put(said, key, parseName(value))

export const readSupport: Reader = ({ said }, value) => put(said, 'support', parseFlag(value))

export const readFillDensity: Reader = ({ said }, value) => put(said, 'fillDensity', parseShare(value))

export const readConfig =
  (key: KeyOf<Draft['config'], number>, most: number): Reader =>
  ({ config }, value) =>
    put(config, key, parseAmount(value, most))

export const readAxis =
  (limit: 'maxFeedrate' | 'maxAcceleration' | 'jerk', axis: keyof Axes, most: number): Reader =>
  (draft, value) =>
    put(draft[limit], axis, parseAmount(value, most))

/** A list by tool, T0 first. 0 says nothing where `leastIsNone`: Slic3r writes it where it was not told. */
export const readByTool =
  (key: KeyOf<FilamentMetadata, number>, most: number, leastIsNone = false): Reader =>
  (draft, value) => {
    for (const [tool, amount] of parseAmounts(value, most).entries()) {
      if (amount !== 0 || !leastIsNone) put(filamentOf(draft, tool), key, amount)
    }
  }

export const readNamesByTool =
  (key: KeyOf<FilamentMetadata, string>): Reader =>
  (draft, value) => {
    for (const [tool, name] of parseNames(value).entries()) put(filamentOf(draft, tool), key, name)
  }

/** A note on the tool whose number stands in the key, counted from `first`; without a number, on the first one. */
export const readOfTool =
  (key: KeyOf<FilamentMetadata, number>, most: number, first = 0, factor = 1): Reader =>
  (draft, value, index) => {
    const amount = parseAmount(value, most)
    if (amount !== undefined && amount > 0)
      put(filamentOf(draft, Math.max(0, index - first)), key, tidy(amount * factor))
  }

export const readNameOfTool =
  (key: KeyOf<FilamentMetadata, string>, first = 0): Reader =>
  (draft, value, index) =>
    put(filamentOf(draft, Math.max(0, index - first)), key, parseName(value))

export const readNozzles: Reader = (draft, value) => {
  if (draft.nozzleDiameters.length > 0) return
  const diameters = parseAmounts(value, 20)
  if (diameters.every((diameter) => diameter !== undefined)) draft.nozzleDiameters = diameters
}

export const readLandmark =
  (landmark: Landmark): Reader =>
  ({ landmarks }) => {
    landmarks.add(landmark)
  }
