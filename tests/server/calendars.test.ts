import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import ICAL from 'ical.js'
import ical from 'node-ical'
import sql from 'sql-template-tag'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFeed } from '../../server/calendars/feed.ts'
import { fetchCalendar, isPublic } from '../../server/calendars/fetch-calendar.ts'
import { readHolidays } from '../../server/calendars/holidays.ts'
import {
  decideHoliday,
  listCalendarLinks,
  listHolidays,
  makeCalendarLink,
  readHolidays as readHolidaysFrom,
  revokeCalendarLink,
  uploadHolidays,
} from '../../server/contract/calendars.ts'
import { showSettings } from '../../server/contract/scheduling.ts'
import { createPrinter } from '../../server/store/printers.ts'
import { profile } from '../support/fleet.ts'
import { openWorkshop, type Person, refusalOf, type Workshop } from '../support/workshop.ts'

const entry = {
  uid: '6f1c@auzolan',
  sequence: 3,
  from: '2026-10-24T22:00:00.000Z',
  to: '2026-10-25T07:00:00.000Z',
  changedAt: '2026-10-01T10:00:00.500Z',
  summary: 'Booked: Prusa, "the old one"; by the window',
  description: `Lampenschirm für die Küche — ${'sehr lang und mit Umlauten: äöü '.repeat(8)}\nzweite Zeile\u0007`,
  cancelled: false,
}

describe('a feed', () => {
  const text = writeFeed({ name: 'Workshop, ours', url: 'https://print.example.org/bookings', entries: [entry] })

  it('is read back as it was written by a parser that we did not write', () => {
    const events = Object.values(ical.sync.parseICS(text)).filter((one) => one?.type === 'VEVENT')
    expect(events).toHaveLength(1)
    const [event] = events
    if (event?.type !== 'VEVENT') throw new Error('It is no event.')
    expect(event.uid).toBe(entry.uid)
    expect(Number(event.sequence)).toBe(3)
    expect(event.summary).toBe(entry.summary)
    expect(event.description).toBe(entry.description.replace('\u0007', ''))
    expect(event.start.toISOString()).toBe(entry.from)
    expect(event.end?.toISOString()).toBe(entry.to)
    expect(event.status).toBe('CONFIRMED')
  })

  it('keeps to the lines of RFC 5545: at most 75 bytes each, ended by CR LF, no control characters', () => {
    const lines = text.split('\r\n')
    expect(lines.at(-1)).toBe('')
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/\p{Cc}/u)
    expect(Buffer.from(text).toString('utf8')).toBe(text)
    for (const wanted of ['VERSION:2.0', 'METHOD:PUBLISH', 'DTSTART:20261024T220000Z', 'DTSTAMP:20261001T100000Z']) {
      expect(lines).toContain(wanted)
    }
  })

  it('says the same as long as nothing has changed', () => {
    expect(writeFeed({ name: 'Workshop, ours', url: 'https://print.example.org/bookings', entries: [entry] })).toBe(
      text,
    )
  })
})

const calendarOf = (...events: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN', 'X-WR-CALNAME:Feiertage', ...events, 'END:VCALENDAR'].join(
    '\r\n',
  )
const event = (...lines: string[]): string =>
  ['BEGIN:VEVENT', `UID:${lines.join('')}`, ...lines, 'END:VEVENT'].join('\r\n')
const within = (text: string) =>
  readHolidays(text, '2026-11-01', '2028-01-01').days.map(({ date, name }) => `${date} ${name}`)

