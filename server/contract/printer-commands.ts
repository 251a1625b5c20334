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
    heater: Type.String({ pattern: '^(T\\d{1,2}|B)$' }),
    target: Type.Number({ minimum: 0, maximum: 600 }),
  }),
  /** 0 to 1. */
  Type.Object({ kind: Type.Literal('fan'), speed: Type.Number({ minimum: 0, maximum: 1 }) }),
  /** 1 is as the file says. */
  Type.Object({ kind: Type.Literal('feedrate'), factor: Type.Number({ minimum: 0.1, maximum: 5 }) }),
  Type.Object({ kind: Type.Literal('flow'), factor: Type.Number({ minimum: 0.5, maximum: 2 }) }),
  plain('motors-off'),
  Type.Object({ kind: Type.Literal('gcode'), line: Type.String({ minLength: 1, maxLength: 90 }) }),
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
  endedAt: nullable(Instant),
})
export type PrinterCommand = Type.Static<typeof PrinterCommand>

/** In which states of a printer a command has a meaning; the bridge refuses it in all others. */
const meaningful: Readonly<Record<CommandKind, readonly SessionState[]>> = {
  pause: ['printing'],
  resume: ['paused'],
  cancel: ['printing', 'pausing', 'paused', 'resuming'],
  'emergency-stop': ['connecting', 'idle', 'printing', 'pausing', 'paused', 'resuming', 'cancelling'],
  reconnect: ['offline', 'connecting', 'idle', 'halted'],
  home: ['idle'],
  jog: ['idle', 'paused'],
  extrude: ['idle', 'paused'],
  heat: ['idle', 'printing', 'paused'],
  fan: ['idle', 'printing', 'paused'],
  feedrate: ['idle', 'printing', 'paused'],
  flow: ['idle', 'printing', 'paused'],
  'motors-off': ['idle'],
  gcode: ['idle', 'printing', 'paused'],
}

export const isMeaningful = (kind: CommandKind, state: SessionState): boolean => meaningful[kind].includes(state)

/** What is needed to ask it; of one's own print, `mind-own-prints` is enough for pause, resume and cancel. */
export const permissionFor = (kind: CommandKind): Permission => {
  if (kind === 'emergency-stop') return 'emergency-stop'
  if (kind === 'gcode') return 'console'
  return 'run-printers'
}

export const isOfOwnPrint = (kind: CommandKind): boolean => kind === 'pause' || kind === 'resume' || kind === 'cancel'

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
