// Reading a model: what the engine takes from its start to facts and pictures, and reading alone as the baseline.
import { readStl } from '../../server/engines/readers/stl.ts'
import { report, round } from './measure.ts'
import { ballStl, bytesOf, runWhole, sizes } from './mesh-engine.ts'

for (const size of sizes) {
  const stl = ballStl(size)
  const began = performance.now()
  const mesh = readStl(stl).builder.build()
  const readMilliseconds = performance.now() - began
  const { usage } = await runWhole(stl)
  const per100k = mesh.head.triangles / 100_000
  report({
    bench: 'mesh',
    row: `${mesh.head.triangles} triangles: read, facts, walls, pictures`,
    seconds: round(usage.seconds),
    secondsPer100k: round(usage.seconds / per100k),
    peakMegabytes: usage.peakMegabytes,
    readAloneMilliseconds: round(readMilliseconds, 1),
    meshMegabytes: round(bytesOf(mesh) / 1e6),
  })
}
