import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../firmware-bridge/simulator/faults.ts'
import { CommandScanner, Interpreter } from '../../gcode/index.ts'
import { messageOf } from '../../gcode/warnings/messages.ts'
import { type PrinterProfile, rectangle, usualProfile } from '../../gcode/warnings/profile.ts'
import { type Warning, type WarningFacts, warningCodes } from '../../gcode/warnings/warning.ts'
import { WarningCheck } from '../../gcode/warnings/warning-check.ts'
import { sharedData } from '../support/left-out.ts'

const check = (
  text: string | Uint8Array,
  profile: Partial<PrinterProfile> = {},
  facts: Partial<WarningFacts> = {},
): Warning[] => {
  const warnings = new WarningCheck({ ...usualProfile, ...profile })
  const interpreter = new Interpreter({
    move: (dx, dy, dz, de, feedrate, state, command) => warnings.move(dx, dy, dz, de, feedrate, state, command),
    wait: () => {},
  })
  const scanner = new CommandScanner({
    command: (command) => {
      warnings.command(command, interpreter.state)
      interpreter.command(command)
    },
  })
  scanner.feed(typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
  scanner.end()
  warnings.end({ overlongLines: scanner.overlongLines, lines: scanner.line, ...facts })
  return warnings.result()
}

/** Severity, code, line and count of what is found, in short. */
const found = (
  text: string | Uint8Array,
  profile: Partial<PrinterProfile> = {},
  facts: Partial<WarningFacts> = {},
): string[] =>
  check(text, profile, facts).map(({ severity, code, line, count }) => `${severity} ${code} ${line} x${count}`)

const start = 'G28\nM104 S210\nG90\nM83\nG1 Z0.2 F600\nG1 X10 Y10 F3000\nG1 X20 E1\n'
const end = 'M104 S0\nM84\n'

/** What is found in some lines of a print that is fine otherwise; lines count from 1. */
const within = (lines: string, profile: Partial<PrinterProfile> = {}, facts: Partial<WarningFacts> = {}): string[] =>
  check(`${start}${lines}\n${end}`, profile, facts).map(
    ({ severity, code, line, count }) => `${severity} ${code} ${line === 0 ? 0 : line - 7} x${count}`,
  )

describe('a file for a printer', () => {
  it('is fine where nothing is wrong', () => {
    expect(found(`${start}${end}`)).toEqual([])
  })

  it('says what would happen and what to do, with the first line and the worst case', () => {
    expect(check(`${start}G1 X221 E1\nG1 X224.4 E1\nG1 X100 E1\n${end}`)).toEqual([
      {
        code: 'extrusion-outside',
        severity: 'refuse',
        line: 8,
        count: 3,
        values: { side: 'right', mm: 4.4 },
        message:
          'The print reaches 4.4 mm beyond the right edge of the bed. Move or scale it in the slicer, or choose a larger printer.',
      },
    ])
  })

  it('names the gravest first', () => {
    const text = `G1 Z5 F600\n${start}M81\nM92 E100\nM500\n${end}`
    expect(found(text).map((one) => one.split(' ')[0])).toEqual(['refuse', 'warn', 'note', 'note'])
  })

  it('has a sentence for every code', () => {
    for (const code of warningCodes) expect(messageOf(code, {})).toMatch(/^.+[.]$/)
  })
})

describe('the space of a printer', () => {
  it.each([
    ['G1 X-1 E1', 'refuse extrusion-outside 1 x1'],
    ['G1 Y-1 E1', 'refuse extrusion-outside 1 x1'],
    ['G1 Y221 E1', 'refuse extrusion-outside 1 x1'],
    ['G0 X-1', 'warn travel-outside 1 x1'],
    ['G1 Z251 E1 X5', 'refuse extrusion-too-high 1 x1'],
    ['G1 Z251', 'warn travel-too-high 1 x1'],
    ['G1 Z-0.2', 'warn below-bed 1 x1'],
    ['G1 Z-3', 'refuse below-bed 1 x1'],
    ['G3 X30 Y10 I5 J-9 E1', 'refuse extrusion-outside 1'],
    ['G1 X300000', 'refuse absurd-number 1'],
    ['G1 E20000', 'refuse absurd-number 1'],
  ])('does not hold %s', (line, expected) => {
    expect(within(line).some((one) => one.startsWith(expected))).toBe(true)
  })

  it.each(['G1 X220 Y220 E1', 'G0 X0 Y0', 'G1 Z250', 'G1 X220.005', 'G1 X50 E1\nG1 Z-0.02'])('holds %s', (line) => {
    expect(within(line)).toEqual([])
  })

  it('breaks the print off when it is left, on Klipper and RepRapFirmware', () => {
    expect(within('G0 X-1', { dialect: 'klipper' })).toEqual(['refuse travel-outside 1 x1'])
  })

  it('may be larger by a margin for priming lines', () => {
    expect(within('G1 Y-4 E1', { margin: 5 })).toEqual([])
    expect(within('G1 Y-6 E1', { margin: 5 })).toEqual(['refuse extrusion-outside 1 x1'])
  })

  it('may have its origin anywhere', () => {
    const volume = { shape: 'rectangular', width: 200, depth: 200, height: 200, originX: -100, originY: -100 } as const
    expect(within('G1 X-90 Y-90 E1', { volume })).toEqual([])
    expect(check(`${start}G1 X101 E1\n${end}`, { volume })[0]?.values).toEqual({ side: 'right', mm: 1 })
  })

  it('may be round', () => {
    const volume = { shape: 'round', width: 200, depth: 200, height: 200, originX: 0, originY: 0 } as const
    expect(within('G1 X-70 Y70 E1\nG1 X0 Y100 E1', { volume })).toEqual([])
    expect(check(`${start}G1 X80 Y80 E1\n${end}`, { volume })[0]?.values).toEqual({ side: 'rim', mm: 13.14 })
  })

  it('is not known before a place is said: home is where the endstops are', () => {
    expect(found('G28\nG91\nG1 Z-5 F600\nG1 X-10\nG90\n').filter((one) => !one.includes('no-ex'))).toEqual([])
  })
})

describe('a zone to keep out of', () => {
  const zones = [{ name: 'clip', outline: rectangle(50, 0, 70, 20), toZ: 15 }]

  it.each([
    ['G0 X100 Y10', 'warn travel-through-zone 1 x1'],
    ['G1 X100 Y10 E1', 'refuse extrusion-in-zone 1 x1'],
    ['G0 X60 Y10', 'warn travel-through-zone 1 x1'],
    ['G0 X50 Y-20\nG0 X90 Y20', 'warn travel-through-zone 2 x1'],
  ])('is touched by %s', (lines, expected) => {
    expect(within(lines, { zones, margin: 50 })).toContain(expected)
  })

  it.each(['G0 X10 Y30\nG0 X100 Y30', 'G1 Z16\nG0 X100 Y10', 'G0 X45 Y20'])('is not touched by %s', (lines) => {
    expect(within(lines, { zones })).toEqual([])
  })

  it('is crossed from corner to corner as well', () => {
    expect(within('G0 X40 Y-10\nG0 X160 Y110', { zones, margin: 50 })).toEqual(['warn travel-through-zone 2 x1'])
  })

  it('may have any outline, and is named', () => {
    const corner = {
      name: 'probe dock',
      outline: [
        [0, 220],
        [0, 180],
        [20, 200],
        [40, 180],
        [40, 220],
      ] as const,
    }
    expect(within('G0 X20 Y195\nG0 X20 Y190', { zones: [corner] })).toEqual([])
    expect(check(`${start}G0 X5 Y100\nG0 X5 Y195\n${end}`, { zones: [corner] })[0]?.values).toEqual({
      zone: 'probe dock',
    })
  })
})

describe('temperatures', () => {
  it.each([
    ['M104 S300', 'refuse nozzle-too-hot 1 x1'],
    ['M109 R300', 'refuse nozzle-too-hot 1 x1'],
    ['M190 S130', 'refuse bed-too-hot 1 x1'],
  ])('are too high in %s', (line, expected) => expect(within(line)).toEqual([expected]))

  it('are read from the words of Klipper and RepRapFirmware', () => {
    expect(within('START_PRINT EXTRUDER_TEMP=300 BED=130', { dialect: 'klipper' })).toEqual([
      'refuse nozzle-too-hot 1 x1',
      'refuse bed-too-hot 1 x1',
    ])
    expect(within('SET_HEATER_TEMPERATURE HEATER=extruder TARGET=300', { dialect: 'klipper' })).toHaveLength(1)
    expect(within('G10 P0 S300 R150', { dialect: 'reprapfirmware' })).toEqual(['refuse nozzle-too-hot 1 x1'])
    expect(within('M568 P0 S300', { dialect: 'reprapfirmware' })).toEqual(['refuse nozzle-too-hot 1 x1'])
  })

  it('of a chamber count where there is one', () => {
    expect(within('M141 S70')).toEqual([])
    expect(within('M141 S70', { maxChamberTemperature: 60 })).toEqual(['refuse chamber-too-hot 1 x1'])
  })

  it('of a bed that is not heated are told', () => {
    expect(within('M140 S60\nM140 S0', { hasHeatedBed: false })).toEqual(['note no-heated-bed 1 x1'])
  })

  it('too low to feed filament are noticed, but not for filament that was pulled back', () => {
    expect(within('M104 S150\nG1 X30 E1\nG1 X40 E1')).toEqual(['refuse cold-extrusion 2 x2'])
    expect(within('G1 E-2\nM104 S150\nG1 E2')).toEqual([])
  })

  it('may be lower where M302 says so', () => {
    expect(within('M302 S140\nM104 S150\nG1 X30 E1')).toEqual([])
    expect(within('M302 P1\nM104 S0\nG1 X30 E1')).toEqual([])
    expect(within('M302 P1\nM302 P0\nM104 S0\nG1 X30 E1')).toEqual(['refuse cold-extrusion 4 x1'])
  })

  it('are missed where the nozzle is never heated, unless a macro may have done it', () => {
    const cold = 'G28\nG90\nM83\nG1 Z0.2 F600\nG1 X20 E1\nM84\n'
    expect(found(cold)).toEqual(['warn nozzle-never-heated 5 x1'])
    expect(found(`PRINT_START\n${cold}`, { dialect: 'klipper' })).toEqual([])
  })

  it('count for each tool, and for all tools that share a nozzle', () => {
    expect(within('T1\nG1 X30 E1', { tools: 2 })).toEqual([])
    expect(within('M104 T1 S50\nT1\nG1 X30 E1', { tools: 2 })).toEqual(['refuse cold-extrusion 3 x1'])
  })
})

describe('homing', () => {
  it('is missed before X and Y move', () => {
    expect(found('G1 X5 F600')).toContain('warn not-homed 1 x1')
    expect(found('G28 Z\nG1 X5 F600')).toContain('warn not-homed 2 x1')
    expect(found('G1 X5 F600', { dialect: 'klipper' })).toContain('refuse not-homed 1 x1')
  })

  it('may follow a small lift', () => {
    expect(found(`G91\nG1 Z5 F600\nG90\n${start}${end}`)).toEqual(['note lift-before-homing 2 x1'])
  })

  it('is not needed for filament, nor where G92 or a macro says where the nozzle is', () => {
    const notes = (text: string, profile = {}): string[] => found(text, profile).filter((one) => one.includes('hom'))
    expect(notes('G1 E5 F600')).toEqual([])
    expect(notes('G92 X0 Y0\nG1 X5 F600')).toEqual([])
    expect(notes('G92 X0 Y0\nG1 X5 F600', { dialect: 'klipper' })).toHaveLength(1)
    expect(notes('START_PRINT\nG1 X5 F600', { dialect: 'klipper' })).toEqual([])
    expect(notes('M98 P"homeall.g"\nG1 X5 F600', { dialect: 'reprapfirmware' })).toEqual([])
  })
})

describe('what is in the printer', () => {
  it('has another nozzle', () => {
    expect(within('', { nozzleDiameters: [0.6] }, { nozzleDiameters: [0.4] })).toEqual(['refuse nozzle-mismatch 0 x1'])
    expect(within('', { nozzleDiameters: [0.4] }, { nozzleDiameters: [0.4, 0.6] })).toEqual([])
    expect(within('', { nozzleDiameters: [null] }, { nozzleDiameters: [0.4] })).toEqual([])
  })

  it('has another material, where it is known', () => {
    expect(within('', { filamentTypes: ['ABS'] }, { filamentTypes: ['PLA'] })).toEqual([
      'refuse material-mismatch 0 x1',
    ])
    expect(within('', { filamentTypes: ['PLA-CF'] }, { filamentTypes: ['PLA'] })).toEqual([
      'note material-mismatch 0 x1',
    ])
    expect(within('', { filamentTypes: ['PET-G'] }, { filamentTypes: ['petg'] })).toEqual([])
    expect(within('', { filamentTypes: [null] }, { filamentTypes: ['PLA'] })).toEqual([])
  })

  it('has fewer tools', () => {
    expect(within('T1\nT1')).toEqual(['refuse no-such-tool 1 x2'])
    expect(within('M104 T1 S0')).toEqual(['warn no-such-tool 1 x1'])
    expect(within('T1', { tools: 2 })).toEqual([])
  })
})

describe('the language of a printer', () => {
  it.each([
    ['SET_VELOCITY_LIMIT ACCEL=500', 'marlin', ['note klipper-command 1 x1']],
    ['START_PRINT BED=60', 'marlin', ['refuse klipper-command 1 x1']],
    ['MY_MACRO', 'marlin', ['warn klipper-command 1 x1']],
    ['MY_MACRO\nSET_PIN PIN=led VALUE=1', 'klipper', []],
    ['if move.axes[0].homed', 'marlin', ['refuse reprapfirmware-command 1 x1']],
    ['if move.axes[0].homed\nM98 P"x.g"\nG1 X{move.axes[0].max - 5}', 'reprapfirmware', []],
    ['M98 P"x.g"', 'marlin', ['warn reprapfirmware-command 1 x1']],
    ['G10 P0 S200', 'marlin', ['refuse reprapfirmware-command 1 x1']],
    ['M620 S0A\nM621 S0A', 'marlin', ['refuse bambu-command 1 x2']],
    ['M1002', 'marlin', []],
    ['M486 S0\nM486 Apart[small] {1}\nM117 hello #1', 'marlin', []],
    ['X10 Y20\n%', 'marlin', []],
  ] as const)('knows %j, or not (%s)', (lines, dialect, expected) => {
    expect(within(lines, { dialect })).toEqual(expected)
  })

  it('is another than the slicer wrote', () => {
    expect(within('', { dialect: 'reprapfirmware' }, { flavour: 'marlin2' })).toEqual(['warn flavour-mismatch 0 x1'])
    expect(within('', { dialect: 'marlin' }, { flavour: 'bambu' })).toEqual(['refuse flavour-mismatch 0 x1'])
    for (const flavour of ['marlin', 'marlin2', 'Marlin', 'reprap', 'RepRap (Marlin/Sprinter)']) {
      expect(within('', { dialect: 'prusa' }, { flavour })).toEqual([])
    }
    expect(within('', { dialect: 'reprapfirmware' }, { flavour: 'reprapfirmware' })).toEqual([])
  })

  it('may lack arcs, firmware retraction and volumetric extrusion', () => {
    expect(within('G2 X30 I5', { arcs: false })).toEqual(['refuse arcs 1 x1'])
    expect(within('G10\nG11', { firmwareRetraction: false })).toEqual(['warn firmware-retraction 1 x2'])
    expect(within('M200 D1.75\nM200 D0', { volumetricExtrusion: false })).toEqual(['refuse volumetric-extrusion 1 x1'])
    expect(within('M200 D1.75\nM200 S0 D1.75', { volumetricExtrusion: false })).toHaveLength(1)
    expect(within('G2 X30 I5\nG10\nG11\nM200 D1.75')).toEqual([])
  })
})

describe('a spoilt file', () => {
  it.each([
    ['M104 S{first_layer_temperature[0]}', ['refuse placeholder 1 x1']],
    ['M140 S[bed_temperature]', ['refuse placeholder 1 x1']],
    ['{if layer_z > 1}', ['refuse placeholder 1 x1']],
    ['M109 S#P_TIME#', ['refuse placeholder 1 x1']],
    ['M117 {layer_num}', ['note placeholder 1 x1']],
    ['G1 X[x_max] E1', ['refuse placeholder 1 x1']],
    ['G1 XNaN Y5', ['refuse bad-number 1 x1']],
    ['M104 S', ['refuse bad-number 1 x1']],
    ['G1 X5 F0', ['note zero-feedrate 1 x1']],
    ['g1x10e1', []],
    ['G1X10E1', []],
    ['G1 X10 Y10E1', []],
  ])('%j', (line, expected) => expect(within(line)).toEqual(expected))

  it.each(['G1 X1e2 Y5', 'G1 X1.5E-02 Y5', 'G1 X5 E1e1'])(
    'has an exponent in %s, where firmware reads an E',
    (line) => {
      expect(within(line)).toContain('refuse bad-number 1 x1')
    },
  )

  it('has placeholders although RepRapFirmware works out expressions', () => {
    expect(within('M104 S{first_layer_temperature[0]}', { dialect: 'reprapfirmware' })).toEqual([
      'refuse placeholder 1 x1',
    ])
    expect(within('M104 S{global.temp + 5}', { dialect: 'reprapfirmware' })).toEqual([])
    expect(within('START_PRINT BED=[first_layer_bed_temperature]', { dialect: 'klipper' })).toHaveLength(1)
    expect(within('EXCLUDE_OBJECT_DEFINE NAME=a POLYGON=[[1,2],[3,4]]', { dialect: 'klipper' })).toEqual([])
  })

  it('has no feedrate, or one of 0, which Klipper refuses', () => {
    expect(found(start.replaceAll(/ F\d+/g, '') + end)).toEqual(['note no-feedrate 5 x1'])
    expect(within('G1 X5 F0', { dialect: 'klipper' })).toEqual(['refuse zero-feedrate 1 x1'])
  })

  it('has commands that are too long to be sent', () => {
    const name = 'x'.repeat(100)
    expect(within(`M23 ${name}`)).toContain('warn command-too-long 1 x1')
    expect(within(`M117 ${name}\nG1 X10.${'0'.repeat(90)}`)).toEqual([])
  })

  it('has endless lines', () => {
    expect(within('', {}, { overlongLines: 1 })).toEqual(['warn overlong-line 0 x1'])
  })

  it('holds nothing, or nothing to print', () => {
    expect(found('')).toEqual(['refuse empty-file 0 x1'])
    expect(found('; only words\n')).toEqual(['refuse empty-file 0 x1'])
    expect(found('G28\n')).toEqual(['warn no-extrusion 0 x1'])
  })

  it('is cut off: the block at its end is missing, and nothing is switched off', () => {
    const footer = { expected: true, seen: false }
    expect(found(start, {}, { footer })).toEqual(['refuse file-cut-off 7 x1'])
    expect(found(start)).toEqual(['warn file-cut-off 7 x1'])
    expect(found(start + end, {}, { footer })).toEqual([])
    expect(found(start, {}, { footer: { expected: true, seen: true } })).toEqual(['warn heater-left-on 7 x1'])
    expect(found(`START_PRINT\n${start}END_PRINT\n`, { dialect: 'klipper' })).toEqual([])
  })
})

describe('commands that a fleet does not pass on', () => {
  it.each([
    ['M0', 'refuse waits-for-person 1 x1'],
    ['M1', 'refuse waits-for-person 1 x1'],
    ['M25', 'refuse waits-for-person 1 x1'],
    ['M226', 'refuse waits-for-person 1 x1'],
    ['M601', 'warn waits-for-person 1 x1'],
    ['M600', 'note filament-change 1 x1'],
    ['M28 x.g', 'refuse sd-card 1 x1'],
    ['M23 x.g\nM24\nM23 y.g', 'refuse sd-card 1 x2'],
    ['M500', 'refuse eeprom 1 x1'],
    ['M502', 'refuse eeprom 1 x1'],
    ['M501', 'warn eeprom 1 x1'],
    ['M997', 'refuse firmware-restart 1 x1'],
    ['M112', 'refuse emergency-stop 1 x1'],
    ['M410', 'refuse quick-stop 1 x1'],
    ['M108', 'note ends-wait 1 x1'],
    ['M42 P4 S255', 'warn switches-pin 1 x1'],
    ['M81', 'note power-off 1 x1'],
    ['M303 S200', 'refuse autotune 1 x1'],
    ['M851 Z-1', 'warn lasting-change 1 x1'],
    ['M92 E400', 'warn lasting-change 1 x1'],
    ['M206 Z1', 'warn lasting-change 1 x1'],
    ['M575 P1 B115200', 'warn configuration 1 x1'],
    ['M587 S"home" P"secret"', 'refuse network 1 x1'],
    ['M928 log.g', 'warn logging 1 x1'],
    ['M3 S255', 'refuse cutting-tool 1 x1'],
  ])('%s', (lines, expected) => {
    expect(within(lines)).toContain(expected)
  })

  it('are not those that only a print needs', () => {
    expect(
      within('M201 X500\nM203 X200\nM204 S500\nM205 X8\nM117 hi\nM118 hi\nM73 P5\nM220 S90\nM221 S95\nM900 K0'),
    ).toEqual([])
    expect(within('M555 X1 Y1 W5 H5\nM569 S0 E\nM572 S0.03\nM593 X F40\nM591 S0', { dialect: 'prusa' })).toEqual([])
  })

  it('are pauses only where nobody is there, and where they do not end by themselves', () => {
    expect(within('M0\nM600', { unattended: false })).toEqual([])
    expect(within('M0 S5')).toEqual([])
    expect(within('M0', { dialect: 'reprapfirmware' })).toEqual([])
    expect(within('PAUSE', { dialect: 'klipper' })).toEqual(['warn waits-for-person 1 x1'])
  })

  it('switch pins that are reserved', () => {
    expect(within('M42 P4 S255\nM42 P5 S1', { reservedPins: [4] })).toEqual([
      'refuse reserved-pin 1 x1',
      'warn switches-pin 1 x2',
    ])
  })

  it('are those of Klipper too', () => {
    expect(within('SAVE_CONFIG\nFIRMWARE_RESTART', { dialect: 'klipper' })).toEqual([
      'refuse eeprom 1 x1',
      'refuse firmware-restart 2 x1',
    ])
  })
})

describe('hostile files', () => {
  it('end in few warnings with finite values, however they are broken', () => {
    const random = randomFrom(23)
    const text = Buffer.from(`${start}M106 S1\nT0\nG2 X5 Y5 I2 J2 E1\nSTART_PRINT A=1\nM42 P1\n${end}`.repeat(60))
    for (let round = 0; round < 60; round++) {
      const mutated = Buffer.from(text.subarray(0, Math.floor(random() * text.length)))
      for (let n = 0; n < 400; n++) mutated[Math.floor(random() * mutated.length)] = Math.floor(random() * 256)
      const dialect = (['marlin', 'klipper', 'reprapfirmware'] as const)[round % 3] ?? 'marlin'
      const warnings = check(mutated, { dialect, zones: [{ name: 'z', outline: rectangle(0, 0, 9, 9) }] })
      expect(warnings.length).toBeLessThanOrEqual(200)
      expect(JSON.stringify(warnings)).not.toMatch(/null|NaN|Infinity|undefined/)
    }
  })

  it('may name tools and numbers without end', () => {
    const lines = Array.from(
      { length: 5000 },
      (_, n) => `T${n}\nG1 X${'9'.repeat(n % 400)} Y1e${n}\nM104 T${n} S${n}\n`,
    )
    const warnings = check(lines.join(''))
    expect(warnings.length).toBe(200)
    expect(JSON.stringify(warnings)).not.toMatch(/null|NaN|Infinity/)
  })
})

const folder = sharedData('gcode')

describe.skipIf(folder === null)('real files', () => {
  const sample = (file: string): Buffer => readFileSync(`${folder}/${file}`)
  const prusa = { dialect: 'prusa', volume: { ...usualProfile.volume, width: 250, depth: 210 }, margin: 10 } as const

  it.each(['buddy_box.gcode', 'arcoverhang.gcode', 'libbgcode_mini_cube_ps2.8.1_ref.gcode', 'octoprint_bp_case.gcode'])(
    'of which nothing is wrong: %s',
    (file) => expect(found(sample(file), prusa)).toEqual([]),
  )

  it.each(['pc_cura', 'pc_icesl', 'pc_kirimoto', 'pc_slic3r', 'pc_superslicer', 'pc_m486', 'pc_ideamaker'])(
    'for Klipper, of which nothing is wrong: %s',
    (file) => {
      const volume = { ...usualProfile.volume, width: 300, depth: 300 }
      expect(found(sample(`${file}.gcode`), { dialect: 'klipper', volume })).toEqual([])
    },
  )

  it('that prime in front of the bed', () => {
    expect(check(sample('buddy_box.gcode'), { ...prusa, margin: 0 })[0]?.values).toEqual({ side: 'front', mm: 4 })
  })

  it('for a delta, printed around its centre', () => {
    const round = { shape: 'round', width: 200, depth: 200, height: 250, originX: 0, originY: 0 } as const
    const file = sample('hs_calicat_calico.gcode')
    expect(found(file, { dialect: 'klipper', volume: round })).toEqual([])
    expect(found(file, { dialect: 'klipper' }).some((one) => one.startsWith('refuse extrusion-outside'))).toBe(true)
  })

  it('that were cut off on their way', () => {
    const file = sample('pc_superslicer.gcode').subarray(0, 100_000)
    const footer = { expected: true, seen: false }
    expect(check(file, { dialect: 'klipper' }, { footer }).map((one) => one.code)).toEqual(['file-cut-off'])
  })
})
