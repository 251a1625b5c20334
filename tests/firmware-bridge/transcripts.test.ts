import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { boot, step } from '../../firmware-bridge/simulator/firmware.ts'
import type { FirmwareOptions } from '../../firmware-bridge/simulator/firmware-state.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { sharedData } from '../support/left-out.ts'

/** What the host sent, and what the firmware said until the host spoke again. */
interface Exchange {
  readonly at: number
  readonly sent: string
  readonly heard: readonly string[]
}

/** Reads `seconds >> host` and `seconds << printer`; `-- (board reset)` becomes an exchange of its own. */
const readTranscript = (path: string): Exchange[] => {
  const exchanges: { at: number; sent: string; heard: string[] }[] = [{ at: 0, sent: '', heard: [] }]
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    const match = /^\s*([\d.]+) (>>|<<|--|##) ?(.*)$/.exec(line)
    if (!match) continue
    const [, at, kind, text] = match as unknown as [string, string, string, string]
    if (kind === '>>') exchanges.push({ at: Number(at), sent: unquote(text, '\n'), heard: [] })
    else if (kind === '--' && text.includes('board reset')) exchanges.push({ at: Number(at), sent: 'RESET', heard: [] })
    else if (kind === '<<') exchanges.at(-1)?.heard.push(unquote(text, '').trim())
  }
  return exchanges
}

/** `b'...'` and `'...'` are Python literals; anything else stands as it is. */
const unquote = (text: string, end: string): string => {
  const literal = /^b?'(.*)'$/.exec(text)
  if (!literal) return text + end
  return (literal[1] as string)
    .replace(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\n/g, '\n')
    .replace(/\\r/g, '\r')
}

/** Temperatures and times differ from machine to machine; what is said, and how often, must not. */
const normal = (line: string): string =>
  line
    .trim()
    .replace(/-?\d+\.\d+/g, '#')
    .replace(/@\d*:\d+/g, '@')
    .replace(/W:[?\d]+/, 'W')
    .replace(/MACHINE_TYPE:.* EXTRUDER/, 'EXTRUDER')

/** Reports that come by the clock. */
const byTheClock = (line: string): boolean => /^T:/.test(line) || /busy:/.test(line)

/** Several lines in one write: what is lost of them depends on the speed of the wire, which is not simulated. */
const isBurst = (sent: string): boolean => sent.indexOf('\n') < sent.length - 1

const replay = (
  exchanges: readonly Exchange[],
  options: FirmwareOptions,
): { sent: string; heard: string[]; wanted: string[] }[] => {
  let { firmware } = boot(models.marlin, { receiveBytes: 256, ...options })
  let now = 0
  return exchanges.slice(1).map(({ at, sent, heard: wanted }, n) => {
    const told: string[] = []
    const input = sent === 'RESET' ? ({ kind: 'reset' } as const) : ({ kind: 'bytes', text: sent } as const)
    const pass = (result: ReturnType<typeof step>): void => {
      firmware = result.firmware
      told.push(...result.lines)
    }
    pass(step(firmware, input, now))
    now += ((exchanges[n + 2]?.at ?? at) - at) * 1000
    pass(step(firmware, { kind: 'tick' }, now))
    // This printer may heat and home at another pace than the recorded one.
    for (let patience = 0; firmware.wait !== null && wanted.includes('ok') && patience < 600; patience++) {
      now += 1000
      pass(step(firmware, { kind: 'tick' }, now))
    }
    const said = (lines: readonly string[]): string[] =>
      lines.map(normal).filter((line) => line !== '' && !byTheClock(line))
    return { sent, heard: said(told), wanted: said(wanted) }
  })
}

const folder = sharedData('transcripts')
const recorded = [
  'marlin21-default-basics.txt',
  'marlin21-default-edge-lines.txt',
  'marlin21-default-verify-resend-duplicates-kill.txt',
  'marlin21-default-small-print.txt',
].map((name) => join(folder ?? '', name))

describe('the simulated printer answers as the real firmware did', () => {
  it.each(['tests/fixtures/dialogue.txt', ...(folder === null ? [] : recorded)])('%s', (path) => {
    const exchanges = replay(readTranscript(path), {}).filter(({ sent }) => !isBurst(sent))
    // All in one row: a host that wrote two lines at once read both answers after the second.
    expect(exchanges.flatMap(({ heard }) => heard)).toEqual(exchanges.flatMap(({ wanted }) => wanted))
  })
})
