// The rules of the serial protocol, sections 1 to 6: lines, numbers, oks, requests for lines. Each a test.
import { describe, expect, it } from 'vitest'
import { dialects } from '../../firmware-bridge/protocol/dialects.ts'
import { whyLeftOut } from '../../firmware-bridge/protocol/file-commands.ts'
import { checksum, fitCommand, marlinLine, numberedLine } from '../../firmware-bridge/protocol/numbered-line.ts'
import { parseReply } from '../../firmware-bridge/protocol/reply.ts'
import * as Window from '../../firmware-bridge/protocol/send-window.ts'
import { judgeSilence, usualSilence } from '../../firmware-bridge/protocol/silence.ts'

const utf8 = { ...marlinLine, takesUtf8: true }

describe('§1 a line', () => {
  it('carries the XOR of its bytes, not of its characters', () => {
    const text = fitCommand('M117 5 µm', utf8) as string
    const line = numberedLine(3, 'M117 5 µm'.replace('µ', '\u00c2\u00b5'))
    let sum = 0
    for (const byte of Buffer.from('N3 M117 5 µm', 'utf8')) sum ^= byte
    expect(line).toContain(`*${sum}\n`)
    expect(checksum('N1 G28')).toBe(18)
    expect(text.length).toBeGreaterThan(0)
  })

  it('is never empty, blank or a mere comment: firmwares answer those differently', () => {
    for (const text of ['', '   ', '; only words', '\t']) expect(fitCommand(text)).toBe('')
  })

  it('ends by a line feed and has a blank between number and command', () => {
    expect(numberedLine(5, 'G1 X1')).toMatch(/^N5 G1 X1\*\d+\n$/)
  })

  it('has no comment: Marlin drops it with the checksum behind it', () => {
    expect(fitCommand('M117 hello; world')).toBe('M117 hello')
    expect(fitCommand('G1 X1 (fast) Y2', { ...marlinLine, parenComments: true })).toBe('G1 X1  Y2')
    expect(fitCommand('M117 (hi)', { ...marlinLine, parenComments: true })).toBe('M117 (hi)')
  })

  it('has no star but that of its checksum: one firmware takes the first, another the last', () => {
    expect(fitCommand('M117 2*3')).toBe('M117 23')
  })

  it('fits into 95 bytes with its number and checksum, or is not sent', () => {
    const text = fitCommand(`M117 ${'x'.repeat(200)}`) as string
    expect(numberedLine(9_999_999, text).length - 1).toBeLessThanOrEqual(95)
    expect(fitCommand(`G1 X${'1'.repeat(100)}`)).toBeNull()
    const macro = `EXCLUDE_OBJECT_DEFINE NAME=${'x'.repeat(150)}`
    expect(fitCommand(macro, dialects['marlin-2'])).toBeNull()
    expect(fitCommand(macro, dialects.klipper)).toBe(macro)
    expect(fitCommand(macro, dialects.reprapfirmware)).toBe(macro)
  })

  it('is cut between characters', () => {
    const text = fitCommand(`M117 ${'µ'.repeat(90)}`, utf8) as string
    expect(Buffer.from(text, 'latin1').toString('utf8')).not.toContain('\ufffd')
  })

  it('has only ASCII where other bytes spoil the checksum or the whole read', () => {
    expect(fitCommand('M117 5 \u00b5m', dialects.prusa)).toBe('M117 5 m')
    expect(fitCommand('M117 5 \u00b5m', dialects.klipper)).toBe('M117 5 m')
  })

  it('has no byte below a blank: XON, XOFF, the halt of Smoothieware, a backspace', () => {
    expect(fitCommand('G1\u0008 X1\u0018\u0011\u0000')).toBe('G1 X1')
  })

  it('does not hold the letters M110 in a text: Marlin would count from there', () => {
    expect(fitCommand('M117 see M110 N3')).toBe('M117 see M 110 N3')
  })

  it('is in capitals where the command is', () => {
    expect(fitCommand('g1 x10 y5')).toBe('G1 X10 Y5')
    expect(fitCommand('m117 Hello')).toBe('M117 Hello')
  })

  it('is never one for another program', () => {
    expect(whyLeftOut('@pause')).toContain('another program')
    expect(whyLeftOut('%')).not.toBeNull()
  })
})

