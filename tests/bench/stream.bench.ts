// Lines a second from a file to a tty: the bridge's whole path against a bare write-wait-ok loop on the same tty.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SerialPort } from 'serialport'
import { defaultConnectTiming } from '../../firmware-bridge/connect.ts'
import { openPort } from '../../firmware-bridge/port/open-port.ts'
import { PrinterSession } from '../../firmware-bridge/printer-session.ts'
import { numberedLine } from '../../firmware-bridge/protocol/numbered-line.ts'
import { largeGcode } from '../support/large-gcode.ts'
import { cpuOf, median, report, round, startBenchProgram } from './measure.ts'

const ROUNDS = 5
const FILE_BYTES = 1_200_000

const folder = mkdtempSync(join(tmpdir(), 'auzolan-bench-'))
const tty = join(folder, 'tty')
const file = join(folder, 'file.gcode')
const text = Buffer.concat([...largeGcode(FILE_BYTES)])
  .toString()
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith(';') && !line.startsWith('M109'))
writeFileSync(file, `${text.join('\n')}\n`)
const responder = await startBenchProgram('responder.ts', [tty])

/** What a host costs at the least: the next line goes out when the ok of the last has come. */
const bareLoop = async (lines: readonly string[]): Promise<number> => {
  const port = new SerialPort({ path: tty, baudRate: 250000, autoOpen: false })
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())))
  const began = performance.now()
  await new Promise<void>((resolve) => {
    let at = 0
    const next = (): void => void port.write(lines[at++] as string)
    port.on('data', (bytes: Buffer) => {
      if (!bytes.includes(10)) return
      if (at === lines.length) resolve()
      else next()
    })
    next()
  })
  const seconds = (performance.now() - began) / 1000
  await new Promise<void>((resolve) => port.close(() => resolve()))
  return lines.length / seconds
}

const wholePath = async (): Promise<{ rate: number; cpuPer100k: number }> => {
  const session = new PrinterSession({
    printerId: 1,
    name: 'Bench',
    address: tty,
    baudRate: 250000,
    profile: {
      shape: 'rectangular',
      width: 220,
      depth: 220,
      height: 2000,
      originX: 0,
      originY: 0,
      nozzleDiameter: 0.4,
      maxNozzleTemperature: 300,
      maxBedTemperature: 120,
    },
    timing: { ...defaultConnectTiming, greeting: 50, quiet: 20 },
    open: openPort,
    resolve: async (address) => address,
    changed: () => {},
  })
  session.start()
  while (session.state !== 'idle') await new Promise((resolve) => setTimeout(resolve, 10))
  const began = performance.now()
  const plan = { printId: 1, totalBytes: statSync(file).size, course: null, fetch: async () => file }
  const { result, seconds } = await cpuOf(async () => session.print(plan))
  if ('refused' in result || result.state !== 'completed') throw new Error(JSON.stringify(result))
  const rate = text.length / ((performance.now() - began) / 1000)
  await session.stop('The bench is over.')
  return { rate, cpuPer100k: (seconds / text.length) * 100_000 }
}

try {
  const numbered = text.map((line, n) => numberedLine(n + 1, line))
  const bare: number[] = []
  const path: number[] = []
  const cpu: number[] = []
  for (let n = 0; n < ROUNDS; n++) {
    bare.push(await bareLoop(numbered))
    const { rate, cpuPer100k } = await wholePath()
    path.push(rate)
    cpu.push(cpuPer100k)
  }
  report({
    bench: 'stream',
    row: 'one printer, ok per line',
    lines: text.length,
    linesPerSecond: Math.round(median(path)),
    bareLinesPerSecond: Math.round(median(bare)),
    ratio: round(median(path) / median(bare)),
    cpuSecondsPer100kLines: round(median(cpu)),
  })
} finally {
  responder.kill()
  rmSync(folder, { recursive: true, force: true })
}
