import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { decideJob, listPrints } from '../../server/contract/jobs.ts'
import { askPrinter } from '../../server/contract/printer-commands.ts'
import { clearBed } from '../../server/contract/printers.ts'
import { type Farm, type FarmPrinter, openFarm } from '../support/farm.ts'
import { commandsOf } from '../support/gcode.ts'
import { sharedData } from '../support/left-out.ts'

const shared = sharedData('gcode')
const ours = fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url))
/** A file that a slicer wrote for somebody else, where it is there. */
const real = shared !== null && existsSync(join(shared, 'buddy_box.gcode')) ? join(shared, 'buddy_box.gcode') : ours

describe('a file from a slicer', () => {
  let farm: Farm
  beforeAll(async () => {
    farm = await openFarm()
    return () => farm.close()
  })

  it('comes out on the printer as it went in: every command, in order, once; then a person clears the bed, and the next starts', async () => {
    const printer = await farm.addPrinter('good', { speed: 400 })
    const first = await farm.queue('real.gcode', readFileSync(real), printer.id)
    expect(await farm.untilJob(first, ['done', 'undecided'])).toBe('done')
    expect(printer.printed()).toEqual(commandsOf(real))

    expect(await farm.printer(printer.id)).toMatchObject({ bed: 'occupied', telemetry: { state: 'idle' }, print: null })
    const second = await farm.queue(
      'cube.gcode',
      Buffer.concat([readFileSync(ours), Buffer.from('; next\n')]),
      printer.id,
    )
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect((await farm.printer(printer.id)).print).toBeNull()
    await farm.steward.call(clearBed, { params: { id: printer.id } })
    expect(await farm.untilJob(second, ['done', 'undecided'])).toBe('done')
    expect(printer.printed()).toEqual(commandsOf(ours))
  }, 120_000)

  it('comes out so over a bad cable: 1 line in 100 garbled, 1 ok in 500 swallowed', async () => {
    const printer = await farm.addPrinter('bad', { speed: 400, faults: 'garble=0.01,swallow-ok=0.002,seed=11' })
    const job = await farm.queue(
      'over-bad-cable.gcode',
      Buffer.concat([readFileSync(ours), Buffer.from('; bad\n')]),
      printer.id,
    )
    expect(await farm.untilJob(job, ['done', 'undecided'], 100_000)).toBe('done')
    expect(printer.printed()).toEqual(commandsOf(ours))
    expect((await farm.printer(printer.id)).telemetry?.resends).toBeGreaterThan(3)
  }, 120_000)

  it('comes out over a network connection too', async () => {
    const printer = await farm.addPrinter('net', { speed: 400, tcp: 0 })
    expect(printer.address).toMatch(/^tcp:/)
    const job = await farm.queue('net.gcode', Buffer.concat([readFileSync(ours), Buffer.from('; net\n')]), printer.id)
    expect(await farm.untilJob(job, ['done', 'undecided'])).toBe('done')
  }, 120_000)
})