describe('§2 numbers', () => {
  it('begin anew by a line that names the new number twice', () => {
    expect(numberedLine(0, 'M110 N0')).toBe('N0 M110 N0*125\n')
  })

  it('begin anew long before they grow longer than Repetier or an 8-bit board can count', () => {
    expect(dialects.repetier.renumberAfter).toBeLessThan(65_536)
    for (const { renumberAfter } of Object.values(dialects)) expect(renumberAfter).toBeLessThanOrEqual(2 ** 24)
  })

  it('are no protection in Klipper and RepRapFirmware, which is known', () => {
    expect([dialects.klipper.numbers, dialects.reprapfirmware.numbers]).toEqual(['ignored', 'checksum'])
    expect([dialects.klipper.unanswered, dialects.reprapfirmware.unanswered]).toEqual(['arrived', 'never'])
  })
})

describe('§3 an ok', () => {
  it.each([
    'ok',
    'ok ',
    'ok T:210.0 /210.0 B:60.0 /60.0 @:127 B@:0',
    'ok 12',
    'ok N12 P15 B3',
    'ok P15 B3',
    'ok C: X:0.0 Y:0.0 Z:0.0 E:0.0',
    'ok - Invalid G53',
    'ok FIRMWARE_NAME:Klipper FIRMWARE_VERSION:?',
    'ok T:0',
    'ok T:nan /0.0',
  ])('is one in every form: %s', (line) => {
    expect(parseReply(line).kind).toBe('ok')
  })

  it('is looked through for what it carries', () => {
    expect(parseReply('ok C: X:1.00 Y:2.00 Z:3.00 E:4.00')).toMatchObject({
      detail: { position: { x: 1, y: 2, z: 3, e: 4 } },
    })
    expect(parseReply('ok FIRMWARE_NAME:Klipper FIRMWARE_VERSION:v0.12')).toMatchObject({
      detail: { fields: { FIRMWARE_NAME: 'Klipper', FIRMWARE_VERSION: 'v0.12' } },
    })
    expect(parseReply('ok B:21.9 /0.0 T0:21.9 /0.0')).toMatchObject({
      detail: { temperatures: { B: { actual: 21.9 }, T0: { actual: 21.9 } } },
    })
  })

  it('is none in a text, and one at the end of a report only where one is missing', () => {
    for (const line of ['echo:ok', '//ok', 'okay', 'echo:M117 ok']) expect(parseReply(line).kind).toBe('text')
    expect(parseReply(' T:210.0 /210.0 B:60.0 /60.0 @:64 B@:18 @0:65 @N7531ok N7531 P0 B3')).toMatchObject({
      kind: 'temperatures',
      gluedOk: { line: 7531, plannerFree: 0, bufferFree: 3 },
    })
    expect(parseReply('File deleted:x.gco ok')).toMatchObject({ kind: 'text', gluedOk: {} })
    expect(parseReply('echo:x ok')).not.toHaveProperty('gluedOk')
  })

  it('of a halt is none: it is the last word of Smoothieware', () => {
    const line = 'ok Emergency Stop Requested - reset or M999 required to exit HALT state'
    expect(parseReply(line).kind).toBe('halted')
  })
})

