import { describe, expect, it } from 'vitest'
import { type ManualInput, type ManualWatch, nothingByHand, watchManual } from '../../firmware-bridge/manual-print.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { openRig, until } from '../support/session-rig.ts'

const at = new Date('2026-11-20T10:00:00Z')
const after = (...inputs: (ManualInput | number)[]): ManualWatch => {
  let now = 0
  let watch = nothingByHand
  for (const input of inputs) {
    if (typeof input === 'number') now += input
    else watch = watchManual(watch, input, now, at)
  }
  return watch
}
const card = (doneBytes: number): ManualInput => ({ kind: 'card', doneBytes, totalBytes: 100 })
const hot: ManualInput = { kind: 'hot', hot: true }
const cold: ManualInput = { kind: 'hot', hot: false }
const moved: ManualInput = { kind: 'looked', moved: true }
const still: ManualInput = { kind: 'looked', moved: false }
const action = (name: string): ManualInput => ({ kind: 'action', action: name })

describe('a print by hand', () => {
  const cases: [string, (ManualInput | number)[], boolean][] = [
    ['is one that the card tells of', [card(1)], true],
    ['ends when the card is done', [card(1), { kind: 'card-done' }], false],
    ['ends when the card says that nothing is printed', [card(1), { kind: 'no-card' }], false],
    ['does not end by being paused', [card(1), action('paused'), { kind: 'no-card' }], true],
    ['goes on after it', [card(1), action('paused'), action('resumed'), card(2)], true],
    ['is one that the printer announces', [action('start')], true],
    ['ends when it is cancelled', [action('start'), action('cancel')], false],
    ['is a hot nozzle that moves again and again', [hot, moved, moved, moved], true],
    ['is no nozzle that somebody heats', [hot, still, still, still, still], false],
    ['is no hot nozzle that somebody moves once', [hot, moved, moved, still, moved, moved], false],
    ['is no cold nozzle that moves', [moved, moved, moved, moved, moved], false],
    ['goes on while its nozzle is hot', [hot, moved, moved, moved, still, 120_000, still], true],
    ['goes on while it moves', [hot, moved, moved, moved, cold, 120_000, moved], true],
    [
      'ends when it has been cold and still for a minute',
      [hot, moved, moved, moved, cold, still, 61_000, still],
      false,
    ],
    ['is none before it begins', [{ kind: 'no-card' }, { kind: 'card-done' }, action('resumed')], false],
  ]
  it.each(cases)('%s', (_, inputs, is) => expect(after(...inputs).print !== null).toBe(is))

  it('is known by its file and how far it is', () => {
    const file: ManualInput = { kind: 'file', name: 'VASE.GCO' }
    expect(after(file, card(10), card(20)).print).toEqual({
      file: 'VASE.GCO',
      doneBytes: 20,
      totalBytes: 100,
      paused: false,
      since: at.toISOString(),
    })
  })
})

describe('a printer on which somebody prints by hand', () => {
  it('from the card: takes nothing meanwhile, and is free when that is done', async () => {
    const rig = await openRig({ model: models.full, speed: 10 })
    for (const line of ['M23 SMALL.GCO', 'M24', 'M27']) rig.port.printer.hear(`${line}\n`)
    await rig.state('manual')
    await until(() => rig.controls.manual?.totalBytes !== null, 'it tells how far it is')
    expect(rig.controls.manual?.file).toBe('SMALL.GCO')
    expect(() => rig.print('G28\n')).toThrow('Test printer is manual')
    expect(await rig.session.command({ kind: 'jog', x: 1, y: 0, z: 0 }, null)).toHaveProperty('refused')
    expect(await rig.session.command({ kind: 'feedrate', factor: 1.1 }, null)).toEqual({ done: true })
    await rig.state('idle')
    expect(rig.controls.manual).toBeNull()
  }, 30_000)

  it('stops in an emergency', async () => {
    const rig = await openRig({ speed: 10 })
    rig.say('//action:start')
    rig.say('SD printing byte 5/100')
    await rig.state('manual')
    expect(await rig.session.command({ kind: 'emergency-stop' }, 'Ane')).toEqual({ done: true })
    expect(rig.session.state).toBe('halted')
  })

  it('is not taken for one that the bridge has heated itself', async () => {
    const rig = await openRig({ speed: 100 })
    expect(await rig.session.command({ kind: 'heat', heater: 'T0', target: 210 }, null)).toEqual({ done: true })
    await until(() => rig.session.telemetry(new Date()).temperatures['T0']?.target === 210, 'it is heated')
    await rig.session.command({ kind: 'home', axes: [] }, null)
    for (let n = 0; n < 4; n++) await rig.session.command({ kind: 'jog', x: 10, y: 0, z: 0 }, null)
    expect(rig.session.state).toBe('idle')
  })
})
