// Members at once, printers to book, and the clock of the database for tests of bookings.
import sql from 'sql-template-tag'
import type { Role } from '../../server/contract/permissions.ts'
import { localOf, nextDate, startOfDate } from '../../server/domain/wall-time.ts'
import type { Database } from '../../server/store/database.ts'
import { createMember } from '../../server/store/members.ts'
import { createPrinter } from '../../server/store/printers.ts'
import { openSession } from '../../server/store/sessions.ts'
import { profile } from './fleet.ts'
import { Person, type Workshop } from './workshop.ts'

export const HOUR = 3600

/** A member who is signed in already: without the price of a password. */
export const quickJoin = async ({ app, db }: Workshop, name: string, role: Role = 'member') => {
  const id = (await createMember(db, { name, role, passwordHash: null })) ?? 0
  const person = new Person(app)
  person.cookie = `auzolan_session=${await openSession(db, id, { browser: 'test', address: '127.0.0.1' })}`
  return Object.assign(person, { id, name })
}

export const bookable = (db: Database, name: string, changes: Partial<typeof profile> = {}, tags: string[] = []) =>
  createPrinter(db, {
    name,
    bridge: 'room',
    address: `/dev/${name}`,
    baudRate: 0,
    profile: { ...profile, ...changes },
    tags,
  })

/** Wall time of the workshop so many days from now, `2026-11-24T10:00`. */
export const daysAhead = (days: number, clock = '10:00', timeZone = 'Europe/Madrid'): string => {
  const today = localOf(Date.now() / 1000, timeZone).slice(0, 10)
  return `${nextDate(today, days)}T${clock}`
}

/** The Monday after next, as wall time: a whole week that no other test has booked in. */
export const nextMonday = (clock = '10:00', timeZone = 'Europe/Madrid'): string => {
  let date = localOf(Date.now() / 1000, timeZone).slice(0, 10)
  do date = nextDate(date)
  while (new Date(startOfDate(date, 'UTC') * 1000).getUTCDay() !== 1)
  return `${date}T${clock}`
}

/** Pairs of claims that hold the same printer at the same time, clearing included. There are none. */
export const overlaps = async (db: Database): Promise<number> => {
  const row = await db.row<{ count: number }>(sql`
    SELECT count(*)::integer AS count FROM claim one JOIN claim other ON one.printer_id = other.printer_id
      AND one.id < other.id AND one.blocks && other.blocks
    WHERE one.ended_at IS NULL AND other.ended_at IS NULL`)
  return row?.count ?? -1
}
