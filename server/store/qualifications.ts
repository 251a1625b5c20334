// What is asked for, what was granted and revoked. Grants are never changed.
import sql, { type Sql } from 'sql-template-tag'
import type { Level, methods, QualificationKind, QualificationShape } from '../contract/qualifications.ts'
import type { Database } from './database.ts'

export interface QualificationRow extends QualificationShape {
  readonly id: number
}

const columns = sql`id, name::text, kind, covers, expiry, expiry_days AS "expiryDays", next_step AS "nextStep"`

export const listQualifications = (db: Database): Promise<QualificationRow[]> =>
  db.rows<QualificationRow>(sql`SELECT ${columns} FROM qualification WHERE removed_at IS NULL ORDER BY name`)

export const readQualification = (db: Database, id: number): Promise<QualificationRow | null> =>
  db.row<QualificationRow>(sql`SELECT ${columns} FROM qualification WHERE id = ${id} AND removed_at IS NULL`)

/** Throws where the name is taken (`qualification_name`). */
export const createQualification = async (db: Database, one: QualificationShape): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO qualification (name, kind, covers, expiry, expiry_days, next_step)
    VALUES (${one.name}, ${one.kind}, ${JSON.stringify(one.covers)}, ${one.expiry}, ${one.expiryDays}, ${one.nextStep})
    RETURNING id`)
  return (row as { id: number }).id
}

/** Throws as `createQualification` does. */
export const changeQualification = async (db: Database, id: number, one: QualificationShape): Promise<void> => {
  await db.run(sql`
    UPDATE qualification SET name = ${one.name}, kind = ${one.kind}, covers = ${JSON.stringify(one.covers)},
      expiry = ${one.expiry}, expiry_days = ${one.expiryDays}, next_step = ${one.nextStep}
    WHERE id = ${id} AND removed_at IS NULL`)
}

export const removeQualification = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`UPDATE qualification SET removed_at = now() WHERE id = ${id} AND removed_at IS NULL`)) === 1

export interface GrantRow {
  readonly id: number
  readonly qualificationId: number
  readonly qualificationName: string
  readonly kind: QualificationKind
  readonly memberId: number
  readonly memberName: string
  readonly level: Level
  readonly grantedById: number
  readonly grantedBy: string
  readonly method: (typeof methods)[number]
  readonly note: string
  readonly at: string
  readonly validUntil: string | null
  readonly revokedBy: string | null
  readonly revokedReason: string | null
}

const selectGrants = (where: Sql): Sql => sql`
  SELECT granted.id, granted.qualification_id AS "qualificationId", qualification.name::text AS "qualificationName",
    qualification.kind, granted.member_id AS "memberId", member.name::text AS "memberName", granted.level,
    granted.granted_by AS "grantedById", giver.name::text AS "grantedBy", granted.method, granted.note, granted.at,
    granted.valid_until AS "validUntil", revoker.name::text AS "revokedBy", revocation.reason AS "revokedReason"
  FROM qualification_grant granted JOIN qualification ON qualification.id = granted.qualification_id
    JOIN member ON member.id = granted.member_id JOIN member giver ON giver.id = granted.granted_by
    LEFT JOIN qualification_revocation revocation ON revocation.grant_id = granted.id
    LEFT JOIN member revoker ON revoker.id = revocation.by_id
  WHERE ${where} ORDER BY granted.id DESC`

export const readGrant = (db: Database, id: number): Promise<GrantRow | null> =>
  db.row<GrantRow>(selectGrants(sql`granted.id = ${id}`))

export const grantsOfMember = (db: Database, memberId: number): Promise<GrantRow[]> =>
  db.rows<GrantRow>(selectGrants(sql`granted.member_id = ${memberId}`))

/** Of members who are still here. */
export const allGrants = (db: Database): Promise<GrantRow[]> =>
  db.rows<GrantRow>(selectGrants(sql`member.removed_at IS NULL AND qualification.removed_at IS NULL`))

export const createGrant = async (
  db: Database,
  grant: Pick<GrantRow, 'qualificationId' | 'memberId' | 'level' | 'method' | 'note' | 'validUntil'> & { by: number },
): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO qualification_grant (qualification_id, member_id, level, granted_by, method, note, valid_until)
    VALUES (${grant.qualificationId}, ${grant.memberId}, ${grant.level}, ${grant.by}, ${grant.method}, ${grant.note},
      ${grant.validUntil}) RETURNING id`)
  return (row as { id: number }).id
}

/** False where it was revoked already. */
export const createRevocation = async (db: Database, grantId: number, by: number, reason: string): Promise<boolean> =>
  (await db.run(sql`
    INSERT INTO qualification_revocation (grant_id, by_id, reason) VALUES (${grantId}, ${by}, ${reason})
    ON CONFLICT DO NOTHING`)) === 1

/** The last prints that ended well, of each member, printer and material: for what ends by disuse. */
export const lastUses = (
  db: Database,
): Promise<{ memberId: number; printerId: number; material: string; at: number }[]> =>
  db.rows(sql`
    SELECT job.member_id AS "memberId", print.printer_id AS "printerId",
      upper(coalesce(file.findings->>'filamentType', '')) AS material, extract(epoch FROM max(print.ended_at))::float8 AS at
    FROM print JOIN job ON job.id = print.job_id JOIN file ON file.id = print.file_id
    WHERE print.state = 'completed' AND job.member_id IS NOT NULL
      AND EXISTS (SELECT FROM qualification WHERE expiry = 'disuse' AND removed_at IS NULL)
    GROUP BY 1, 2, 3`)
