// What was asked of the engines: each request once, however often it is asked.
import { createHash } from 'node:crypto'
import sql, { type Sql } from 'sql-template-tag'
import type { ModelWork, ModelWorkKind, ScadTree } from '../contract/model-work.ts'
import type { ModelNote } from '../contract/models.ts'
import type { Database } from './database.ts'
import { publish } from './notify.ts'

const KEPT = '7 days'
const LOST = '10 minutes'

const selectWork = (where: Sql): Sql =>
  sql`SELECT id, kind, state, progress, reason, notes, result FROM model_work ${where}`

export const readWork = (db: Database, id: number): Promise<ModelWork | null> =>
  db.row<ModelWork>(selectWork(sql`WHERE id = ${id}`))

export interface AskedWork {
  readonly kind: ModelWorkKind
  /** Plain JSON whose fields stand in a fixed order: its text is its name. */
  readonly request: object
  /** The page that asks and would be content with a later request instead; null: it is wanted in any case. */
  readonly editor: string | null
  readonly askedBy: number | null
}

/** How many requests of a member are not answered yet. */
export const openWorkOf = async (db: Database, memberId: number): Promise<number> => {
  const row = await db.row<{ count: number }>(sql`
    SELECT count(*) AS count FROM model_work WHERE asked_by = ${memberId} AND state IN ('waiting', 'working')`)
  return row?.count ?? 0
}

/** Asks, or joins those who asked the same; what the same page asked before is overtaken. `round` names its order. */
export const askWork = (db: Database, { kind, request, editor, askedBy }: AskedWork): Promise<Asked> =>
  db.transaction(async (inside) => {
    const text = JSON.stringify(request)
    const key = createHash('sha256').update(`${kind}\n${text}`).digest()
    if (editor !== null) await overtake(inside, editor, key)
    const editors = editor === null ? null : [editor]
    const added = await inside.row<Asked>(sql`
      INSERT INTO model_work (key, kind, request, editors, asked_by)
      VALUES (${key}, ${kind}, ${text}, ${editors}::text[], ${askedBy})
      ON CONFLICT (key) DO NOTHING RETURNING id, round, true AS "isWaiting"`)
    return added ?? (await askAgain(inside, key, editors))
  })

export interface Asked {
  readonly id: number
  readonly round: number
  /** It must be put in the queue. */
  readonly isWaiting: boolean
}

/** What was overtaken, or failed for want of time or memory, is tried again; what is under way has one more who waits. */
const askAgain = async (db: Database, key: Buffer, editors: readonly string[] | null): Promise<Asked> => {
  const again = await db.row<Asked>(sql`
    UPDATE model_work SET state = 'waiting', round = round + 1, reason = NULL, result = NULL, progress = 0,
      editors = ${editors}::text[], touched_at = now()
    WHERE key = ${key} AND (state = 'overtaken' OR (state = 'failed' AND NOT fails_always))
    RETURNING id, round, true AS "isWaiting"`)
  if (again !== null) return again
  const joined = await db.row<Asked>(sql`
    UPDATE model_work SET touched_at = now(),
      editors = CASE WHEN editors IS NULL THEN NULL ELSE editors || ${editors}::text[] END
    WHERE key = ${key} RETURNING id, round, state = 'waiting' AS "isWaiting"`)
  if (joined === null) throw new Error('A request vanished while it was asked again.')
  // Whoever wants it in any case wants it for all.
  if (editors === null) await db.run(sql`UPDATE model_work SET editors = NULL WHERE id = ${joined.id}`)
  return joined
}

/** What this page asked before is no longer wanted by it; what nobody wants any more stops. */
const overtake = async (db: Database, editor: string, key: Buffer): Promise<void> => {
  const overtaken = await db.rows<{ id: number }>(sql`
    UPDATE model_work SET editors = array_remove(editors, ${editor}),
      state = CASE WHEN array_remove(editors, ${editor}) = '{}' THEN 'overtaken' ELSE state END
    WHERE editors @> ${[editor]}::text[] AND key <> ${key} AND state IN ('waiting', 'working') RETURNING id`)
  for (const { id } of overtaken) await publish(db, 'change', { of: 'model-work', id })
}

