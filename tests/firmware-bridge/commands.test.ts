import { describe, expect, it } from 'vitest'
import { endOf } from '../../firmware-bridge/command-end.ts'
import { commandLines, type HandCommand, type Known, whyTooHot } from '../../firmware-bridge/command-lines.ts'
import { CommandQueue, DONE, mergeCommands } from '../../firmware-bridge/command-queue.ts'
import { dialects } from '../../firmware-bridge/protocol/dialects.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { plainLine, whyForbidden } from '../../server/contract/forbidden-commands.ts'
import { type CommandBody, type CommandKind, isMeaningful, patienceOf } from '../../server/contract/printer-commands.ts'
import { type SessionState, sessionStates } from '../../server/contract/printers.ts'
import { openRig, profile, until } from '../support/session-rig.ts'

const known: Known = {
  name: 'Left',
  profile,
  dialect: dialects['marlin-2'],
  capabilities: { BABYSTEPPING: true },
  temperatures: { T0: { actual: 210, target: 210 } },
  position: null,
  tool: 0,
  babyStep: 0,
}

const linesOf = (body: HandCommand, more: Partial<Known> = {}): readonly string[] => {
  const lines = commandLines(body, { ...known, ...more })
  if ('refused' in lines) throw new Error(lines.refused)
  return lines.lines
}

describe('which command has a meaning in which state', () => {
  const rules: Record<CommandKind, string> = {
    pause: 'printing',
    resume: 'paused',
    cancel: 'printing pausing paused resuming reconnecting',
    'emergency-stop': 'connecting idle printing pausing paused resuming cancelling reconnecting manual',
    reconnect: 'offline connecting idle halted reconnecting',
    home: 'idle',
    jog: 'idle paused',
    extrude: 'idle paused',
    heat: 'idle printing paused manual',
    fan: 'idle printing paused manual',
    feedrate: 'idle printing paused manual',
    flow: 'idle printing paused manual',
    'motors-off': 'idle',
    'baby-step': 'idle printing paused manual',
    gcode: 'idle printing paused manual',
    macro: 'idle printing paused',
    continue: 'idle printing pausing paused resuming cancelling manual',
    'answer-prompt': 'idle printing pausing paused resuming cancelling manual',
    'change-filament': 'idle printing paused',
    'filament-step': 'idle paused',
    'exclude-object': 'printing pausing paused resuming',
  }
  it.each(Object.entries(rules) as [CommandKind, string][])('%s: %s', (kind, states) => {
    const meant = sessionStates.filter((state: SessionState) => isMeaningful(kind, state))
    expect(new Set(meant)).toEqual(new Set(states.split(' ')))
    expect(patienceOf(kind)).toBeGreaterThan(0)
  })
})

describe('rapid clicks', () => {
  const cases: [string, CommandBody, CommandBody, CommandBody | null][] = [
    [
      'jogs add up',
      { kind: 'jog', x: 0.1, y: 0, z: 0 },
      { kind: 'jog', x: 0.2, y: 1, z: 0 },
      { kind: 'jog', x: 0.3, y: 1, z: 0 },
    ],
    ['feeds add up', { kind: 'extrude', length: 5 }, { kind: 'extrude', length: -2 }, { kind: 'extrude', length: 3 }],
    [
      'baby-steps add up',
      { kind: 'baby-step', z: 0.05 },
      { kind: 'baby-step', z: -0.01 },
      { kind: 'baby-step', z: 0.04 },
    ],
    [
      'of temperatures the last counts',
      { kind: 'heat', heater: 'T0', target: 200 },
      { kind: 'heat', heater: 'T0', target: 210 },
      { kind: 'heat', heater: 'T0', target: 210 },
    ],
    [
      'two heaters stay two',
      { kind: 'heat', heater: 'T0', target: 200 },
      { kind: 'heat', heater: 'B', target: 60 },
      null,
    ],
    [
      'of speeds the last counts',
      { kind: 'feedrate', factor: 1.1 },
      { kind: 'feedrate', factor: 1.2 },
      { kind: 'feedrate', factor: 1.2 },
    ],
    [
      'homing twice is homing once',
      { kind: 'home', axes: ['x', 'y'] },
      { kind: 'home', axes: ['y', 'x'] },
      { kind: 'home', axes: ['y', 'x'] },
    ],
    ['homing another axis is something else', { kind: 'home', axes: [] }, { kind: 'home', axes: ['z'] }, null],
    ['raw lines are each sent', { kind: 'gcode', line: 'M114' }, { kind: 'gcode', line: 'M114' }, null],
  ]
  it.each(cases)('%s', (_, first, second, both) => expect(mergeCommands(first, second)).toEqual(both))

  it('never pass a raw line that was asked before them', async () => {
    const obeyed: string[] = []
    let free: () => void = () => {}
    const held = new Promise<void>((resolve) => {
      free = resolve
    })
    const queue = new CommandQueue(async (body) => {
      await held
      obeyed.push(body.kind === 'jog' ? `jog ${body.x}` : body.kind)
      return DONE
    })
    const later = performance.now() + 10_000
    const jog = (): Promise<unknown> => queue.ask({ kind: 'jog', x: 1, y: 0, z: 0 }, null, later)
    const all = [jog(), jog(), jog(), queue.ask({ kind: 'gcode', line: 'M114' }, null, later), jog(), jog()]
    free()
    await Promise.all(all)
    expect(obeyed).toEqual(['jog 1', 'jog 2', 'gcode', 'jog 2'])
  })

  it('are not begun any more when their time is over', async () => {
    const queue = new CommandQueue(async () => DONE)
    expect(await queue.ask({ kind: 'fan', speed: 1 }, null, performance.now() - 1)).toHaveProperty('refused')
  })

  it('of ten, with a jog under way, become few moves that lead as far', async () => {
    const rig = await openRig({ speed: 20 })
    await rig.session.command({ kind: 'home', axes: [] }, null)
    const clicks = Array.from({ length: 10 }, () => rig.session.command({ kind: 'jog', x: 5, y: 0, z: 0 }, 'Ane'))
    expect(await Promise.all(clicks)).toEqual(clicks.map(() => ({ done: true })))
    const moves = rig.told().filter((line) => line.startsWith('G0'))
    expect(moves.length).toBeLessThanOrEqual(2)
    expect(moves.reduce((sum, line) => sum + Number(/X(\d+)/.exec(line)?.[1]), 0)).toBe(50)
  })

  it('on temperatures leave the last one', async () => {
    const rig = await openRig({ speed: 20 })
    const busy = rig.session.command({ kind: 'home', axes: [] }, null)
    const asked = Array.from({ length: 10 }, (_, n) =>
      rig.session.command({ kind: 'heat', heater: 'T0', target: 200 + n }, n % 2 === 0 ? 'Ane' : 'Jon'),
    )
    await Promise.all([busy, ...asked])
    expect(rig.told().filter((line) => line.startsWith('M104'))).toEqual(['M104 S209'])
    expect(rig.notes()).toContain('heat by Ane and Jon')
  })
})

