import { randomUUID } from 'node:crypto'
import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { cancelJob, decideJob, listJobs, moveJob, queueJob } from '../../server/contract/jobs.ts'
import { askPrinter } from '../../server/contract/printer-commands.ts'
import {
  addPrinter,
  changePrinter,
  clearBed,
  listBridges,
  listPrinters,
  type PrinterProfile,
  removePrinter,
  type SessionState,
  showPrinter,
} from '../../server/contract/printers.ts'
import { becomeBridge, savePorts, touchBridge } from '../../server/store/bridges.ts'
import { takeCommands } from '../../server/store/printer-commands.ts'
import { saveSnapshots } from '../../server/store/printers.ts'
import { claimPrint, endPrint, interruptOrphans, recentRefusals, refusePrint } from '../../server/store/prints.ts'
import { analyseFile } from '../../server/work/analyse-file.ts'
import { AnalysisThread } from '../../server/work/analysis-thread.ts'
import { dispatch } from '../../server/work/dispatch.ts'
import { followPrints } from '../../server/work/follow-prints.ts'
import { openWorkshop, type Person, refusalOf } from '../support/workshop.ts'

const profile: PrinterProfile = {
  shape: 'rectangular',
  width: 220,
  depth: 220,
  height: 250,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 280,
  maxBedTemperature: 110,
}

/** A workshop with one bridge that is played by the test: it says what its printers do, and claims prints. */
const openRig = async () => {
  const workshop = await openWorkshop()
  const { db, house, steward } = workshop
  const instance = randomUUID()
  const thread = new AnalysisThread()
  await becomeBridge(db, { name: 'room', instance, host: 'here', instead: null })
  const add = async (name: string, address: string): Promise<number> =>
    (await steward.call(addPrinter, { body: { name, bridge: 'room', address, baudRate: 0, profile } })).id
  const tell = async (printerId: number, state: SessionState): Promise<void> => {
    await touchBridge(db, 'room', instance)
    await saveSnapshots(db, [
      {
        printerId,
        state,
        reason: null,
        firmware: null,
        temperatures: {},
        position: null,
        progress: null,
        linesSent: 0,
        resends: 0,
        okLatency: 0,
        at: new Date().toISOString(),
      },
    ])
  }
  const upload = async (who: Person, name: string): Promise<number> => {
    const file = await who.upload(`${name}.gcode`, `; ${name}\nG28\nG1 X10 Y10 Z0.2 F3000\nG1 X20 E1\n`)
    await analyseFile(db, thread, file.id)
    return file.id
  }
  const schedule = async (): Promise<void> => {
    await followPrints(db)
    await dispatch(db, house.orders)
  }
  const openPrint = async (): Promise<number> =>
    (await db.row<{ id: number }>(sql`SELECT id FROM print WHERE ended_at IS NULL`))?.id ?? 0
  return { ...workshop, instance, add, tell, upload, schedule, openPrint }
}

