// What is queued as orders, by queue. An order only wakes: the rows say what is to be done.
import * as Type from 'typebox'
import { Id } from './values.ts'

export const AnalyseOrder = Type.Object({ fileId: Id })
export type AnalyseOrder = Type.Static<typeof AnalyseOrder>

export const PrintOrder = Type.Object({ printId: Id })
export type PrintOrder = Type.Static<typeof PrintOrder>

export const SliceOrder = Type.Object({ sliceId: Id })
export type SliceOrder = Type.Static<typeof SliceOrder>

export const sliceQueue = 'slice'

export const analyseQueue = 'analyse'

/** One queue for each bridge. BullMQ allows no colon in a name. */
export const printQueue = (bridge: string): string => `print-${bridge}`

/** Names of bridges: they become parts of queue names and paths. */
export const isBridgeName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)
