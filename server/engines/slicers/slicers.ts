// All slicing engines, and which of them are here.
import type { SlicerEngine, SlicerName } from '../../contract/slicing.ts'
import { curaEngine } from './cura-engine.ts'
import { curaWasm } from './cura-wasm.ts'
import { orcaSlicer } from './orca-slicer.ts'
import { prusaSlicer } from './prusa-slicer.ts'
import type { FoundSlicer, Slicer } from './slicer.ts'

export const DEFAULT_SLICER: SlicerName = 'cura-wasm'

const slicers: readonly Slicer[] = [curaWasm, prusaSlicer, curaEngine, orcaSlicer]

export interface PresentSlicer {
  readonly slicer: Slicer
  readonly found: FoundSlicer
}

const LOOK_AGAIN_MS = 600_000
let known: { readonly at: number; readonly present: Promise<readonly PresentSlicer[]> } | null = null

const look = async (): Promise<readonly PresentSlicer[]> => {
  const found = await Promise.all(slicers.map(async (slicer) => ({ slicer, found: await slicer.find() })))
  return found.flatMap(({ slicer, found: one }) => (one === null ? [] : [{ slicer, found: one }]))
}

/** What is installed is looked for now and then: somebody may install another. */
export const presentSlicers = (): Promise<readonly PresentSlicer[]> => {
  if (known === null || performance.now() - known.at > LOOK_AGAIN_MS) known = { at: performance.now(), present: look() }
  return known.present
}

/** Null where it is not here. */
export const presentSlicer = async (name: SlicerName): Promise<PresentSlicer | null> =>
  (await presentSlicers()).find(({ slicer }) => slicer.name === name) ?? null

export const listEngines = async (): Promise<SlicerEngine[]> =>
  (await presentSlicers()).map(({ slicer: { name, title, tree }, found: { version } }) => ({
    name,
    title,
    version,
    isDefault: name === DEFAULT_SLICER,
    tree,
  }))