describe('a move by hand', () => {
  const jog = (x: number, y: number, z: number): HandCommand => ({ kind: 'jog', x, y, z })

  it('is as long as it is asked where nobody knows where the nozzle is', () => {
    expect(linesOf(jog(50, 0, -10))).toEqual(['G91', 'G0 Z-10 F600', 'G0 X50 F3000', 'G90', 'M400', 'M114'])
  })
  it('ends at the edge of the bed where that is known', () => {
    const position = { x: 200, y: 5, z: 3 }
    expect(linesOf(jog(50, -10, -10), { position })).toEqual([
      'G91',
      'G0 Z-3 F600',
      'G0 X20 Y-5 F3000',
      'G90',
      'M400',
      'M114',
    ])
  })
  it('ends at the rim of a round bed', () => {
    const round = { ...profile, shape: 'round' as const, width: 200, originX: 0, originY: 0 }
    expect(linesOf(jog(200, 0, 0), { profile: round, position: { x: 50, y: 0, z: 1 } })).toContain('G0 X50 F3000')
  })
  it('leads back to the bed where the nozzle stands beside it', () => {
    expect(linesOf(jog(5, 0, 0), { position: { x: -3, y: 0, z: 0 } })).toContain('G0 X5 F3000')
    expect(() => linesOf(jog(-5, 0, 0), { position: { x: -3, y: 0, z: 0 } })).toThrow('at the end of its way')
  })
  it('is refused where there is no way left', async () => {
    const rig = await openRig()
    await rig.session.command({ kind: 'home', axes: [] }, null)
    expect(rig.controls.homed).toBe(true)
    expect(await rig.session.command({ kind: 'jog', x: -5, y: 0, z: 0 }, null)).toEqual({
      refused: 'Test printer is at the end of its way there.',
    })
    await rig.session.command({ kind: 'motors-off' }, null)
    expect(rig.controls.homed).toBe(false)
  })
})