describe('a calendar of public holidays', () => {
  it('gives single days, spans of days and days that come each year', () => {
    const text = calendarOf(
      event('DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261227', 'SUMMARY:Weihnachten'),
      event('DTSTART;VALUE=DATE:20200106', 'RRULE:FREQ=YEARLY', 'SUMMARY:Epifanía'),
      event('DTSTART;VALUE=DATE:20201126', 'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH', 'SUMMARY:Thanksgiving'),
      event('DTSTART:20270501T000000Z', 'SUMMARY:May Day'),
      event('DTSTART;VALUE=DATE:20250101', 'SUMMARY:Long over'),
      event('DTSTART;VALUE=DATE:20270701', 'DTEND;VALUE=DATE:20270901', 'SUMMARY:School is out'),
      event('DTSTART;VALUE=DATE:20270801', 'STATUS:CANCELLED', 'SUMMARY:No more'),
    )
    expect(within(text)).toEqual([
      '2026-11-26 Thanksgiving',
      '2026-12-25 Weihnachten',
      '2026-12-26 Weihnachten',
      '2027-01-06 Epifanía',
      '2027-05-01 May Day',
      '2027-11-25 Thanksgiving',
    ])
    expect(readHolidays(text, '2026-11-01', '2028-01-01').name).toBe('Feiertage')
  })

  it('does not hang on rules that can never be fulfilled, nor on rules without end', () => {
    const begun = performance.now()
    const text = calendarOf(
      event('DTSTART;VALUE=DATE:20261201', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'SUMMARY:Never'),
      event('DTSTART;VALUE=DATE:20261202', 'RRULE:FREQ=SECONDLY', 'SUMMARY:Each second'),
      event('DTSTART;VALUE=DATE:20261203', 'RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=5MO', 'SUMMARY:Odd'),
    )
    expect(within(text)).toEqual(['2026-12-01 Never', '2026-12-02 Each second', '2026-12-03 Odd'])
    expect(performance.now() - begun).toBeLessThan(2000)
  })

  it.each([
    ['a web page', '<!doctype html><title>Sign in</title>', 'It is not an iCalendar file (.ics).'],
    ['nothing', '', 'It is not an iCalendar file (.ics).'],
    ['a calendar that was cut off', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTST', 'It is not an iCalendar file (.ics).'],
    ['one without days', calendarOf(), 'It is a calendar without any day in it.'],
    ['one that is over', calendarOf(event('DTSTART;VALUE=DATE:20200101')), 'It names no day from 2026-11-01 on.'],
  ])('says what is wrong with %s', (_, text, sentence) => {
    expect(() => readHolidays(text, '2026-11-01', '2028-01-01')).toThrow(sentence)
  })
})

describe('an address that a person typed', () => {
  const bounds = { largestBytes: 1000, patienceMs: 800, isAllowed: () => true }
  const server = createServer((request, response) => {
    if (request.url === '/silent.ics') return
    if (request.url === '/large.ics') return void response.end('x'.repeat(5000))
    if (request.url === '/away.ics') return void response.writeHead(302, { location: '/good.ics' }).end()
    if (request.url === '/near.ics') return void response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    if (request.url === '/round.ics') return void response.writeHead(302, { location: '/round.ics' }).end()
    if (request.url === '/good.ics') return void response.end('BEGIN:VCALENDAR')
    response.writeHead(404).end()
  })
  let base = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  it('is read, also where it leads on', async () => {
    expect(await fetchCalendar(`${base}/good.ics`, bounds)).toBe('BEGIN:VCALENDAR')
    expect(await fetchCalendar(`${base}/away.ics`, bounds)).toBe('BEGIN:VCALENDAR')
  })

  it.each([
    ['/silent.ics', 'It takes too long to answer.'],
    ['/large.ics', 'It is larger than 1 kB.'],
    ['/round.ics', 'without end'],
    ['/other.ics', 'It answers with 404.'],
  ])('is given up where it misbehaves (%s)', async (path, sentence) => {
    await expect(fetchCalendar(`${base}${path}`, bounds)).rejects.toThrow(sentence)
  })

  it('is never one of a machine nearby, by name, by number or by a redirection', async () => {
    const strict = { ...bounds, isAllowed: isPublic }
    for (const address of [
      base,
      'http://localhost:1/x.ics',
      'http://[::1]/',
      'http://[::ffff:10.0.0.1]/',
      'http://0x7f.1/',
    ]) {
      await expect(fetchCalendar(address, strict)).rejects.toThrow('does not lie in the open internet')
    }
    const onlyHere = { ...bounds, isAllowed: (address: string) => address === '127.0.0.1' }
    await expect(fetchCalendar(`${base}/near.ics`, onlyHere)).rejects.toThrow('does not lie in the open internet')
    for (const address of ['file:///etc/passwd', 'http://name:word@example.org/', 'nonsense']) {
      await expect(fetchCalendar(address, strict)).rejects.toThrow(/^It (must|is no)/)
    }
  })

  it('is judged by all ranges that are not of the open internet', () => {
    const near = ['10.1.2.3', '172.31.0.1', '192.168.1.1', '100.100.0.1', '169.254.1.1', '0.0.0.0', '255.255.255.255']
    const near6 = [
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      'ff02::1',
      '::ffff:1.2.3.4',
      '64:ff9b::a00:1',
      '2002:a00:1::',
      '2001::1',
    ]
    expect([...near, ...near6].filter(isPublic)).toEqual([])
    expect(['93.184.216.34', '2a00:1450:4001:81b::200e'].filter(isPublic)).toHaveLength(2)
  })
})

describe('the workshop', () => {
  let workshop: Workshop
  let ane: Person
  let printerId = 0

  const claim = (memberId: number, changes = sql`'booked'`) =>
    workshop.db.row<{ id: number; uid: string }>(sql`
      INSERT INTO claim (printer_id, member_id, kind, state, during, booked_during, local_start, time_zone, purpose)
      SELECT ${printerId}, ${memberId}, 'booking', ${changes}, during, during, '', 'UTC', 'a lamp' FROM (
        SELECT tstzrange(date_trunc('hour', now()) + interval '1 day', date_trunc('hour', now()) + interval '26 hours')
          AS during) x RETURNING id, uid`)
  const memberId = async (name: string): Promise<number> =>
    ((await workshop.db.row<{ id: number }>(sql`SELECT id FROM member WHERE name = ${name}`)) as { id: number }).id
  const get = (path: string, headers: Record<string, string> = {}) => workshop.app.inject({ url: path, headers })
  const upload = (name: string, text: string) =>
    workshop.steward.raw('POST', `${uploadHolidays.url}?name=${name}`, text, { 'content-type': 'text/calendar' })

  beforeAll(async () => {
    workshop = await openWorkshop()
    ane = await workshop.join('Ane', 'member')
    printerId = await createPrinter(workshop.db, {
      name: 'Prusa',
      bridge: 'room',
      address: '/dev/x',
      baudRate: 0,
      profile,
    })
  })

  it('lets a member read his own bookings by a secret link, which answers 304 until something changes', async () => {
    const made = await claim(await memberId('Ane'))
    const { path } = await ane.call(makeCalendarLink, { body: {} })
    const first = await get(path)
    expect(first.statusCode).toBe(200)
    expect(first.headers['content-type']).toBe('text/calendar; charset=utf-8')
    const events = new ICAL.Component(ICAL.parse(first.body)).getAllSubcomponents('vevent')
    expect(events.map((one) => one.getFirstPropertyValue('summary'))).toEqual(['Booked: Prusa'])
    expect(events.map((one) => one.getFirstPropertyValue('uid'))).toEqual([`${made?.uid}@auzolan`])
    expect(events.map((one) => one.getFirstPropertyValue('sequence'))).toEqual([0])
    const tag = String(first.headers.etag)
    const again = await get(path, { 'if-none-match': `"other", W/${tag}` })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    await workshop.db.run(sql`UPDATE claim SET version = version + 1, changed_at = now() WHERE id = ${made?.id}`)
    const changed = await get(path, { 'if-none-match': tag })
    expect(changed.statusCode).toBe(200)
    expect(changed.body).toContain('SEQUENCE:1')
    expect(changed.body).toContain(`UID:${made?.uid}@auzolan`)
    await workshop.db.run(
      sql`UPDATE claim SET state = 'cancelled', ended_at = now(), version = 2 WHERE id = ${made?.id}`,
    )
    expect((await get(path)).body).toContain('STATUS:CANCELLED')
  })

  it("names nobody in a printer's calendar", async () => {
    await claim(await memberId('Ane'))
    const { path } = await workshop.steward.call(makeCalendarLink, { body: { printerId } })
    const { body } = await get(path)
    expect(body).toContain('SUMMARY:Booked\r\n')
    expect(body).not.toContain('Ane')
    expect(body).not.toContain('lamp')
  })

  it('keeps no secret of a link, and none works once it is revoked or its member is gone', async () => {
    const { id, path } = await ane.call(makeCalendarLink, { body: {} })
    const token = /calendars\/(.*)\.ics/.exec(path)?.[1] ?? ''
    const rows = await workshop.db.rows<{ all: string }>(sql`SELECT calendar_feed::text AS all FROM calendar_feed`)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect((await refusalOf(workshop.steward.call(revokeCalendarLink, { params: { id } }))).code).toBe(
      'calendar.missing',
    )
    await ane.call(revokeCalendarLink, { params: { id } })
    expect((await get(path)).statusCode).toBe(404)
    const left = await ane.call(listCalendarLinks, {})
    expect(left.map((one) => one.id)).not.toContain(id)
    const gone = await workshop.join('Gone', 'member')
    const other = await gone.call(makeCalendarLink, { body: {} })
    await workshop.db.run(sql`UPDATE member SET deactivated_at = now() WHERE name = 'Gone'`)
    expect((await get(other.path)).statusCode).toBe(404)
    expect((await get('/api/calendars/..%2f..%2fetc.ics')).statusCode).toBe(404)
  })

  it('suggests the days of a calendar, and closes on those that a steward accepts', async () => {
    const year = new Date().getUTCFullYear() + 1
    const text = calendarOf(
      event(`DTSTART;VALUE=DATE:${year}0106`, 'SUMMARY:Epiphany'),
      event(`DTSTART;VALUE=DATE:${year}0107`, 'SUMMARY:Market day'),
    )
    await upload('days.ics', text)
    await upload('days.ics', text)
    const { sources, suggestions } = await workshop.steward.call(listHolidays, {})
    expect(sources.map(({ name, days }) => [name, days])).toEqual([['Feiertage', 2]])
    expect(suggestions.map(({ date, name }) => [date, name])).toEqual([
      [`${year}-01-06`, 'Epiphany'],
      [`${year}-01-07`, 'Market day'],
    ])
    const [first, second] = suggestions.map(({ id }) => id) as [number, number]
    await workshop.steward.call(decideHoliday, { params: { id: first }, body: { accept: true } })
    await workshop.steward.call(decideHoliday, { params: { id: second }, body: { accept: false } })
    const again = await refusalOf(
      workshop.steward.call(decideHoliday, { params: { id: first }, body: { accept: true } }),
    )
    expect(again.code).toBe('holiday.decided')
    const { hours } = await workshop.steward.call(showSettings, {})
    expect(hours.exceptions).toEqual([{ date: `${year}-01-06`, note: 'Epiphany', open: [], attended: [] }])
    await upload('days.ics', text)
    expect((await workshop.steward.call(listHolidays, {})).suggestions).toEqual([])
  })

  it('takes no holidays from members, from near machines, or from what is no calendar', async () => {
    expect((await refusalOf(ane.call(listHolidays, {}))).code).toBe('permission.missing')
    const near = await refusalOf(
      workshop.steward.call(readHolidaysFrom, { body: { address: 'http://127.0.0.1:5432/' } }),
    )
    expect(near).toMatchObject({ status: 422, code: 'holiday.address' })
    expect((await refusalOf(upload('page.ics', '<html>'))).code).toBe('holiday.unread')
  })
})
