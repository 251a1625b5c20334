import { describe, expect, it } from 'vitest'
import { CommandScanner, Interpreter } from '../../gcode/index.ts'
import { modalRecordOf } from '../../server/contract/print-record.ts'
import type { PrinterProfile } from '../../server/contract/printers.ts'
import type { ResumeChoices } from '../../server/contract/resume.ts'
import { CommandEnds, type FilePlace, LayerStarts, PlaceReader } from '../../server/domain/place.ts'
import { resumePlan } from '../../server/domain/resume.ts'

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
const choices: ResumeChoices = { homing: 'keep', layers: 0, lines: 0, prime: 10, lift: 10 }

const head = ['G28', 'M140 S60', 'M104 S210', 'M190 S60', 'M109 S210', 'M106 S255']

/** The place behind the last of these lines. */
const placeOf = (lines: readonly string[]): FilePlace => {
  const text = Buffer.from(`${lines.join('\n')}\n`)
  const reader = new PlaceReader(text.length)
  // In pieces, as files come.
  for (let at = 0; at < text.length; at += 7) reader.feed(text.subarray(at, at + 7))
  return reader.place()
}

const planOf = (lines: readonly string[], changes: Partial<ResumeChoices> = {}, on = profile) => {
  const plan = resumePlan(placeOf(lines), on, { ...choices, ...changes })
  if ('refused' in plan) throw new Error(plan.refused)
  return plan
}

const refusal = (lines: readonly string[], changes: Partial<ResumeChoices> = {}, on = profile): string => {
  const plan = resumePlan(placeOf(lines), on, { ...choices, ...changes })
  return 'refused' in plan ? plan.refused : ''
}

/** What a printer that has just begun anew remembers after these lines, with its nozzle at this height. */
const after = (lines: readonly string[], z: number) => {
  const interpreter = new Interpreter({ move: () => {}, wait: () => {} })
  const scanner = new CommandScanner(interpreter)
  // A G92 names the height at which it truly stands; seen from the machine nothing has moved.
  let named = false
  for (const line of lines) {
    if (!named && /^G92 Z/.test(line)) {
      interpreter.state.z = z
      named = true
      continue
    }
    scanner.feed(Buffer.from(`${line}\n`))
  }
  return modalRecordOf(interpreter.state, 0)
}

const ways: readonly [string, readonly string[]][] = [
  ['absolute axes, relative E', ['G90', 'M83', 'G1 X50 Y60 Z1.2 E3 F1800', 'G1 X55 E.5']],
  ['absolute axes, absolute E', ['G90', 'M82', 'G92 E0', 'G1 X50 Y60 Z1.2 E3 F1800', 'G1 X55 E3.5']],
  ['relative axes', ['G1 X50 Y60 Z1.2 F1800', 'G91', 'M83', 'G1 X5 E.4']],
  ['relative axes with absolute E', ['G1 X50 Y60 Z1.2 F1800 E2', 'G91', 'M82', 'G1 X5']],
  ['inches', ['G20', 'G90', 'M83', 'G1 X2 Y2 Z.05 E.1 F70']],
  ['volumetric E', ['M200 D1.75', 'M82', 'G1 X50 Y60 Z1.2 E12 F1800']],
  ['a G92 on every axis', ['G1 X50 Y60 Z1.2 F1800 E1', 'G92 X0 Y0 Z0 E5', 'G1 X5 E6']],
  ['E set back in the middle', ['M82', 'G1 X50 Y60 Z1.2 E900 F1800', 'G92 E0', 'G1 X51 E.2']],
  ['another plane, other speeds and flow', ['G18', 'M220 S80', 'M221 S95', 'M83', 'G1 X50 Y60 Z1.2 E1 F2400']],
  ['the fan half on', ['M106 S127', 'G1 X50 Y60 Z1.2 E1 F1800']],
  ['firmware retraction', ['M83', 'G1 X50 Y60 Z1.2 E1 F1800', 'G10']],
]

