import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noFaults } from '../../firmware-bridge/simulator/faults.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { openPseudoTerminal, type PseudoTerminal } from '../../firmware-bridge/simulator/pty.ts'
import { SimulatedPrinter } from '../../firmware-bridge/simulator/simulated-printer.ts'
import { listAudit } from '../../server/contract/audit.ts'
import { stopPrinter } from '../../server/contract/emergency-stop.ts'
import { listPrints } from '../../server/contract/jobs.ts'
import { askPrinter } from '../../server/contract/printer-commands.ts'
import { addPrinter, clearBed } from '../../server/contract/printers.ts'
import { type Farm, openFarm } from '../support/farm.ts'
import { freezeDatabase, killDatabase } from '../support/frozen-database.ts'
import { profile, until } from '../support/session-rig.ts'

/** From the click to the bytes on the printer's wire, in milliseconds. */
const LIMIT_MS = 50
const TIMES = 4

describe('the emergency stop without the database', () => {
  let farm: Farm
  let printer: SimulatedPrinter | undefined
  let terminal: PseudoTerminal
  let id = 0
  let stops: number[] = []
  const click = () => farm.steward.call(stopPrinter, { params: { id } })

  beforeAll(async () => {
    farm = await openFarm()
    terminal = openPseudoTerminal(undefined, (text) => {
      for (const _ of text.matchAll(/M112/g)) stops.push(performance.now())
      printer?.hear(text)
    })
    printer = new SimulatedPrinter({
      model: models.full,
      faults: noFaults,
      speed: 20,
      say: (text) => terminal.write(text),
    })
    const body = { name: 'Left', bridge: 'room', address: terminal.path, baudRate: 115200, profile }
    id = (await farm.steward.call(addPrinter, { body })).id
    await farm.until(id, ({ telemetry }) => telemetry?.state === 'idle', 'it is connected')
  }, 60_000)

  afterAll(async () => {
    printer?.stop()
    await farm.close()
    terminal.close()
  })

  const print = async (name: string): Promise<number> => {
    await farm.steward.call(clearBed, { params: { id } })
    const moves = Array.from({ length: 20_000 }, (_, m) => `G1 X${10 + (m % 100)} Y${20 + (m % 50)} F6000`)
    const job = await farm.queue(name, Buffer.from(`; ${name}\nG28\nG1 X5 Y5 Z0.2\n${moves.join('\n')}\n`), id)
    await farm.until(
      id,
      ({ telemetry }) => (telemetry?.linesSent ?? 0) > 100 && telemetry?.state === 'printing',
      'it prints',
    )
    stops = []
    return job
  }
  const recorded = async (): Promise<void> => {
    const halted = await farm.until(
      id,
      ({ telemetry, print: under }) => telemetry?.state === 'halted' && under === null,
      'it is told and recorded that it was stopped',
    )
    expect(halted.telemetry?.reason).toContain('Stopped in an emergency by Maite')
    const [last] = await farm.steward.call(listPrints, { query: { printerId: id, limit: 1 } })
    expect(last).toMatchObject({ state: 'cancelled', reason: expect.stringContaining('in an emergency by Maite') })
    const entry = async () =>
      (await farm.steward.call(listAudit, { query: { limit: 20 } })).find(({ action }) =>
        action.endsWith('/emergency-stop'),
      )
    const end = Date.now() + 15_000
    while ((await entry())?.outcome !== 'done' && Date.now() < end) await new Promise((go) => setTimeout(go, 50))
    expect(await entry()).toMatchObject({ memberName: 'Maite', targetName: 'Left', outcome: 'done' })
  }
  const connectAnew = async (): Promise<void> => {
    printer?.reset()
    await farm.steward.call(askPrinter, { params: { id }, body: { kind: 'reconnect' } }).catch(() => {})
    await farm.until(id, ({ telemetry }) => telemetry?.state === 'idle', 'it is connected anew')
  }

  it(`is on the printer's wire within ${LIMIT_MS} ms of the click while the database answers nothing`, async () => {
    const times: number[] = []
    for (let n = 0; n < TIMES; n++) {
      const job = await print(`frozen-${n}.gcode`)
      const thaw = freezeDatabase(farm)
      try {
        const clickedAt = performance.now()
        expect(await click()).toEqual({ state: 'done', answer: null })
        // The line is said again to be sure; when the row comes at last, it is the same stop and nothing is said anew.
        await until(() => stops.length === 3, 'the stop was said thrice')
        times.push((stops[0] as number) - clickedAt)
      } finally {
        thaw()
      }
      await recorded()
      expect(stops).toHaveLength(3)
      expect(await farm.untilJob(job, ['cancelled', 'undecided', 'queued', 'done'])).toBe('undecided')
      await connectAnew()
      expect(stops).toHaveLength(3)
    }
    const sorted = times.toSorted((one, other) => one - other).map((time) => Math.round(time * 10) / 10)
    console.log(JSON.stringify({ emergencyStopWithoutDatabase: { unit: 'ms', times: sorted } }))
    expect(Math.min(...times)).toBeGreaterThan(0)
    // The machine of the tests may be busy with something else for a moment: all but one.
    expect(sorted[TIMES - 2]).toBeLessThan(LIMIT_MS)
  }, 120_000)

  it('is told to the record when the database, killed, is there again', async () => {
    await print('killed.gcode')
    const revive = killDatabase(farm)
    try {
      expect(await click()).toEqual({ state: 'done', answer: null })
      await until(() => stops.length > 0, 'the stop is on the wire')
      // Who is not known is not let in, and nothing else than a stop is opened by what is remembered.
      const stranger = await fetch(`${farm.address}/api/printers/${id}/emergency-stop`, { method: 'POST' })
      expect(stranger.status).toBe(401)
      await expect(
        farm.steward.call(askPrinter, { params: { id }, body: { kind: 'reconnect' } }),
      ).rejects.toMatchObject({ status: 503 })
    } finally {
      revive()
    }
    await recorded()
    await connectAnew()
  }, 60_000)
})
