// Public holidays: read from an address or a file, suggested day by day, accepted by a steward.
import type { FastifyInstance } from 'fastify'
import { fetchCalendar, isPublic, NotFetched } from '../calendars/fetch-calendar.ts'
import { type HolidayCalendar, NoHolidays, readHolidays } from '../calendars/holidays.ts'
import * as contract from '../contract/calendars.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { localDate } from '../domain/local-date.ts'
import { mount } from '../plugins/mount.ts'
import type { Database } from '../store/database.ts'
import * as holidays from '../store/holidays.ts'
import { readSettings, saveSettings } from '../store/schedule-settings.ts'
import { databaseNow } from '../store/scheduling.ts'
import { readSite } from '../store/site.ts'
import type { House } from './house.ts'

/** So far ahead days are suggested. */
const REACH_DAYS = 500
const PATIENCE_MS = 15_000
/** As many as the settings hold: contract/scheduling.ts */
const MOST_EXCEPTIONS = 400

export const mountHolidays = async (app: FastifyInstance, { db }: House): Promise<void> => {
  mount(app, contract.listHolidays, async () => ({
    sources: await holidays.listSources(db),
    suggestions: await holidays.listSuggestions(db, (await reachOf(db)).from),
  }))

  const fromAddress = async (address: string): Promise<contract.HolidaySource> => {
    const text = await fetched(address)
    return keep(db, text, { name: new URL(address.replace(/^webcals?:/i, 'https:')).hostname, address })
  }
  mount(app, contract.readHolidays, ({ body }) => fromAddress(body.address.trim()))

  mount(app, contract.refreshHolidays, async ({ params }) => {
    const source = await holidays.readSource(db, params.id)
    if (source?.address === null || source === null) throw new Refused(refuse('holiday.missing'))
    return fromAddress(source.address)
  })

  await app.register((inside, _options, ready) => {
    inside.addContentTypeParser(
      ['text/calendar', 'application/octet-stream'],
      { parseAs: 'string', bodyLimit: contract.LARGEST_CALENDAR_BYTES },
      (_, body, done) => done(null, body),
    )
    mount(inside, contract.uploadHolidays, async ({ query, request }) => {
      const text = typeof request.body === 'string' ? request.body : ''
      return keep(db, text, { name: query.name, address: null })
    })
    ready()
  })

  mount(app, contract.removeHolidays, async ({ params }) => {
    const removed = await db.transaction((inside) => holidays.removeSource(inside, params.id))
    if (!removed) throw new Refused(refuse('holiday.missing'))
    return {}
  })

  mount(app, contract.decideHoliday, async ({ params, body, me }) => {
    await db.transaction(async (inside) => {
      const day = await holidays.decideSuggestion(inside, params.id, body.accept, me.id)
      if (day === undefined) throw new Refused(refuse('holiday.missing'))
      if (day === null) throw new Refused(refuse('holiday.decided'))
      if (body.accept) await closeOn(inside, day, me.id)
    })
    return {}
  })
}

const fetched = async (address: string): Promise<string> => {
  const bounds = { largestBytes: contract.LARGEST_CALENDAR_BYTES, patienceMs: PATIENCE_MS, isAllowed: isPublic }
  try {
    return await fetchCalendar(address, bounds)
  } catch (error) {
    if (error instanceof NotFetched) throw new Refused(refuse('holiday.address', { reason: error.message }))
    throw error
  }
}

const keep = async (
  db: Database,
  text: string,
  source: { readonly name: string; readonly address: string | null },
): Promise<contract.HolidaySource> => {
  const { from, to } = await reachOf(db)
  let calendar: HolidayCalendar
  try {
    calendar = readHolidays(text, from, to)
  } catch (error) {
    if (!(error instanceof NoHolidays)) throw error
    throw new Refused(refuse('holiday.unread', { name: source.name, reason: error.message }))
  }
  const name = calendar.name === '' ? source.name : calendar.name
  return db.transaction((inside) => holidays.saveSource(inside, { ...source, name }, calendar.days))
}

const reachOf = async (db: Database): Promise<{ from: string; to: string }> => {
  const now = await databaseNow(db)
  const timeZone = (await readSite(db))?.timeZone ?? 'UTC'
  return { from: localDate(now, timeZone), to: localDate(now + REACH_DAYS * 86_400, timeZone) }
}

/** A date that a steward has described already stays as it is described. */
const closeOn = async (
  db: Database,
  { date, name }: { date: string; name: string },
  memberId: number,
): Promise<void> => {
  await holidays.lockSettings(db)
  const settings = await readSettings(db)
  const { hours } = settings
  if (hours.exceptions.some((one) => one.date === date)) return
  if (hours.exceptions.length >= MOST_EXCEPTIONS) throw new Refused(refuse('holiday.full', { count: MOST_EXCEPTIONS }))
  const exceptions = [...hours.exceptions, { date, note: name, open: [], attended: [] }]
  exceptions.sort((one, other) => (one.date < other.date ? -1 : 1))
  await saveSettings(db, { ...settings, hours: { ...hours, exceptions } }, memberId)
}
