import { describe, expect, it } from 'vitest'
import { type FilamentInput, feedLines, nextFilamentStep, unloadLines } from '../../firmware-bridge/filament-change.ts'
import { followLine, hearValue, unknownValues } from '../../firmware-bridge/live-values.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { type FilamentStep, filamentSteps, type PlateObject } from '../../server/contract/printer-controls.ts'
import { usualRoutines } from '../../server/contract/routines.ts'
import { openRig, type Rig, type RigOptions, until } from '../support/session-rig.ts'

const moves = (from: number, count: number): string =>
  Array.from({ length: count }, (_, n) => `G1 X${10 + ((from + n) % 100)} Y20 E0.1 F6000`).join('\n')

const start = 'M104 S210\nG28\nG1 X50 Y50 Z10 F6000\nM109 S210\nM83\n'

const printing = async (options: RigOptions = {}, gcode = `${start}${moves(0, 3000)}\n`): Promise<Rig> => {
  const rig = await openRig({ speed: 100, ...options })
  rig.print(gcode).catch(() => {})
  await until(() => rig.told().filter((line) => / E0\.1 /.test(line)).length > 20, 'it prints', 20_000)
  return rig
}

const scripts = (some: Partial<typeof usualRoutines.scripts>) => ({ scripts: { ...usualRoutines.scripts, ...some } })

describe('a pause', () => {
  it('runs the scripts of the printer around it, with the place of the print in them', async () => {
    const rig = await printing({
      routines: scripts({
        beforePause: 'M117 before {x}',
        afterPause: 'M117 away',
        beforeResume: 'M117 back soon',
        afterResume: 'G1 Z20 F600',
      }),
    })
    await rig.session.command({ kind: 'pause' }, null)
    await rig.session.command({ kind: 'resume' }, null)
    await until(() => rig.told().some((line) => line.startsWith('G92 E')), 'it goes on')
    const told = rig.told()
    const own = told.slice(
      told.findIndex((line) => line.startsWith('M117 before')),
      told.findIndex((line) => line.startsWith('G92 E')),
    )
    const x = /before (.*)/.exec(own[0] as string)?.[1]
    expect(own).toEqual([
      `M117 before ${x}`,
      'M83',
      'G1 E-2 F2100',
      'G91',
      'G1 Z10 F600',
      'G90',
      'G1 X0 Y0 F6000',
      'M117 away',
      'M117 back soon',
      'G21',
      'G90',
      'G1 Z20 F600',
      `G1 X${x} Y20 F6000`,
      'G1 Z10 F600',
      'M83',
      'G1 E2 F2100',
      'G1 Z20 F600',
      // The script may have left it anywhere.
      'G21',
      'G90',
      'G1 Z20 F600',
      `G1 X${x} Y20 F6000`,
      'G1 Z10 F600',
    ])
  })

  it('that is long lets the nozzle go cold and the bed stay warm, and heats again before it goes on', async () => {
    const rig = await printing(
      { routines: { nozzleOffMinutes: 1 }, session: { minute: 400 } },
      `M140 S60\n${start}${moves(0, 3000)}\n`,
    )
    await rig.session.command({ kind: 'pause' }, null)
    const offAt = rig.controls.nozzleOffAt
    expect(offAt).not.toBeNull()
    await until(() => rig.told().includes('M104 S0'), 'the nozzle goes off')
    expect(rig.told()).not.toContain('M140 S0')
    await until(() => rig.session.telemetry(new Date()).temperatures['T0']?.target === 0, 'the printer says so')
    const resumed = rig.session.command({ kind: 'resume' }, null)
    expect(await resumed).toEqual({ done: true })
    const told = rig.told()
    const off = told.indexOf('M104 S0')
    const heated = told.findIndex((line, n) => n > off && /^M10[49] S210$/.test(line))
    const back = told.findIndex((line, n) => n > off && line.startsWith('G1 X'))
    expect(heated).toBeGreaterThan(off)
    expect(back).toBeGreaterThan(heated)
    expect(rig.controls.nozzleOffAt).toBeNull()
  })

  it('goes on as hot as somebody has set it meanwhile', async () => {
    const rig = await printing()
    await rig.session.command({ kind: 'pause' }, null)
    await rig.session.command({ kind: 'heat', heater: 'T0', target: 220 }, null)
    await until(() => rig.session.telemetry(new Date()).temperatures['T0']?.target === 220, 'it is heated')
    await rig.session.command({ kind: 'resume' }, null)
    expect(rig.told().filter((line) => /^M10[49] S210/.test(line))).toHaveLength(2)
  })

  it('ends at once when it is cancelled while it heats again', async () => {
    const rig = await printing({ routines: { nozzleOffMinutes: 1 }, session: { minute: 200 }, speed: 20 })
    await rig.session.command({ kind: 'pause' }, null)
    await until(() => rig.told().includes('M104 S0'), 'the nozzle goes off')
    await until(() => (rig.session.telemetry(new Date()).temperatures['T0']?.actual ?? 999) < 200, 'it cools')
    const resumed = rig.session.command({ kind: 'resume' }, null)
    await rig.state('resuming')
    await until(() => rig.told().filter((line) => line === 'M109 S210').length === 2, 'it heats')
    const count = rig.told().length
    expect(await rig.session.command({ kind: 'cancel' }, 'Ane')).toEqual({ done: true })
    expect(await resumed).toHaveProperty('refused')
    expect(rig.session.state).toBe('idle')
    // Nothing went over the part between the heating and the heaters' end.
    expect(rig.told().slice(count)[0]).toMatch(/^M108|^M104 S0/)
    expect(rig.told().slice(count)).not.toContainEqual(expect.stringMatching(/^G92 E/))
  })
})

