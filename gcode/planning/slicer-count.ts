// What the slicer that wrote a file would state of it: its way of counting time and filament.
import type { FilamentMetadata, SlicerMetadata } from '../slicer/metadata.ts'
import type { Overheads } from './overheads.ts'

/** What OrcaSlicer and Bambu Studio count for each levelling of the bed (G29), in seconds. */
const ORCA_LEVELLING = 260

/**
 * `homing` is the way home at the feedrate last given, in seconds. PrusaSlicer counts it, and the loading of filaments,
 * but neither dwelling nor heat; OrcaSlicer and Bambu Studio count dwelling, levelling and tool changes as well.
 */
export const slicerSeconds = (
  { slicer, filaments, config }: SlicerMetadata,
  motion: number,
  homing: number,
  { dwellSeconds, levellings, toolChanges }: Overheads,
): number => {
  const changeSeconds =
    (config.loadFilamentSeconds ?? 0) + (config.unloadFilamentSeconds ?? 0) + (config.toolChangeSeconds ?? 0)
  switch (slicer?.name) {
    case 'OrcaSlicer':
    case 'BambuStudio':
      return motion + homing + dwellSeconds + levellings * ORCA_LEVELLING + toolChanges * changeSeconds
    case 'PrusaSlicer':
    case 'SuperSlicer':
    case 'QIDISlicer':
      // The first tool is there already.
      return motion + homing + Math.max(0, toolChanges - 1) * loadSeconds(filaments[0])
    default:
      return motion + dwellSeconds
  }
}

const loadSeconds = (filament: FilamentMetadata | undefined): number =>
  (filament?.loadSeconds ?? 0) + (filament?.unloadSeconds ?? 0)

/** How much filament a file feeds, in mm: as its E words say, and the parts of it before the first layer. */
export interface Fed {
  readonly total: number
  readonly beforeLayers: number
  readonly beforeLayersInPlace: number
}

/** Versions of PrusaSlicer before this one count only what they have written themselves, not the start G-code. */
const COUNTS_START_SINCE = 2.3
/** What ideaMaker's M221 says is in its figure once more. */
const flowOf = (flowFactor: number): number => flowFactor * flowFactor

/**
 * What the slicer would state as the filament's length, in mm. Most count all E words of the file. PrusaSlicer leaves its
 * start G-code out before 2.3, and always where several filaments share a nozzle; Bambu Studio leaves out what is purged
 * there without moving; ideaMaker leaves it out and takes the flow rate off. `flowFactor` is that of the print.
 */
export const slicerFilament = ({ slicer, config }: SlicerMetadata, fed: Fed, flowFactor: number): number => {
  switch (slicer?.name) {
    case 'PrusaSlicer': {
      const old = Number.parseFloat(slicer.version) < COUNTS_START_SINCE
      return config.sharedNozzle || old ? fed.total - fed.beforeLayers : fed.total
    }
    case 'BambuStudio':
      return fed.total - fed.beforeLayersInPlace
    case 'ideaMaker':
      return (fed.total - fed.beforeLayers) * flowOf(flowFactor)
    default:
      return fed.total
  }
}
