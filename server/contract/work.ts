// What is queued as orders, by queue. An order only wakes: the rows say what is to be done.
import * as Type from 'typebox'
import { Id } from './values.ts'

export const AnalyseOrder = Type.Object({ fileId: Id })
export type AnalyseOrder = Type.Static<typeof AnalyseOrder>

export const PrintOrder = Type.Object({ printId: Id })
export type PrintOrder = Type.Static<typeof PrintOrder>

/** Something of the bookings is due at this second: look. */
export const TimeOrder = Type.Object({ at: Type.Integer() })
export type TimeOrder = Type.Static<typeof TimeOrder>

export const PullOrder = Type.Object({ pullId: Id })
export type PullOrder = Type.Static<typeof PullOrder>

/** Read a file as a model. */
export const ModelOrder = Type.Object({ modelId: Id })
export type ModelOrder = Type.Static<typeof ModelOrder>

/** Make something of models. */
export const ModelWorkOrder = Type.Object({ workId: Id, round: Id })
export type ModelWorkOrder = Type.Static<typeof ModelWorkOrder>

export const SliceOrder = Type.Object({ sliceId: Id })
export type SliceOrder = Type.Static<typeof SliceOrder>

export const sliceQueue = 'slice'
export const analyseQueue = 'analyse'
export const timesQueue = 'booking-times'
export const pullQueue = 'pull'
export const modelQueue = 'models'
/** For what somebody waits for: it does not stand behind a design of a hundred files. */
export const modelWorkQueue = 'model-work'

/** One queue for each bridge. BullMQ allows no colon in a name. */
export const printQueue = (bridge: string): string => `print-${bridge}`

/** Names of bridges: they become parts of queue names and paths. */
export const isBridgeName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)
