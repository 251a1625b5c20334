// What a person can ask of a printer, and what became of it.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import type { Permission } from './permissions.ts'
import type { SessionState } from './printers.ts'
import { Id, IdParams, Instant, nullable, oneOf } from './values.ts'

const plain = <K extends string>(kind: K) => Type.Object({ kind: Type.Literal(kind) })

export const CommandBody = Type.Union([
  plain('pause'),
  plain('resume'),
  plain('cancel'),
  plain('emergency-stop'),
  /** Closes the port, resets the board where it can be reset, and connects again. */
  plain('reconnect'),
  Type.Object({ kind: Type.Literal('home'), axes: Type.Array(oneOf('x', 'y', 'z'), { maxItems: 3 }) }),
  Type.Object({
    kind: Type.Literal('jog'),
    x: Type.Number({ minimum: -200, maximum: 200 }),
    y: Type.Number({ minimum: -200, maximum: 200 }),
    z: Type.Number({ minimum: -200, maximum: 200 }),
  }),
  /** In mm; negative pulls back. */
  Type.Object({ kind: Type.Literal('extrude'), length: Type.Number({ minimum: -100, maximum: 100 }) }),
  Type.Object({
    kind: Type.Literal('heat'),
    /** A nozzle, the bed or the chamber. */
    heater: Type.String({ pattern: '^(T\\d{1,2}|B|C)$' }),
    target: Type.Number({ minimum: 0, maximum: 600 }),
  }),
  /** 0 to 1. */
  Type.Object({ kind: Type.Literal('fan'), speed: Type.Number({ minimum: 0, maximum: 1 }) }),
  /** 1 is as the file says. */
  Type.Object({ kind: Type.Literal('feedrate'), factor: Type.Number({ minimum: 0.1, maximum: 5 }) }),
  Type.Object({ kind: Type.Literal('flow'), factor: Type.Number({ minimum: 0.5, maximum: 2 }) }),
  plain('motors-off'),
  /** Moves the nozzle off the bed or nearer to it while it prints, in mm; up is positive. */
  Type.Object({ kind: Type.Literal('baby-step'), z: Type.Number({ minimum: -1, maximum: 1 }) }),
  Type.Object({ kind: Type.Literal('gcode'), line: Type.String({ minLength: 1, maxLength: 90 }) }),
  /** Presses one of the printer's macros. */
  Type.Object({ kind: Type.Literal('macro'), name: Type.String({ minLength: 1, maxLength: 80 }) }),
  /** Goes on where the file or the firmware waits for a person. */
  plain('continue'),
  /** Answers the question that the printer asks, by the place of the button from 0. */
  Type.Object({ kind: Type.Literal('answer-prompt'), choice: Type.Integer({ minimum: 0, maximum: 9 }) }),
  plain('change-filament'),
  /** What the person at the printer has done, or wants, in a change of filament. */
  Type.Object({ kind: Type.Literal('filament-step'), step: oneOf('load', 'prime', 'unload', 'finish') }),
  /** One object of the plate is given up; the others are printed on. */
  Type.Object({ kind: Type.Literal('exclude-object'), name: Type.String({ minLength: 1, maxLength: 200 }) }),
])
export type CommandBody = Type.Static<typeof CommandBody>
export type CommandKind = CommandBody['kind']

export const commandStates = ['asked', 'taken', 'done', 'refused', 'timed-out'] as const

export const PrinterCommand = Type.Object({
  id: Id,
  printerId: Id,
  body: CommandBody,
  state: oneOf(...commandStates),
  /** Why it was refused, for people. */
  answer: nullable(Type.String()),
  askedBy: nullable(Type.String()),
  askedAt: Instant,
  /** By then it has an answer: done, refused or timed out. */
  deadline: Instant,
  endedAt: nullable(Instant),
})
export type PrinterCommand = Type.Static<typeof PrinterCommand>

/** In which states of a printer a command has a meaning; the bridge refuses it in all others. */
const meaningful: Readonly<Record<CommandKind, readonly SessionState[]>> = {
  pause: ['printing'],
  resume: ['paused'],
  cancel: ['printing', 'pausing', 'paused', 'resuming', 'reconnecting'],
  'emergency-stop': [
    'connecting',
    'idle',
    'printing',
    'pausing',
    'paused',
    'resuming',
    'cancelling',
    'reconnecting',
    'manual',
  ],
  reconnect: ['offline', 'connecting', 'idle', 'halted', 'reconnecting'],
  home: ['idle'],
  jog: ['idle', 'paused'],
  extrude: ['idle', 'paused'],
  heat: ['idle', 'printing', 'paused', 'manual'],
  fan: ['idle', 'printing', 'paused', 'manual'],
  feedrate: ['idle', 'printing', 'paused', 'manual'],
  flow: ['idle', 'printing', 'paused', 'manual'],
  'motors-off': ['idle'],
  'baby-step': ['idle', 'printing', 'paused', 'manual'],
  gcode: ['idle', 'printing', 'paused', 'manual'],
  macro: ['idle', 'printing', 'paused'],
  // The firmware may wait at any time, also while it is being paused.
  continue: ['idle', 'printing', 'pausing', 'paused', 'resuming', 'cancelling', 'manual'],
  'answer-prompt': ['idle', 'printing', 'pausing', 'paused', 'resuming', 'cancelling', 'manual'],
  'change-filament': ['idle', 'printing', 'paused'],
  'filament-step': ['idle', 'paused'],
  'exclude-object': ['printing', 'pausing', 'paused', 'resuming'],
}

export const isMeaningful = (kind: CommandKind, state: SessionState): boolean => meaningful[kind].includes(state)

/** What is needed to ask it; of one's own print, `mind-own-prints` is enough for most. */
export const permissionFor = (kind: CommandKind): Permission => {
  if (kind === 'emergency-stop') return 'emergency-stop'
  if (kind === 'gcode') return 'console'
  if (kind === 'macro') return 'press-macros'
  return 'run-printers'
}

const ofOwnPrint: readonly CommandKind[] = [
  'pause',
  'resume',
  'cancel',
  'continue',
  'answer-prompt',
  'change-filament',
  'filament-step',
  'exclude-object',
]

/** Whether `mind-own-prints` is enough for it while one's own print is on the printer. */
export const isOfOwnPrint = (kind: CommandKind): boolean => ofOwnPrint.includes(kind)

/** Seconds after which a command is answered as timed out. What heats or moves filament takes minutes. */
const patience: Partial<Record<CommandKind, number>> = {
  pause: 900,
  resume: 1800,
  'change-filament': 1800,
  'filament-step': 1800,
  cancel: 120,
  home: 300,
  jog: 120,
  extrude: 120,
  macro: 900,
  gcode: 900,
  'emergency-stop': 10,
}
const USUAL_PATIENCE = 60

export const patienceOf = (kind: CommandKind): number => patience[kind] ?? USUAL_PATIENCE

export const askPrinter = endpoint({
  method: 'POST',
  url: '/api/printers/:id/commands',
  summary: 'Asks something of a printer; the answer comes when the bridge has dealt with it',
  // The least that any of them needs; the handler asks for each.
  access: 'look',
  params: IdParams,
  body: CommandBody,
  reply: PrinterCommand,
})

export const showCommand = endpoint({
  method: 'GET',
  url: '/api/commands/:id',
  summary: 'What became of a command',
  access: 'emergency-stop',
  params: IdParams,
  reply: PrinterCommand,
})
