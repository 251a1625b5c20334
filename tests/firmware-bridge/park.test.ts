import { describe, expect, it } from 'vitest'
import { ModalTracker } from '../../firmware-bridge/modal-tracker.ts'
import { leaveLines, modeLines, offLines, pauseLines, reheatLines, returnLines } from '../../firmware-bridge/park.ts'
import { fillScript, scriptValues } from '../../firmware-bridge/scripts.ts'
import { followModes, noModes, type Place, type Standing, standingOf } from '../../firmware-bridge/standing.ts'
import { scriptFault } from '../../server/contract/routines.ts'
import { profile } from '../support/session-rig.ts'

const standingAfter = (lines: readonly string[], told: Place | null = null): Standing => {
  const tracker = new ModalTracker()
  let trail = noModes
  for (const line of lines) {
    tracker.follow(line)
    trail = followModes(trail, line)
  }
  return standingOf(tracker.state, trail, told, {})
}

/** Pause and come back as one list of lines. */
const roundTrip = (before: readonly string[]): string[] => {
  const standing = standingAfter(before)
  return [...pauseLines(standing, profile, true), ...returnLines(standing, profile, true), ...modeLines(standing)]
}

/** What a machine that knows nothing of the pause makes of lines. */
const stateAfter = (lines: readonly string[]) => {
  const tracker = new ModalTracker()
  for (const line of lines) tracker.follow(line)
  const { x, y, z, e, relative, relativeE, unit, feedrate, offsetE, offsetX } = tracker.state
  const round = (value: number): number => Math.round(value * 1000) / 1000 + 0
  return {
    x: round(x),
    y: round(y),
    z: round(z),
    // Where the next absolute E is read from.
    e: round(e - offsetE),
    offsetX: round(offsetX),
    relative,
    relativeE,
    unit,
    feedrate: round(feedrate),
  }
}

describe('going on exactly there', () => {
  const start = ['G28', 'G1 X100 Y80 Z5 F3000']
  const cases: [string, string[]][] = [
    ['absolute E', [...start, 'M82', 'G1 X110 E12.345']],
    ['relative E', [...start, 'M83', 'G1 X110 E1.2', 'G1 X120 E1.3']],
    ['G92 E0 in between', [...start, 'M82', 'G1 X110 E12', 'G92 E0', 'G1 X120 E1.5']],
    ['shifted axes by G92', [...start, 'G92 X0 Y0', 'G1 X10 Y10 E1']],
    ['relative moves by G91', [...start, 'M83', 'G91', 'G1 X10 E1']],
    ['G91 with absolute E asked for after it', [...start, 'G91', 'M82', 'G1 X10']],
    ['inches', [...start, 'G20', 'G1 X4 Y4 E0.1 F100']],
    ['inches, relative', [...start, 'G20', 'G91', 'G1 X0.5 E0.1 F100']],
    ['a retraction of the slicer', [...start, 'M83', 'G1 X110 E5', 'G1 E-0.8 F2100']],
    ['the top of the machine', ['G28', 'G1 X100 Y80 Z248 F3000', 'M83', 'G1 X110 E1']],
  ]
  it.each(cases)('after %s', (_, before) => {
    expect(stateAfter([...before, ...roundTrip(before)])).toEqual(stateAfter(before))
  })

  it('lifts no higher than the machine is', () => {
    expect(pauseLines(standingAfter(['G28', 'G1 X9 Y9 Z248 F600']), profile, true)).toContain('G1 Z2 F600')
    expect(pauseLines(standingAfter(['G28', 'G1 X9 Y9 Z250 F600']), profile, true).join()).not.toContain(' Z')
  })

  it('moves no axis that was never homed', () => {
    expect(roundTrip(['G1 X10 Y10 F3000']).filter((line) => /^G1.*[XYZ]/.test(line))).toEqual([])
    expect(pauseLines(standingAfter(['G28 X Y', 'G1 X10 F3000']), profile, true).join()).not.toContain(' Z')
  })

  it('believes the printer where it stands elsewhere than counted, as after homing', () => {
    const standing = standingAfter(['G28'], { x: 0, y: 0, z: 300, e: 0 })
    expect(pauseLines(standing, { ...profile, height: 300 }, true).join()).not.toContain('Z')
    expect(returnLines(standing, { ...profile, height: 300 }, false)).toContain('G1 Z300 F600')
  })

  it('keeps the exact place where the printer only rounds it', () => {
    const standing = standingAfter(['G28', 'G1 X10.0042 Y5.0017 Z0.2 F600'], { x: 10, y: 5, z: 0.2, e: 0 })
    expect(returnLines(standing, profile, false)).toContain('G1 X10.0042 Y5.0017 F6000')
  })

  it.each([
    [
      ['M83', 'G90'],
      ['M83', 'G90'],
    ],
    [
      ['G90', 'M83'],
      ['G90', 'M83'],
    ],
    [
      ['M82', 'G91'],
      ['M82', 'G91'],
    ],
    [
      ['G91', 'M82', 'G90'],
      ['M82', 'G90'],
    ],
  ])('brings modes back in the order of the file, whatever G90 means for E: %j', (lines, modes) => {
    expect(standingAfter([...start, ...lines]).modes).toEqual(modes)
  })

  it('pulls no plastic through a cold nozzle, nor twice after G10', () => {
    const standing = standingAfter(start)
    expect(pauseLines(standing, profile, false).join()).not.toContain('E-')
    expect(pauseLines(standingAfter([...start, 'G10']), profile, true).join()).not.toContain('E-')
  })
})