describe('a change of filament', () => {
  const table: [FilamentStep, Partial<Record<FilamentInput, FilamentStep>>][] = [
    ['parking', { parked: 'unloading' }],
    ['unloading', { unloaded: 'insert' }],
    ['insert', { load: 'loading', unload: 'unloading', finish: 'returning' }],
    ['loading', { loaded: 'priming' }],
    ['priming', { primed: 'check' }],
    ['check', { prime: 'priming', unload: 'unloading', finish: 'returning' }],
    ['returning', {}],
  ]
  const inputs: FilamentInput[] = ['parked', 'unloaded', 'load', 'loaded', 'prime', 'primed', 'unload', 'finish']
  it.each(table)('at %s takes only what has a meaning there', (step, nexts) => {
    for (const input of inputs) expect(nextFilamentStep(step, input)).toBe(nexts[input] ?? null)
    expect(filamentSteps).toContain(step)
  })
  it('moves filament in pieces that firmware takes', () => {
    expect(feedLines(120, 600)).toEqual(['M83', 'G1 E50 F600', 'G1 E50 F600', 'G1 E20 F600', 'M400'])
    expect(unloadLines(60)).toEqual(['M83', 'G1 E5 F300', 'M83', 'G1 E-50 F1200', 'G1 E-10 F1200', 'M400'])
    expect(feedLines(0, 600)).toEqual([])
  })

  const lead = async (rig: Rig): Promise<void> => {
    await until(() => rig.controls.filament?.step === 'insert', 'the filament is out', 20_000)
    expect(await rig.session.command({ kind: 'filament-step', step: 'prime' }, null)).toHaveProperty('refused')
    expect(await rig.session.command({ kind: 'filament-step', step: 'load' }, 'Ane')).toEqual({ done: true })
    expect(rig.controls.filament?.step).toBe('check')
    expect(await rig.session.command({ kind: 'filament-step', step: 'prime' }, 'Ane')).toEqual({ done: true })
    expect(await rig.session.command({ kind: 'filament-step', step: 'finish' }, 'Ane')).toEqual({ done: true })
    expect(rig.controls.filament).toBeNull()
  }

  it('on request: parks, unloads, waits, loads, primes, and the print goes on where it was', async () => {
    const rig = await printing({ routines: { ...scripts({ beforeFilament: 'M117 out', afterFilament: 'M117 in' }) } })
    expect(await rig.session.command({ kind: 'change-filament' }, 'Ane')).toEqual({ done: true })
    expect(rig.session.state).toBe('paused')
    await lead(rig)
    await rig.state('printing')
    const told = rig.told()
    expect(told.filter((line) => line === 'G1 E50 F1200')).toHaveLength(0)
    expect(told.filter((line) => line === 'G1 E-50 F1200')).toHaveLength(2)
    expect(told.indexOf('M117 out')).toBeLessThan(told.indexOf('G1 E-50 F1200'))
    expect(told.indexOf('M117 in')).toBeGreaterThan(told.indexOf('G1 E30 F150'))
    expect(told.filter((line) => line === 'G1 E30 F150')).toHaveLength(2)
  })

  it('is finished before the print goes on', async () => {
    const rig = await printing()
    await rig.session.command({ kind: 'change-filament' }, 'Ane')
    expect(await rig.session.command({ kind: 'resume' }, 'Jon')).toEqual({
      refused: 'The filament of Test printer is being changed: finish that first.',
    })
  })

  it('at M600 in the file, of firmware that knows no M600: nothing of the file is lost', async () => {
    const rig = await openRig({ speed: 200 })
    const ended = rig.print(`${start}${moves(0, 30)}\nM600\n${moves(30, 30)}\n`)
    await lead(rig)
    expect(await ended).toMatchObject({ state: 'completed' })
    expect(rig.told().filter((line) => / E0\.1 /.test(line))).toHaveLength(60)
    expect(rig.told()).not.toContain('M600')
  })

  it('is given up with the print', async () => {
    const rig = await printing()
    await rig.session.command({ kind: 'change-filament' }, 'Ane')
    await rig.session.command({ kind: 'cancel' }, 'Ane')
    expect(rig.controls.filament).toBeNull()
    expect(rig.session.state).toBe('idle')
  })

  it('heats the nozzle again that went cold while nobody came', async () => {
    const rig = await printing({ routines: { nozzleOffMinutes: 1 }, session: { minute: 300 } })
    await rig.session.command({ kind: 'change-filament' }, 'Ane')
    await until(() => rig.told().includes('M104 S0'), 'the nozzle goes off')
    await until(() => rig.session.telemetry(new Date()).temperatures['T0']?.target === 0, 'the printer says so')
    await rig.session.command({ kind: 'filament-step', step: 'load' }, 'Ane')
    const told = rig.told()
    const off = told.indexOf('M104 S0')
    expect(told.slice(off).findIndex((line) => /^M10[49] S210/.test(line))).toBeLessThan(
      told.slice(off).findIndex((line) => line.startsWith('G1 E50')),
    )
  })

  it('without a print is for a hot nozzle', async () => {
    const rig = await openRig({ speed: 200 })
    expect(await rig.session.command({ kind: 'change-filament' }, null)).toEqual({
      refused: 'The nozzle of Test printer has 22 °C: heat it first.',
    })
    await rig.session.command({ kind: 'heat', heater: 'T0', target: 210 }, null)
    await until(() => (rig.session.telemetry(new Date()).temperatures['T0']?.actual ?? 0) > 205, 'it is hot')
    expect(await rig.session.command({ kind: 'change-filament' }, null)).toEqual({ done: true })
    await lead(rig)
    expect(rig.session.state).toBe('idle')
  })

  it('follows by itself when the printer says that it is out of filament', async () => {
    const rig = await printing({ speed: 8 })
    rig.say('//action:out_of_filament T0')
    await until(() => rig.controls.filament?.step === 'insert', 'the filament is out', 20_000)
    expect(rig.controls.filament?.reason).toBe('Test printer is out of filament (T0).')
  })
})

