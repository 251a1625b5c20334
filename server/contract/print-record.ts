// How far a print has come, and what its printer remembered there: enough to go on with it after a reset.
import * as Type from 'typebox'
import type { ModalState } from '../../gcode/index.ts'
import { Id, Instant, nullable, oneOf } from './values.ts'

/** What a printer remembers after a line. Lengths in mm, feedrate in mm/s, temperatures in °C, fan from 0 to 1. */
export const ModalRecord = Type.Object({
  /** In the machine's coordinates; the offsets are what a coordinate of the file lacks of them. */
  x: Type.Number(),
  y: Type.Number(),
  z: Type.Number(),
  /** What E words have added up to. */
  e: Type.Number(),
  offsetX: Type.Number(),
  offsetY: Type.Number(),
  offsetZ: Type.Number(),
  offsetE: Type.Number(),
  relative: Type.Boolean(),
  relativeE: Type.Boolean(),
  /** 1, or 25.4 after G20. */
  unit: Type.Number(),
  feedrate: Type.Number(),
  feedrateFactor: Type.Number(),
  flowFactor: Type.Number(),
  /** mm² of filament; 0 where E is a length. */
  volumetricArea: Type.Number(),
  plane: Type.Integer(),
  tool: Type.Integer(),
  /** 1 for X, 2 for Y, 4 for Z. */
  homedAxes: Type.Integer(),
  firmwareRetracted: Type.Boolean(),
  /** Filament that is pulled back by E words and not yet fed again, in mm. */
  retracted: Type.Number(),
  /** By tool; those that were never heated are left out at the end. */
  nozzleTargets: Type.Array(Type.Number()),
  bedTarget: Type.Number(),
  chamberTarget: Type.Number(),
  fan: Type.Number(),
})
export type ModalRecord = Type.Static<typeof ModalRecord>

/** The last line of a print that its printer has accepted; never one that it may not have. */
export const PrintRecord = Type.Object({
  printId: Id,
  /** Bytes of the file that are done. */
  bytes: Type.Integer({ minimum: 0 }),
  totalBytes: Type.Integer({ minimum: 0 }),
  modal: ModalRecord,
  /** From 1; null before the first, and where the file does not mark them. */
  layer: nullable(Type.Integer()),
  object: nullable(Type.String()),
  /** Seconds of motion as the analysis counts them. */
  doneSeconds: Type.Number(),
  totalSeconds: Type.Number(),
  remainingSeconds: nullable(Type.Number()),
  /** Lines that were asked for again, and times that the printer ran dry, so far. */
  resends: Type.Integer(),
  underruns: Type.Integer(),
  at: Instant,
})
export type PrintRecord = Type.Static<typeof PrintRecord>

/** What a bridge keeps of a print on its own disk until the database has it. */
export const KeptPrints = Type.Array(
  Type.Object({
    /** The process that had claimed the print. */
    instance: Type.String(),
    record: PrintRecord,
    /** How it ended, as long as that is not written; null: it was under way. */
    outcome: nullable(
      Type.Object({
        state: oneOf('completed', 'failed', 'cancelled', 'interrupted'),
        reason: nullable(Type.String()),
        acceptedBytes: Type.Integer(),
      }),
    ),
  }),
)
export type KeptPrint = Type.Static<typeof KeptPrints>[number]

/** Infinite and missing numbers do not survive JSON. */
const sound = (value: number): number => (Number.isFinite(value) ? value : 0)

/** `retracted` in mm. */
export const modalRecordOf = (state: Readonly<ModalState>, retracted: number): ModalRecord => {
  const targets = [...state.nozzleTargets]
  return {
    x: sound(state.x),
    y: sound(state.y),
    z: sound(state.z),
    e: sound(state.e),
    offsetX: sound(state.offsetX),
    offsetY: sound(state.offsetY),
    offsetZ: sound(state.offsetZ),
    offsetE: sound(state.offsetE),
    relative: state.relative,
    relativeE: state.relativeE,
    unit: state.unit,
    feedrate: sound(state.feedrate),
    feedrateFactor: state.feedrateFactor,
    flowFactor: state.flowFactor,
    volumetricArea: state.volumetricArea,
    plane: state.plane,
    tool: state.tool,
    homedAxes: state.homedAxes,
    firmwareRetracted: state.firmwareRetracted,
    retracted,
    nozzleTargets: targets.slice(0, targets.findLastIndex((target) => target > 0) + 1),
    bedTarget: state.bedTarget,
    chamberTarget: state.chamberTarget,
    fan: state.fan,
  }
}
