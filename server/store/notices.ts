// What members are told, by which ways it goes out, and what each has chosen.
import sql from 'sql-template-tag'
import * as Value from 'typebox/value'
import {
  MOST_NOTICES,
  type Notice,
  type NoticeChannel,
  NoticeChoices,
  type NoticeEvent,
  type NoticeFacts,
  usualChoices,
} from '../contract/notices.ts'
import type { Database } from './database.ts'

/** Something that a member shall hear of. */
export interface News {
  readonly memberId: number
  readonly event: NoticeEvent
  readonly facts: NoticeFacts
  /** What it is about: news with the same key are told a member once. */
  readonly key: string
  /** Seconds since 1970; from then on it no longer matters. Null: it stays true. */
  readonly endsAt: number | null
  /** The booking that it is about, or null. */
  readonly claimId: number | null
}

/** Writes down what is new of it, in the transaction of what it tells. Returns how many that were. */
export const tell = (db: Database, news: readonly News[], now: number): Promise<number> =>
  news.length === 0
    ? Promise.resolve(0)
    : db.run(sql`
    INSERT INTO notice (member_id, event, facts, key, at, ends_at, claim_id)
    SELECT member.id, event, facts, key, to_timestamp(${now}), to_timestamp("endsAt"), "claimId"
    FROM jsonb_to_recordset(${JSON.stringify(news)}::jsonb)
      AS told ("memberId" bigint, event text, facts jsonb, key text, "endsAt" float8, "claimId" bigint)
      JOIN member ON member.id = told."memberId" AND member.deactivated_at IS NULL AND member.removed_at IS NULL
    ON CONFLICT (member_id, key) DO NOTHING`)

export const listNotices = (db: Database, memberId: number): Promise<Notice[]> =>
  db.rows<Notice>(sql`
    SELECT id, event, facts, at AS "createdAt", claim_id AS "claimId", ends_at AS "endsAt", read_at AS "readAt"
    FROM notice WHERE member_id = ${memberId} AND dropped_at IS NULL
    ORDER BY id DESC LIMIT ${MOST_NOTICES}`)

export const countUnread = async (db: Database, memberId: number): Promise<number> => {
  const row = await db.row<{ unread: number }>(sql`
    SELECT count(*) AS unread FROM (
      SELECT read_at FROM notice WHERE member_id = ${memberId} AND dropped_at IS NULL ORDER BY id DESC LIMIT ${MOST_NOTICES}
    ) shown WHERE read_at IS NULL`)
  return row?.unread ?? 0
}

export const markRead = async (db: Database, memberId: number, upTo: number): Promise<void> => {
  await db.run(sql`
    UPDATE notice SET read_at = now() WHERE member_id = ${memberId} AND id <= ${upTo} AND read_at IS NULL`)
}

/** False where it is none of his. */
export const dropNotice = async (db: Database, memberId: number, id: number): Promise<boolean> =>
  (await db.run(sql`
    UPDATE notice SET dropped_at = now(), read_at = coalesce(read_at, now())
    WHERE id = ${id} AND member_id = ${memberId} AND dropped_at IS NULL`)) === 1

export const readChoices = async (db: Database, memberId: number): Promise<NoticeChoices> =>
  (await choicesOf(db, [memberId])).get(memberId) ?? usualChoices

/** Of these members; who is not in it has chosen nothing. */
export const choicesOf = async (
  db: Database,
  memberIds: readonly number[],
): Promise<ReadonlyMap<number, NoticeChoices>> => {
  const rows = await db.rows<{
    memberId: number
    choices: Partial<NoticeChoices>
    from: string | null
    to: string | null
  }>(sql`
    SELECT member_id AS "memberId", choices, quiet_from AS "from", quiet_to AS "to"
    FROM notice_choice WHERE member_id = ANY(${[...memberIds]}::bigint[])`)
  return new Map(
    rows.map(({ memberId, choices, from, to }) => {
      const channels = { ...usualChoices.channels, ...choices.channels }
      const merged: unknown = { ...usualChoices, ...choices, channels, quiet: from === null ? null : { from, to } }
      return [memberId, Value.Check(NoticeChoices, merged) ? merged : usualChoices]
    }),
  )
}

