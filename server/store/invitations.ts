// Links that open a door once: invitations, and new passwords.
import sql from 'sql-template-tag'
import type { Invitation, Me } from '../contract/members.ts'
import type { Limit, Role } from '../contract/permissions.ts'
import type { Database } from './database.ts'
import { isActive } from './members.ts'
import { hashOf, newToken } from './tokens.ts'

const INVITATION = '7 days'
const RESET_BY_STEWARD = '1 day'
const RESET_BY_MAIL = '1 hour'

export const createInvitation = async (
  db: Database,
  invitation: { role: Role; note: string; limits: readonly Limit[]; invitedBy: number },
): Promise<{ id: number; token: string; role: Role; endsAt: string }> => {
  const { role, note, limits, invitedBy } = invitation
  const token = newToken()
  const row = await db.row<{ id: number; endsAt: string }>(sql`
    INSERT INTO invitation (token_hash, role, note, limits, invited_by, ends_at)
    VALUES (${hashOf(token)}, ${role}, ${note}, ${JSON.stringify(limits)}, ${invitedBy}, now() + ${INVITATION}::interval)
    RETURNING id, ends_at AS "endsAt"`)
  return { token, role, ...(row as { id: number; endsAt: string }) }
}

/** Those that still work, newest first. */
export const listInvitations = (db: Database): Promise<Invitation[]> =>
  db.rows<Invitation>(sql`
    SELECT invitation.id, invitation.role, invitation.limits, note, member.name AS "invitedBy",
      invitation.created_at AS "createdAt", ends_at AS "endsAt"
    FROM invitation LEFT JOIN member ON member.id = invited_by
    WHERE used_at IS NULL AND ends_at > now() ORDER BY invitation.id DESC`)

/** False where it no longer works anyway. */
export const revokeInvitation = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`DELETE FROM invitation WHERE id = ${id} AND used_at IS NULL AND ends_at > now()`)) === 1

/** Uses an invitation up; null where it was used or has ended. Call it in the transaction that makes the member. */
export const useInvitation = (db: Database, token: string): Promise<Pick<Me, 'role' | 'limits'> | null> =>
  db.row<Pick<Me, 'role' | 'limits'>>(sql`
    UPDATE invitation SET used_at = now()
    WHERE token_hash = ${hashOf(token)} AND used_at IS NULL AND ends_at > now() RETURNING role, limits`)

/** `madeBy` null: it goes by e-mail, and works for a shorter time. Earlier links of the member stop working. */
export const createReset = async (
  db: Database,
  memberId: number,
  madeBy: number | null,
): Promise<{ token: string; endsAt: string }> => {
  const token = newToken()
  const lasts = madeBy === null ? RESET_BY_MAIL : RESET_BY_STEWARD
  await db.run(sql`DELETE FROM password_reset WHERE member_id = ${memberId} AND used_at IS NULL`)
  const row = await db.row<{ endsAt: string }>(sql`
    INSERT INTO password_reset (token_hash, member_id, made_by, ends_at)
    VALUES (${hashOf(token)}, ${memberId}, ${madeBy}, now() + ${lasts}::interval) RETURNING ends_at AS "endsAt"`)
  return { token, endsAt: row?.endsAt ?? '' }
}

/** Uses the link up and says whose it was; null where it was used or has ended. */
export const useReset = (db: Database, token: string): Promise<{ id: number; name: string } | null> =>
  db.row<{ id: number; name: string }>(sql`
    UPDATE password_reset SET used_at = now() FROM member
    WHERE token_hash = ${hashOf(token)} AND used_at IS NULL AND ends_at > now()
      AND member.id = password_reset.member_id AND ${isActive}
    RETURNING member.id, member.name`)

export const sweepLinks = async (db: Database): Promise<void> => {
  await db.run(sql`DELETE FROM invitation WHERE ends_at < now() - interval '30 days'`)
  await db.run(sql`DELETE FROM password_reset WHERE ends_at < now() - interval '30 days'`)
}
