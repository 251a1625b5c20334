// What stewards decide about designs whose licence does not say that they may be printed.
import sql, { type Sql } from 'sql-template-tag'
import type { Approval } from '../contract/licences.ts'
import { type Refusal, refuse } from '../contract/refusals.ts'
import type { Database } from './database.ts'
import { newestVersion } from './designs.ts'

/** For what a decision holds: the licence as it is understood, or as it is written. */
const licenceKey = (licence: Sql): Sql => sql`coalesce(${licence}->>'expression', ${licence}->>'written')`

const selectApproval = (where: Sql): Sql => sql`
  SELECT design.id AS "designId", v.name AS "designName", v.licence, asker.name::text AS "askedBy", a.asked_at AS "askedAt",
    a.question, CASE WHEN a.licence = ${licenceKey(sql`v.licence`)} THEN a.decision END AS decision, a.note,
    decider.name::text AS "decidedBy", a.decided_at AS "decidedAt"
  FROM ${newestVersion} JOIN design_approval a ON a.design_id = design.id
  LEFT JOIN member asker ON asker.id = a.asked_by LEFT JOIN member decider ON decider.id = a.decided_by
  WHERE design.removed_at IS NULL AND ${where}`

export const readApproval = (db: Database, designId: number): Promise<Approval | null> =>
  db.row(selectApproval(sql`design.id = ${designId}`))

export const listApprovals = (db: Database): Promise<Approval[]> =>
  db.rows(
    selectApproval(
      sql`true ORDER BY a.decision IS NOT NULL, coalesce(a.decided_at, a.asked_at) DESC, design.id LIMIT 200`,
    ),
  )

/** A question that was asked before is replaced; a decision stays. */
export const askApproval = async (
  db: Database,
  designId: number,
  memberId: number,
  question: string,
): Promise<void> => {
  await db.run(sql`
    INSERT INTO design_approval (design_id, licence, question, asked_by, asked_at)
    SELECT design.id, ${licenceKey(sql`v.licence`)}, ${question}, ${memberId}, now() FROM ${newestVersion}
    WHERE design.id = ${designId}
    ON CONFLICT (design_id) DO UPDATE SET question = excluded.question, asked_by = excluded.asked_by, asked_at = now(),
      decision = CASE WHEN design_approval.licence = excluded.licence THEN design_approval.decision END,
      decided_at = CASE WHEN design_approval.licence = excluded.licence THEN design_approval.decided_at END,
      licence = excluded.licence`)
}

export const decideApproval = async (
  db: Database,
  designId: number,
  by: number,
  { decision, note }: { decision: 'allowed' | 'refused'; note: string },
): Promise<void> => {
  await db.run(sql`
    INSERT INTO design_approval (design_id, licence, decision, note, decided_by, decided_at)
    SELECT design.id, ${licenceKey(sql`v.licence`)}, ${decision}, ${note}, ${by}, now() FROM ${newestVersion}
    WHERE design.id = ${designId}
    ON CONFLICT (design_id) DO UPDATE SET licence = excluded.licence, decision = excluded.decision, note = excluded.note,
      decided_by = excluded.decided_by, decided_at = now()`)
}

export const withdrawApproval = async (db: Database, designId: number): Promise<void> => {
  await db.run(sql`DELETE FROM design_approval WHERE design_id = ${designId}`)
}

/** What somebody wants to slice or print: a file of a design, a file made here, or G-code of the list. */
export type Printable = { readonly designFileId: number } | { readonly derivedId: number } | { readonly fileId: number }

/**
 * Why this may not be sliced or printed now, because of the licence of a design that is in it; null: it may. What comes
 * from no design is not asked about. To be asked before anything is sliced or queued.
 */
export const designMayBePrinted = async (db: Database, wanted: Printable): Promise<Refusal | null> => {
  const row = await db.row<{ id: number; name: string; asks: string | null; decision: string | null }>(sql`
    WITH RECURSIVE up AS (
      SELECT id FROM derived_file WHERE ${startOf(wanted)}
      UNION
      SELECT p.parent_id FROM up JOIN derived_parent p ON p.derived_id = up.id WHERE p.parent_id IS NOT NULL
    ), root AS (
      SELECT p.design_file_id AS id FROM up JOIN derived_parent p ON p.derived_id = up.id WHERE p.design_file_id IS NOT NULL
      UNION SELECT ${'designFileId' in wanted ? wanted.designFileId : null}::bigint
      -- The very bytes of a design, uploaded by hand
      UNION SELECT f.id FROM design_file f JOIN file ON file.blob_id = f.blob_id
        WHERE file.id = ${'fileId' in wanted ? wanted.fileId : null} AND NOT EXISTS (SELECT FROM up)
    ), asked AS (
      SELECT v.design_id AS id, v.name, CASE WHEN f.licence IS NULL THEN v.licence->>'asks' ELSE f.licence->>'asks' END AS asks,
        (SELECT decision FROM design_approval a
          WHERE a.design_id = v.design_id AND a.licence = ${licenceKey(sql`v.licence`)}) AS decision
      FROM root JOIN design_file f ON f.id = root.id JOIN design_version v ON v.id = f.version_id
    )
    SELECT * FROM asked WHERE decision = 'refused' OR (asks IS NOT NULL AND decision IS DISTINCT FROM 'allowed')
    ORDER BY decision DESC NULLS LAST LIMIT 1`)
  if (row === null) return null
  const values = { name: row.name, designId: row.id }
  return row.decision === 'refused'
    ? refuse('design.not-allowed', values)
    : refuse('design.ask-steward', { ...values, why: reasons[row.asks ?? ''] ?? 'its licence is not clear' })
}

/** G-code that was saved here and uploaded again comes from where the same bytes come from. */
const startOf = (wanted: Printable): Sql => {
  if ('derivedId' in wanted) return sql`id = ${wanted.derivedId}`
  if (!('fileId' in wanted)) return sql`false`
  return sql`file_id = ${wanted.fileId} OR (
    blob_id = (SELECT blob_id FROM file WHERE id = ${wanted.fileId})
    AND NOT EXISTS (SELECT FROM derived_file WHERE file_id = ${wanted.fileId}))`
}

const reasons: Readonly<Record<string, string>> = {
  none: 'it has no licence',
  unknown: 'its licence is not known here',
  ambiguous: 'its licence does not say which version or kind it is',
  'non-commercial': 'its licence forbids commercial use',
}
