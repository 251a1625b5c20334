import { describe, expect, it } from 'vitest'
import { dialectNames, isDialectName, pingPong } from '../../firmware-bridge/protocol/dialect.ts'
import { dialects } from '../../firmware-bridge/protocol/dialects.ts'
import { freshPace, limitsOf, paceAfterOk, paceAfterResend } from '../../firmware-bridge/protocol/pace.ts'
import { parseFields } from '../../firmware-bridge/protocol/report.ts'
import { tellDialect, versionOf } from '../../firmware-bridge/protocol/tell-dialect.ts'

const told = (identity: string) => {
  const fields = parseFields(identity)
  return [tellDialect({ fields, lines: [] }).dialect, versionOf(fields)]
}

describe('the dialect of a firmware', () => {
  it.each([
    [
      'FIRMWARE_NAME:Marlin 2.1.2.1 (Nov 20 2026 17:14:30) SOURCE_CODE_URL:x PROTOCOL_VERSION:1.0',
      'marlin-2',
      '2.1.2.1',
    ],
    ['FIRMWARE_NAME:Marlin bugfix-2.0.x (Github) EXTRUDER_COUNT:1', 'marlin-2', '2.0.x'],
    ['FIRMWARE_NAME:Marlin 1.1.9.1 (Github) MACHINE_TYPE:3D Printer', 'marlin-1', '1.1.9.1'],
    ['FIRMWARE_NAME:Marlin V1; Sprinter/grbl mashup for gen6 PROTOCOL_VERSION:1.0', 'marlin-1', null],
    ['FIRMWARE_NAME:Prusa-Firmware 3.14.0 based on Marlin FIRMWARE_URL:https://x', 'prusa', '3.14.0'],
    ['FIRMWARE_NAME:Prusa-Firmware-Buddy 6.2.1+8948 (Github) MACHINE_TYPE:Prusa-MK4', 'prusa-buddy', '6.2.1+8948'],
    [
      'FIRMWARE_NAME: RepRapFirmware for Duet 2 WiFi/Ethernet FIRMWARE_VERSION: 3.5.1 ELECTRONICS: Duet',
      'reprapfirmware',
      '3.5.1',
    ],
    ['FIRMWARE_NAME:Repetier_1.0.4 COMPILED:x REPETIER_PROTOCOL:3', 'repetier', '1.0.4'],
    [
      'FIRMWARE_NAME:Smoothieware, FIRMWARE_URL:http%3A//smoothieware.org, X-SOURCE_CODE_URL:http%3A//x',
      'smoothieware',
      null,
    ],
    ['FIRMWARE_NAME:Klipper FIRMWARE_VERSION:?', 'klipper', null],
    ['FIRMWARE_NAME:Teacup FIRMWARE_URL:x', 'unknown', null],
  ])('is told by M115: %s', (identity, dialect, version) => {
    expect(told(identity)).toEqual([dialect, version])
  })

  it.each([
    ['// Klipper state: Ready', 'klipper'],
    ['skip 12', 'repetier'],
    ['busy:heating', 'repetier'],
    ['wait', 'repetier'],
    ['Smoothie', 'smoothieware'],
    ['rs N12', 'smoothieware'],
    ['echo:Marlin 1.1.9.1', 'marlin-1'],
    ['Marlin 2.1.2.1', 'marlin-2'],
    ['echo:busy: processing', 'marlin-2'],
  ])('is told by how it speaks where M115 says nothing: %s', (line, dialect) => {
    expect(tellDialect({ fields: {}, lines: ['ok', line] })).toEqual({ dialect, by: 'behaviour' })
  })

  it('stays unknown where nothing tells it, and is then spoken to in the most careful way', () => {
    expect(tellDialect({ fields: {}, lines: ['ok'] })).toEqual({ dialect: 'unknown', by: 'nothing' })
    expect(dialects.unknown.inFlight).toEqual(pingPong)
    expect(dialects.unknown.longestLine).toBe(95)
  })

  it('has a name that people can choose', () => {
    for (const name of dialectNames) {
      expect(isDialectName(name)).toBe(true)
      expect(dialects[name].name).toBe(name)
    }
    expect(isDialectName('sprinter')).toBe(false)
  })

  it('says things in its own way', () => {
    expect(dialects['marlin-2'].say.babystep(0.05, { BABYSTEPPING: true })).toBe('M290 Z0.05')
    expect(dialects['marlin-2'].say.babystep(0.05, {})).toBeNull()
    expect(dialects.klipper.say.babystep(-0.025, {})).toBe('SET_GCODE_OFFSET Z_ADJUST=-0.025 MOVE=1')
    expect(dialects.reprapfirmware.say.babystep(0.1, {})).toBe('M290 S0.1')
    expect(dialects.smoothieware.say.babystep(0.1, {})).toBeNull()
    expect(dialects['marlin-2'].say.reportTemperatures(1, { AUTOREPORT_TEMP: true })).toBe('M155 S1')
    expect(dialects.klipper.say.reportTemperatures(1, {})).toBeNull()
    expect(dialects.prusa.say.fan(0.5)).toBe('M106 S128')
    expect(dialects.prusa.say.fan(0)).toBe('M107')
    expect(dialects.repetier.say.feedrate(1.25)).toBe('M220 S125')
    expect(dialects.repetier.say.flow(0.9)).toBe('M221 S90')
    expect(dialects['marlin-2'].say.answerPrompt(1, { PROMPT_SUPPORT: true })).toBe('M876 S1')
  })
})

describe('the pace of a link', () => {
  const named = (bufferFree: number, line = 7) => ({ line, bufferFree, plannerFree: 15 })

  it('is one line at a time until the firmware tells how full its buffer is', () => {
    expect(limitsOf(freshPace, pingPong, 0).lines).toBe(1)
    const pace = paceAfterOk(freshPace, named(3), 0)
    expect(limitsOf(pace, pingPong, 0)).toEqual({ lines: 4, bytes: 120 })
    // A buffer of two holds two.
    expect(limitsOf(paceAfterOk(freshPace, named(1), 0), pingPong, 0).lines).toBe(2)
  })

  it('leaves room for what a card or a touch screen puts into the same buffer', () => {
    const idle = paceAfterOk(freshPace, named(3), 0)
    // Three of ours are behind it, and it is full: nobody else is there.
    expect(limitsOf(paceAfterOk(idle, named(0), 3), pingPong, 0).lines).toBe(4)
    expect(limitsOf(paceAfterOk(idle, named(0), 1), pingPong, 0).lines).toBe(2)
    expect(limitsOf(paceAfterOk(idle, named(0), 0), pingPong, 0).lines).toBe(1)
  })

  it('is careful for a while after a resend, and for good after three of them', () => {
    let pace = paceAfterResend(paceAfterOk(freshPace, named(3), 0), 100)
    expect(limitsOf(pace, pingPong, 110).lines).toBe(1)
    expect(limitsOf(pace, pingPong, 132).lines).toBe(4)
    pace = paceAfterResend(paceAfterResend(pace, 300), 900)
    expect([pace.steppedDown, pace.stepDowns]).toEqual([true, 1])
    expect(limitsOf(pace, pingPong, 1e6).lines).toBe(1)
  })

  it('is what people set at most', () => {
    const pace = paceAfterOk(freshPace, named(31), 0)
    expect(limitsOf(pace, pingPong, 0, 2).lines).toBe(2)
    expect(limitsOf(pace, pingPong, 0, 1).lines).toBe(1)
    expect(limitsOf(freshPace, dialects.klipper.inFlight, 0).lines).toBe(4)
  })
})
