// Commands and files of other firmwares than the printer's.
import { type Command, has, P, textOf } from '../command.ts'
import type { Dialect } from '../rewrite/dialect.ts'
import type { Findings } from './findings.ts'

const LETTER_G = 71
const LETTER_M = 77

/** RepRapFirmware's own words; small letters only. */
const conditional = /^(if|elif|else|while|break|continue|abort|var|global|set|echo|param|skip)(\s|$)/
const klipperWord = /^[A-Za-z_]{3}[A-Za-z0-9_]*(?=\s|$)/
/** Words of Klipper without which a print is the same, or nearly so. */
const dispensable =
  /^(EXCLUDE_OBJECT|SET_PRINT_STATS|SET_VELOCITY_LIMIT|SET_PRESSURE_ADVANCE|SET_GCODE_VAR|TIMELAPSE|RESPOND)/
/** Macros that stand for a whole start or end: without them nothing is heated or homed. */
const startOrEnd = /START|END|BEGIN|FINISH|HOME/

/** M-codes that every file for Bambu Lab's printers begins with, and no other firmware knows. */
const bambu = new Set([620, 621, 622, 623])

/** Families of the slicers' words for firmwares, by the dialect that reads them rightly. */
const understood: Readonly<Record<Dialect, RegExp>> = {
  marlin: /marlin|reprap$|sprinter|teacup|repetier|griffin|ultigcode/,
  prusa: /marlin|reprap$|sprinter|prusa/,
  klipper: /klipper|marlin|reprap$|sprinter|repetier/,
  reprapfirmware: /rrf|reprap|duet|rapid/,
  repetier: /repetier|marlin|reprap$|sprinter|teacup/,
  smoothieware: /smoothie|marlin|reprap$|sprinter|teacup/,
}

export class DialectCheck {
  readonly #findings: Findings
  readonly #dialect: Dialect

  constructor(dialect: Dialect, findings: Findings) {
    this.#dialect = dialect
    this.#findings = findings
  }

  command(command: Command): void {
    const isRepRap = this.#dialect === 'reprapfirmware'
    if (command.letter === LETTER_M) {
      if (bambu.has(command.number)) this.#add('bambu-command', 'refuse', command)
      else if (command.number === 98 && !isRepRap) this.#add('reprapfirmware-command', 'warn', command)
    } else if (command.letter === LETTER_G && command.number === 10 && has(command, P) && !isRepRap) {
      // Marlin and Klipper would pull filament back instead of setting a temperature.
      if (this.#dialect !== 'smoothieware') this.#add('reprapfirmware-command', 'refuse', command)
    }
  }

  /** A command that is a word; `name` in capitals. Klipper's printers have macros of their own: any may be right there. */
  extended(name: string, command: Command): void {
    const text = textOf({ ...command, to: Math.min(command.to, command.from + 64) })
    if (conditional.test(text)) {
      if (this.#dialect !== 'reprapfirmware') this.#add('reprapfirmware-command', 'refuse', command)
    } else if (klipperWord.test(text) && this.#dialect !== 'klipper') {
      const severity = dispensable.test(name) ? 'note' : startOrEnd.test(name) ? 'refuse' : 'warn'
      this.#add('klipper-command', severity, command)
    }
  }

  /** The firmware that the slicer was told to write for. */
  flavour(flavour: string): void {
    const word = flavour.trim().toLowerCase()
    if (word === '' || understood[this.#dialect].test(word)) return
    // Bambu's files and those for other ways of control move a machine of another make.
    const foreign = /bambu|bbl|makerware|sailfish|mach3|machinekit/.test(word)
    this.#findings.add('flavour-mismatch', foreign ? 'refuse' : 'warn', 0, {
      flavour: flavour.slice(0, 60),
      dialect: this.#dialect,
    })
  }

  #add(
    code: 'bambu-command' | 'reprapfirmware-command' | 'klipper-command',
    severity: 'refuse' | 'warn' | 'note',
    command: Command,
  ): void {
    const words = textOf({ ...command, to: Math.min(command.to, command.from + 60) }).split(/\s/, 1)
    this.#findings.add(code, severity, command.line, { command: words[0] ?? '', dialect: this.#dialect }, severity)
  }
}