describe('when something dies in the middle of a print', () => {
  let farm: Farm
  let printer: FarmPrinter
  beforeAll(async () => {
    farm = await openFarm()
    printer = await farm.addPrinter('night', { speed: 30 })
    return () => farm.close()
  })

  /** Begins a print that takes some seconds, and waits until it is well under way. */
  const begin = async (name: string): Promise<number> => {
    const job = await farm.queue(name, Buffer.concat([readFileSync(ours), Buffer.from(`; ${name}\n`)]), printer.id)
    await farm.until(
      printer.id,
      ({ telemetry }) => (telemetry?.progress?.acceptedBytes ?? 0) > 12_000,
      'the print is under way',
    )
    return job
  }
  const clear = async (): Promise<void> => void (await farm.steward.call(clearBed, { params: { id: printer.id } }))

  it('prints on without the server, and the server finds it when it is back', async () => {
    const job = await begin('server-dies.gcode')
    await farm.server.kill()
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await farm.startServer()
    await farm.until(
      printer.id,
      ({ print, telemetry }) => print !== null && telemetry?.state === 'printing',
      'the print is seen again',
    )
    expect(await farm.untilJob(job, ['done', 'undecided'])).toBe('done')
    expect(printer.printed()).toEqual(commandsOf(ours))
    await clear()
  }, 120_000)

  it('prints on without the database, and its end is written when it is back', async () => {
    const job = await begin('database-dies.gcode')
    process.kill(farm.postgresPid(), 'SIGKILL')
    expect(await farm.untilJob(job, ['done', 'undecided'])).toBe('done')
    expect(printer.printed()).toEqual(commandsOf(ours))
    const [print] = await farm.steward.call(listPrints, { query: { printerId: printer.id, limit: 1 } })
    expect(print).toMatchObject({ state: 'completed', fileName: 'database-dies.gcode' })
    await clear()
  }, 120_000)

  it('is interrupted when the bridge dies, is not printed again, and a person decides', async () => {
    const job = await begin('bridge-dies.gcode')
    await farm.bridges.get('room')?.kill()
    await farm.startBridge('room')
    expect(await farm.untilJob(job, ['undecided', 'done'])).toBe('undecided')
    const stands = await farm.until(
      printer.id,
      ({ telemetry }) => telemetry?.state === 'idle',
      'the printer is connected again',
    )
    expect(stands).toMatchObject({ bed: 'unknown', print: null })
    const [print] = await farm.steward.call(listPrints, { query: { printerId: printer.id, limit: 1 } })
    expect(print).toMatchObject({ state: 'interrupted', reason: 'The bridge stopped in the middle of the print.' })
    expect(print?.acceptedBytes).toBeGreaterThan(0)

    const before = printer.printed().length
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(printer.printed().length).toBe(before)
    await farm.steward.call(decideJob, { params: { id: job }, body: { decision: 'again' } })
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect((await farm.printer(printer.id)).print).toBeNull()
    await clear()
    expect(await farm.untilJob(job, ['done', 'undecided'])).toBe('done')
    expect(printer.printed()).toEqual(commandsOf(ours))
    await clear()
  }, 120_000)

  it('shows within two seconds that the printer was unplugged; a board that has begun anew is not printed on by itself', async () => {
    const made = await farm.addPrinter('cable', { speed: 30, faults: 'unplug@60' })
    const job = await farm.queue('unplugged.gcode', Buffer.concat([readFileSync(ours), Buffer.from('; u\n')]), made.id)
    await farm.until(made.id, ({ telemetry }) => telemetry?.state === 'printing', 'it prints')
    await farm.until(made.id, () => !existsSync(made.address), 'the cable is pulled')
    await farm.until(
      made.id,
      ({ telemetry }) => ['offline', 'connecting', 'reconnecting'].includes(telemetry?.state ?? ''),
      'it is no longer printing',
      2000,
    )
    expect(await farm.untilJob(job, ['undecided', 'done'])).toBe('undecided')
    expect(
      await farm.until(made.id, ({ telemetry }) => telemetry?.state === 'idle', 'it is back', 20_000),
    ).toMatchObject({ bed: 'unknown' })
  }, 120_000)

  it('obeys an emergency stop from the browser at once', async () => {
    const job = await begin('emergency.gcode')
    const asked = performance.now()
    const answer = await farm.steward.call(askPrinter, { params: { id: printer.id }, body: { kind: 'emergency-stop' } })
    expect(answer).toMatchObject({ state: 'done' })
    expect(performance.now() - asked).toBeLessThan(1000)
    expect(await farm.untilJob(job, ['undecided', 'done'])).toBe('undecided')
    expect(await farm.printer(printer.id)).toMatchObject({ telemetry: { state: 'halted' }, bed: 'occupied' })
  }, 60_000)
})
