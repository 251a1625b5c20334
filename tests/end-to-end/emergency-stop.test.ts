import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noFaults } from '../../firmware-bridge/simulator/faults.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { openPseudoTerminal, type PseudoTerminal } from '../../firmware-bridge/simulator/pty.ts'
import { SimulatedPrinter } from '../../firmware-bridge/simulator/simulated-printer.ts'
import { stopPrinter } from '../../server/contract/emergency-stop.ts'
import { askPrinter, type CommandBody } from '../../server/contract/printer-commands.ts'
import { addPrinter, clearBed } from '../../server/contract/printers.ts'
import { type Farm, openFarm } from '../support/farm.ts'
import { profile, until } from '../support/session-rig.ts'

/** From the click to the bytes on the printer's wire, in milliseconds. */
const LIMIT_MS = 50
const TIMES = 6

describe('the emergency stop', () => {
  let farm: Farm
  let printer: SimulatedPrinter | undefined
  let terminal: PseudoTerminal
  let id = 0
  let stops: number[] = []
  const ask = (body: CommandBody) => farm.steward.call(askPrinter, { params: { id }, body })

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

  it(`is on the printer's wire within ${LIMIT_MS} ms of the click, in the middle of a print`, async () => {
    const times: number[] = []
    for (let n = 0; n < TIMES; n++) {
      await farm.steward.call(clearBed, { params: { id } })
      const moves = Array.from({ length: 20_000 }, (_, m) => `G1 X${10 + (m % 100)} Y${20 + (m % 50)} F6000`)
      await farm.queue(`run-${n}.gcode`, Buffer.from(`; run ${n}\nG28\nG1 X5 Y5 Z0.2\n${moves.join('\n')}\n`), id)
      const printing = await farm.until(
        id,
        ({ telemetry }) => (telemetry?.linesSent ?? 0) > 100 && telemetry?.state === 'printing',
        'it prints',
      )
      expect(printing.print).not.toBeNull()
      stops = []
      const clickedAt = performance.now()
      expect(await farm.steward.call(stopPrinter, { params: { id } })).toEqual({ state: 'done', answer: null })
      // It is said thrice; a printer that is reset in between would be stopped anew.
      await until(() => stops.length === 3, 'the stop was said thrice')
      times.push((stops[0] as number) - clickedAt)
      const halted = await farm.until(id, ({ telemetry }) => telemetry?.state === 'halted', 'it has halted')
      expect(halted.telemetry?.reason).toContain('Stopped in an emergency by Maite')
      printer?.reset()
      await ask({ kind: 'reconnect' }).catch(() => {})
      await farm.until(
        id,
        ({ telemetry, print }) => telemetry?.state === 'idle' && print === null,
        'it is connected anew',
      )
    }
    const sorted = times.toSorted((one, other) => one - other).map((time) => Math.round(time * 10) / 10)
    console.log(JSON.stringify({ emergencyStop: { unit: 'ms', times: sorted } }))
    expect(Math.min(...times)).toBeGreaterThan(0)
    // The machine of the tests may be busy with something else for a moment: all but one.
    expect(sorted[TIMES - 2]).toBeLessThan(LIMIT_MS)
  }, 120_000)
})
