import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { boot, type Input, step } from '../../firmware-bridge/simulator/firmware.ts'
import type { FirmwareOptions, PrinterModel } from '../../firmware-bridge/simulator/firmware-state.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { sharedData } from '../support/left-out.ts'

/** What the host sent, and what the firmware said until the host spoke again. */
interface Exchange {
  readonly at: number
  readonly sent: string
  readonly heard: readonly string[]
}

interface Dialogue {
  readonly exchanges: readonly Exchange[]
}

/** Reads `seconds >> host` and `seconds << printer`; resets and faults become exchanges of their own. */
const readDialogue = (path: string): Dialogue => {
  const all: { at: number; sent: string; heard: string[] }[] = [{ at: 0, sent: '', heard: [] }]
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    const [, at = '', kind, text = ''] = /^\s*([\d.]+) (>>|<<|--|##) ?(.*)$/.exec(line) ?? []
    if (kind === '>>') all.push({ at: Number(at), sent: unquote(text, '\n'), heard: [] })
    else if (kind === '--' && text.includes('board reset')) all.push({ at: Number(at), sent: 'RESET', heard: [] })
    else if (kind === '--' && text.includes('fault')) all.push({ at: Number(at), sent: 'FAULT', heard: [] })
    else if (kind === '<<') all.at(-1)?.heard.push(unquote(text, '').trim())
  }
  return { exchanges: all.slice(1) }
}

/** `b'...'` and `'...'` are Python literals; anything else stands as it is. */
const unquote = (text: string, end: string): string => {
  const literal = /^b?'(.*)'$/.exec(text)?.[1]
  if (literal === undefined) return text + end
  return literal
    .replace(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\n/g, '\n')
    .replace(/\\r/g, '\r')
}

/** Temperatures, places and times differ from machine to machine; what is said, and how often, must not. */
const normal = (line: string): string =>
  line
    .trim()
    .replace(/-?\d+\.\d+/g, '#')
    .replace(/Count .*$/, 'Count')
    .replace(/@\d*:\d+/g, '@')
    .replace(/W:[?\d]+/, 'W')
    .replace(/\(Nov 20 2026 [\d:]+\)/, '(date)')
    .replace(/MACHINE_TYPE:.* EXTRUDER/, 'EXTRUDER')
    .replace(/FIRMWARE_VERSION:.*$/, 'FIRMWARE_VERSION')
    .replace(/^\/\/ [A-Z_]+ *: .*$/, '// an extended command')
    .replace(/^(SMALL\.GCO|ALONGF~1\.GCO) \d+/, '$1 size')
    .replace(/Size: \d+/, 'Size')

/** Reports that come by the clock, and how long a list of extended commands is. */
const byTheClock = (line: string): boolean =>
  /^(?:T:|B:|X:.*Count$)/.test(line) ||
  /busy:|^wait$|an extended command|SD printing byte|cold extrusion prevented/.test(line)

/** Several lines in one write: what is lost of them depends on the speed of the wire. */
const isBurst = (sent: string): boolean => sent.slice(0, -1).includes('\n')

/** Where a recording cannot be followed any further, and why. */
interface Recording {
  readonly name: string
  readonly model: PrinterModel
  readonly firmware?: FirmwareOptions
  /** The first exchange that is not compared: what follows depends on how fast that machine was. */
  readonly until?: { readonly sent: string; readonly why: string }
}

const small = { receiveBytes: 256 }
const recordings: readonly Recording[] = [
  { name: 'marlin21-default-basics', model: models.marlin, firmware: small },
  { name: 'marlin21-default-edge-lines', model: models.marlin, firmware: small },
  { name: 'marlin21-default-verify-resend-duplicates-kill', model: models.marlin, firmware: small },
  { name: 'marlin21-default-small-print', model: models.marlin, firmware: small },
  {
    name: 'marlin21-default-heat-home-print',
    model: models.marlin,
    firmware: small,
  },
  {
    name: 'marlin21-default-thermal-faults',
    model: models.marlin,
    until: { sent: 'M104 S200\n', why: 'a thermistor is cut and mended by hand from here on' },
  },
  { name: 'marlin21-wait-NO_TIMEOUTS', model: models.marlin, firmware: { idleWait: 1000 } },
  { name: 'marlin21-full-first-boot-eeprom', model: models.full },
  {
    name: 'marlin21-full-sd-advok',
    model: models.full,
    until: { sent: 'M27 S1\n', why: 'the printed file is not in the recording' },
  },
  {
    name: 'marlin21-full-prompts-emergency',
    model: models.full,
    until: { sent: 'M125\n', why: 'commands pile up behind a filament change, at the pace of that machine' },
  },
  { name: 'marlin11-avr-basics', model: models.marlin1 },
  { name: 'marlin11-avr-small-print', model: models.marlin1 },
  {
    name: 'klipper-basics',
    model: models.klipper,
    until: { sent: 'M104 S60\n', why: 'commands pile up behind a wait for heat, at the pace of that machine' },
  },
  {
    name: 'klipper-shutdown-stepper-too-far',
    model: models.klipper,
    until: { sent: 'G28\n', why: 'the board behind Klipper fails from here on' },
  },
  { name: 'klipper-small-print', model: models.klipper },
]

