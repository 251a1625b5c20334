import { describe, expect, it } from 'vitest'
import { checksum, fitCommand, numberedLine } from '../../firmware-bridge/protocol/numbered-line.ts'
import { parseReply } from '../../firmware-bridge/protocol/reply.ts'

describe('numbered lines', () => {
  it('carry the XOR of all bytes before the star', () => {
    expect(numberedLine(1, 'G28')).toBe('N1 G28*18\n')
    expect(numberedLine(3, 'M105')).toBe('N3 M105*36\n')
    expect(checksum('N4 M117 see M110 N40')).toBe(68)
  })

  it('name the number twice when they reset it, for firmware that reads only one of both', () => {
    expect(numberedLine(0, 'M110 N0')).toBe('N0 M110 N0*125\n')
  })

  it('shorten texts for the display to what the firmware can hold, and refuse commands that are too long', () => {
    const long = `M117 ${'x'.repeat(120)}`
    expect(numberedLine(12345678, fitCommand(long) ?? '').length).toBeLessThanOrEqual(96)
    expect(fitCommand(`EXCLUDE_OBJECT_DEFINE NAME=${'x'.repeat(90)}`)).toBeNull()
    expect(fitCommand('G1 X1')).toBe('G1 X1')
  })
})

describe('replies', () => {
  it('are ok in every form in which firmware says it', () => {
    expect(parseReply('ok')).toEqual({ kind: 'ok' })
    expect(parseReply('ok\r')).toEqual({ kind: 'ok' })
    expect(parseReply('ok 12')).toEqual({ kind: 'ok', detail: { line: 12 } })
    expect(parseReply('ok N7531 P0 B3')).toEqual({ kind: 'ok', detail: { line: 7531, plannerFree: 0, bufferFree: 3 } })
    expect(parseReply('ok P15 B31')).toEqual({ kind: 'ok', detail: { plannerFree: 15, bufferFree: 31 } })
    expect(parseReply('ok T:210.0 /210.0 B:60.0 /60.0 @:127 B@:0')).toEqual({
      kind: 'ok',
      detail: { temperatures: { T0: { actual: 210, target: 210 }, B: { actual: 60, target: 60 } } },
    })
  })

  it('are no ok where a word merely begins so, or where it stands inside a text', () => {
    expect(parseReply('okay then')).toMatchObject({ kind: 'text' })
    expect(parseReply('echo:ok')).toMatchObject({ kind: 'text' })
    expect(parseReply('//ok')).toMatchObject({ kind: 'text' })
  })

  it.each([
    ['Resend: 123', 123],
    ['Resend:123', 123],
    ['Resend: N123', 123],
    ['rs 123', 123],
    ['rs N123', 123],
    ['rs N2 Expected checksum 67', 2],
    ['RESEND: 7', 7],
  ])('ask for a line again: %s', (line, number) => {
    expect(parseReply(line)).toEqual({ kind: 'resend', line: number })
  })

  it.each([
    'Error:Line Number is not Last Line Number+1, Last Line: 3',
    'Error:checksum mismatch, Last Line: 3',
    'Error:No Checksum with line number, Last Line: 3',
    'Error:No Line Number with checksum, Last Line: 3',
  ])('tell why a line is refused, which is no failure: %s', (line) => {
    expect(parseReply(line)).toMatchObject({ kind: 'line-error', lastLine: 3 })
  })

  it.each([
    'Error:Printer halted. kill() called!',
    'Error:Thermal Runaway, system stopped! Heater_ID: 0',
    'Error:MAXTEMP triggered, system stopped! Heater_ID: E0',
    'Error:Heating failed, system stopped! Heater_ID: bed',
    '!! Shutdown due to webhooks request',
    '// Klipper state: Shutdown',
  ])('say that the board obeys nothing any more: %s', (line) => {
    expect(parseReply(line)).toMatchObject({ kind: 'halted' })
  })

  it.each([
    '!! Must home axis first: 0.000 0.000 0.000 [0.000]',
    'Error:volume.init failed',
    'echo: cold extrusion prevented',
  ])('do not call a board dead that only complains: %s', (line) => {
    expect(parseReply(line).kind).not.toBe('halted')
  })

  it('tell that the firmware is busy, with and without echo', () => {
    expect(parseReply('echo:busy: processing')).toEqual({ kind: 'busy', what: 'processing' })
    expect(parseReply('busy:heating')).toEqual({ kind: 'busy', what: 'heating' })
  })

  it('tell a new start, also with the noise of a boot loader before it', () => {
    expect(parseReply('start')).toEqual({ kind: 'start' })
    expect(parseReply('\u0000\u00ffstart')).toEqual({ kind: 'start' })
    expect(parseReply('echo:start something')).toMatchObject({ kind: 'text' })
  })

  it('read temperatures of every firmware, and take no position for one', () => {
    const temperatures = (line: string) => {
      const reply = parseReply(line)
      return reply.kind === 'temperatures' ? reply.temperatures : null
    }
    expect(temperatures(' T:21.87 /60.00 B:21.87 /30.00 @:0 B@:0 W:?')).toEqual({
      T0: { actual: 21.87, target: 60 },
      B: { actual: 21.87, target: 30 },
    })
    expect(
      temperatures(' T:173.91 /220.00 B:21.87 /0.00 T0:173.91 /220.00 T1:21.87 /0.00 @:48 B@:0 @0:48 @1:0'),
    ).toEqual({
      T0: { actual: 173.91, target: 220 },
      T1: { actual: 21.87, target: 0 },
      B: { actual: 21.87, target: 0 },
    })
    expect(temperatures('T:24.0 /0.0 B:24.1 /0.0 T0:24.0 /0.0 @:0 B@:0 P:0.0 A:35.4')).toMatchObject({
      A: { actual: 35.4 },
    })
    expect(temperatures('T:25.1 /0.0 @0 T1:30 /0 @0 B:24 /0.0 @0')).toMatchObject({
      T0: { actual: 25.1 },
      T1: { actual: 30 },
    })
    expect(temperatures('T:nan /0 B:21.0 /0')).toEqual({ B: { actual: 21, target: 0 } })
    expect(parseReply('X:0.00 Y:190.00 Z:20.00 E:-2.00 Count X:800 Y:15200 Z:8000')).toEqual({
      kind: 'position',
      position: { x: 0, y: 190, z: 20, e: -2 },
    })
  })

  it('read who the firmware is, although values hold blanks and colons', () => {
    expect(
      parseReply(
        'FIRMWARE_NAME:Marlin 2.1.2.1 (Nov 20 2026 17:14:30) SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 MACHINE_TYPE:SimRap 1.4 EXTRUDER_COUNT:1 UUID:cede2a2f',
      ),
    ).toMatchObject({
      kind: 'firmware',
      fields: {
        FIRMWARE_NAME: 'Marlin 2.1.2.1 (Nov 20 2026 17:14:30)',
        MACHINE_TYPE: 'SimRap 1.4',
        EXTRUDER_COUNT: '1',
      },
    })
    expect(parseReply('Cap:AUTOREPORT_TEMP:1')).toEqual({ kind: 'capability', name: 'AUTOREPORT_TEMP', on: true })
  })

  it('pass on what the printer wants of its host, with and without a blank', () => {
    expect(parseReply('//action:pause')).toEqual({ kind: 'action', action: 'pause' })
    expect(parseReply('// action:cancel\r')).toEqual({ kind: 'action', action: 'cancel' })
  })

  it('survive bytes that no firmware means', () => {
    expect(parseReply('o\u0000k')).toEqual({ kind: 'ok' })
    expect(() => parseReply('\u00ff\u00fe\u0001'.repeat(1000))).not.toThrow()
  })
})
