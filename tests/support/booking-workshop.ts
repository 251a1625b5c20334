// A workshop whose bookings and prints lie at the instants that a test wants: the clock is the test's.
import sql from 'sql-template-tag'
import type { PrinterWish } from '../../server/contract/bookings.ts'
import { createPrinter, saveSnapshots, signBed } from '../../server/store/printers.ts'
import { findings, profile } from './fleet.ts'
import { openWorkshop, type Person, type Workshop } from './workshop.ts'

export const HOUR = 3600

export interface BookingWorkshop extends Workshop {
  /** The next full hour; seconds since 1970. */
  readonly start: number
  readonly people: ReadonlyMap<string, Person>
  memberId(name: string): number
  addPrinter(name: string): Promise<number>
  book(claim: TestClaim): Promise<number>
  /** A print of this member's; without `ended` it runs. Instants are seconds since 1970. */
  print(print: { member: string; printerId: number; started: number; ended?: number; hours?: number }): Promise<number>
}

export interface TestClaim {
  readonly printerId: number
  readonly member: string
  readonly from: number
  readonly to: number
  readonly state?: 'held' | 'booked' | 'checked_in'
  readonly kind?: 'booking' | 'hold'
  readonly expiresAt?: number
  readonly any?: boolean
  readonly wish?: PrinterWish
}

export const openBookingWorkshop = async (names: readonly string[], environment = {}): Promise<BookingWorkshop> => {
  const workshop = await openWorkshop({ environment })
  const { db } = workshop
  const people = new Map<string, Person>()
  for (const name of names) people.set(name, await workshop.join(name, 'member'))
  const rows = await db.rows<{ id: number; name: string }>(sql`SELECT id, name FROM member`)
  const ids = new Map(rows.map(({ id, name }) => [name, id]))
  const memberId = (name: string): number => ids.get(name) ?? 0
  const blob = await db.row<{ id: number }>(sql`INSERT INTO blob (hash) VALUES ('x') RETURNING id`)
  // Heard until long after the hours that a test plays.
  await db.run(sql`
    INSERT INTO bridge (name, instance, host, seen_at) VALUES ('room', gen_random_uuid(), 'here', now() + interval '90 days')`)
  const start = Math.ceil(Date.now() / 1000 / HOUR) * HOUR
  return {
    ...workshop,
    start,
    people,
    memberId,
    addPrinter: async (name) => {
      const id = await createPrinter(db, { name, bridge: 'room', address: `/dev/${name}`, baudRate: 0, profile })
      await saveSnapshots(db, [idleSnapshot(id)])
      await signBed(db, id, 'clear', memberId('Maite'))
      await db.run(sql`UPDATE printer SET bed_changed_at = to_timestamp(${start - HOUR}) WHERE id = ${id}`)
      return id
    },
    book: async ({
      printerId,
      member,
      from,
      to,
      state = 'booked',
      kind = 'booking',
      expiresAt,
      any = false,
      wish = {},
    }) => {
      const row = await db.row<{ id: number }>(sql`
        INSERT INTO claim (printer_id, member_id, kind, state, during, booked_during, clear_seconds, local_start, time_zone,
          expires_at, any_printer, wish, created_at, changed_at, checked_in_at, checked_in_how)
        SELECT ${printerId}, ${memberId(member)}, ${kind}, ${state}, during, during, 900, '', 'Europe/Madrid',
          to_timestamp(${expiresAt ?? null}), ${any}, ${JSON.stringify(wish)}, to_timestamp(${start - 10 * HOUR}),
          to_timestamp(${start - 10 * HOUR}), CASE WHEN ${state} = 'checked_in' THEN to_timestamp(${from}) END,
          CASE WHEN ${state} = 'checked_in' THEN 'tap' END
        FROM (SELECT tstzrange(to_timestamp(${from}), to_timestamp(${to})) AS during) time RETURNING id`)
      return row?.id ?? 0
    },
    print: async ({ member, printerId, started, ended, hours = 1 }) => {
      const file = await db.row<{ id: number }>(sql`
        INSERT INTO file (name, blob_id, state, findings)
        VALUES ('part.gcode', ${blob?.id}, 'analysed', ${JSON.stringify(findings({}, hours))}) RETURNING id`)
      const job = await db.row<{ id: number }>(sql`
        INSERT INTO job (file_id, member_id, rank, state, wishes_read)
        VALUES (${file?.id}, ${memberId(member)}, 1, 'printing', true) RETURNING id`)
      const row = await db.row<{ id: number }>(sql`
        INSERT INTO print (job_id, printer_id, state, started_at, ended_at)
        VALUES (${job?.id}, ${printerId}, ${ended === undefined ? 'printing' : 'completed'}, to_timestamp(${started}),
          to_timestamp(${ended ?? null})) RETURNING id`)
      return row?.id ?? 0
    },
  }
}

const idleSnapshot = (printerId: number) => ({
  printerId,
  state: 'idle' as const,
  reason: null,
  firmware: null,
  temperatures: {},
  position: null,
  progress: null,
  linesSent: 0,
  resends: 0,
  okLatency: 1,
  at: new Date().toISOString(),
})
