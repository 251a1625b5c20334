// Who may do what with bookings, what members have learnt, and the days when the workshop is closed: further rows of
// the table of permissions.
import sql from 'sql-template-tag'
import { createBlock, removeBlock } from '../../server/contract/blocks.ts'
import { removeBookingRules, setBookingRules } from '../../server/contract/booking-rules.ts'
import { checkSeries, createSeries } from '../../server/contract/booking-series.ts'
import {
  cancelBooking,
  changeBooking,
  checkBooking,
  createBooking,
  extendBooking,
  findTime,
  holdPrinter,
} from '../../server/contract/bookings.ts'
import {
  decideHoliday,
  readHolidays,
  refreshHolidays,
  removeHolidays,
  uploadHolidays,
} from '../../server/contract/calendars.ts'
import {
  answerWaitingOffer,
  checkInBooking,
  checkInByCode,
  releaseRest,
  renewPrinterCode,
  stopForBooking,
  takeOtherPrinter,
} from '../../server/contract/during.ts'
import { addWaiting, answerHandover, handOver, removeWaiting, swapBookings } from '../../server/contract/handovers.ts'
import { addQualification, changeQualification, removeQualification } from '../../server/contract/qualifications.ts'
import type { Database } from '../../server/store/database.ts'
import { codeOf } from '../../server/store/printer-codes.ts'
import type { Person } from '../support/workshop.ts'
import type { Row, Scene } from './permission-rows.ts'

/** What of bookings is there to try it on. */
interface Diary {
  /** The day after tomorrow at this printer, of the member of the scene; and one of somebody else a day later. */
  readonly claimId: number
  readonly otherId: number
  readonly handoverId: number
  readonly entryId: number
  readonly offerId: number
  readonly rulesId: number
  readonly qualificationId: number
  readonly sourceId: number
  readonly holidayId: number
  readonly blockId: number
  readonly code: string
}

const idOf = async (db: Database, row: ReturnType<typeof sql>): Promise<number> =>
  (await db.row<{ id: number }>(row))?.id ?? 0

const stageDiary = async (db: Database, scene: Scene): Promise<Diary> => {
  const owner = await db.row<{ id: number }>(sql`SELECT member_id AS id FROM job WHERE id = ${scene.waiting}`)
  const me = owner?.id ?? 0
  for (const table of [
    'claim',
    'claim_series',
    'waiting_entry',
    'booking_rules',
    'holiday_suggestion',
    'holiday_source',
  ])
    await db.run(sql([`DELETE FROM ${table}`]))
  const claim = (memberId: number | null, kind: string, days: number, state = 'booked'): Promise<number> =>
    idOf(
      db,
      sql`
      INSERT INTO claim (printer_id, member_id, kind, state, during, booked_during, local_start, time_zone, expires_at, wish)
      SELECT ${scene.printerId}, ${memberId}, ${kind}, ${state}, told.during, told.during, '2026-01-01T10:00', 'UTC',
        ${state === 'held' ? sql`now() + interval '1 hour'` : sql`NULL::timestamptz`},
        ${JSON.stringify({ printerId: scene.printerId })}
      FROM (SELECT tstzrange(at, at + interval '2 hours') AS during FROM (
        SELECT date_trunc('hour', now()) + make_interval(days => ${days}) AS at) begins) told RETURNING id`,
    )
  const claimId = await claim(me, 'booking', 2)
  const offered = await claim(me, 'hold', 4, 'held')
  const entryId = await idOf(
    db,
    sql`
    INSERT INTO waiting_entry (member_id, wish, within, seconds, least_seconds, state)
    VALUES (${me}, ${JSON.stringify({ printerId: scene.printerId })}, tstzrange(now(), now() + interval '9 days'), 3600, 3600,
      'offered') RETURNING id`,
  )
  const sourceId = await idOf(
    db,
    sql`INSERT INTO holiday_source (name, address) VALUES ('Days', 'http://127.0.0.1:1/' || gen_random_uuid()) RETURNING id`,
  )
  const theirs = await claim(scene.memberId, 'booking', 3)
  return {
    claimId,
    otherId: theirs,
    handoverId: await idOf(
      db,
      sql`
      INSERT INTO claim_handover (claim_id, from_member, to_member) VALUES (${theirs}, ${scene.memberId}, ${me}) RETURNING id`,
    ),
    blockId: await claim(scene.memberId, 'maintenance', 6),
    entryId,
    offerId: await idOf(
      db,
      sql`
      INSERT INTO waiting_offer (entry_id, claim_id, expires_at)
      VALUES (${entryId}, ${offered}, now() + interval '1 hour') RETURNING id`,
    ),
    rulesId: await idOf(db, sql`INSERT INTO booking_rules (role, rules) VALUES ('visitor', '{}') RETURNING id`),
    qualificationId: await idOf(
      db,
      sql`
      INSERT INTO qualification (name, kind) VALUES (gen_random_uuid()::text, 'skill') RETURNING id`,
    ),
    sourceId,
    holidayId: await idOf(
      db,
      sql`
      INSERT INTO holiday_suggestion (date, name, source, source_id) VALUES (current_date + 30, 'Day', 'Days', ${sourceId}) RETURNING id`,
    ),
    code: (await codeOf(db, scene.printerId))?.code ?? '',
  }
}

