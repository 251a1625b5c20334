// What routes are given to work with.
import type { Config } from '../config.ts'
import type { Sources } from '../sources/source.ts'
import type { Answers } from '../store/answers.ts'
import type { Database } from '../store/database.ts'
import type { KnownCallers } from '../store/known-callers.ts'
import type { Orders } from '../store/queues.ts'
import type { StopDoors } from '../store/stop-doors.ts'
import type { TemperatureMemory } from '../store/temperatures.ts'
import type { Unwritten } from '../store/unwritten.ts'

export interface House {
  readonly db: Database
  readonly orders: Orders
  /** The way to designs elsewhere. */
  readonly sources: Sources
  readonly config: Config
  readonly temperatures: TemperatureMemory
  readonly answers: Answers
  /** For emergency stops while the database is away: who may, where to, and what is to be written of it. */
  readonly callers: KnownCallers
  readonly doors: StopDoors
  readonly unwritten: Unwritten
  /** Shown by the server at its start; asked for when the first steward comes from another computer. */
  readonly setUpCode: string
}
