// From the command to the first page: the first time in an empty data folder, and every time after.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, report } from './measure.ts'

const ROUNDS = 5
const launcher = fileURLToPath(new URL('../../launch/start.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'auzolan-bench-'))
chmodSync(folder, 0o755)

/** Milliseconds until the page has come. */
const start = async (): Promise<number> => {
  const began = performance.now()
  const child = spawn(process.execPath, [launcher], {
    env: { ...process.env, AUZOLAN_DATA: join(folder, 'data'), AUZOLAN_PORT: '0', AUZOLAN_LOG: 'warn' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let said = ''
  for await (const piece of child.stdout.setEncoding('utf8')) {
    said += piece
    const address = /On this computer: +(http:\S+)/.exec(said)?.[1]
    if (address === undefined) continue
    await (await fetch(address.replace('localhost', '127.0.0.1'))).text()
    break
  }
  const took = performance.now() - began
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
  return took
}

try {
  const first = await start()
  const later: number[] = []
  for (let n = 0; n < ROUNDS; n++) later.push(await start())
  report({ bench: 'start', row: 'first page, empty data folder', milliseconds: Math.round(first) })
  report({ bench: 'start', row: 'first page, every time after', milliseconds: Math.round(median(later)), most: 3000 })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