describe('§4 a request for a line', () => {
  it.each([
    'Resend: 123',
    'Resend:123',
    'Resend: N123',
    'rs 123',
    'rs N123',
    'rs N123 Expected checksum 67',
    'resend:N:123',
  ])('is understood in every form: %s', (line) => {
    expect(parseReply(line)).toEqual({ kind: 'resend', line: 123 })
  })

  it.each([
    'Error:Line Number is not Last Line Number+1, Last Line: 3',
    'Error:checksum mismatch, Last Line: 3',
    'Error:No Checksum with line number, Last Line: 3',
    'Error:No Line Number with checksum, Last Line: 3',
    'Error:Wrong checksum',
    'Error:Missing checksum',
    'Error:Format error',
    'Error:expected line 5 got 7',
  ])('is announced by an error that is no failure: %s', (line) => {
    expect(parseReply(line).kind).toBe('line-error')
  })

  it('is followed by an ok that acknowledges nothing, but not in Smoothieware', () => {
    expect([dialects['marlin-2'].okAfterResend, dialects.smoothieware.okAfterResend]).toEqual([true, false])
    const asked = Window.takeResend(Window.sendLine(Window.openWindow(7), 20), 7, 0).window
    expect(Window.takeOk(asked)).toMatchObject({ was: 'resend', window: { accepted: 6 } })
  })

  it('for a line that is long gone, or far ahead, means that the talk is lost', () => {
    let window = Window.openWindow(1)
    for (let n = 0; n < 994; n++) window = Window.takeOk(Window.sendLine(window, 20)).window
    expect(Window.takeResend(window, 64, window.accepted - 16).was).toBe('lost')
    expect(Window.takeResend(window, 5000, window.accepted - 16).was).toBe('lost')
  })

  it('for the line that comes next anyway is ignored', () => {
    expect(Window.takeResend(Window.openWindow(7), 7, 0).was).toBe('ignore')
  })

  it('ends the print when it does not end by itself', () => {
    expect(Window.MOST_REPEATS).toBe(10)
  })
})

describe('§5 in flight', () => {
  it('is one line, unless the firmware is known to bear more', () => {
    for (const { name, inFlight } of Object.values(dialects)) if (name !== 'klipper') expect(inFlight.lines).toBe(1)
  })

  it('are never more bytes than the smallest receive buffer holds', () => {
    let window = Window.openWindow(1)
    const limits = { lines: 4, bytes: 120 }
    for (let n = 0; n < 3; n++) if (Window.hasRoom(window, limits, 45)) window = Window.sendLine(window, 45)
    expect(window.waiting).toHaveLength(2)
  })
})

describe('§6 lines out of the blue', () => {
  it.each(['start', '\u0000\u00ffstart', 'PowerUp', 'External Reset', ' Watchdog Reset', 'echo: Software Reset'])(
    'tell that the board began anew: %j',
    (line) => {
      expect(parseReply(line).kind).toBe('start')
    },
  )

  it.each([
    ['wait', 'wait'],
    ['echo:busy: processing', 'busy'],
    ['busy:paused for user interaction', 'busy'],
    [' T:21.87 /0.00 B:21.87 /0.00 @:0 B@:0', 'temperatures'],
    ['SD printing byte 123/4567', 'card'],
    ['Not SD printing', 'card'],
    ['// action:pause', 'action'],
    ['//action:prompt_begin Nozzle Parked', 'action'],
    ['skip 12', 'skip'],
    ['Active Extruder: 1', 'tool'],
    ['enqueueing "G28"', 'text'],
    ['DEBUG_INFO:x', 'text'],
    ['echo:Free Memory: 0', 'text'],
    ['fatal:Heater decoupled', 'halted'],
  ])('are told apart: %s is %s', (line, kind) => {
    expect(parseReply(line).kind).toBe(kind)
  })

  it('that say twice that there is nothing to do tell that a line or its ok is lost', () => {
    const silence = {
      awaiting: 'short',
      probing: false,
      keepalive: false,
      sinceTraffic: 100,
      sinceProgress: 900,
    } as const
    expect(judgeSilence({ ...silence, waits: 2 }, usualSilence)).toBe('probe')
  })
})
