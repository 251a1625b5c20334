// The audit log: written before a change is carried out, and completed after it.
import sql, { empty, raw, type Sql } from 'sql-template-tag'
import type { AuditEntry, AuditFilter } from '../contract/audit.ts'
import type { Database } from './database.ts'

/** Addresses are personal: they are not kept for ever. */
const KEPT = '2 years'
const EXPORT_ROWS = 500

export interface Begun {
  readonly memberId: number | null
  readonly keyName: string | null
  readonly address: string
  readonly action: string
  readonly summary: string
  readonly targetKind: string | null
  readonly targetId: number | null
  readonly details: Readonly<Record<string, unknown>>
}

/** Tables that have a name for what was changed. */
const named = new Set(['printer', 'member', 'file'])

/** The name of what is changed, as it is before; an empty reply where its table is not known or has none. */
const nameOf = (kind: string | null, id: number | null): Sql =>
  kind !== null && id !== null && named.has(kind)
    ? sql`(SELECT name::text FROM ${raw(kind)} WHERE id = ${id})`
    : sql`NULL::text`

/** Returns the entry's id. */
export const beginAudit = async (db: Database, begun: Begun): Promise<number> => {
  const kind = begun.targetKind
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO audit (member_id, member_name, key_name, address, action, summary, target_kind, target_id, target_name, details)
    VALUES (${begun.memberId}, (SELECT name FROM member WHERE id = ${begun.memberId}), ${begun.keyName}, ${begun.address},
      ${begun.action}, ${begun.summary}, ${kind}, ${begun.targetId}, ${nameOf(kind, begun.targetId)},
      ${JSON.stringify(begun.details)})
    RETURNING id`)
  return (row as { id: number }).id
}

/** Nobody waits for the disk in an emergency; the entry is lost only if the database's computer goes down right then. */
export const beginUrgentAudit = (db: Database, begun: Begun): Promise<number> =>
  db.transaction(async (inside) => {
    await inside.run(sql`SET LOCAL synchronous_commit = off`)
    return beginAudit(inside, begun)
  })

/** How it ended; what is known only now (who signed in, what was made) is filled in. */
export const endAudit = async (
  db: Database,
  id: number,
  ended: { outcome: string; memberId: number | null; targetId: number | null; targetName: string | null },
): Promise<void> => {
  await db.run(sql`
    UPDATE audit SET outcome = ${ended.outcome}, member_id = coalesce(member_id, ${ended.memberId}),
      member_name = coalesce(member_name, (SELECT name FROM member WHERE id = ${ended.memberId})),
      target_id = coalesce(target_id, ${ended.targetId}), target_name = coalesce(target_name, ${ended.targetName})
    WHERE id = ${id}`)
}

export const forgetAudit = async (db: Database, id: number): Promise<void> => {
  await db.run(sql`DELETE FROM audit WHERE id = ${id}`)
}

const selectAudit = (filter: AuditFilter, before: number | undefined, limit: number): Sql => {
  const pattern = `%${(filter.search ?? '').replace(/[\\%_]/g, '\\$&')}%`
  return sql`
    SELECT id, at, member_id AS "memberId", member_name AS "memberName", key_name AS "keyName", address, action, summary,
      target_kind AS "targetKind", target_id AS "targetId", target_name AS "targetName", details, outcome
    FROM audit WHERE true
      ${filter.memberId === undefined ? empty : sql`AND member_id = ${filter.memberId}`}
      ${filter.from === undefined ? empty : sql`AND at >= ${filter.from}`}
      ${filter.to === undefined ? empty : sql`AND at < ${filter.to}`}
      ${
        filter.search === undefined || filter.search === ''
          ? empty
          : sql`AND concat_ws(' ', member_name, summary, target_name, target_kind, address, action, outcome) ILIKE ${pattern}`
      }
      ${before === undefined ? empty : sql`AND id < ${before}`}
    ORDER BY id DESC LIMIT ${limit}`
}

/** Newest first. */
export const listAudit = (
  db: Database,
  filter: AuditFilter,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<AuditEntry[]> => db.rows<AuditEntry>(selectAudit(filter, before, limit))

/** All of them, newest first, a part at a time: a log of years does not have to fit into the memory. */
export const eachAudit = async function* (db: Database, filter: AuditFilter): AsyncGenerator<AuditEntry> {
  let before: number | undefined
  for (;;) {
    const part = await listAudit(db, filter, { before, limit: EXPORT_ROWS })
    yield* part
    before = part.at(-1)?.id
    if (part.length < EXPORT_ROWS) return
  }
}

export const sweepAudit = (db: Database): Promise<number> =>
  db.run(sql`DELETE FROM audit WHERE at < now() - ${KEPT}::interval`)