describe('the lines that lead back into a part', () => {
  it.each(ways)('leave the printer as the file would have: %s', (_name, lines) => {
    const place = placeOf([...head, ...lines])
    const { lines: sent } = planOf([...head, ...lines])
    const now = after(sent, place.modal.z)
    const { e: _e, offsetE: _offsetE, homedAxes: _homed, retracted: _retracted, ...modal } = place.modal
    const { x, y, z, offsetX, offsetY, offsetZ, ...rest } = modal
    expect(now).toMatchObject(rest)
    expect(now.x).toBeCloseTo(x, 3)
    expect(now.y).toBeCloseTo(y, 3)
    expect(now.z).toBeCloseTo(z, 3)
    expect([now.offsetX, now.offsetY, now.offsetZ].map((n) => Math.round(n * 1000) / 1000)).toEqual(
      [offsetX, offsetY, offsetZ].map((n) => Math.round(n * 1000) / 1000),
    )
    // The next absolute E word feeds what it would have fed.
    expect(now.e - now.offsetE).toBeCloseTo(place.modal.e - place.modal.offsetE, 2)
  })

  it('heats the bed, then the nozzle, before anything moves: it may be frozen into the part', () => {
    const { lines } = planOf([...head, 'G1 X50 Y60 Z1.2 E1 F1800'])
    const firstMove = lines.findIndex((line) => /^G(1|28) /.test(line))
    expect(lines.indexOf('M190 S60')).toBeLessThan(lines.indexOf('M109 S210'))
    expect(lines.indexOf('M109 S210')).toBeLessThan(firstMove)
  })

  it('never homes Z over the part: the height is named, then it is lifted, then X and Y are homed', () => {
    const { lines } = planOf([...head, 'G1 X50 Y60 Z1.2 E1 F1800'])
    expect(lines.slice(lines.indexOf('G92 Z1.2'), lines.indexOf('G92 Z1.2') + 5)).toEqual([
      'G92 Z1.2',
      'G91',
      'G1 Z10 F600',
      'G90',
      'G28 X Y',
    ])
    expect(lines.filter((line) => /^G28/.test(line))).toEqual(['G28 X Y'])
  })

  it('homes Z only at the place beside parts that the set-up names', () => {
    const { lines } = planOf(
      [...head, 'G1 X50 Y60 Z1.2 E1 F1800'],
      { homing: 'edge' },
      { ...profile, homeZAt: { x: 5, y: 210 } },
    )
    const at = lines.indexOf('G28 Z')
    expect(lines.slice(at - 2, at + 2)).toEqual(['G28 X Y', 'G1 X5 Y210 F6000', 'G28 Z', 'G1 Z11.2 F600'])
    expect(refusal([...head, 'G1 X50 Y60 Z1.2 E1 F1800'], { homing: 'edge' })).toContain('names no place')
  })

  it('homes a delta at its top', () => {
    const delta: PrinterProfile = { ...profile, shape: 'round', originX: 0, originY: 0 }
    const lines = [...head, 'G1 X50 Y60 Z1.2 E1 F1800']
    expect(planOf(lines, { homing: 'top' }, delta).lines).toContain('G28')
    expect(refusal(lines, { homing: 'keep' }, delta)).toContain('delta')
    expect(refusal(lines, { homing: 'top' })).toContain('Only a delta')
  })

  it('feeds at the edge, above the part, as much as is wanted, and pulls back what the file feeds again', () => {
    const { lines } = planOf([...head, 'M83', 'G1 X50 Y60 Z1.2 E1 F1800', 'G1 E-.8 F2100'], { prime: 25 })
    const prime = lines.indexOf('G1 E25 F180')
    expect(lines[prime - 1]).toBe('G1 X0 Y0 F6000')
    expect(lines[prime + 2]).toBe('G1 E-0.8 F2100')
    const over = lines.indexOf('G1 X50 Y60 F6000')
    expect(over).toBeGreaterThan(prime)
    expect(lines[over + 1]).toBe('G1 Z1.2 F600')
    expect(planOf([...head, 'G1 X50 Y60 Z1.2 E1 F1800'], { prime: 0 }).lines.join()).not.toContain('F180,')
  })

  it('takes up the tool in use, and keeps the other nozzles as warm as they were', () => {
    const { lines, warnings } = planOf([...head, 'M104 T1 S220', 'T1', 'M109 S220', 'G1 X50 Y60 Z1.2 E1 F1800'])
    expect(lines).toEqual(expect.arrayContaining(['M104 T0 S210', 'M109 T1 S220', 'T1']))
    expect(lines.indexOf('T1')).toBeGreaterThan(lines.indexOf('G28 X Y'))
    expect(warnings.join()).toContain('filament')
  })

  it('makes again the settings that a reset takes away, each as it was last', () => {
    const { lines } = planOf([
      'M201 X500 Y500',
      'M204 P800 T1000',
      'M900 K.02',
      ...head,
      'M204 P1500 T1500',
      'M900 K.05',
      'G1 X50 Y60 Z1.2 E1 F1800',
    ])
    expect(lines).toEqual(expect.arrayContaining(['M201 X500 Y500', 'M204 P1500 T1500', 'M900 K.05']))
    expect(lines).not.toContain('M900 K.02')
    expect(lines).not.toContain('M204 P800 T1000')
  })

  it('never measures the bed again, and corrects it only where the part was printed with it', () => {
    const low = planOf([...head, 'G29', 'G1 X50 Y60 Z1.2 E1 F1800'])
    expect(low.lines).toContain('M420 S1')
    expect(low.lines).not.toContain('G29')
    expect(low.warnings.join()).toContain('measured the bed')
    expect(planOf([...head, 'G29', 'G1 X50 Y60 Z40 E1 F1800']).lines).not.toContain('M420 S1')
  })

  it('refuses where it would harm: not begun, cold, too hot, off the bed, no room to lift', () => {
    expect(refusal(['G21', 'M104 S210'])).toContain('had not begun')
    expect(refusal(['G28', 'G1 X1 Y1 Z1 F600'])).toContain('not hot')
    expect(refusal([...head, 'M104 S300', 'G1 X1 Y1 Z1 F600'])).toContain('more than the 280 °C')
    expect(refusal([...head, 'M140 S120', 'G1 X1 Y1 Z1 F600'])).toContain('more than the 110 °C')
    expect(refusal([...head, 'G1 X400 Y1 Z1 F600'])).toContain('outside of the bed')
    expect(refusal([...head, 'G1 X1 Y1 Z249 F600'])).toContain('no room')
    expect(refusal(['G28 X Y', ...head.slice(1), 'G1 X1 Y1 Z1 F600'])).toContain('had not begun')
  })

  it('lifts no higher than the printer can', () => {
    expect(planOf([...head, 'G1 X50 Y60 Z245 E1 F1800'], { lift: 30 }).lines).toContain('G1 Z5 F600')
  })

  it('names the place outright for Klipper, which moves nothing that is not homed', () => {
    const plan = resumePlan(placeOf([...head, 'G1 X50 Y60 Z1.2 E1 F1800']), profile, choices, 'klipper')
    expect('lines' in plan && plan.lines).toContain('SET_KINEMATIC_POSITION X=0 Y=0 Z=1.2')
  })
})

