// Where a print goes: against the volume of the printer and the zones that the nozzle must keep out of.
import { type Command, has, X, Y, Z } from '../command.ts'
import type { ModalState } from '../modal-state.ts'
import { type Findings, rounded } from './findings.ts'
import type { PrinterProfile } from './profile.ts'
import type { Severity, WarningCode } from './warning.ts'
import { ZoneCheck } from './zone-check.ts'

/** Slicers round to thousandths, and a bed is not made that exactly. */
const PLAY = 0.01
/** So far below 0 a first layer may be pressed; deeper than the second, the nozzle harms the bed. */
const PRESSED = 0.05
const HARMFUL = 0.5
/** mm; no printer is that large. */
const ABSURD = 1e5

const XY = (1 << X) | (1 << Y)
const ALL = XY | (1 << Z)

export class SpaceCheck {
  readonly #profile: PrinterProfile
  readonly #findings: Findings
  readonly #zones: ZoneCheck
  /** Within these all is well; for a round bed it is the square inside. */
  readonly #minX: number
  readonly #maxX: number
  readonly #minY: number
  readonly #maxY: number
  readonly #maxZ: number
  readonly #travelSeverity: Severity
  /** Axes whose place is known, as bits of `Command.mask`: where home is, only the printer knows. */
  #known = 0
  #knownBefore = 0
  #wasOutside = false

  constructor(profile: PrinterProfile, findings: Findings) {
    this.#profile = profile
    this.#findings = findings
    this.#zones = new ZoneCheck(profile.zones, findings)
    const { shape, width, depth, height, originX, originY } = profile.volume
    const reach = profile.margin + PLAY
    const isRound = shape === 'round'
    const half = isRound ? (width / 2 + reach) * Math.SQRT1_2 : 0
    this.#minX = isRound ? originX - half : originX - reach
    this.#maxX = isRound ? originX + half : originX + width + reach
    this.#minY = isRound ? originY - half : originY - reach
    this.#maxY = isRound ? originY + half : originY + depth + reach
    this.#maxZ = height + PLAY
    // Klipper and RepRapFirmware break a print off that leaves their volume; others stop the nozzle at the edge.
    this.#travelSeverity = profile.dialect === 'klipper' || profile.dialect === 'reprapfirmware' ? 'refuse' : 'warn'
  }

  /** Before the moves of a command (G0 to G3) are told. */
  motion(command: Command, relative: boolean): void {
    this.#knownBefore = this.#known
    if (!relative) this.#known |= command.mask & ~command.bare & ALL
  }

  /** G28: the place of its axes is that of the endstops. */
  home(command: Command): void {
    const named = command.mask & ALL
    this.#known &= ~(named === 0 ? ALL : named)
  }

  move(dx: number, dy: number, dz: number, de: number, state: ModalState, command: Command): void {
    const { x, y, z } = state
    // So that what is no number counts as outside.
    const inside = x >= this.#minX && x <= this.#maxX && y >= this.#minY && y <= this.#maxY && z <= this.#maxZ
    if (!inside || z < -PRESSED || this.#wasOutside) {
      const extruding = de > 0 && (dx !== 0 || dy !== 0)
      // What is laid must be inside all along; of a travel, its end tells.
      if (extruding) this.#look(x - dx, y - dy, z - dz, x, y, z, true, command)
      else this.#look(x, y, z, x, y, z, false, command)
      this.#wasOutside = !inside
    }
    if (this.#zones.isEmpty || (this.#known & XY) !== XY) return
    const fromX = (this.#knownBefore & (1 << X)) === 0 ? x : x - dx
    const fromY = (this.#knownBefore & (1 << Y)) === 0 ? y : y - dy
    this.#zones.segment(fromX, fromY, x, y, z - Math.max(dz, 0), z - Math.min(dz, 0), de > 0, command.line)
  }

  #look(
    fromX: number,
    fromY: number,
    fromZ: number,
    x: number,
    y: number,
    z: number,
    extruding: boolean,
    command: Command,
  ): void {
    if (isAbsurd(x) || isAbsurd(y) || isAbsurd(z)) {
      const axis = isAbsurd(x) ? 'X' : isAbsurd(y) ? 'Y' : 'Z'
      this.#findings.add('absurd-number', 'refuse', command.line, { axis }, axis)
      return
    }
    const known = this.#known
    const { shape, width, depth, originX, originY } = this.#profile.volume
    if (shape === 'round') {
      if ((known & XY) === XY) {
        const far = Math.max(Math.hypot(fromX - originX, fromY - originY), Math.hypot(x - originX, y - originY))
        this.#side('rim', far - width / 2, extruding, command)
      }
    } else {
      if ((known & (1 << X)) !== 0) {
        this.#side('left', originX - Math.min(fromX, x), extruding, command)
        this.#side('right', Math.max(fromX, x) - originX - width, extruding, command)
      }
      if ((known & (1 << Y)) !== 0) {
        this.#side('front', originY - Math.min(fromY, y), extruding, command)
        this.#side('back', Math.max(fromY, y) - originY - depth, extruding, command)
      }
    }
    if ((known & (1 << Z)) === 0) return
    this.#high(Math.max(fromZ, z) - this.#profile.volume.height, extruding, command)
    this.#low(-Math.min(fromZ, z), extruding, command)
  }

  #side(side: string, beyond: number, extruding: boolean, command: Command): void {
    if (beyond <= this.#profile.margin + PLAY) return
    const code: WarningCode = extruding ? 'extrusion-outside' : 'travel-outside'
    const severity = extruding ? 'refuse' : this.#travelSeverity
    this.#findings.add(code, severity, command.line, { side, mm: rounded(beyond) }, side, beyond)
  }

  #high(above: number, extruding: boolean, command: Command): void {
    if (above <= PLAY) return
    const code: WarningCode = extruding ? 'extrusion-too-high' : 'travel-too-high'
    const severity = extruding ? 'refuse' : this.#travelSeverity
    const values = { mm: rounded(above), height: rounded(this.#profile.volume.height) }
    this.#findings.add(code, severity, command.line, values, '', above)
  }

  #low(below: number, extruding: boolean, command: Command): void {
    if (below <= PRESSED || !(extruding || has(command, Z))) return
    const severity = below > HARMFUL ? 'refuse' : 'warn'
    this.#findings.add('below-bed', severity, command.line, { mm: rounded(below) }, '', below)
  }
}

const isAbsurd = (place: number): boolean => !(Math.abs(place) < ABSURD)
