// A draft -> metadata: what was said in parts is put together.
import type { CuraSettings } from './cura-settings.ts'
import { type Draft, filamentOf, put } from './draft.ts'
import { volumeOf } from './filaments.ts'
import { footerOf } from './footer.ts'
import type { FilamentMetadata, SlicerConfig, SlicerMetadata } from './metadata.ts'
import { platesTemperatures } from './settings.ts'
import type { SlicerName } from './slicer-name.ts'
import { tidy } from './values.ts'

/** Takes everything that was read; the draft is used up. */
export const finish = (draft: Draft, slicer: SlicerName | null, cura: CuraSettings): SlicerMetadata => {
  const { said, aside } = draft
  cura.read(draft)
  assignLists(draft)
  const tools = aside.tools ?? Number.POSITIVE_INFINITY
  draft.nozzleDiameters = draft.nozzleDiameters.slice(0, tools)
  draft.filaments.splice(tools)
  dropUnknownMasses(draft)
  assignTotals(draft)
  // The one that has it says it of the first layer; the other one only of all.
  for (const [tool, temperature] of platesTemperatures(draft).entries()) {
    put(filamentOf(draft, tool), 'firstLayerBedTemperature', temperature)
  }
  if (aside.firstLayerShare !== undefined && said.layerHeight !== undefined) {
    put(said, 'firstLayerHeight', tidy(said.layerHeight * aside.firstLayerShare))
  }
  if (aside.brimType === 'no_brim') said.brimWidth = 0
  else if (aside.brimType === 'auto_brim') delete said.brimWidth
  if (slicer?.name === 'BambuStudio' || said.printerModel?.startsWith('Bambu Lab')) said.flavour = 'bambu'
  readFirstTool(draft)
  return {
    ...(slicer === null ? {} : { slicer: { name: slicer.name, version: slicer.version } }),
    ...said,
    filaments: draft.filaments,
    nozzleDiameters: draft.nozzleDiameters,
    footer: footerOf(draft, slicer, cura.cut),
    config: configOf(draft),
  }
}

/** Bambu Studio's lists are of the tools that print; where it does not say which, of all from the first on. */
const assignLists = (draft: Draft): void => {
  const { usedTools, lengths, volumes, masses } = draft.aside
  const toolAt = (n: number, count: number): number => (usedTools?.length === count ? (usedTools[n] as number) : n)
  for (const [n, length] of lengths?.entries() ?? []) {
    put(filamentOf(draft, toolAt(n, lengths?.length ?? 0)), 'length', length)
  }
  for (const [n, mass] of masses?.entries() ?? []) {
    put(filamentOf(draft, toolAt(n, masses?.length ?? 0)), 'massGrams', mass)
  }
  for (const [n, volume] of volumes?.entries() ?? []) {
    const filament = filamentOf(draft, toolAt(n, volumes?.length ?? 0))
    if (volume === undefined) continue
    // It writes cm³ and means mm³.
    const expected = volumeOf(filament.length ?? 0, filament.diameter)
    put(filament, 'volumeCm3', volume > 10 * expected && expected > 0 ? tidy(volume / 1000) : volume)
  }
}

/** A slicer that was told neither density nor price writes that 0 g are used, for 0.00. */
const dropUnknownMasses = ({ said, filaments }: Draft): void => {
  for (const filament of filaments) {
    if ((filament.length ?? 0) === 0) continue
    if (filament.massGrams === 0) delete filament.massGrams
    if (filament.cost === 0) delete filament.cost
  }
  if (!filaments.some(({ length }) => (length ?? 0) > 0)) return
  if (said.filamentGrams === 0) delete said.filamentGrams
  if (said.filamentCost === 0) delete said.filamentCost
}

const sumOf = (amounts: readonly (number | undefined)[]): number | undefined =>
  amounts.some((amount) => amount !== undefined)
    ? tidy(amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0))
    : undefined

/** What is stated of all tools together belongs to the only one that prints, and the other way round. */
const assignTotals = (draft: Draft): void => {
  const { said, aside, filaments } = draft
  const only = aside.onlyTool ?? (filaments.length <= 1 && draft.nozzleDiameters.length <= 1 ? 0 : undefined)
  if (aside.material !== undefined) put(filamentOf(draft, only ?? 0), 'type', aside.material)
  const perTool = filaments.some(({ length, massGrams }) => length !== undefined || massGrams !== undefined)
  const total = said.filamentLength ?? said.filamentGrams
  if (!perTool && total !== undefined && only !== undefined) {
    const filament = filamentOf(draft, only)
    put(filament, 'length', said.filamentLength)
    put(filament, 'massGrams', said.filamentGrams)
    put(filament, 'volumeCm3', aside.totalVolumeCm3)
    put(filament, 'cost', said.filamentCost)
  }
  put(said, 'filamentLength', sumOf(filaments.map(({ length }) => length)))
  put(said, 'filamentGrams', sumOf(filaments.map(({ massGrams }) => massGrams)))
  put(said, 'filamentCost', sumOf(filaments.map(({ cost }) => cost)))
}

/** The temperatures of the first tool that prints; of the first of all where nobody says which ones do. */
const readFirstTool = ({ said, filaments }: Draft): void => {
  const first = filaments.find(({ length }) => (length ?? 0) > 0) ?? filaments[0]
  if (first === undefined) return
  put(said, 'firstLayerNozzleTemperature', first.firstLayerNozzleTemperature ?? first.nozzleTemperature)
  put(said, 'firstLayerBedTemperature', bedOf(first) ?? bedOf(filaments[0]))
}

/** There is one bed: a list that ends before a tool means it too. */
const bedOf = (filament: FilamentMetadata | undefined): number | undefined =>
  filament?.firstLayerBedTemperature ?? filament?.bedTemperature

const configOf = ({ config, maxFeedrate, maxAcceleration, jerk }: Draft): SlicerConfig => ({
  ...config,
  ...(Object.keys(maxFeedrate).length > 0 ? { maxFeedrate } : {}),
  ...(Object.keys(maxAcceleration).length > 0 ? { maxAcceleration } : {}),
  ...(Object.keys(jerk).length > 0 ? { jerk } : {}),
})
