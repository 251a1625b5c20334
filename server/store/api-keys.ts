// Keys by which programs act in a member's name.
import sql from 'sql-template-tag'
import type { ApiKey } from '../contract/account.ts'
import type { Permission } from '../contract/permissions.ts'
import type { Database } from './database.ts'
import { hashOf, newToken } from './tokens.ts'

/** So that a key is known for what it is where it turns up: in a log, in a repository. */
const MARK = 'auz_'

/** Returns the key itself, which is nowhere kept. */
export const createKey = async (
  db: Database,
  key: { memberId: number; name: string; scopes: readonly Permission[]; days: number },
): Promise<{ key: string; id: number; endsAt: string }> => {
  const secret = MARK + newToken()
  const row = await db.row<{ id: number; endsAt: string }>(sql`
    INSERT INTO api_key (member_id, name, key_hash, scopes, ends_at)
    VALUES (${key.memberId}, ${key.name}, ${hashOf(secret)}, ${[...key.scopes]}, now() + make_interval(days => ${key.days}))
    RETURNING id, ends_at AS "endsAt"`)
  return { key: secret, ...(row as { id: number; endsAt: string }) }
}

/** Those that have ended stay in the list for a while: so one sees why a program no longer gets in. */
export const listKeys = (db: Database, memberId: number): Promise<ApiKey[]> =>
  db.rows<ApiKey>(sql`
    SELECT id, name, scopes, created_at AS "createdAt", ends_at AS "endsAt", used_at AS "usedAt", used_from AS "usedFrom"
    FROM api_key WHERE member_id = ${memberId} ORDER BY id DESC`)

/** False where it is none of his. */
export const revokeKey = async (db: Database, memberId: number, id: number): Promise<boolean> =>
  (await db.run(sql`DELETE FROM api_key WHERE id = ${id} AND member_id = ${memberId}`)) === 1

export const revokeKeys = (db: Database, memberId: number): Promise<number> =>
  db.run(sql`DELETE FROM api_key WHERE member_id = ${memberId}`)

export const sweepKeys = (db: Database): Promise<number> =>
  db.run(sql`DELETE FROM api_key WHERE ends_at < now() - interval '30 days'`)
