// Members, their sessions, and invitations to become one.
import { createHash, randomBytes } from 'node:crypto'
import sql from 'sql-template-tag'
import type { Me, Member } from '../contract/members.ts'
import type { Role } from '../contract/permissions.ts'
import type { Database } from './database.ts'

const SESSION = '30 days'
const INVITATION = '7 days'

/** A secret for a cookie or a link; only its hash is kept. */
const newToken = (): string => randomBytes(32).toString('base64url')
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Returns the new member's id, or null where the name is taken. */
export const createMember = async (
  db: Database,
  member: { name: string; role: Role; passwordHash: string },
): Promise<number | null> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO member (name, role, password_hash)
    VALUES (${member.name}, ${member.role}, ${member.passwordHash})
    ON CONFLICT (name) DO NOTHING RETURNING id`)
  return row?.id ?? null
}

export const listMembers = (db: Database): Promise<Member[]> =>
  db.rows<Member>(sql`SELECT id, name, role, created_at AS "createdAt" FROM member ORDER BY name`)

/** The member of that name, however it is written, with the hash of the password. */
export const memberByName = (db: Database, name: string): Promise<(Me & { passwordHash: string }) | null> =>
  db.row<Me & { passwordHash: string }>(sql`
    SELECT id, name, role, password_hash AS "passwordHash" FROM member WHERE name = ${name}`)

/** Returns the token for the member's cookie. */
export const openSession = async (db: Database, memberId: number): Promise<string> => {
  const token = newToken()
  await db.run(sql`
    INSERT INTO session (token_hash, member_id, ends_at)
    VALUES (${hashOf(token)}, ${memberId}, now() + ${SESSION}::interval)`)
  return token
}

/** Whose session it is; null for one that has ended or never was. Its end moves on while it is used. */
export const memberBySession = async (db: Database, token: string): Promise<Me | null> => {
  const hash = hashOf(token)
  const row = await db.row<Me & { stale: boolean }>(sql`
    SELECT member.id, member.name, member.role, session.seen_at < now() - interval '1 hour' AS stale
    FROM session JOIN member ON member.id = session.member_id
    WHERE token_hash = ${hash} AND ends_at > now()`)
  if (row === null) return null
  const { stale, ...me } = row
  if (stale) {
    await db.run(sql`
      UPDATE session SET seen_at = now(), ends_at = now() + ${SESSION}::interval WHERE token_hash = ${hash}`)
  }
  return me
}

export const closeSession = async (db: Database, token: string): Promise<void> => {
  await db.run(sql`DELETE FROM session WHERE token_hash = ${hashOf(token)}`)
}

export const sweepSessions = (db: Database): Promise<number> => db.run(sql`DELETE FROM session WHERE ends_at < now()`)

export const createInvitation = async (
  db: Database,
  role: Role,
  invitedBy: number,
): Promise<{ token: string; role: Role; endsAt: string }> => {
  const token = newToken()
  const row = await db.row<{ endsAt: string }>(sql`
    INSERT INTO invitation (token_hash, role, invited_by, ends_at)
    VALUES (${hashOf(token)}, ${role}, ${invitedBy}, now() + ${INVITATION}::interval)
    RETURNING ends_at AS "endsAt"`)
  return { token, role, endsAt: row?.endsAt ?? '' }
}

/** Uses an invitation up and returns its role; null where it was used or has ended. Call it in the transaction that makes the member. */
export const useInvitation = async (db: Database, token: string): Promise<Role | null> => {
  const row = await db.row<{ role: Role }>(sql`
    UPDATE invitation SET used_at = now()
    WHERE token_hash = ${hashOf(token)} AND used_at IS NULL AND ends_at > now() RETURNING role`)
  return row?.role ?? null
}

export const isMember = async (db: Database, id: number): Promise<boolean> =>
  (await db.row(sql`SELECT id FROM member WHERE id = ${id}`)) !== null