describe('printers', async () => {
  const { steward, join, db, add, tell, instance } = await openRig()

  it('are added at a port, and no two at one', async () => {
    await savePorts(db, 'room', [
      { identity: 'usb:1a86:7523:55', path: '/dev/ttyUSB0', label: 'Board', serialNumber: '55' },
    ])
    await add('Left', 'usb:1a86:7523:55')
    expect(await steward.call(listBridges, {})).toMatchObject([
      { name: 'room', alive: true, ports: [{ identity: 'usb:1a86:7523:55', printerName: 'Left' }] },
    ])
    const again = steward.call(addPrinter, {
      body: { name: 'Other', bridge: 'room', address: 'usb:1a86:7523:55', baudRate: 0, profile },
    })
    expect(await refusalOf(again)).toMatchObject({
      status: 409,
      code: 'printer.port-taken',
      message: expect.stringContaining('Left'),
    })
    expect(await refusalOf(add('LEFT', '/dev/ttyUSB1'))).toMatchObject({ status: 409, code: 'printer.name-taken' })
  })

  it.each(['/etc/../dev/ttyUSB0', 'file:///etc/passwd', 'tcp://host', 'tcp://a b:23', 'ttyUSB0', '/dev/tty\u0007'])(
    'are at no place that is none: %j',
    async (address) => {
      expect((await refusalOf(add('Nowhere', address))).status).toBe(422)
    },
  )

  it.each([{ width: 0 }, { height: -5 }, { maxNozzleTemperature: 5000 }, { shape: 'star' }])(
    'have no impossible profile: %j',
    async (wrong) => {
      const body = {
        name: 'Odd',
        bridge: 'room',
        address: '/dev/ttyUSB7',
        baudRate: 0,
        profile: { ...profile, ...wrong } as PrinterProfile,
      }
      expect((await refusalOf(steward.call(addPrinter, { body }))).status).toBe(400)
    },
  )

  it('begin with a bed of which nobody knows anything, and a person must sign that it is clear', async () => {
    const id = await add('Right', '/dev/ttyUSB2')
    expect(await steward.call(showPrinter, { params: { id } })).toMatchObject({ bed: 'unknown', bedSignedBy: null })
    const jon = await join('Jon', 'member')
    expect(await jon.call(clearBed, { params: { id } })).toMatchObject({ bed: 'clear', bedSignedBy: 'Jon' })
    expect(await refusalOf(jon.call(clearBed, { params: { id } }))).toMatchObject({
      status: 409,
      code: 'printer.bed-clear',
    })
  })

  it('are not connected as far as anybody knows when their bridge is silent', async () => {
    const id = await add('Far', '/dev/ttyUSB3')
    await tell(id, 'idle')
    expect((await steward.call(showPrinter, { params: { id } })).telemetry).toMatchObject({ state: 'idle' })
    await db.run(sql`UPDATE bridge SET seen_at = now() - interval '6 seconds'`)
    const printer = await steward.call(showPrinter, { params: { id } })
    expect(printer).toMatchObject({
      bridgeAlive: false,
      telemetry: { state: 'offline', reason: 'The bridge room does not answer.' },
    })
    expect(
      await refusalOf(steward.call(askPrinter, { params: { id }, body: { kind: 'home', axes: [] } })),
    ).toMatchObject({
      status: 409,
      code: 'printer.bridge-away',
    })
    await touchBridge(db, 'room', instance)
  })

  it('are changed and removed by stewards', async () => {
    const id = await add('Old', '/dev/ttyUSB4')
    const jon = await join('Kepa', 'operator')
    expect(await refusalOf(jon.call(changePrinter, { params: { id }, body: { name: 'Mine' } }))).toMatchObject({
      status: 403,
    })
    expect(
      await steward.call(changePrinter, { params: { id }, body: { name: 'New', takesJobs: false } }),
    ).toMatchObject({
      name: 'New',
      takesJobs: false,
      address: '/dev/ttyUSB4',
    })
    await steward.call(removePrinter, { params: { id } })
    expect((await steward.call(listPrinters, {})).map(({ name }) => name)).not.toContain('New')
    await add('New', '/dev/ttyUSB4')
  })

  it('obey who may ask, and only what makes sense now', async () => {
    const id = await add('Obedient', '/dev/ttyUSB5')
    await tell(id, 'idle')
    const ask = (who: Person, body: Parameters<typeof askPrinter.method.concat>[0] | object) =>
      who.call(askPrinter, { params: { id }, body: body as { kind: 'pause' } })
    const visitor = await join('Vera', 'visitor')
    const member = await join('Mikel', 'member')
    expect(await refusalOf(ask(visitor, { kind: 'emergency-stop' }))).toMatchObject({ status: 403 })
    expect(await refusalOf(ask(member, { kind: 'home', axes: [] }))).toMatchObject({ status: 403 })
    expect(await refusalOf(ask(member, { kind: 'gcode', line: 'G28' }))).toMatchObject({ status: 403 })
    expect(await refusalOf(ask(steward, { kind: 'pause' }))).toMatchObject({ status: 409, code: 'command.state' })
    expect((await refusalOf(ask(steward, { kind: 'dance' }))).status).toBe(400)
    expect((await refusalOf(ask(steward, { kind: 'heat', heater: 'X9', target: 20 }))).status).toBe(400)
    const stop = ask(member, { kind: 'emergency-stop' })
    await expect.poll(async () => (await takeCommands(db, [id])).length).toBe(1)
    expect(await stop).toMatchObject({ state: 'taken', askedBy: 'Mikel' })
  }, 20_000)
})

