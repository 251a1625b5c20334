// Pictures of a model, both sizes, without a graphics card; an empty picture of the same size as the baseline.
import { encodePng } from '../../gcode/pictures/png.ts'
import { drawThumbnails } from '../../server/engines/picture/thumbnail.ts'
import { median, report, round } from './measure.ts'
import { ballMesh, sizes } from './mesh-engine.ts'

const ROUNDS = 3

const millisecondsOf = (work: () => void): number => {
  const began = performance.now()
  work()
  return performance.now() - began
}

const empty = millisecondsOf(() => {
  encodePng({ width: 512, height: 512, channels: 4, pixels: new Uint8Array(512 * 512 * 4) })
})
for (const size of sizes) {
  const mesh = ballMesh(size)
  const times = Array.from({ length: ROUNDS }, () => millisecondsOf(() => drawThumbnails(mesh)))
  report({
    bench: 'thumbnail',
    row: `${mesh.head.triangles} triangles, 512 and 256 pixels`,
    milliseconds: round(median(times), 0),
    millisecondsPer100k: round((median(times) * 100_000) / mesh.head.triangles, 0),
    emptyPictureMilliseconds: round(empty, 1),
    residentMegabytes: round(process.memoryUsage().rss / 1e6, 0),
  })
}
