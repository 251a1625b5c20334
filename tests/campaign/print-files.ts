// What the campaign prints: files made from a seed, and the commands of real ones.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomFrom } from '../../firmware-bridge/simulator/faults.ts'

export interface PrintFile {
  readonly path: string
  readonly commands: readonly string[]
  /** Bytes of the file that are done with each command. */
  readonly ends: readonly number[]
}

/** Commands that mean the same to every firmware and that nobody on the way leaves out or puts in. */
const plain =
  /^(?:G[0-4]|G2[018]|G9[012]|M8[23]|M10[4679]|M1[49]0|M20[145]|M22[01]|M73|M117)(?: [\x20-\x3a\x3c-\x7e]*)?$/
const LONGEST = 72

/** Writes commands, with comments and blank lines between them as slicers put them. */
const write = (path: string, commands: readonly string[], random: () => number): PrintFile => {
  const ends: number[] = []
  let text = '; made for a trial\n'
  for (const command of commands) {
    if (random() < 0.02) text += random() < 0.5 ? '\n' : ';TYPE:Perimeter ; with a second half\n'
    text += random() < 0.02 ? `${command} ; a comment\n` : `${command}\n`
    ends.push(text.length)
  }
  writeFileSync(path, text)
  return { path, commands, ends }
}

/** A plausible print of so many commands: no two moves are the same, so that one too many is seen. */
export const makeFile = (folder: string, name: string, lines: number, seed: number): PrintFile => {
  const random = randomFrom(seed)
  const commands = ['G28', 'G90', 'M83', 'M140 S60', 'M104 S205', 'M109 S205', 'G92 E0', 'G1 Z0.2 F600']
  let z = 0.2
  for (let n = 0; commands.length < lines; n++) {
    const x = (20 + (n % 1000) * 0.15).toFixed(3)
    const y = (20 + random() * 150).toFixed(3)
    if (n % 400 === 399) {
      z += 0.2
      commands.push(`G1 Z${z.toFixed(2)} F600`, 'G1 E-0.8 F2100', 'M106 S255', `M117 Layer ${Math.floor(n / 400) + 1}`)
    } else
      commands.push(random() < 0.1 ? `G0 X${x} Y${y} F9000` : `G1 X${x} Y${y} E${(random() * 0.2).toFixed(5)} F3000`)
  }
  return write(join(folder, name), commands, random)
}

const folders = ['../../../shared/data/gcode', '../fixtures'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)

/** The first commands of the real files at hand. */
export const realFiles = (folder: string, lines: number, seed: number): PrintFile[] =>
  folders.flatMap((from) =>
    namesIn(from).flatMap((name, n) => {
      const commands = readFileSync(join(from, name), 'latin1')
        .split('\n')
        .map((line) => (line.split(';')[0] ?? '').trim())
        .filter((line) => line.length <= LONGEST && plain.test(line))
        .slice(0, lines)
      // Homed by a macro of its printer's.
      if (!commands.some((line) => /^G28\b/.test(line))) commands.unshift('G28')
      return commands.length < 50 ? [] : [write(join(folder, `real-${name}`), commands, randomFrom(seed + n))]
    }),
  )

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.gcode'))
      .sort()
  } catch {
    return []
  }
}