describe('jobs', async () => {
  const rig = await openRig()
  const { steward, join, db, add, tell, upload, schedule, openPrint, instance } = rig
  const left = await add('Left', '/dev/ttyUSB0')
  const ane = await join('Ane', 'member')
  const jon = await join('Jon', 'member')

  const states = async (): Promise<string[]> =>
    (await ane.call(listJobs, { query: {} })).map(({ fileName, state }) => `${fileName} ${state}`)

  it('wait for a person to clear the bed; then the first one starts, once', async () => {
    const first = await upload(ane, 'first')
    const second = await upload(jon, 'second')
    await ane.call(queueJob, { body: { fileId: first } })
    await jon.call(queueJob, { body: { fileId: second } })
    await tell(left, 'idle')
    await schedule()
    const waiting = await ane.call(listJobs, { query: {} })
    expect(waiting.map(({ place, waitsFor }) => ({ place, waitsFor }))).toEqual([
      { place: 1, waitsFor: 'Left: its bed waits to be cleared.' },
      { place: 2, waitsFor: 'Left: its bed waits to be cleared.' },
    ])
    await ane.call(clearBed, { params: { id: left } })
    await Promise.all([schedule(), schedule(), schedule()])
    expect(await states()).toEqual(['first.gcode printing', 'second.gcode queued'])
    expect(await db.rows(sql`SELECT FROM print`)).toHaveLength(1)
  })

  it('are claimed once, and the bed is occupied from then on', async () => {
    const print = await openPrint()
    const claims = await Promise.all([claimPrint(db, print, instance), claimPrint(db, print, instance)])
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
    expect(await steward.call(showPrinter, { params: { id: left } })).toMatchObject({
      bed: 'occupied',
      print: { fileName: 'first.gcode', memberName: 'Ane' },
    })
  })

  it('are done when their print is complete; the next waits for the bed', async () => {
    await endPrint(db, { id: await openPrint(), state: 'completed', reason: null, acceptedBytes: 10 })
    await tell(left, 'idle')
    await schedule()
    expect(await states()).toEqual(['second.gcode queued'])
    expect((await ane.call(listJobs, { query: { ended: true } })).map(({ state }) => state)).toEqual(['done'])
    expect(await steward.call(showPrinter, { params: { id: left } })).toMatchObject({ bed: 'occupied', print: null })
  })

  it('never start on a bed that somebody has doubts about, however late', async () => {
    await ane.call(clearBed, { params: { id: left } })
    await schedule()
    const print = await openPrint()
    await db.run(sql`UPDATE printer SET bed = 'unknown'`)
    expect(await claimPrint(db, print, instance)).toBeNull()
    await schedule()
    expect(await states()).toEqual(['second.gcode queued'])
  })

  it('wait for a person after an interruption, with a bed of which nobody knows', async () => {
    await db.run(sql`DELETE FROM print WHERE state = 'refused'`)
    await ane.call(clearBed, { params: { id: left } })
    await schedule()
    await claimPrint(db, await openPrint(), instance)
    const successor = randomUUID()
    expect(await interruptOrphans(db, 'room', successor)).toEqual([left])
    await schedule()
    await schedule()
    expect(await states()).toEqual(['second.gcode undecided'])
    expect(await steward.call(showPrinter, { params: { id: left } })).toMatchObject({ bed: 'unknown' })
    expect(await db.rows(sql`SELECT FROM print WHERE ended_at IS NULL`)).toEqual([])
  })

  it('go back into the queue when their member says so, and nobody else but who runs the machines', async () => {
    const [job] = await ane.call(listJobs, { query: {} })
    const id = job?.id as number
    expect(await refusalOf(ane.call(decideJob, { params: { id }, body: { decision: 'again' } }))).toMatchObject({
      status: 403,
    })
    expect(await jon.call(decideJob, { params: { id }, body: { decision: 'again' } })).toMatchObject({
      state: 'queued',
    })
    expect(await refusalOf(jon.call(decideJob, { params: { id }, body: { decision: 'done' } }))).toMatchObject({
      status: 409,
      code: 'job.state',
    })
  })

  it('are left alone for a moment by a printer whose bridge refused', async () => {
    await ane.call(clearBed, { params: { id: left } })
    await schedule()
    await refusePrint(db, await openPrint(), 'The printer is connecting.')
    await schedule()
    expect(await recentRefusals(db)).toEqual(new Map([[left, 'The printer is connecting.']]))
    expect((await ane.call(listJobs, { query: {} }))[0]).toMatchObject({
      state: 'queued',
      waitsFor: 'Left: its bridge refused: The printer is connecting.',
    })
  })

  it('are taken back when no bridge claims them', async () => {
    await db.run(sql`DELETE FROM print WHERE state = 'refused'`)
    await schedule()
    await db.run(sql`UPDATE print SET created_at = now() - interval '40 seconds' WHERE id = ${await openPrint()}`)
    await followPrints(db)
    expect(await states()).toEqual(['second.gcode queued'])
  })

  it('are cancelled by their member before and during the print', async () => {
    const [job] = await ane.call(listJobs, { query: {} })
    const id = job?.id as number
    expect(await refusalOf(ane.call(cancelJob, { params: { id } }))).toMatchObject({ status: 403 })
    await db.run(sql`DELETE FROM print WHERE state = 'refused'`)
    await schedule()
    const print = await openPrint()
    await claimPrint(db, print, instance)
    await jon.call(cancelJob, { params: { id } })
    expect((await takeCommands(db, [left])).map(({ body }) => body.kind)).toEqual(['cancel'])
    await endPrint(db, { id: print, state: 'cancelled', reason: 'Cancelled by Jon.', acceptedBytes: 5 })
    await followPrints(db)
    expect(await states()).toEqual([])
    const waiting = await upload(ane, 'waiting')
    const queued = await ane.call(queueJob, { body: { fileId: waiting } })
    expect(await ane.call(cancelJob, { params: { id: queued.id } })).toMatchObject({ state: 'cancelled' })
  })

  it('are moved in the queue by who runs the machines', async () => {
    const ids: number[] = []
    for (const name of ['a', 'b', 'c'])
      ids.push((await ane.call(queueJob, { body: { fileId: await upload(ane, name) } })).id)
    const order = async (): Promise<string[]> =>
      (await ane.call(listJobs, { query: {} })).map(({ fileName }) => fileName.replace('.gcode', ''))
    expect(await refusalOf(ane.call(moveJob, { params: { id: ids[2] as number }, body: { place: 1 } }))).toMatchObject({
      status: 403,
    })
    await steward.call(moveJob, { params: { id: ids[2] as number }, body: { place: 1 } })
    expect(await order()).toEqual(['c', 'a', 'b'])
    await steward.call(moveJob, { params: { id: ids[2] as number }, body: { place: 2 } })
    expect(await order()).toEqual(['a', 'c', 'b'])
    await steward.call(moveJob, { params: { id: ids[0] as number }, body: { place: 99 } })
    expect(await order()).toEqual(['c', 'b', 'a'])
  })

  it('that fit no printer are refused at once, with the reason', async () => {
    const file = await ane.upload('tower.gcode', 'G28\nG1 X10 Y10 Z300 F3000\nG1 X20 E1\n')
    await analyseFile(db, new AnalysisThread(), file.id)
    expect(await refusalOf(ane.call(queueJob, { body: { fileId: file.id } }))).toMatchObject({
      status: 422,
      code: 'job.never-fits',
      message: 'tower.gcode fits no printer of this workshop: Left: too tall by 50 mm.',
    })
  })
})
