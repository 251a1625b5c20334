// What is notified: between processes by the database, and to browsers by the WebSocket.
import * as Type from 'typebox'
import { Telemetry } from './printers.ts'
import { Id, Instant, nullable, oneOf } from './values.ts'

/** Something was changed: whoever cares reads it anew. */
export const Change = Type.Object({
  of: oneOf(
    'printer',
    'job',
    'print',
    'file',
    'bridge',
    'site',
    'member',
    'spool',
    'maintenance',
    'queue',
    'booking',
    'handover',
    'waiting',
    'qualification',
    'notice',
    'design',
    'pull',
    'model',
    'model-work',
    'slice',
  ),
  id: Type.Integer(),
})
export type Change = Type.Static<typeof Change>

/** A command waits for this bridge. */
export const CommandCall = Type.Object({
  bridge: Type.String(),
  commandId: Id,
  printerId: Id,
  /** An emergency stop is carried out before the row is read: each millisecond counts. Who asked for it. */
  stop: Type.Optional(Type.Object({ wish: Type.String(), askedBy: nullable(Type.String()) })),
})
export type CommandCall = Type.Static<typeof CommandCall>

/** A command was answered. */
export const CommandAnswered = Type.Object({ commandId: Id, printerId: Id })
export type CommandAnswered = Type.Static<typeof CommandAnswered>

export const TelemetryBatch = Type.Object({ bridge: Type.String(), printers: Type.Array(Telemetry) })
export type TelemetryBatch = Type.Static<typeof TelemetryBatch>

/** `file`: a line of the print. `note`: something the bridge has to say. */
export const ConsoleLine = Type.Object({
  direction: oneOf('sent', 'file', 'received', 'note'),
  text: Type.String(),
  at: Instant,
})
export type ConsoleLine = Type.Static<typeof ConsoleLine>

/** Lines of a printer's wire; `left` were too many to pass on. */
export const ConsoleBatch = Type.Object({ printerId: Id, left: Type.Integer(), lines: Type.Array(ConsoleLine) })
export type ConsoleBatch = Type.Static<typeof ConsoleBatch>

/** Somebody looks at this printer's console: its bridge tells the lines for a while. */
export const ConsoleWatch = Type.Object({ printerId: Id, everything: Type.Boolean() })
export type ConsoleWatch = Type.Static<typeof ConsoleWatch>

/** Somebody wants the last lines of this printer's wire: its bridge writes them down. */
export const LogCall = Type.Object({ printerId: Id })
export type LogCall = Type.Static<typeof LogCall>

/** Channels of the database and what travels on each. */
export const channels = {
  change: Change,
  command: CommandCall,
  answer: CommandAnswered,
  telemetry: TelemetryBatch,
  console: ConsoleBatch,
  watch: ConsoleWatch,
  log: LogCall,
} as const
export type Channel = keyof typeof channels
export type SignalOf<C extends Channel> = Type.Static<(typeof channels)[C]>

/** From the server to a browser. */
export const LiveMessage = Type.Union([
  Type.Object({ kind: Type.Literal('hello'), at: Instant }),
  Type.Object({ kind: Type.Literal('telemetry'), printers: Type.Array(Telemetry) }),
  Type.Object({ kind: Type.Literal('change'), changes: Type.Array(Change) }),
  Type.Object({ kind: Type.Literal('console'), batch: ConsoleBatch }),
  /** A command has its answer: whoever asked reads it. */
  Type.Object({ kind: Type.Literal('answered'), commandId: Id }),
])
export type LiveMessage = Type.Static<typeof LiveMessage>

/** From a browser to the server: whose console it shows, or none. */
export const LiveRequest = Type.Object({
  console: Type.Union([Type.Null(), Type.Object({ printerId: Id, everything: Type.Boolean() })]),
})
export type LiveRequest = Type.Static<typeof LiveRequest>

export const liveUrl = '/api/live'
