// One mesh through one engine, with nothing else of the server: for tests and benches of engines.
import { CommandScanner } from '../../gcode/index.ts'
import type { WireMesh } from '../../server/contract/mesh-wire.ts'
import type { PrinterProfile } from '../../server/contract/printers.ts'
import type { Settings } from '../../server/contract/slicing.ts'
import { type SlicedPrinter, usualSlicing } from '../../server/domain/printer-classes.ts'
import { type Expected, type Laid, LaidReader } from '../../server/domain/slice-gate.ts'
import { orderFor, type SlicePlan } from '../../server/domain/slice-plan.ts'
import { ownScripts } from '../../server/domain/slice-scripts.ts'
import { materials, qualities } from '../../server/domain/slicing-profiles.ts'
import { measureMesh, moved, stlOf, unmoved } from '../../server/engines/place-mesh.ts'
import type { Sliced } from '../../server/engines/slicers/slicer.ts'
import type { PresentSlicer } from '../../server/engines/slicers/slicers.ts'

const profile: PrinterProfile = {
  shape: 'rectangular',
  ...{ width: 220, depth: 220, height: 250, originX: 0, originY: 0 },
  ...{ nozzleDiameter: 0.4, maxNozzleTemperature: 260, maxBedTemperature: 100 },
  dialect: 'marlin-2',
}
const printer: SlicedPrinter = { id: 1, name: 'Usual', profile, slicing: usualSlicing }

export interface SlicedAlone extends Sliced {
  readonly laid: Laid
  readonly expected: Expected
}

export const sliceAlone = async (
  { slicer, found }: PresentSlicer,
  mesh: WireMesh,
  wanted: { infill: number; supports?: boolean; volume: number; settings?: Settings },
): Promise<SlicedAlone> => {
  const at = (await measureMesh(mesh, unmoved)).box
  const matrix = moved(unmoved, 110 - (at.minX + at.maxX) / 2, 110 - (at.minY + at.maxY) / 2, -at.minZ)
  const { box, area } = await measureMesh(mesh, matrix)
  const plan: SlicePlan = {
    parts: [],
    printers: [printer],
    material: { name: 'PLA', density: 1.24, settings: materials[0]?.settings ?? {} },
    quality: { name: 'Standard', settings: qualities.find(({ key }) => key === 'standard')?.settings ?? {} },
    choices: { infill: wanted.infill, supports: wanted.supports ? 'normal' : 'off', brim: false },
    settings: wanted.settings ?? {},
    scripts: ownScripts('marlin-2'),
    engine: slicer.name,
    engineVersion: found.version,
    maker: 0,
  }
  const order = orderFor(plan, [printer], box)
  if ('code' in order) throw new Error(order.message)
  const { start, end } = order
  const sliced = await slicer.slice(found, {
    parts: [{ name: 'part', stl: await stlOf(mesh, matrix) }],
    machine: 'fdmprinter',
    wishes: new Map(Object.entries(order.wishes)),
    volume: profile,
    dialect: 'marlin-2',
    start,
    end,
  })
  const filamentArea = (Math.PI / 4) * 1.75 ** 2
  const reader = new LaidReader('marlin-2', filamentArea)
  const scanner = new CommandScanner(reader)
  scanner.feed(sliced.gcode)
  scanner.end()
  const infill = wanted.infill / 100
  const expected: Expected = {
    ...{ box, area, volume: wanted.volume, infill, filamentArea },
    ...{ layerHeight: 0.2, lineWidth: 0.4, raftHeight: 0, flow: 1, dialect: 'marlin-2' },
  }
  return { ...sliced, laid: reader.laid, expected }
}