export const saveChoices = async (db: Database, memberId: number, choices: NoticeChoices): Promise<void> => {
  const { channels, reminderMinutes, quiet } = choices
  await db.run(sql`
    INSERT INTO notice_choice (member_id, choices, quiet_from, quiet_to)
    VALUES (${memberId}, ${JSON.stringify({ channels, reminderMinutes })}, ${quiet?.from ?? null}, ${quiet?.to ?? null})
    ON CONFLICT (member_id) DO UPDATE SET choices = excluded.choices, quiet_from = excluded.quiet_from,
      quiet_to = excluded.quiet_to`)
}

export const emailOf = async (db: Database, memberId: number): Promise<string | null> =>
  (await db.row<{ email: string | null }>(sql`SELECT email FROM member WHERE id = ${memberId}`))?.email ?? null

/** A notice that nobody has yet decided by which ways to send. */
export interface Undecided {
  readonly id: number
  readonly memberId: number
  readonly event: NoticeEvent
}

/** Those of the last day: what is older and was not sent is read in the dashboard. */
export const undecidedNotices = (db: Database, channel: NoticeChannel, now: number): Promise<Undecided[]> =>
  db.rows<Undecided>(sql`
    SELECT id, member_id AS "memberId", event FROM notice
    WHERE at > to_timestamp(${now}) - interval '1 day'
      AND NOT EXISTS (SELECT FROM notice_delivery WHERE notice_id = notice.id AND channel = ${channel})
    ORDER BY id LIMIT 500`)

/** `dueAt` null: this member does not want it by this way. */
export const decideDelivery = async (
  db: Database,
  noticeId: number,
  channel: NoticeChannel,
  dueAt: number | null,
  now: number,
): Promise<void> => {
  await db.run(sql`
    INSERT INTO notice_delivery (notice_id, channel, state, due_at)
    VALUES (${noticeId}, ${channel}, ${dueAt === null ? 'left-out' : 'waiting'}, to_timestamp(${dueAt ?? now}))
    ON CONFLICT DO NOTHING`)
}

export interface DueDelivery {
  readonly noticeId: number
  readonly memberName: string
  readonly email: string | null
  readonly event: NoticeEvent
  readonly facts: NoticeFacts
  /** It no longer matters: it is left out. */
  readonly over: boolean
}

/**
 * Takes one that is due: for `TRY_AGAIN` nobody else takes it, and after that it is tried again unless it was settled.
 * A letter may so arrive twice where the program dies between sending and writing that down; it is never lost by that.
 */
export const takeDelivery = (db: Database, channel: NoticeChannel, now: number): Promise<DueDelivery | null> =>
  db.row<DueDelivery>(sql`
    UPDATE notice_delivery SET tries = tries + 1,
      due_at = to_timestamp(${now}) + ${TRY_AGAIN}::interval * (2 ^ least(tries, 6))
    FROM notice JOIN member ON member.id = notice.member_id
    WHERE notice.id = notice_delivery.notice_id AND (notice_id, channel) = (
      SELECT notice_id, channel FROM notice_delivery
      WHERE state = 'waiting' AND channel = ${channel} AND due_at <= to_timestamp(${now})
      ORDER BY due_at, notice_id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING notice_id AS "noticeId", member.name AS "memberName", member.email, event, facts,
      coalesce(notice.ends_at <= to_timestamp(${now}), false) OR member.deactivated_at IS NOT NULL AS over`)

const TRY_AGAIN = '2 minutes'
/** About ten hours of trying: then a person reads it in the dashboard. */
const MOST_TRIES = 10

export const settleDelivery = async (
  db: Database,
  noticeId: number,
  channel: NoticeChannel,
  state: 'sent' | 'left-out',
  now: number,
): Promise<void> => {
  await db.run(sql`
    UPDATE notice_delivery SET state = ${state}, failure = NULL,
      sent_at = CASE WHEN ${state} = 'sent' THEN to_timestamp(${now}) END
    WHERE notice_id = ${noticeId} AND channel = ${channel}`)
}

/** It was not taken: it is tried again later, until that has been tried often enough. */
export const failDelivery = async (
  db: Database,
  noticeId: number,
  channel: NoticeChannel,
  reason: string,
): Promise<void> => {
  await db.run(sql`
    UPDATE notice_delivery SET failure = ${reason.slice(0, 300)},
      state = CASE WHEN tries >= ${MOST_TRIES} THEN 'failed' ELSE state END
    WHERE notice_id = ${noticeId} AND channel = ${channel}`)
}

/** Forgets what nobody will read again. */
export const sweepNotices = async (db: Database): Promise<void> => {
  await db.run(sql`DELETE FROM notice WHERE at < now() - interval '120 days'`)
}
