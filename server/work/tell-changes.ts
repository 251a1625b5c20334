// Tells members what others did with their bookings, and what they are asked. Told twice is told once.
import * as news from '../store/booking-news.ts'
import type { Database } from '../store/database.ts'
import { type News, tell } from '../store/notices.ts'

const words: Readonly<Record<string, string>> = {
  made: 'made',
  moved: 'moved',
  changed: 'changed',
  extended: 'changed',
  shortened: 'shortened',
  'released-early': 'shortened',
  cancelled: 'cancelled',
  displaced: 'displaced',
}

/** `now` in seconds since 1970. */
export const tellChanges = async (db: Database, now: number): Promise<void> => {
  const changes = (await news.changesByOthers(db, now)).map(
    ({ eventId, claimId, memberId, kind, reason, printerName, start, end }): News => ({
      memberId,
      event: 'booking.changed',
      facts: { printer: printerName, change: words[kind] ?? 'changed', from: start, to: end, reason },
      key: `change-${eventId}`,
      endsAt: Date.parse(end) / 1000,
      claimId,
    }),
  )
  const handovers = (await news.handoverNews(db, now)).map(handoverToTell)
  await tell(db, [...changes, ...handovers], now)
}

const handoverToTell = (one: news.HandoverNews): News => {
  const { id, fromMember, toMember, fromName, toName, swap, answer, claimId, printerName, start, end } = one
  const about = { printer: printerName, from: start, to: end }
  const endsAt = Date.parse(end) / 1000
  if (answer === null) {
    const facts = { ...about, other: fromName, change: swap ? 'swap' : 'hand-over' }
    return { memberId: toMember, event: 'booking.asked', facts, key: `asked-${id}`, endsAt, claimId }
  }
  const change = answer === 'accepted' ? 'handed-over' : 'not-taken'
  const facts = { ...about, other: toName, change }
  return { memberId: fromMember, event: 'booking.changed', facts, key: `answered-${id}`, endsAt, claimId }
}