const ahead = (days: number): string =>
  `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T03:00:00Z`
const wished = ({ printerId }: Scene) => ({ wish: { printerId }, start: ahead(7), minutes: 60 })
const rule = 'FREQ=WEEKLY;COUNT=2'
const shape = {
  name: 'Laser',
  kind: 'skill' as const,
  covers: { modelOf: [], tags: [], printerIds: [], materials: [] },
  expiry: 'never' as const,
  expiryDays: null,
  nextStep: '',
}

type Rule = Pick<Row, 'allowed' | 'by' | 'bound' | 'whose'>
/** Time at a printer is booked by who may book there; what one has booked stays one's own wherever it is. */
const books: Rule = { whose: 'none', allowed: 'mos', by: 'book', bound: true }
const own: Rule = { whose: 'own', allowed: 'mos', by: 'book', bound: false }
const others: Rule = { whose: 'other', allowed: 'os', by: 'run-printers', bound: true }
const ofSteward: Rule = { whose: 'none', allowed: 's', by: 'steward', bound: false }
const atPrinter: Rule = { whose: 'none', allowed: 'os', by: 'run-printers', bound: true }

/** `db`: where the diary is written before each try. */
export const bookingRows = (db: Database): readonly Row[] => {
  const diaries = new Map<Scene, Diary>()
  const row = (
    action: string,
    kept: Rule,
    run: (person: Person, diary: Diary, scene: Scene) => Promise<unknown>,
    more: Partial<Row> = {},
  ): Row => ({
    action,
    // Where one may not book is no printer, for bookings.
    hidden: kept === books,
    ...(kept === others ? { door: 'book' as const } : {}),
    ...kept,
    ...more,
    prepare: async (scene) => void diaries.set(scene, await stageDiary(db, scene)),
    run: (person, scene) => {
      const diary = diaries.get(scene)
      if (diary === undefined) throw new Error('Nothing was booked.')
      return run(person, diary, scene)
    },
  })
  const claim = ({ claimId }: Diary) => ({ params: { id: claimId } })
  return [
    row('check a booking', books, (p, _d, s) => p.call(checkBooking, { body: wished(s) })),
    row('book', books, (p, _d, s) => p.call(createBooking, { body: wished(s) })),
    row('keep a printer for a while', books, (p, _d, { printerId }) =>
      p.call(holdPrinter, { body: { printerId, minutes: 30 } }),
    ),
    row('find a time', books, (p, _d, { printerId }) =>
      p.call(findTime, { body: { wish: { printerId }, minutes: 60 } }),
    ),
    row('check a series', books, (p, _d, s) => p.call(checkSeries, { body: { ...wished(s), rule } })),
    row('book a series', books, (p, _d, s) => p.call(createSeries, { body: { ...wished(s), rule } })),
    row(
      'change a booking',
      { ...own, bound: true },
      (p, d) => p.call(changeBooking, { ...claim(d), body: { purpose: 'Feet' } }),
      { hidden: true },
    ),
    row('change a booking', others, (p, d) => p.call(changeBooking, { ...claim(d), body: { purpose: 'Feet' } })),
    row('extend a booking', own, (p, d) => p.call(extendBooking, { ...claim(d), body: { minutes: 15 } })),
    row('extend a booking', others, (p, d) => p.call(extendBooking, { ...claim(d), body: { minutes: 15 } })),
    row('cancel a booking', own, (p, d) => p.call(cancelBooking, { ...claim(d), body: {} })),
    row('cancel a booking', others, (p, d) => p.call(cancelBooking, { ...claim(d), body: { reason: 'Fair' } })),
    row('hand a booking over', own, (p, d) => p.call(handOver, { ...claim(d), body: { name: 'Maite' } })),
    row('swap bookings', own, (p, d) => p.call(swapBookings, { ...claim(d), body: { withId: d.otherId } })),
    row('answer who hands one over', own, (p, d) =>
      p.call(answerHandover, { params: { id: d.handoverId }, body: { answer: 'refused' } }),
    ),
    row('wait for a time', books, (p, _d, { printerId }) =>
      p.call(addWaiting, { body: { wish: { printerId }, from: ahead(7), to: ahead(8), minutes: 60 } }),
    ),
    row('wait no longer', own, (p, d) => p.call(removeWaiting, { params: { id: d.entryId } })),
    row('answer an offer', own, (p, d) =>
      p.call(answerWaitingOffer, { params: { id: d.offerId }, body: { take: false } }),
    ),
    row('say that one is there', own, (p, d) => p.call(checkInBooking, claim(d))),
    row('say that one is there, by the code', own, (p, d) => p.call(checkInByCode, { params: { code: d.code } })),
    row('give the rest back', own, (p, d) => p.call(releaseRest, claim(d))),
    row('take another printer', own, (p, d) => p.call(takeOtherPrinter, claim(d))),
    row('stop a print for a booking', others, (p, d) =>
      p.call(stopForBooking, { ...claim(d), body: { reason: 'It is booked' } }),
    ),
    row('take a printer for maintenance', atPrinter, (p, _d, s) =>
      p.call(createBlock, {
        body: {
          kind: 'maintenance',
          printerIds: [s.printerId],
          start: `${new Date(Date.now() + 8 * 86_400_000).toISOString().slice(0, 10)}T09:00`,
          minutes: 60,
          purpose: 'a look',
          displaces: [],
        },
      }),
    ),
    row('end maintenance', atPrinter, (p, d) => p.call(removeBlock, { params: { id: d.blockId } })),
    row('give a printer a new code', { whose: 'none', allowed: 's', by: 'set-up-printers', bound: true }, (p, _d, s) =>
      p.call(renewPrinterCode, { params: { id: s.printerId } }),
    ),
    row('set the rules of booking', ofSteward, (p) =>
      p.call(setBookingRules, { body: { role: null, printerId: null, rules: {} } }),
    ),
    row('take rules of booking away', ofSteward, (p, d) => p.call(removeBookingRules, { params: { id: d.rulesId } })),
    row('add a qualification', ofSteward, (p) => p.call(addQualification, { body: shape })),
    row('change a qualification', ofSteward, (p, d) =>
      p.call(changeQualification, { params: { id: d.qualificationId }, body: shape }),
    ),
    row('take a qualification away', ofSteward, (p, d) =>
      p.call(removeQualification, { params: { id: d.qualificationId } }),
    ),
    row('read holidays', ofSteward, (p) => p.call(readHolidays, { body: { address: 'http://127.0.0.1:1/a.ics' } })),
    row('upload holidays', ofSteward, (p) => p.call(uploadHolidays, { query: { name: 'a.ics' } })),
    row('read holidays again', ofSteward, (p, d) => p.call(refreshHolidays, { params: { id: d.sourceId } })),
    row('take holidays away', ofSteward, (p, d) => p.call(removeHolidays, { params: { id: d.sourceId } })),
    row('decide on a holiday', ofSteward, (p, d) =>
      p.call(decideHoliday, { params: { id: d.holidayId }, body: { accept: false } }),
    ),
  ]
}
