// Slicing: time and memory of each engine that is here, per 100 000 triangles; each run in a process of its own.
import { presentSlicers } from '../../server/engines/slicers/slicers.ts'
import { sliceAlone } from '../support/slice-alone.ts'
import { organic } from '../support/slice-meshes.ts'
import { report, round } from './measure.ts'

const mesh = organic(448, 30)
const { triangles } = mesh.head

for (const engine of await presentSlicers()) {
  const began = performance.now()
  const { peakMegabytes, gcode } = await sliceAlone(engine, mesh, { infill: 20, volume: 1 })
  const seconds = (performance.now() - began) / 1000
  report({
    bench: 'slice',
    row: `${engine.slicer.title} ${engine.found.version}`,
    triangles,
    secondsPer100kTriangles: round((seconds * 100_000) / triangles, 2),
    peakMemoryMB: round(peakMegabytes, 0),
    gcodeMB: round(gcode.length / 1e6, 1),
  })
}