describe('a place in a file', () => {
  const text = Buffer.from(
    [...head, ';LAYER_CHANGE', 'G1 Z.2 F600', 'G1 X10 E1', ';LAYER_CHANGE', 'G1 Z.4', 'G1 X20 E2', ''].join('\n'),
  )

  it('is found by layers, back and forth', () => {
    const starts = new LayerStarts()
    starts.feed(text)
    expect(starts.count).toBe(2)
    expect(starts.from(text.length, -1)).toBe(text.indexOf(';LAYER_CHANGE'))
    expect(starts.from(text.length, 1)).toBeNull()
  })

  it('is found by lines, back and forth', () => {
    const around = text.indexOf('G1 X10') + 'G1 X10 E1\n'.length
    const ends = new CommandEnds(around)
    for (let at = 0; at < text.length; at += 5) ends.feed(text.subarray(at, at + 5))
    expect(ends.at(0)).toBe(around)
    expect(ends.at(-1)).toBe(text.indexOf('G1 X10'))
    expect(ends.at(1)).toBe(text.indexOf('G1 X20'))
    expect(ends.at(2)).toBe(text.length)
    expect(ends.at(3)).toBeNull()
    expect(ends.at(-8)).toBe(0)
    expect(ends.at(-9)).toBeNull()
    expect(ends.passed).toBe(8)
  })
})