describe('a macro', () => {
  const macro = { name: 'Purge', gcode: 'M117 at {width}\nG4 P1', pressedBy: 'members' as const, whilePrinting: false }
  it('is sent line by line', async () => {
    const rig = await openRig({ routines: { macros: [macro] } })
    expect(await rig.session.command({ kind: 'macro', name: 'Purge' }, 'Ane')).toEqual({ done: true })
    expect(rig.told().slice(-2)).toEqual(['M117 at 220', 'G4 P1'])
    expect(await rig.session.command({ kind: 'macro', name: 'Wipe' }, 'Ane')).toEqual({
      refused: 'Test printer has no macro Wipe.',
    })
  })
  it('is not pressed while it prints, unless it is made for that', async () => {
    const rig = await printing({ routines: { macros: [macro, { ...macro, name: 'Light', whilePrinting: true }] } })
    expect(await rig.session.command({ kind: 'macro', name: 'Purge' }, 'Ane')).toHaveProperty('refused')
    expect(await rig.session.command({ kind: 'macro', name: 'Light' }, 'Ane')).toEqual({ done: true })
  })
  it('is known as soon as it is taught, without a new connection', async () => {
    const rig = await openRig()
    rig.session.learn({ ...usualRoutines, macros: [macro] })
    expect(await rig.session.command({ kind: 'macro', name: 'Purge' }, 'Ane')).toEqual({ done: true })
  })
})

