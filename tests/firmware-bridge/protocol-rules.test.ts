// The rules of the serial protocol, sections 7 to 14: what firmware reports, how it ends, what must not be sent. Each a test.
import { describe, expect, it } from 'vitest'
import { classOf } from '../../firmware-bridge/protocol/command-class.ts'
import { dialects } from '../../firmware-bridge/protocol/dialects.ts'
import { whyLeftOut } from '../../firmware-bridge/protocol/file-commands.ts'
import { parseReply } from '../../firmware-bridge/protocol/reply.ts'
import { judgeSilence, usualSilence } from '../../firmware-bridge/protocol/silence.ts'

describe('§7 temperatures', () => {
  const temperatures = (line: string, tool = 0) => {
    const reply = parseReply(line, tool)
    return reply.kind === 'temperatures' ? reply.temperatures : null
  }

  it.each([
    ['T:210.00 E:0 B:60', { T0: { actual: 210 }, B: { actual: 60 } }],
    ['T:210.0 E:0 W:3', { T0: { actual: 210 } }],
    ['T:20.1 /0 B:19 /0 B@:0 @:0', { T0: { actual: 20.1, target: 0 }, B: { actual: 19, target: 0 } }],
    ['T:25.1 /0.0 @0 T1:30 /0 @0', { T0: { actual: 25.1, target: 0 }, T1: { actual: 30, target: 0 } }],
    ['B:21.9 /0.0 T0:171.5 /180.0', { B: { actual: 21.9, target: 0 }, T0: { actual: 171.5, target: 180 } }],
    [
      'T:20.0 /0.0 /0.0 T0:20.0 /0.0 /0.0 B:19.5 /0.0',
      { T0: { actual: 20, target: 0 }, B: { actual: 19.5, target: 0 } },
    ],
    ['T:-15.00 /0 B:999.0 /0', { T0: { actual: -15, target: 0 }, B: { actual: 999, target: 0 } }],
    ['T:21. /0 B:nan /0', { T0: { actual: 21, target: 0 } }],
  ])('are read in every form: %s', (line, expected) => {
    expect(temperatures(line)).toEqual(expected)
  })

  it('of a lone T are those of the tool in use', () => {
    expect(temperatures('T:200 /200', 1)).toEqual({ T1: { actual: 200, target: 200 } })
  })

  it('are not read out of a position', () => {
    expect(parseReply('X:0.00 Y:0.00 Z:5.00 E:1.00 Count X:0 Y:0 Z:2000').kind).toBe('position')
  })
})

describe('§8 positions and the card', () => {
  it.each([
    'X:0.00 Y:190.00 Z:20.00 E:-2.00 Count X:800 Y:15200 Z:8000',
    'X:0.000 Y:190.000 Z:20.000 E:-2.000',
    'X:0.000 Y:190.000 Z:20.000 E:-2.000 E0:0.0 Count 0 0 0 Machine 0.000 0.000 0.000',
  ])('are read: %s', (line) => {
    expect(parseReply(line)).toMatchObject({ position: { x: 0, y: 190, z: 20, e: -2 } })
  })

  it('tell of a print that somebody began at the printer', () => {
    expect(parseReply('SD printing byte 123/4567')).toEqual({ kind: 'card', state: 'printing', done: 123, total: 4567 })
    expect(parseReply('File opened: SMALL.GCO Size: 4042')).toMatchObject({ state: 'opened', name: 'SMALL.GCO' })
    expect(parseReply('echo:Now fresh file: SMALL.GCO')).toMatchObject({ state: 'opened', name: 'SMALL.GCO' })
    expect(parseReply('Done printing file')).toMatchObject({ state: 'done' })
    expect(parseReply('open failed, File: NOFILE.GCO.').kind).toBe('text')
  })
})

describe('§9 M115', () => {
  it('is read with blanks, colons and commas in its values', () => {
    const fields = (line: string) => {
      const reply = parseReply(line)
      return reply.kind === 'firmware' ? reply.fields : {}
    }
    expect(fields('FIRMWARE_NAME:Smoothieware, FIRMWARE_URL:http%3A//x, GRBL_MODE:0')).toMatchObject({
      FIRMWARE_NAME: 'Smoothieware',
      GRBL_MODE: '0',
    })
    expect(
      fields('FIRMWARE_NAME: RepRapFirmware for Duet 2 WiFi FIRMWARE_VERSION: 3.5 ELECTRONICS: Duet 2'),
    ).toMatchObject({
      FIRMWARE_VERSION: '3.5',
      ELECTRONICS: 'Duet 2',
    })
    expect(parseReply('Cap:EMERGENCY_PARSER:0')).toEqual({ kind: 'capability', name: 'EMERGENCY_PARSER', on: false })
  })
})

