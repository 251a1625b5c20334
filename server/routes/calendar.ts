// One answer with everything that a calendar shows for a range of time.
import type { FastifyInstance } from 'fastify'
import { type BookingCalendar, MOST_CALENDAR_DAYS, showCalendar, type TimeWindow } from '../contract/calendar.ts'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { attendedIn, calendarFor, type Desk, lacking, openDesk, rulesOf } from '../desk/booking-desk.ts'
import { seesNames } from '../domain/privacy.ts'
import { schedule } from '../domain/schedule.ts'
import { assemble } from '../domain/scheduling/assemble.ts'
import { predictionOf } from '../domain/scheduling/explain.ts'
import { finishOf } from '../domain/scheduling/running.ts'
import { isoOf } from '../domain/scheduling/slots.ts'
import { intersect, type Windows } from '../domain/scheduling/windows.ts'
import { dateOf, nextDate, startOfDate } from '../domain/wall-time.ts'
import { claimSeen, claimView, seesClaim } from '../plugins/claims-seen.ts'
import { mount } from '../plugins/mount.ts'
import { claimsWithin } from '../store/bookings.ts'
import type { Database } from '../store/database.ts'
import { listOpenJobs } from '../store/jobs.ts'
import { openNames } from '../store/places.ts'
import { databaseNow, readStanding } from '../store/scheduling.ts'
import type { House } from './house.ts'

const DAY = 86_400

export const mountCalendar = (app: FastifyInstance, { db }: House): void => {
  mount(app, showCalendar, async ({ query, me }) => {
    const range = { from: Date.parse(query.from) / 1000, to: Date.parse(query.to) / 1000 }
    const length = range.to - range.from
    if (!(length > 0 && length <= MOST_CALENDAR_DAYS * DAY)) {
      throw new Refused(refuse('booking.range', { days: MOST_CALENDAR_DAYS }))
    }
    const desk = await openDesk(db, me.id)
    const view = await claimView(db, me)
    const claims = (await claimsWithin(db, query.from, query.to)).filter((claim) => seesClaim(view, claim))
    const { open, attended, quiet } = calendarFor(desk, range.from, range.to)
    const within = (windows: Windows): TimeWindow[] =>
      intersect(windows, [range]).map(({ from, to }) => ({ from: isoOf(from), to: isoOf(to) }))
    return {
      from: query.from,
      to: query.to,
      now: isoOf(desk.house.now),
      timeZone: desk.house.timeZone,
      days: daysOf(desk, range),
      open: within(open),
      attended: within(attended),
      quiet: within(quiet),
      printers: rowsOf(desk, me),
      claims: claims.map((claim) => claimSeen(view, claim)),
      ...(await forecastOf(db, me)),
    }
  })
}

const daysOf = ({ house, settings }: Desk, { from, to }: { from: number; to: number }): BookingCalendar['days'] => {
  const days: BookingCalendar['days'] = []
  for (let date = dateOf(from, house.timeZone); startOfDate(date, house.timeZone) < to; date = nextDate(date)) {
    const note = settings.hours.exceptions.find((one) => one.date === date)?.note ?? null
    days.push({ date, start: isoOf(startOfDate(date, house.timeZone)), note })
  }
  return days
}

const rowsOf = (desk: Desk, me: Me): BookingCalendar['printers'] => {
  const { now } = desk.house
  const attended = attendedIn(calendarFor(desk, now, now + 60), now, now + 60)
  return desk.printers
    .filter((printer) => reaches(me, 'look', printer))
    .map((printer) => ({
      id: printer.id,
      name: printer.name,
      tags: [...printer.tags],
      nozzle: printer.profile.nozzleDiameter,
      materials: [...printer.materials],
      outOfService: printer.outOfService,
      bookable: may(me, 'book', printer) && rulesOf(desk, printer.id).bookable,
      missing: lacking(desk, printer, { use: 'book', material: null, attended }).map(
        ({ message, nextStep }) => `${message} ${nextStep}`,
      ),
    }))
    .sort((one, other) => one.name.localeCompare(other.name))
}

/** Prints that run with their uncertain ends, and jobs of the queue where they will probably go. */
const forecastOf = async (db: Database, me: Me): Promise<Pick<BookingCalendar, 'prints' | 'promises'>> => {
  const now = await databaseNow(db)
  const standing = await readStanding(db)
  const plan = schedule(assemble(standing, now), now)
  const names = await openNames(db)
  const jobs = new Map((await listOpenJobs(db)).map((job) => [job.id, job]))
  const sees = (printerId: number): boolean =>
    standing.printers.some((printer) => printer.id === printerId && reaches(me, 'look', printer))
  const nameFor = (memberId: number | null, name: string | null): string | null =>
    memberId !== null && seesNames(me, memberId, names) ? name : null
  const prints = plan.floor.slots.flatMap(({ printer, free }) => {
    const print = standing.printers.find(({ id }) => id === printer.id)?.print ?? null
    const finish = finishOf(plan.snapshot, printer, now)
    if (print === null || finish === null || !sees(printer.id)) return []
    return {
      printerId: printer.id,
      printId: print.id,
      startedAt: print.startedAt,
      finish: { p10: isoOf(finish.p10), p50: isoOf(finish.p50), p90: isoOf(finish.p90) },
      clear: Number.isFinite(free.p90) ? isoOf(free.p90) : null,
      mine: print.memberId === me.id,
      memberName: nameFor(print.memberId, print.memberName),
    }
  })
  const promises = [...plan.predictions].flatMap(([jobId, foreseen]) => {
    if (!sees(foreseen.printerId)) return []
    const { memberId = null, memberName = null } = jobs.get(jobId) ?? {}
    return { jobId, ...predictionOf(foreseen), mine: memberId === me.id, memberName: nameFor(memberId, memberName) }
  })
  return { prints, promises }
}
