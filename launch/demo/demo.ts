// npm run demo: a workshop to try, with three simulated printers, in a folder that is thrown away at the end.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { readConfig } from '../../server/config.ts'
import { showFile } from '../../server/contract/files.ts'
import { queueJob } from '../../server/contract/jobs.ts'
import { acceptInvitation, invite } from '../../server/contract/members.ts'
import type { Role } from '../../server/contract/permissions.ts'
import { addPrinter, clearBed, type PrinterProfile, showPrinter } from '../../server/contract/printers.ts'
import { setUpSite } from '../../server/contract/site.ts'
import { openHouse } from '../house.ts'
import { Client } from './client.ts'

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
/** The sample parts lie with the sources: they are data, and are not built. */
const parts = join(dist, '..', 'launch', 'demo', 'parts')

const SPEED = 20
const PORT = 4280

interface DemoPrinter {
  readonly name: string
  readonly model: 'marlin' | 'prusa' | 'delta'
  readonly profile: PrinterProfile
}

const rectangular = (width: number, depth: number, height: number): PrinterProfile => ({
  shape: 'rectangular',
  width,
  depth,
  height,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 280,
  maxBedTemperature: 110,
})

const printers: readonly DemoPrinter[] = [
  { name: 'Etxe', model: 'marlin', profile: rectangular(220, 220, 250) },
  { name: 'Lore', model: 'prusa', profile: rectangular(250, 210, 210) },
  { name: 'Dorre', model: 'delta', profile: { ...rectangular(180, 180, 300), shape: 'round' } },
]

const people: readonly { readonly name: string; readonly role: Role }[] = [
  { name: 'Maite', role: 'steward' },
  { name: 'Unai', role: 'member' },
  { name: 'Leire', role: 'member' },
]

/** Who queues what, in turn; `on` is the printer for which it was sliced, where that matters. */
const wishes: readonly { readonly file: string; readonly by: string; readonly on?: string }[] = [
  { file: 'coat-hook', by: 'Unai', on: 'Etxe' },
  { file: 'plant-label', by: 'Leire', on: 'Lore' },
  { file: 'pen-pot', by: 'Leire', on: 'Dorre' },
  { file: 'cable-clip', by: 'Unai' },
  { file: 'cable-clip-delta', by: 'Maite', on: 'Dorre' },
]

/** Resolves when the workshop is open and parts are being printed. */
export const openDemo = async (environmentAround: NodeJS.ProcessEnv): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'auzolan-demo-'))
  // As root, the database runs as another user and must get there.
  chmodSync(folder, 0o755)
  const ports = join(folder, 'ports')
  mkdirSync(ports)
  const simulators = printers.map(({ name, model }) => simulate(join(ports, name), model))
  process.on('exit', () => {
    for (const simulator of simulators) simulator.kill()
    rmSync(folder, { recursive: true, force: true })
  })
  const wanted = environmentAround['AUZOLAN_PORT']?.trim()
  const port = wanted ? readConfig(environmentAround).port : await freePort(PORT)
  const environment = {
    ...environmentAround,
    AUZOLAN_DATA: join(folder, 'data'),
    AUZOLAN_PORTS: ports,
    AUZOLAN_PORT: String(port),
    AUZOLAN_BRIDGE: 'demo',
    AUZOLAN_DISK_RESERVE_MB: '50',
    AUZOLAN_LOG: 'warn',
    DATABASE_URL: '',
    REDIS_URL: '',
  }
  const house = await openHouse(environment, true)
  const password = randomBytes(5).toString('hex')
  await furnish(house.address, ports, password)
  console.log(`
The demo workshop is open:  ${house.address}

  Sign in as ${people.map(({ name, role }) => `${name} (${role})`).join(', ')}
  with the password  ${password}

Three simulated printers run ${SPEED} times as fast as real ones. Press everything: nothing can break.
When you stop it (Ctrl-C), everything in it is thrown away.
`)
}

const simulate = (link: string, model: string): ChildProcess =>
  spawn(
    process.execPath,
    [join(dist, 'firmware-bridge/simulator/main.js'), '--link', link, '--model', model, '--speed', String(SPEED)],
    // Ctrl-C is for the launcher: a printer outlives its bridge.
    { stdio: 'ignore', detached: true },
  )

/** The usual port, or any that is free. */
const freePort = (wanted: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(freePort(0)) : reject(error),
    )
    probe.listen(wanted, () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

/** Brings people, printers, parts and jobs in by the front door, as anybody would. */
const furnish = async (address: string, ports: string, password: string): Promise<void> => {
  const members = new Map<string, Client>()
  for (const { name, role } of people) {
    const client = new Client(address)
    const [steward] = members.values()
    if (steward === undefined) {
      const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
      await client.call(setUpSite, { body: { siteName: 'Aldapa workshop', timeZone, stewardName: name, password } })
    } else {
      const { token } = await steward.call(invite, { body: { role } })
      await client.call(acceptInvitation, { body: { token, name, password } })
    }
    members.set(name, client)
  }
  const [steward] = members.values()
  if (steward === undefined) return
  const ids = new Map<string, number>()
  for (const { name, profile } of printers) {
    const settings = { name, bridge: 'demo', address: join(ports, name), baudRate: 115200, profile }
    const { id } = await steward.call(addPrinter, { body: settings })
    await steward.call(clearBed, { params: { id } })
    ids.set(name, id)
  }
  for (const { file, by, on } of wishes) {
    const client = members.get(by) ?? steward
    const path = join(parts, `${file}.gcode.gz`)
    if (!existsSync(path)) continue
    const uploaded = await client.upload(`${file}.gcode`, gunzipSync(readFileSync(path)))
    await until(async () => (await client.call(showFile, { params: { id: uploaded.id } })).state !== 'waiting')
    await client.call(queueJob, {
      body: { fileId: uploaded.id, printerId: on === undefined ? null : (ids.get(on) ?? null) },
    })
  }
  await until(async () => (await steward.call(showPrinter, { params: { id: ids.get('Etxe') ?? 0 } })).print !== null)
}

const PATIENCE_MS = 20_000

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + PATIENCE_MS
  while (Date.now() < end && !(await holds())) await new Promise((resolve) => setTimeout(resolve, 100))
}