describe('heat', () => {
  const standing = { ...standingAfter(['G28']), targets: { B: 60, T0: 210, T1: 180 } }

  it('is waited for where it has fallen, the bed first', () => {
    const now = { B: { actual: 60, target: 60 }, T0: { actual: 40, target: 0 }, T1: { actual: 100, target: 180 } }
    expect(reheatLines(standing, now, {})).toEqual(['M109 S210', 'M109 T1 S180'])
    const cold = { B: { actual: 25, target: 0 }, T0: { actual: 208, target: 0 } }
    expect(reheatLines(standing, cold, {})).toEqual(['M190 S60', 'M104 S210', 'M109 T1 S180'])
  })
  it('is not asked for where all is as it was', () => {
    const now = { B: { actual: 59, target: 60 }, T0: { actual: 209, target: 210 }, T1: { actual: 180, target: 180 } }
    expect(reheatLines(standing, now, {})).toEqual([])
  })
  it('is as people have set it during the pause', () => {
    const now = { B: { actual: 60, target: 60 }, T0: { actual: 214, target: 215 }, T1: { actual: 180, target: 180 } }
    expect(reheatLines(standing, now, { T0: 215 })).toEqual([])
  })
  it('goes off first when a print is given up, on every tool', () => {
    expect(offLines(standing)).toEqual(['M104 S0', 'M140 S0', 'M107', 'M104 T1 S0'])
    expect(leaveLines(standingAfter([]), profile, true)).toEqual([])
  })
})

describe('a script', () => {
  it('has its places filled in, its comments left out', () => {
    const standing = standingAfter(['G28', 'G1 X12.5 Y3 Z0.2 F1800'])
    expect(
      fillScript('; away\nG1 X{x} Z{z} F{feedrate} ; here\n\nm117 at {height}', scriptValues(standing, profile)),
    ).toEqual(['G1 X12.5 Z0.2 F1800', 'M117 at 250'])
  })
  it.each([
    ['M112', 'use the emergency stop'],
    ['G28\nM28 x.gco', 'write to the card'],
    ['M0 wait', 'may not wait for a person'],
    ['M600', 'may not wait for a person'],
    ['M108', 'interrupt the script'],
    ['G1 X{nowhere}', '{nowhere} is not known'],
    [`M117 ${'x'.repeat(90)}`, 'longer than'],
  ])('is refused with %j', (script, why) => expect(scriptFault(script)?.reason).toContain(why))
  it('is taken otherwise', () => expect(scriptFault('G91\nG1 Z{z} F300 ; up\nSET_LED RED=1')).toBeNull())
})
