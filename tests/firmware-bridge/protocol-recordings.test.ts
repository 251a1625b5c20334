// What real firmware was recorded to say is understood, line for line.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseReply } from '../../firmware-bridge/protocol/reply.ts'
import { sharedData } from '../support/left-out.ts'

/** Texts that say nothing that a host must act on. */
const harmless =
  /^(?:(?:Last Updated|Compiled|Free Memory|Hardcoded|EEPROM|No EEPROM|Marlin|SD card ok|Author|Print time|DEBUG:|Cold extrudes|Send M|Insert filament|Click to continue|again|hi|Err: MAXTEMP|M\d+|G\d+|;|Homing Failed)|Begin file list|End file list|File selected|Writing to file|Done saving|File deleted|open failed|Reporting endstop|[xyz]_min:|S_XYZ|area:|\/|[\w~]+\.G\w* |ALONGF|Klipper state: (?:Ready|Not ready)|Once the|"FIRMWARE_RESTART"|config,|MCU|This generally|requested to|obtaining|[A-Z_]+\s*: |Available extended|Shutdown due|Extrude below|See the|config option|a long|Deletion failed|[-\d.]+$|x$)/i

describe('the recorded talks', () => {
  const folder = sharedData('transcripts')
  const recordings = folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith('.txt'))
  const own = fileURLToPath(new URL('../fixtures/dialogue.txt', import.meta.url))
  const paths = [own, ...recordings.map((name) => join(folder ?? '', name))]

  it.each(paths)('%s has no line that is not understood', (path) => {
    const heard = readFileSync(path, 'latin1')
      .split('\n')
      .flatMap((line) => /^\s*[\d.]+ << ?(.*)$/.exec(line)?.[1] ?? [])
      .map((line) => (/^b?'(.*)'$/.exec(line)?.[1] ?? line).replace(/\\r/g, '\r').replace(/\\x[0-9a-f]{2}/g, '?'))
      .filter((line) => line.trim() !== '')
    const strange = heard.filter((line) => {
      const reply = parseReply(line)
      return reply.kind === 'text' && !harmless.test(reply.text)
    })
    expect(strange).toEqual([])
    expect(heard.length).toBeGreaterThan(0)
  })
})