describe('what people set', () => {
  it('is said in the way of the firmware', () => {
    const step: HandCommand = { kind: 'baby-step', z: 0.05 }
    expect(linesOf(step)).toEqual(['M290 Z0.05'])
    expect(linesOf(step, { dialect: dialects.klipper })).toEqual(['SET_GCODE_OFFSET Z_ADJUST=0.05 MOVE=1'])
    expect(linesOf(step, { dialect: dialects.reprapfirmware })).toEqual(['M290 S0.05'])
    expect(() => linesOf(step, { dialect: dialects.smoothieware })).toThrow('cannot move its nozzle while it prints')
    expect(() => linesOf(step, { capabilities: { BABYSTEPPING: false } })).toThrow('cannot move its nozzle')
  })
  it('never asks Klipper for its speed: it would go back to 100 %', () => {
    expect(linesOf({ kind: 'feedrate', factor: 1.2 })).toEqual(['M220 S120', 'M220'])
    expect(linesOf({ kind: 'feedrate', factor: 1.2 }, { dialect: dialects.klipper })).toEqual(['M220 S120'])
    expect(linesOf({ kind: 'flow', factor: 0.95 }, { dialect: dialects.repetier })).toEqual(['M221 S95'])
  })
  it('heats each tool, the bed and the chamber, no hotter than they may be', () => {
    expect(linesOf({ kind: 'heat', heater: 'T1', target: 200 })).toEqual(['M104 T1 S200'])
    expect(linesOf({ kind: 'heat', heater: 'T0', target: 200 })).toEqual(['M104 S200'])
    expect(linesOf({ kind: 'heat', heater: 'C', target: 50 })).toEqual(['M141 S50'])
    expect(() => linesOf({ kind: 'heat', heater: 'B', target: 120 })).toThrow('more than the 110 °C')
  })
  it.each([
    ['M104 S300', true],
    ['M109 T1 S281', true],
    ['M140 S111', true],
    ['M190 R200', true],
    ['M141 S200', true],
    ['M104 S280', false],
    ['M106 S255', false],
    ['M190 S60', false],
  ])('heats no higher by a typed line: %s', (line, isTooHot) => {
    expect(whyTooHot(line, profile) !== null).toBe(isTooHot)
  })
  it('feeds no cold filament', () => {
    expect(() => linesOf({ kind: 'extrude', length: 5 }, { temperatures: { T0: { actual: 24 } } })).toThrow(
      'heat it first',
    )
    expect(linesOf({ kind: 'extrude', length: 5 })).toEqual(['M83', 'G1 E5 F180', 'M82', 'M400'])
  })
  it('sums baby-steps up, and ends them where they are no correction any more', () => {
    expect(() => linesOf({ kind: 'baby-step', z: 0.5 }, { babyStep: 2.8 })).toThrow('level the bed')
  })
  it('is shown as the printer answers it', async () => {
    const rig = await openRig()
    await rig.session.command({ kind: 'feedrate', factor: 1.2 }, null)
    await rig.session.command({ kind: 'fan', speed: 0.5 }, null)
    rig.say('FR:115%')
    await until(() => rig.controls.feedrateFactor === 1.15, 'the printer has its own opinion on the speed')
    expect(rig.controls.fan).toBeCloseTo(0.5, 2)
  })
  it('is refused in the name of a firmware that does not know it', async () => {
    const rig = await openRig()
    expect(await rig.session.command({ kind: 'gcode', line: 'M4711 S1' }, null)).toEqual({
      refused: 'The firmware of Test printer does not know M4711.',
    })
  })
  it.each([
    'M110 N3',
    'm28 x',
    'M997',
    'M112',
    'M575 B9600',
    'M118 //action:cancel',
    'M113 S0',
    'RESTART',
    'FIRMWARE_RESTART',
  ])('is never %s', (line) => expect(whyForbidden(plainLine(line))).not.toBeNull())
})

describe('an answer', () => {
  it('comes when the printer goes offline meanwhile', async () => {
    const rig = await openRig({ speed: 1 })
    const home = rig.session.command({ kind: 'home', axes: [] }, null)
    const behind = rig.session.command({ kind: 'fan', speed: 1 }, null)
    await until(() => rig.lines().includes('G28'), 'it homes')
    rig.present = false
    rig.port.unplug()
    expect(await home).toEqual({ refused: expect.stringContaining('unplugged') })
    expect(await behind).toEqual({ refused: 'Test printer is offline: this cannot be done now.' })
  })
  it('says that the time is over', async () => {
    const rig = await openRig({ speed: 0.5 })
    const end = await endOf(rig.session, { body: { kind: 'home', axes: [] }, askedBy: null }, 0.1)
    expect(end).toEqual({
      state: 'timed-out',
      answer: 'Test printer has not answered within 0.1 seconds. Look whether it still does it.',
    })
  })
  it('is each person’s own when two ask for the same', async () => {
    const rig = await openRig({ speed: 100 })
    const ended = rig.print(`G28\n${'G1 X10 Y10 F3000\nG1 X20 Y20\n'.repeat(400)}`)
    await until(() => rig.lines().includes('G1 X20 Y20'), 'it prints')
    const [one, other] = await Promise.all([
      rig.session.command({ kind: 'pause' }, 'Ane'),
      rig.session.command({ kind: 'pause' }, 'Jon'),
    ])
    expect(one).toEqual({ done: true })
    expect(other).toEqual({ refused: 'Test printer is pausing: this cannot be done now.' })
    await rig.session.command({ kind: 'cancel' }, null)
    await ended
  })
  it('is given for every stop, however often it is clicked', async () => {
    const rig = await openRig()
    const clicks = [1, 2, 3].map(() => rig.session.command({ kind: 'emergency-stop' }, 'Ane'))
    expect(await Promise.all(clicks)).toEqual(clicks.map(() => ({ done: true })))
    expect(rig.session.state).toBe('halted')
  })
  it('is the same on a printer of many tools', async () => {
    const rig = await openRig({ model: models.full })
    expect(await rig.session.command({ kind: 'heat', heater: 'T1', target: 200 }, null)).toEqual({ done: true })
    await until(() => rig.session.telemetry(new Date()).temperatures['T1']?.target === 200, 'T1 is heated')
  })
})
