// Sessions and keys: who asks, by the secret that comes along.
import sql, { empty } from 'sql-template-tag'
import type { Session } from '../contract/account.ts'
import type { Me } from '../contract/members.ts'
import type { Database } from './database.ts'
import { isActive, meColumns } from './members.ts'
import { hashOf, newToken } from './tokens.ts'

const SESSION = '30 days'

/** By what somebody is known: a session of a browser, or a key of a program. */
export interface Credential {
  readonly kind: 'session' | 'key'
  readonly id: number
}

/** Who asks, and by what he is known. */
export interface Caller {
  readonly me: Me
  readonly credential: Credential
  /** The name of the key; null: in person. */
  readonly keyName: string | null
}

/** Returns the token for the member's cookie. */
export const openSession = async (
  db: Database,
  memberId: number,
  { browser, address }: { browser: string; address: string },
): Promise<string> => {
  const token = newToken()
  await db.run(sql`
    INSERT INTO session (token_hash, member_id, ends_at, browser, address)
    VALUES (${hashOf(token)}, ${memberId}, now() + ${SESSION}::interval, ${browser}, ${address})`)
  return token
}

/** Whose session it is; null for one that has ended or never was. Its end moves on while it is used. */
export const callerBySession = async (db: Database, token: string, address: string): Promise<Caller | null> => {
  const hash = hashOf(token)
  const row = await db.row<Me & { sessionId: number; stale: boolean }>(sql`
    SELECT ${meColumns}, session.id AS "sessionId", session.seen_at < now() - interval '10 minutes' AS stale
    FROM session JOIN member ON member.id = session.member_id
    WHERE token_hash = ${hash} AND ends_at > now() AND ${isActive}`)
  if (row === null) return null
  const { sessionId, stale, ...me } = row
  if (stale) {
    await db.run(sql`
      UPDATE session SET seen_at = now(), ends_at = now() + ${SESSION}::interval, address = ${address}
      WHERE token_hash = ${hash}`)
  }
  return { me, credential: { kind: 'session', id: sessionId }, keyName: null }
}

/** Whose key it is; null for one that has ended, was revoked or never was. */
export const callerByKey = async (db: Database, key: string, address: string): Promise<Caller | null> => {
  const hash = hashOf(key)
  const row = await db.row<Me & { keyId: number; keyName: string; stale: boolean }>(sql`
    SELECT ${meColumns}, api_key.scopes, api_key.id AS "keyId", api_key.name AS "keyName",
      used_at IS NULL OR used_at < now() - interval '1 minute' OR used_from IS DISTINCT FROM ${address} AS stale
    FROM api_key JOIN member ON member.id = api_key.member_id
    WHERE key_hash = ${hash} AND ends_at > now() AND ${isActive}`)
  if (row === null) return null
  const { keyId, keyName, stale, ...me } = row
  if (stale) await db.run(sql`UPDATE api_key SET used_at = now(), used_from = ${address} WHERE id = ${keyId}`)
  return { me, credential: { kind: 'key', id: keyId }, keyName }
}

/** Whose session this is, as long as it lasts. */
export const memberOfSession = (db: Database, id: number): Promise<Me | null> =>
  db.row<Me>(sql`
    SELECT ${meColumns} FROM session JOIN member ON member.id = session.member_id
    WHERE session.id = ${id} AND ends_at > now() AND ${isActive}`)

/** Who of these may still come in, and as what, as it stands now; keyed by kind and id. */
export const callersNow = async (db: Database, credentials: readonly Credential[]): Promise<Map<string, Me>> => {
  const ids = (kind: Credential['kind']): number[] =>
    credentials.filter((one) => one.kind === kind).map((one) => one.id)
  const rows = await db.rows<Me & { credential: string }>(sql`
    SELECT ${meColumns}, 'session ' || session.id AS credential
    FROM session JOIN member ON member.id = session.member_id
    WHERE session.id = ANY(${ids('session')}::bigint[]) AND ends_at > now() AND ${isActive}`)
  const byKey = await db.rows<Me & { credential: string }>(sql`
    SELECT ${meColumns}, api_key.scopes, 'key ' || api_key.id AS credential
    FROM api_key JOIN member ON member.id = api_key.member_id
    WHERE api_key.id = ANY(${ids('key')}::bigint[]) AND ends_at > now() AND ${isActive}`)
  return new Map([...rows, ...byKey].map(({ credential, ...me }) => [credential, me]))
}

export const closeSession = async (db: Database, token: string): Promise<void> => {
  await db.run(sql`DELETE FROM session WHERE token_hash = ${hashOf(token)}`)
}

/** Ends one session of this member; false where it is none of his. */
export const closeOwnSession = async (db: Database, memberId: number, id: number): Promise<boolean> =>
  (await db.run(sql`DELETE FROM session WHERE id = ${id} AND member_id = ${memberId}`)) === 1

/** Ends all sessions of a member, but for `kept`. */
export const closeSessions = (db: Database, memberId: number, kept: number | null = null): Promise<number> =>
  db.run(sql`
    DELETE FROM session WHERE member_id = ${memberId} ${kept === null ? empty : sql`AND id <> ${kept}`}`)

export const listSessions = (db: Database, memberId: number, thisOne: number): Promise<Session[]> =>
  db.rows<Session>(sql`
    SELECT id, browser, address, created_at AS "createdAt", seen_at AS "seenAt", id = ${thisOne} AS "isThis"
    FROM session WHERE member_id = ${memberId} AND ends_at > now() ORDER BY id = ${thisOne} DESC, seen_at DESC`)

export const sweepSessions = async (db: Database): Promise<void> => {
  await db.run(sql`DELETE FROM session WHERE ends_at < now()`)
  await db.run(sql`DELETE FROM device WHERE seen_at < now() - interval '1 year'`)
}

/** The member has signed in in this browser: it is known from now on. */
export const rememberDevice = async (db: Database, token: string, memberId: number): Promise<void> => {
  await db.run(sql`
    INSERT INTO device (token_hash, member_id) VALUES (${hashOf(token)}, ${memberId})
    ON CONFLICT (token_hash, member_id) DO UPDATE SET seen_at = now()`)
}

/** Whether the member of this name has signed in in this browser before. */
export const isKnownDevice = async (db: Database, token: string, name: string): Promise<boolean> =>
  (await db.row(sql`
    SELECT FROM device JOIN member ON member.id = member_id
    WHERE token_hash = ${hashOf(token)} AND member.name = ${name} AND ${isActive}`)) !== null
