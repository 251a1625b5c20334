// What a printer can be set to while it runs, what it says to people, and what it waits for from them.
import * as Type from 'typebox'
import { Instant, nullable, oneOf } from './values.ts'

/** Texts that come from printers are cut: fifty printers must fit into one signal. */
export const LONGEST_SAYING = 160
export const LONGEST_LABEL = 40
export const MOST_BUTTONS = 8

/** A question of the firmware (`//action:prompt_begin` ...); answered by the place of a button, from 0. */
export const HostPrompt = Type.Object({ text: Type.String(), buttons: Type.Array(Type.String()) })
export type HostPrompt = Type.Static<typeof HostPrompt>

/**
 * Somebody must do something before it goes on. `file`: the file says M0 or M1, and the bridge holds its lines back.
 * `firmware`: the firmware itself stands still until it is told to go on.
 */
export const PersonWait = Type.Object({
  by: oneOf('file', 'firmware'),
  text: Type.String(),
  /** When it goes on by itself, or null. */
  until: nullable(Instant),
})
export type PersonWait = Type.Static<typeof PersonWait>

export const filamentSteps = ['parking', 'unloading', 'insert', 'loading', 'priming', 'check', 'returning'] as const
export type FilamentStep = (typeof filamentSteps)[number]

/** A change of filament that the bridge leads. At `insert` and `check` it waits for a person. */
export const FilamentChangeState = Type.Object({
  step: oneOf(...filamentSteps),
  /** Why: asked by whom, or what the file says. */
  reason: Type.String(),
  tool: Type.Integer(),
})
export type FilamentChangeState = Type.Static<typeof FilamentChangeState>

/** Somebody prints from the printer's card or with its knob. */
export const ManualPrint = Type.Object({
  file: nullable(Type.String()),
  /** Bytes of its file, where the printer tells them. */
  doneBytes: nullable(Type.Number()),
  totalBytes: nullable(Type.Number()),
  paused: Type.Boolean(),
  since: Instant,
})
export type ManualPrint = Type.Static<typeof ManualPrint>

export const PrinterControls = Type.Object({
  /** M220 and M221 as factors, the part fan from 0 to 1; null as long as nobody has said. */
  feedrateFactor: nullable(Type.Number()),
  flowFactor: nullable(Type.Number()),
  fan: nullable(Type.Number()),
  /** Sum of the baby-steps since the printer was connected, in mm; up is positive. */
  babyStep: Type.Number(),
  /** Which axes stand where the printer says they do. */
  homed: Type.Boolean(),
  /** The text on the printer's display (M117), or what it tells its host. */
  message: nullable(Type.String()),
  /** M73: percent done and minutes left, as the file says. */
  announced: nullable(Type.Object({ percent: nullable(Type.Number()), minutesLeft: nullable(Type.Number()) })),
  prompt: nullable(HostPrompt),
  wait: nullable(PersonWait),
  filament: nullable(FilamentChangeState),
  manual: nullable(ManualPrint),
  /** When the nozzle is switched off because of a long pause, or was. */
  nozzleOffAt: nullable(Instant),
})
export type PrinterControls = Type.Static<typeof PrinterControls>

/** An object of the plate that a file labels; its centre in mm where it is known. */
export const PlateObject = Type.Object({
  name: Type.String(),
  /** Given up: it is no longer printed. */
  excluded: Type.Boolean(),
  x: nullable(Type.Number()),
  y: nullable(Type.Number()),
})
export type PlateObject = Type.Static<typeof PlateObject>

/** More than these are not offered one by one. */
export const MOST_OBJECTS = 200