describe('one object of a plate', () => {
  const object = (name: string, y: number, round: number): string =>
    `; printing object ${name} id:0 copy 0\n${Array.from({ length: 20 }, (_, n) => `G1 X${10 + n} Y${y} E0.1 F6000 ; ${round}`).join('\n')}\n; stop printing object ${name} id:0 copy 0\n`
  const plate = start + Array.from({ length: 40 }, (_, n) => object('one', 30, n) + object('two', 90, n)).join('')

  it('is given up, and the others are printed on', async () => {
    let objects: readonly PlateObject[] = []
    const rig = await openRig({ speed: 60, session: { objectsFound: (_, found) => (objects = found) } })
    const ended = rig.print(plate)
    await until(() => objects.length === 2, 'the objects are known')
    await until(() => rig.told().filter((line) => line.includes('Y90')).length > 20, 'both are printed', 20_000)
    expect(await rig.session.command({ kind: 'exclude-object', name: 'three' }, 'Ane')).toHaveProperty('refused')
    expect(await rig.session.command({ kind: 'exclude-object', name: objects[1]?.name ?? '' }, 'Ane')).toEqual({
      done: true,
    })
    expect(objects.map(({ excluded }) => excluded)).toEqual([false, true])
    expect(await rig.session.command({ kind: 'exclude-object', name: objects[0]?.name ?? '' }, 'Ane')).toEqual({
      refused: expect.stringContaining('cancel the print instead'),
    })
    expect(await ended).toMatchObject({ state: 'completed' })
    const feeds = (y: number): number =>
      rig.told().filter((line) => line.includes(`Y${y}`) && line.includes(' E0.1')).length
    expect(feeds(30)).toBe(800)
    expect(feeds(90)).toBeLessThan(700)
  })

  it('stays given up when a print that was cut off goes on', async () => {
    let objects: readonly PlateObject[] = []
    const rig = await openRig({ speed: 200, session: { objectsFound: (_, found) => (objects = found) } })
    expect(await rig.print(plate, ['two'])).toMatchObject({ state: 'completed' })
    expect(objects).toMatchObject([{ excluded: false }, { name: 'two', excluded: true }])
    expect(rig.told().filter((line) => line.includes('Y30') && line.includes(' E0.1')).length).toBe(800)
    expect(rig.told().filter((line) => line.includes('Y90') && line.includes(' E0.1')).length).toBe(0)
  })
})

describe('what is shown of a printer', () => {
  it('follows the lines of a file', () => {
    const lines = ['M117 Layer 3', 'M73 P42 R17', 'M220 S110', 'M221 S95', 'M106 S127', 'M290 Z0.05', 'M290 Z-0.02']
    expect(lines.reduce(followLine, unknownValues)).toEqual({
      message: 'Layer 3',
      announced: { percent: 42, minutesLeft: 17 },
      feedrateFactor: 1.1,
      flowFactor: 0.95,
      fan: 127 / 255,
      babyStep: 0.03,
    })
  })
  it('is what the printer answers', () => {
    expect(hearValue(unknownValues, 'FR:120%').feedrateFactor).toBe(1.2)
    expect(hearValue(unknownValues, 'E0 Flow: 95%').flowFactor).toBe(0.95)
    expect(hearValue(unknownValues, 'Speed factor: 80.0%').feedrateFactor).toBe(0.8)
  })
  it('follows the print', async () => {
    const rig = await printing({}, `M117 Hello\nM73 P3 R12\n${start}${moves(0, 500)}\n`)
    expect(rig.controls).toMatchObject({ message: 'Hello', announced: { percent: 3, minutesLeft: 12 }, homed: true })
  })
  it('sums the baby-steps of a print up', async () => {
    const rig = await printing({ model: models.full })
    const clicks = [0.05, 0.05, -0.01].map((z) => rig.session.command({ kind: 'baby-step', z }, 'Ane'))
    expect(await Promise.all(clicks)).toEqual(clicks.map(() => ({ done: true })))
    expect(rig.controls.babyStep).toBe(0.09)
  })
})
