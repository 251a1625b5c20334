// The gate: a slice is printed only if it lays the right amount, at the right place and height, and says nothing else.
import {
  type Box,
  type Command,
  type CommandSink,
  Interpreter,
  type ModalState,
  roles,
  SlicerMarks,
  textOf,
} from '../../gcode/index.ts'
import type { FirmwareDialect } from '../contract/printers.ts'
import { type Refusal, refuse } from '../contract/refusals.ts'
import { isAllowedInSlice } from './slice-commands.ts'

/** What a slice should come to. Lengths in mm, areas in mm², volumes in mm³. */
export interface Expected {
  /** Where the parts stand. */
  readonly box: Box
  /** Of all parts; null where it is not known, because a mesh is not closed. */
  readonly volume: number | null
  readonly area: number
  readonly layerHeight: number
  readonly lineWidth: number
  /** Of a raft below the parts. */
  readonly raftHeight: number
  /** 0 to 1: what is filled; 1 where all of it is. */
  readonly infill: number
  /** 1: as much as its volume says. */
  readonly flow: number
  readonly filamentArea: number
  readonly dialect: FirmwareDialect
}

/** Extrusions that are no part of the part. */
const besides = new Set(['unknown', 'custom', 'skirt', 'brim', 'raft', 'support', 'support-interface', 'wipe-tower'])

/** What a slice lays, as far as the gate asks. Volumes in mm³. */
export interface Laid {
  readonly partVolume: number
  readonly besidesVolume: number
  /** Of the part: the highest bead, and the box around the middles of its beads. */
  readonly box: Box | null
  readonly commands: number
  /** The first that is not allowed. */
  readonly foreign: string | null
}

/** Feed a scanner into it: every command and comment of the file. */
export class LaidReader implements CommandSink {
  readonly #dialect: FirmwareDialect
  readonly #area: number
  readonly #marks = new SlicerMarks()
  readonly #interpreter: Interpreter
  #partVolume = 0
  #besidesVolume = 0
  #commands = 0
  #foreign: string | null = null
  #minX = Number.POSITIVE_INFINITY
  #minY = Number.POSITIVE_INFINITY
  #minZ = Number.POSITIVE_INFINITY
  #maxX = Number.NEGATIVE_INFINITY
  #maxY = Number.NEGATIVE_INFINITY
  #maxZ = Number.NEGATIVE_INFINITY

  constructor(dialect: FirmwareDialect, filamentArea: number) {
    this.#dialect = dialect
    this.#area = filamentArea
    this.#interpreter = new Interpreter({
      move: (dx, dy, _dz, de, _feedrate, state) => this.#move(dx, dy, de, state),
      wait: () => {},
    })
  }

  command(command: Command): void {
    this.#commands++
    if (this.#foreign === null && !isAllowedInSlice(command, this.#dialect))
      this.#foreign = textOf(command).slice(0, 60)
    this.#interpreter.command(command)
  }

  comment(bytes: Uint8Array, from: number, to: number): void {
    this.#marks.comment(bytes, from, to)
  }

  get laid(): Laid {
    const isEmpty = this.#minX > this.#maxX
    const box = {
      minX: this.#minX,
      minY: this.#minY,
      minZ: this.#minZ,
      maxX: this.#maxX,
      maxY: this.#maxY,
      maxZ: this.#maxZ,
    }
    return {
      partVolume: this.#partVolume,
      besidesVolume: this.#besidesVolume,
      box: isEmpty ? null : box,
      commands: this.#commands,
      foreign: this.#foreign,
    }
  }

  #move(dx: number, dy: number, de: number, { x, y, z }: ModalState): void {
    if (de <= 0 || (dx === 0 && dy === 0)) return
    if (besides.has(roles[this.#marks.role] ?? 'unknown')) {
      this.#besidesVolume += de * this.#area
      return
    }
    this.#partVolume += de * this.#area
    this.#minX = Math.min(this.#minX, x, x - dx)
    this.#maxX = Math.max(this.#maxX, x, x - dx)
    this.#minY = Math.min(this.#minY, y, y - dy)
    this.#maxY = Math.max(this.#maxY, y, y - dy)
    this.#minZ = Math.min(this.#minZ, z)
    this.#maxZ = Math.max(this.#maxZ, z)
  }
}

/** Beads beside the edge of the part, in line widths. */
const BEYOND = 1.5
/** Of a part that is filled wholly: how far what is laid may be from its volume. */
const SOLID = { least: 0.9, most: 1.1 }
/** Of what its skin alone takes. */
const LEAST_SKIN = 0.3
const MOST_OF_VOLUME = 1.15

/** Why this slice is not printed, or null. */
export const refuseSlice = (laid: Laid, expected: Expected): Refusal | null => {
  if (laid.foreign !== null) return refuse('slice.foreign-command', { command: laid.foreign })
  if (laid.box === null || laid.partVolume <= 0) return refuse('slice.nothing-laid')
  return refuseHeight(laid.box, expected) ?? refusePlace(laid.box, expected) ?? refuseAmount(laid.partVolume, expected)
}

const refuseHeight = (box: Box, { box: part, layerHeight, raftHeight }: Expected): Refusal | null => {
  const height = part.maxZ - part.minZ + raftHeight
  // A layer is laid where at least half of it is part.
  const off = Math.abs(box.maxZ - height)
  if (off <= layerHeight + 0.02) return null
  return refuse('slice.height', { printed: box.maxZ.toFixed(2), wanted: height.toFixed(2) })
}

const refusePlace = (box: Box, { box: part, lineWidth }: Expected): Refusal | null => {
  const slack = BEYOND * lineWidth
  const out = Math.max(part.minX - box.minX, part.minY - box.minY, box.maxX - part.maxX, box.maxY - part.maxY)
  const missing = Math.max(box.minX - part.minX, box.minY - part.minY, part.maxX - box.maxX, part.maxY - box.maxY)
  if (out > slack) return refuse('slice.outside', { millimetres: out.toFixed(1) })
  // Points finer than a bead are left out at the sides of the part; a missing half is not a point.
  const widest = Math.max(part.maxX - part.minX, part.maxY - part.minY)
  if (missing > Math.max(6 * lineWidth, widest * 0.2))
    return refuse('slice.missing', { millimetres: missing.toFixed(1) })
  return null
}

const refuseAmount = (laid: number, expected: Expected): Refusal | null => {
  const { volume, area, lineWidth, infill, flow } = expected
  if (volume === null) return null
  const skin = area * lineWidth
  const least =
    flow *
    (infill >= 1 ? SOLID.least * volume - 0.1 * skin : Math.min(volume * 0.6, LEAST_SKIN * Math.min(volume, skin)))
  const most = flow * ((infill >= 1 ? SOLID.most : MOST_OF_VOLUME) * volume + 0.2 * skin)
  if (laid >= least && laid <= most) return null
  const values = { laid: (laid / 1000).toFixed(1), volume: (volume / 1000).toFixed(1) }
  return laid < least ? refuse('slice.too-little', values) : refuse('slice.too-much', values)
}
