// Requests that may come twice: by the key that their sender gave them.
import sql from 'sql-template-tag'
import type { Database } from './database.ts'

export interface AskedKey {
  readonly key: string
  /** Of what was asked. */
  readonly hash: Buffer
}

/** What it made; `other` where the key was used for something else; null where it is new. Under the member's lock. */
export const readKey = async (
  db: Database,
  memberId: number,
  { key, hash }: AskedKey,
): Promise<{ claimId: number } | 'other' | null> => {
  const row = await db.row<{ claimId: number; hash: Buffer }>(sql`
    SELECT claim_id AS "claimId", asked_hash AS hash FROM idempotency_key WHERE member_id = ${memberId} AND key = ${key}`)
  if (row === null) return null
  return row.hash.equals(hash) ? { claimId: row.claimId } : 'other'
}

export const saveKey = async (
  db: Database,
  memberId: number,
  { key, hash }: AskedKey,
  claimId: number,
): Promise<void> => {
  await db.run(sql`
    INSERT INTO idempotency_key (member_id, key, asked_hash, claim_id) VALUES (${memberId}, ${key}, ${hash}, ${claimId})`)
}

/** Nobody sends the same again after a week. */
export const sweepKeysOfRequests = async (db: Database): Promise<void> => {
  await db.run(sql`DELETE FROM idempotency_key WHERE created_at < now() - interval '7 days'`)
}