describe('§10 a firmware', () => {
  it.each([
    'Error:Heating failed, system stopped! Heater_ID: 0',
    'Error:Thermal Runaway, system stopped! Heater_ID: bed',
    'Error:MINTEMP triggered, system stopped! Heater_ID: E0',
    'Error:Printer halted. kill() called!',
    'Error:Printer stopped due to errors. Fix the error and use M999 to restart',
    '!! KILL caused by too much inactive time',
    ': Extruder switched off. MAXTEMP triggered !',
    '!! Shutdown due to M112 command',
    '// Klipper state: Shutdown',
    'Emergency Stop! Reset the controller to continue.',
    'ALARM: Kill button pressed - reset or M999 to continue',
    'Error: Heater 1 fault: temperature excursion exceeded 15.0C',
  ])('says in its own way that it obeys nothing any more: %s', (line) => {
    expect(parseReply(line).kind).toBe('halted')
  })

  it.each([
    ['echo: cold extrusion prevented', 'error'],
    ['echo:T5 Invalid extruder', 'error'],
    ['!! Must home axis first: 5.000 0.000 0.000 [0.000]', 'error'],
    ['!! Move out of range: 1000.000 0.000 0.000 [0.000]', 'error'],
    ['!! Extrude below minimum temp', 'error'],
    ['echo:Unknown command: "FOO"', 'unknown-command'],
    ['// Unknown command:"M155"', 'unknown-command'],
    ['Error:volume.init failed', 'error'],
  ])('may complain and go on: %s', (line, kind) => {
    expect(parseReply(line).kind).toBe(kind)
  })

  it('ends its actions by a carriage return at times', () => {
    expect(parseReply('//action:notification 0s\r')).toEqual({ kind: 'action', action: 'notification 0s' })
  })

  it('obeys M112 as it arrives, in its turn, or if it was built so', () => {
    expect(dialects.klipper.emergency).toBe('at-once')
    expect(dialects['marlin-2'].emergency).toBe('by-capability')
    expect(dialects.prusa.emergency).toBe('in-turn')
  })
})

describe('§11 silence', () => {
  it.each(['M109 S200', 'M190 S60', 'M303', 'G28', 'G29', 'G33', 'G4 P1', 'M400', 'M48', 'M116', 'M191'])(
    'is no bad sign during %s',
    (command) => {
      expect(classOf(command)).toBe('long')
    },
  )

  it('without an ok is noticed although reports go on', () => {
    const silence = {
      awaiting: 'short',
      probing: false,
      keepalive: true,
      sinceTraffic: 10,
      sinceProgress: 3000,
    } as const
    expect(judgeSilence(silence, usualSilence)).toBe('probe')
  })
})

describe('§13 commands in a file', () => {
  it.each([
    'M110 N1',
    'M112',
    'M28 x.gco',
    'M29',
    'M30',
    'M23 x.gco',
    'M108',
    'M876 S0',
    'M155 S1',
    'M113 S0',
    'M575 B9600',
    'M999',
    'M997',
    'M928 x',
    'M524',
    'M118 A1 action:cancel',
    'M118 ok',
  ])('that take the printer out of our hands are not sent: %s', (command) => {
    expect(whyLeftOut(command)).not.toBeNull()
  })

  it.each([
    'G1 X1',
    'M104 S200',
    'M117 hello',
    'M118 E1 Layer 3',
    'M73 P5',
    'M220 S100',
    'M300',
    'M201 X500',
    'M281',
    'T1',
    'M600',
  ])('that a print needs are sent: %s', (command) => {
    expect(whyLeftOut(command)).toBeNull()
  })
})

describe('§14 the firmwares', () => {
  it('differ as the table says', () => {
    const row = (name: keyof typeof dialects) => {
      const { okAfterResend, answersEmptyLines, keepalive, temperaturesInOk } = dialects[name]
      return [okAfterResend, answersEmptyLines, keepalive, temperaturesInOk]
    }
    expect(row('marlin-2')).toEqual([true, false, 'busy', true])
    expect(row('marlin-1')).toEqual([true, false, 'busy', true])
    expect(row('prusa')).toEqual([true, false, 'busy', true])
    expect(row('repetier')).toEqual([true, false, 'wait', false])
    expect(row('smoothieware')).toEqual([false, true, 'none', true])
    expect(row('reprapfirmware')).toEqual([false, false, 'none', true])
    expect(row('klipper')).toEqual([false, true, 'none', true])
  })
})