/**
 * Not followed: in two a filament sensor fires and people answer, at the pace of that machine; in one the host sends bytes
 * that are no text, and 25 commands of which the recording holds 24 answers.
 */
const leftOut = [
  'klipper-burst-utf8-m112',
  'marlin21-full-filament-runout-M600',
  'marlin21-full-sd-print-with-filament-runout-M600',
]

const inputOf = ({ sent, heard }: Exchange): Input => {
  if (sent === 'RESET') return { kind: 'reset', why: 'power' }
  if (sent !== 'FAULT') return { kind: 'bytes', text: sent }
  const reason = heard.find((line) => line.includes('triggered'))?.replace('Error:', '')
  return reason === undefined ? { kind: 'tick' } : { kind: 'kill', reason }
}

const replay = (
  dialogue: Dialogue,
  { model, firmware: options = {}, until }: Recording,
): { heard: string[]; wanted: string[] } => {
  let { firmware } = boot(model, options)
  let now = 0
  const said: string[] = []
  const wanted: string[] = []
  for (const [n, exchange] of dialogue.exchanges.entries()) {
    const { at, sent, heard } = exchange
    if (sent === until?.sent) break
    const told: string[] = []
    const pass = (result: ReturnType<typeof step>): void => {
      firmware = result.firmware
      told.push(...result.lines)
    }
    pass(step(firmware, inputOf(exchange), now))
    now += ((dialogue.exchanges[n + 1]?.at ?? at) - at) * 1000
    pass(step(firmware, { kind: 'tick' }, now))
    // This printer may heat and home at another pace than the recorded one.
    for (
      let patience = 0;
      firmware.wait !== null && heard.some((line) => /^ok/.test(line)) && patience < 900;
      patience++
    ) {
      now += 1000
      pass(step(firmware, { kind: 'tick' }, now))
    }
    // What a board says of itself at boot is its builder's choice.
    if (isBurst(sent) || sent === 'RESET') continue
    const talk = (lines: readonly string[]): string[] =>
      lines.map(normal).filter((line) => line !== '' && !byTheClock(line))
    said.push(...talk(told))
    wanted.push(...talk(heard))
  }
  // All in one row: a host that wrote two lines at once read both answers after the second.
  return { heard: said, wanted }
}

const folder = sharedData('transcripts')

describe('the simulated printer answers as the real firmware did', () => {
  it.skipIf(folder === null).each(recordings)('$name', (recording) => {
    const dialogue = readDialogue(join(folder ?? '', `${recording.name}.txt`))
    const { heard, wanted } = replay(dialogue, recording)
    expect(heard).toEqual(wanted)
    expect(wanted.length).toBeGreaterThan(1)
  })

  it.skipIf(folder === null)('knows every recording there is', () => {
    const names = readdirSync(folder ?? '').map((name) => name.replace(/\.txt$/, ''))
    expect(names.sort()).toEqual([...recordings.map(({ name }) => name), ...leftOut].sort())
  })

  it.each([
    ['dialogue.txt', models.marlin],
    ['dialogue-prusa.txt', models.prusa],
    ['dialogue-reprapfirmware.txt', models.reprapfirmware],
    ['dialogue-repetier.txt', models.repetier],
    ['dialogue-smoothieware.txt', models.smoothieware],
    ['dialogue-klipper.txt', models.klipper],
  ])('%s, told from its source', (name, model) => {
    const { heard, wanted } = replay(readDialogue(`tests/fixtures/${name}`), { name, model })
    expect(heard).toEqual(wanted)
  })
})
