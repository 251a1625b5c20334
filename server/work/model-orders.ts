// The orders about models: carried out as they come, and added again where they were lost.
import { ModelOrder, ModelWorkOrder, modelQueue, modelWorkQueue } from '../contract/work.ts'
import { askDesignModels } from '../desk/design-models.ts'
import type { Database } from '../store/database.ts'
import { openWork } from '../store/model-work.ts'
import { unreadModels } from '../store/models.ts'
import type { Orders } from '../store/queues.ts'
import { makeModel } from './make-model.ts'
import { readModelFile } from './read-model.ts'

/** Engines wait for their turn among themselves; more orders than turns would only wait there. */
const MODELS_AT_ONCE = 1
const WORKS_AT_ONCE = 2

export const workOnModels = async (db: Database, orders: Orders, failed: (error: Error) => void): Promise<void> => {
  const read = ({ modelId }: ModelOrder): Promise<void> => readModelFile(db, modelId)
  const make = ({ workId, round }: ModelWorkOrder): Promise<void> => makeModel(db, workId, round)
  await orders.work(modelQueue, ModelOrder, MODELS_AT_ONCE, read, failed)
  await orders.work(modelWorkQueue, ModelWorkOrder, WORKS_AT_ONCE, make, failed)
}

/** Adding twice is harmless: whoever carries it out finds it taken. */
export const sendModelOrders = async (db: Database, orders: Orders): Promise<void> => {
  for (const modelId of await unreadModels(db)) await orders.add(modelQueue, `model-${modelId}`, { modelId })
  for (const { id, round } of await openWork(db))
    await orders.add(modelWorkQueue, `work-${id}-${round}`, { workId: id, round })
}

/** Versions of designs that have come: their shapes are read, their scripts drawn. */
export const readNewDesigns = async (db: Database, orders: Orders): Promise<void> => {
  while ((await askDesignModels(db)) > 0) await sendModelOrders(db, orders)
}
