// Members: their accounts, as stewards see and change them.
import sql, { empty, type Sql } from 'sql-template-tag'
import type { Me, Member } from '../contract/members.ts'
import type { Limit, Role } from '../contract/permissions.ts'
import type { Database } from './database.ts'

/** The columns that make a Me; who is here in person has no scopes. */
export const meColumns = sql`member.id, member.name, member.role, member.limits, member.language, NULL AS scopes`

/** Whether the account works. */
export const isActive = sql`(member.deactivated_at IS NULL AND member.removed_at IS NULL)`

const selectMember = (where: Sql): Sql => sql`
  SELECT member.id, member.name, member.role, member.limits, member.email, member.deactivated_at IS NULL AS active,
    member.totp_since IS NOT NULL AS "hasSecondFactor",
    EXISTS (SELECT FROM member_identity WHERE member_id = member.id AND follows_groups) AS "followsGroups",
    member.created_at AS "createdAt",
    (SELECT max(seen_at) FROM session WHERE session.member_id = member.id) AS "seenAt"
  FROM member WHERE member.removed_at IS NULL ${where}`

/** Returns the new member's id, or null where the name is taken. `passwordHash` null: he comes in by another door. */
export const createMember = async (
  db: Database,
  member: {
    name: string
    role: Role
    passwordHash: string | null
    limits?: readonly Limit[]
    email?: string | null
  },
): Promise<number | null> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO member (name, role, password_hash, limits, email)
    VALUES (${member.name}, ${member.role}, ${member.passwordHash}, ${JSON.stringify(member.limits ?? [])},
      ${member.email ?? null})
    ON CONFLICT (name) WHERE removed_at IS NULL DO NOTHING RETURNING id`)
  return row?.id ?? null
}

export const listMembers = (db: Database): Promise<Member[]> =>
  db.rows<Member>(selectMember(sql`ORDER BY member.deactivated_at IS NOT NULL, member.name`))

export const readMember = (db: Database, id: number): Promise<Member | null> =>
  db.row<Member>(selectMember(sql`AND member.id = ${id}`))

export const readMe = (db: Database, id: number): Promise<Me | null> =>
  db.row<Me>(sql`SELECT ${meColumns} FROM member WHERE member.id = ${id} AND ${isActive}`)

export interface Credentials {
  readonly passwordHash: string | null
  readonly hasSecondFactor: boolean
}

const selectCredentials = (where: Sql): Sql => sql`
  SELECT ${meColumns}, member.password_hash AS "passwordHash", member.totp_since IS NOT NULL AS "hasSecondFactor"
  FROM member WHERE ${isActive} ${where}`

/** The active member of that name, however it is written, with the hash of the password. */
export const memberByName = (db: Database, name: string): Promise<(Me & Credentials) | null> =>
  db.row<Me & Credentials>(selectCredentials(sql`AND member.name = ${name}`))

export const credentialsOf = (db: Database, id: number): Promise<(Me & Credentials) | null> =>
  db.row<Me & Credentials>(selectCredentials(sql`AND member.id = ${id}`))

/** Of this name or this e-mail address; several may share an address. */
export const membersToReset = (db: Database, who: string): Promise<{ id: number; name: string; email: string }[]> =>
  db.rows(sql`
    SELECT id, name, email FROM member
    WHERE (name = ${who} OR email = ${who}) AND email IS NOT NULL AND ${isActive} ORDER BY id LIMIT 5`)

export interface MemberChange {
  readonly name?: string | undefined
  readonly role?: Role | undefined
  readonly limits?: readonly Limit[] | undefined
  readonly active?: boolean | undefined
}

/** Throws where the name is taken: `brokenConstraint` says `member_name`. */
export const changeMember = async (db: Database, id: number, change: MemberChange): Promise<void> => {
  const { name = null, role = null, limits, active } = change
  await db.run(sql`
    UPDATE member SET name = coalesce(${name}, name), role = coalesce(${role}, role),
      limits = coalesce(${limits === undefined ? null : JSON.stringify(limits)}, limits)
      ${
        active === undefined
          ? empty
          : sql`, deactivated_at = ${active ? sql`NULL` : sql`coalesce(deactivated_at, now())`}`
      }
    WHERE id = ${id} AND removed_at IS NULL`)
}

/** Nobody comes in by this account any more; its row stays, for the jobs that name it. */
export const removeMember = async (db: Database, id: number): Promise<void> => {
  await db.run(sql`
    UPDATE member SET removed_at = now(), password_hash = NULL, email = NULL, totp_secret = NULL, totp_since = NULL
    WHERE id = ${id}`)
  await db.run(sql`DELETE FROM member_identity WHERE member_id = ${id}`)
  await db.run(sql`DELETE FROM recovery_code WHERE member_id = ${id}`)
  await db.run(sql`DELETE FROM password_reset WHERE member_id = ${id}`)
}

/** What this member still has in the queue is given up. */
export const cancelWaitingJobs = (db: Database, memberId: number): Promise<number> =>
  db.run(sql`
    UPDATE job SET state = 'cancelled', to_start = 0, ended_at = now()
    WHERE member_id = ${memberId} AND state IN ('queued', 'undecided')`)

/**
 * Active stewards whose settings no limit binds, their rows held until the transaction ends: two who leave at once
 * cannot both believe that the other stays.
 */
export const holdStewards = async (db: Database): Promise<number[]> =>
  (
    await db.rows<{ id: number }>(sql`
      SELECT id FROM member WHERE role = 'steward' AND ${isActive} ORDER BY id FOR UPDATE`)
  ).map(({ id }) => id)

export const setPassword = async (db: Database, id: number, passwordHash: string): Promise<void> => {
  await db.run(sql`UPDATE member SET password_hash = ${passwordHash} WHERE id = ${id}`)
}

export const isMember = async (db: Database, id: number): Promise<boolean> =>
  (await db.row(sql`SELECT id FROM member WHERE id = ${id}`)) !== null
