import { describe, expect, it } from 'vitest'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { openRig, quick, until } from '../support/session-rig.ts'

/** Firmware that takes M108 at once. */
const freed = ['marlin', 'full', 'marlin1', 'prusa', 'buddy', 'smoothieware', 'reprapfirmware'] as const
/** Here nothing interrupts the wait for heat but an emergency stop. */
const stubborn = ['klipper', 'repetier'] as const
const file = `M104 S200\nM109 S200\nG28\nG1 X10 Y10 F3000\n${'G1 X20\n'.repeat(20)}G1 X30\n`

const cancelInHeat = async (kind: keyof typeof models, speed: number) => {
  // It says nothing for as long as it heats.
  const timing = { ...quick, deadAfter: 60_000, deadAfterWithoutKeepalive: 60_000, deadInLongCommand: 60_000 }
  const rig = await openRig({ model: models[kind], speed, session: { timing } })
  const ended = rig.print(file)
  const sent = (): boolean => rig.session.console.last(400, true).some(({ text }) => text === 'M109 S200')
  await until(sent, 'it heats')
  await until(() => (rig.session.telemetry(new Date()).temperatures['T0']?.actual ?? 0) > 25, 'it grows warm', 30_000)
  expect(await rig.session.command({ kind: 'cancel' }, 'Ane')).toEqual({ done: true })
  return { rig, outcome: await ended }
}

describe('a print that is cancelled while the printer waits for heat', () => {
  it.each(freed)('is over at once, with no line of the file after it, and the heaters are off: %s', async (kind) => {
    const { rig, outcome } = await cancelInHeat(kind, 3)
    expect(outcome).toMatchObject({ state: 'cancelled', reason: 'Cancelled by Ane.' })
    const lines = rig.told()
    expect(lines).not.toContain('G28')
    expect(lines).not.toContain('G1 X10 Y10 F3000')
    expect(lines.slice(lines.indexOf('M109 S200'))).toEqual(expect.arrayContaining(['M104 S0', 'M140 S0']))
    expect(rig.session.telemetry(new Date()).temperatures['T0']?.actual).toBeLessThan(150)
  })

  it.each(stubborn)(
    'is over when it has become hot, and nothing is printed: %s',
    async (kind) => {
      const { rig, outcome } = await cancelInHeat(kind, 12)
      expect(outcome).toMatchObject({ state: 'cancelled' })
      const lines = rig.told()
      // Repetier has said ok to what lies in its own buffer.
      expect(lines).not.toContain('G1 X30')
      expect(lines.slice(lines.indexOf('M109 S200'))).toEqual(expect.arrayContaining(['M104 S0', 'M140 S0']))
    },
    60_000,
  )
})

describe('a line that may take minutes', () => {
  it('has no line of the file behind it in the buffer of the firmware, which nobody could take back', async () => {
    const rig = await openRig({ model: models.full, speed: 20 })
    const ended = rig.print('M104 S200\nM109 S200\nG28\nG1 X10 Y10 F3000\nG1 X20\nG1 X30\nG1 X40\n')
    const order = (): string[] =>
      rig.session.console.last(400, true).flatMap(({ direction, text }) => (direction === 'received' ? [] : [text]))
    await until(() => order().includes('M109 S200'), 'it heats')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(order()).not.toContain('G28')
    expect(await ended).toMatchObject({ state: 'completed' })
    expect(rig.told()).toEqual(expect.arrayContaining(['G28', 'G1 X10 Y10 F3000', 'G1 X40']))
  }, 30_000)
})
