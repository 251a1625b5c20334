import { describe, expect, it } from 'vitest'
import { openWindow, sendLine, takeOk } from '../../firmware-bridge/protocol/send-window.ts'
import { judgeReturn } from '../../firmware-bridge/return.ts'
import type { ModelName } from '../../firmware-bridge/simulator/models.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { runCampaign, type Violation } from '../campaign/serial.ts'
import { openRig } from '../support/session-rig.ts'

/** The one print of the campaign that these make. */
const printAgain = async (
  dialect: ModelName,
  seed: number,
  linesPerPrint: number,
): Promise<[number, Violation | null]> => {
  let lines = 0
  const violation = await runCampaign({
    seed,
    dialects: [dialect],
    linesPerDialect: Number.POSITIVE_INFINITY,
    linesPerPrint,
    prints: 1,
    row: (row) => {
      lines = row.lines
    },
  })
  return [lines, violation]
}

describe('what the fault campaign has found', () => {
  it('does not make a retraction twice on a printer that counts no lines', () => {
    const source = { text: 'G1 E-0.8 F2100', endOffset: 10 }
    const place = { x: 79.7, y: 142.84, z: 0.4 }
    const temperatures = { T0: { actual: 205, target: 205 } }
    const verdict = judgeReturn(
      { started: false, lastLine: null, position: place, temperatures, halted: null },
      {
        doubt: { accepted: 408, lines: [{ number: 409, source }] },
        temperatures,
        positions: [place, place],
      },
    )
    expect(verdict).toEqual({ forgot: 'Which of its last lines it had is not certain.' })
  })

  it('takes the bare ok of an M110 from a printer that names its lines otherwise', () => {
    let window = sendLine(openWindow(0), 20)
    window = takeOk(window, { line: 0 }).window
    expect(window.named).toBe(true)
    const again = sendLine(openWindow(0, window), 20)
    expect(takeOk(again).was).toBe('line')
  })

  it('is not led ahead of a Repetier that skips what follows a line whose number was garbled', async () => {
    expect(await printAgain('repetier', 831564, 4000)).toEqual([2720, null])
  })

  it('comes to the end of a print on Klipper when the answer to an M105 among several lines was lost', async () => {
    expect(await printAgain('klipper', 4001, 4000)).toEqual([3908, null])
  })

  it('ends a print as failed, and cools, when Klipper makes no move because it does not know where the nozzle is', async () => {
    const rig = await openRig({ model: models.klipper })
    const moves = Array.from({ length: 50 }, (_, n) => `G1 X${n + 1}`).join('\n')
    const outcome = await rig.print(`G92 E0\nM104 S200\n${moves}\n`)
    expect(outcome.state).toBe('failed')
    expect(outcome.reason).toContain('Must home axis first')
    await rig.state('idle')
    expect(rig.told()).toContain('M104 S0')
    expect(rig.told().filter((line) => line.startsWith('G1 X')).length).toBeLessThan(10)
  })
})
