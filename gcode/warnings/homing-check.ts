// Whether the axes have been homed before they are moved.
import { type Command, X, Y, Z } from '../command.ts'
import type { Findings } from './findings.ts'
import type { PrinterProfile } from './profile.ts'

const ALL = (1 << X) | (1 << Y) | (1 << Z)

export class HomingCheck {
  readonly #findings: Findings
  /** Klipper and RepRapFirmware refuse to move what is not homed, whatever G92 says of it. */
  readonly #isStrict: boolean
  /** Axes that may be moved, as bits of `Command.mask`. */
  #ready = 0

  constructor(profile: PrinterProfile, findings: Findings) {
    this.#findings = findings
    this.#isStrict = profile.dialect === 'klipper' || profile.dialect === 'reprapfirmware'
  }

  /** G0 to G3. */
  motion(command: Command): void {
    const moved = command.mask & ~command.bare & ALL & ~this.#ready
    if (moved === 0) return
    const strict = this.#isStrict
    if (moved === 1 << Z) this.#findings.add('lift-before-homing', strict ? 'warn' : 'note', command.line)
    else {
      const axes = [X, Y, Z].filter((letter) => (moved & (1 << letter)) !== 0).map((n) => String.fromCharCode(65 + n))
      this.#findings.add('not-homed', strict ? 'refuse' : 'warn', command.line, { axes: axes.join(', ') })
    }
  }

  /** G28, of the axes it names or of all. */
  home(command: Command): void {
    const named = command.mask & ALL
    this.#ready |= named === 0 ? ALL : named
  }

  /** G92: whoever names a place knows where the nozzle is. */
  setPosition(command: Command): void {
    if (!this.#isStrict) this.#ready |= command.mask & ALL
  }

  /** A macro, or a file on the printer, that may home: what it did cannot be known here. */
  assume(): void {
    this.#ready = ALL
  }
}
