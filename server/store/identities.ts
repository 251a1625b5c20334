// Members who are known to another house (OIDC): by its address and its name for them.
import sql from 'sql-template-tag'
import type { Role } from '../contract/permissions.ts'
import type { Database } from './database.ts'
import { createMember } from './members.ts'

export interface Identity {
  readonly issuer: string
  readonly subject: string
}

export const memberByIdentity = (
  db: Database,
  { issuer, subject }: Identity,
): Promise<{ id: number; role: Role; followsGroups: boolean; active: boolean } | null> =>
  db.row(sql`
    SELECT member.id, member.role, follows_groups AS "followsGroups",
      deactivated_at IS NULL AND removed_at IS NULL AS active
    FROM member_identity JOIN member ON member.id = member_id WHERE issuer = ${issuer} AND subject = ${subject}`)

/** False where the identity, or the member, is joined to another already. */
export const joinIdentity = async (
  db: Database,
  { issuer, subject }: Identity,
  memberId: number,
  followsGroups: boolean,
): Promise<boolean> =>
  (await db.run(sql`
    INSERT INTO member_identity (issuer, subject, member_id, follows_groups)
    VALUES (${issuer}, ${subject}, ${memberId}, ${followsGroups}) ON CONFLICT DO NOTHING`)) === 1

const MOST_NAMESAKES = 100

/** A new member for an identity; a namesake gets a number. */
export const createFromIdentity = (
  db: Database,
  identity: Identity,
  { name, role, email }: { name: string; role: Role; email: string | null },
): Promise<number> =>
  db.transaction(async (inside) => {
    for (let n = 1; n <= MOST_NAMESAKES; n++) {
      const id = await createMember(inside, { name: n === 1 ? name : `${name} ${n}`, role, passwordHash: null, email })
      if (id === null) continue
      if (!(await joinIdentity(inside, identity, id, true))) throw new Error('This identity has come in just now.')
      return id
    }
    throw new Error(`Too many members are called ${name}.`)
  })
