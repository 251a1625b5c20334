import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sql from 'sql-template-tag'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setPlug, showPlug, switchPlug } from '../../server/contract/power.ts'
import { addPrinter } from '../../server/contract/printers.ts'
import { becomeBridge } from '../../server/store/bridges.ts'
import { readPlug } from '../../server/store/plugs.ts'
import { saveSnapshots } from '../../server/store/printers.ts'
import { openSealer } from '../../server/store/secrets.ts'
import { Power } from '../../server/work/power.ts'
import { profile } from '../support/lasting-printer.ts'
import { openWorkshop, refusalOf, type Workshop } from '../support/workshop.ts'

const folder = mkdtempSync(join(tmpdir(), 'auzolan-power-'))
let workshop: Workshop
let printerId: number
let on = true
let now = 0

const plug = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://plug')
  if (searchParams.get('password') !== 'geheim') return void response.end('{"WARNING":"Need user=<username>"}')
  const command = searchParams.get('cmnd') ?? ''
  if (/ On$/.test(command)) on = true
  if (/ Off$/.test(command)) on = false
  response.end(JSON.stringify({ POWER: on ? 'ON' : 'OFF' }))
})
afterAll(() => plug.close())

const stands = (state: 'idle' | 'printing', nozzle: number) =>
  saveSnapshots(workshop.db, [
    {
      printerId,
      state,
      reason: null,
      firmware: 'Marlin',
      temperatures: { T0: { actual: nozzle, target: 0 } },
      position: null,
      progress: null,
      linesSent: 0,
      resends: 0,
      okLatency: 0,
      at: new Date().toISOString(),
    },
  ])

beforeAll(async () => {
  workshop = await openWorkshop({ environment: { AUZOLAN_DATA: folder } })
  await becomeBridge(workshop.db, {
    name: 'room',
    instance: '11111111-1111-4111-8111-111111111111',
    host: 'here',
    instead: null,
  })
  const body = { name: 'Etxe', bridge: 'room', address: '/dev/ttyX', baudRate: 0, profile }
  printerId = (await workshop.steward.call(addPrinter, { body })).id
  await new Promise<void>((resolve) => plug.listen(0, '127.0.0.1', resolve))
})

describe('a plug of a printer', () => {
  it('is set up with a password that nobody can read again, switches off after the rest, and never when hot', async () => {
    const { steward, db, house } = workshop
    const at = plug.address()
    const port = typeof at === 'object' && at !== null ? at.port : 0
    const settings = {
      kind: 'tasmota',
      address: `127.0.0.1:${port}`,
      outlet: 0,
      userName: null,
      onBeforePrint: true,
      offAfterMinutes: 10,
      anywhere: false,
    } as const
    const params = { id: printerId }
    const wrong = await steward.call(setPlug, { params, body: { ...settings, password: 'falsch' } })
    expect(wrong.plug).toMatchObject({
      hasPassword: true,
      trouble: expect.stringContaining('another name or password'),
    })
    const set = await steward.call(setPlug, { params, body: { ...settings, password: 'geheim' } })
    expect(set.plug).toMatchObject({ isOn: true, trouble: null })
    expect(JSON.stringify(await steward.call(showPlug, { params }))).not.toContain('geheim')
    expect((await readPlug(db, printerId))?.password?.includes('geheim')).toBe(false)

    const power = new Power(db, openSealer(house.config.keyFile), () => now)
    await stands('idle', 180)
    expect(await refusalOf(steward.call(switchPlug, { params, body: { on: false } }))).toMatchObject({
      code: 'plug.trouble',
      message: expect.stringContaining('180 °C'),
    })
    await power.look()
    await stands('idle', 40)
    for (const minutes of [60, 65, 69]) {
      now = minutes * 60_000
      await db.run(sql`UPDATE bridge SET seen_at = now()`)
      await power.look()
      expect(on).toBe(true)
    }
    now = 70 * 60_000
    await power.look()
    expect(on).toBe(false)
    expect((await readPlug(db, printerId))?.isOn).toBe(false)
    await steward.call(switchPlug, { params, body: { on: true } })
    expect(on).toBe(true)
  })
})
