// Uploads: MB a second into the store, what the server's memory does meanwhile, and the disk's own pace for comparison.
import { once } from 'node:events'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { openFarm } from '../support/farm.ts'
import { largeGcode } from '../support/large-gcode.ts'
import { report, round } from './measure.ts'

const MB = 1_000_000
const SIZE = 500 * MB

const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024

const farm = await openFarm({ bridges: [] })

const send = async (name: string, pieces: Iterable<Buffer>): Promise<void> => {
  const sending = request(new URL(`/api/files?name=${name}`, farm.address), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', cookie: farm.steward.cookie },
  })
  const answered = once(sending, 'response')
  for (const piece of pieces) if (!sending.write(piece)) await once(sending, 'drain')
  sending.end()
  const [response] = await answered
  response.resume()
  if (response.statusCode !== 200) throw new Error(`The upload was refused (${response.statusCode}).`)
}

/** The same bytes straight to a file on the same disk. */
const writePlain = (pieces: Iterable<Buffer>): void => {
  const file = openSync(join(farm.folder, 'plain'), 'w')
  for (const piece of pieces) writeSync(file, piece)
  fsyncSync(file)
  closeSync(file)
}

try {
  const pieces = [...largeGcode(SIZE)]
  await send('warm-up.gcode', largeGcode(20 * MB, 9))
  const before = memoryOf(farm.server.pid)
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, memoryOf(farm.server.pid))
  }, 20)
  const began = performance.now()
  await send('large.gcode', pieces)
  const seconds = (performance.now() - began) / 1000
  clearInterval(watch)
  const plainBegan = performance.now()
  writePlain(pieces)
  const plainSeconds = (performance.now() - plainBegan) / 1000
  report({
    bench: 'upload',
    row: 'one file of 500 MB',
    megabytesPerSecond: round(SIZE / MB / seconds, 1),
    plainFileMegabytesPerSecond: round(SIZE / MB / plainSeconds, 1),
    memoryGrowthMegabytes: round((peak - before) / MB, 1),
    most: 50,
  })
} finally {
  await farm.close()
}