export interface ClaimedWork {
  readonly kind: ModelWorkKind
  readonly request: unknown
}

/** Null where it is done, overtaken, or another's. */
export const claimWork = (db: Database, id: number, round: number): Promise<ClaimedWork | null> =>
  db.row<ClaimedWork>(sql`
    UPDATE model_work SET state = 'working', touched_at = now()
    WHERE id = ${id} AND round = ${round}
      AND (state = 'waiting' OR (state = 'working' AND touched_at < now() - ${LOST}::interval))
    RETURNING kind, request`)

/** Whether anybody still waits for it. */
export const isWanted = async (db: Database, id: number, round: number): Promise<boolean> =>
  (await db.row(sql`SELECT id FROM model_work WHERE id = ${id} AND round = ${round} AND state = 'working'`)) !== null

export const saveWorkProgress = async (db: Database, id: number, progress: number): Promise<void> => {
  await db.run(sql`
    UPDATE model_work SET progress = ${progress}, touched_at = now() WHERE id = ${id} AND state = 'working'`)
  await publish(db, 'change', { of: 'model-work', id })
}

/** What came of it; nothing is written where it was overtaken meanwhile. */
export const saveWork = async (
  db: Database,
  id: number,
  done: { result: NonNullable<ModelWork['result']>; notes: readonly ModelNote[] },
): Promise<void> => {
  await db.run(sql`
    UPDATE model_work SET state = 'done', progress = 1, result = ${JSON.stringify(done.result)},
      notes = ${JSON.stringify(done.notes)}, touched_at = now()
    WHERE id = ${id} AND state = 'working'`)
  await publish(db, 'change', { of: 'model-work', id })
}

export const saveWorkFailure = async (
  db: Database,
  id: number,
  failure: { reason: string; always: boolean },
): Promise<void> => {
  await db.run(sql`
    UPDATE model_work SET state = 'failed', reason = ${failure.reason}, fails_always = ${failure.always},
      touched_at = now()
    WHERE id = ${id} AND state = 'working'`)
  await publish(db, 'change', { of: 'model-work', id })
}

/** What waits, or whose worker died: its order is added again. */
export const openWork = (db: Database): Promise<{ id: number; round: number }[]> =>
  db.rows(sql`
    SELECT id, round FROM model_work
    WHERE state = 'waiting' OR (state = 'working' AND touched_at < now() - ${LOST}::interval)`)

export const sweepWork = async (db: Database): Promise<void> => {
  await db.run(sql`DELETE FROM model_work WHERE touched_at < now() - ${KEPT}::interval`)
  await db.run(sql`
    DELETE FROM scad_tree WHERE touched_at < now() - ${KEPT}::interval
      AND NOT EXISTS (SELECT FROM design_version WHERE tree = scad_tree.hash)`)
}

/** Names a list of files by its hash, the same for the same files in any order. */
export const keepTree = async (db: Database, { files }: ScadTree): Promise<string> => {
  const sorted = [...files]
    .map(({ path, hash }) => ({ path, hash }))
    .sort((one, other) => (one.path < other.path ? -1 : 1))
  const text = JSON.stringify(sorted)
  const hash = createHash('sha256').update(text).digest()
  await db.run(sql`
    INSERT INTO scad_tree (hash, files) VALUES (${hash}, ${text})
    ON CONFLICT (hash) DO UPDATE SET touched_at = now()`)
  return hash.toString('hex')
}

export const readTree = async (db: Database, tree: string): Promise<ScadTree | null> =>
  db.row<ScadTree>(sql`
    UPDATE scad_tree SET touched_at = now() WHERE hash = ${Buffer.from(tree, 'hex')} RETURNING files`)
