// Fifty at once, over HTTP, on the real PostgreSQL.
import sql from 'sql-template-tag'
import { beforeAll, describe, expect, it } from 'vitest'
import { setBookingRules } from '../../server/contract/booking-rules.ts'
import type { Claim } from '../../server/contract/bookings.ts'
import type { Refusal } from '../../server/contract/refusals.ts'
import { instantOfLocal } from '../../server/domain/wall-time.ts'
import { bookable, HOUR, nextMonday, overlaps, quickJoin } from '../support/bookings.ts'
import { openWorkshop, type Workshop } from '../support/workshop.ts'

const CLIENTS = 50
const ROUNDS = 4
/** What the slowest of a hundred may wait; on a machine that is busy with other things, so many times a plain question. */
const SLOWEST_MS = 250
const TIMES_A_QUESTION = 12

let workshop: Workshop
let address = ''
let cookies: string[] = []

interface Answer {
  readonly status: number
  readonly reply: Claim & Refusal
  readonly milliseconds: number
}

const post = async (cookie: string, body: object): Promise<Answer> => {
  const begun = performance.now()
  const response = await fetch(`${address}/api/bookings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  })
  const reply = (await response.json()) as Claim & Refusal
  return { status: response.status, reply, milliseconds: performance.now() - begun }
}

/** Who am I: the session, and nothing else. */
const ask = async (cookie: string): Promise<Pick<Answer, 'milliseconds'>> => {
  const begun = performance.now()
  await (await fetch(`${address}/api/me`, { headers: { cookie } })).json()
  return { milliseconds: performance.now() - begun }
}

const p99 = (answers: readonly Pick<Answer, 'milliseconds'>[]): number => {
  const sorted = answers.map(({ milliseconds }) => milliseconds).sort((one, other) => one - other)
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0
}

beforeAll(async () => {
  workshop = await openWorkshop()
  address = await workshop.app.listen({ host: '127.0.0.1', port: 0 })
  await workshop.steward.call(setBookingRules, {
    body: {
      role: null,
      printerId: null,
      rules: { queueShare: 0, mostOpen: null, hoursPerWeek: null, printersAtOnce: null, advanceDays: 60 },
    },
  })
  const people = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => quickJoin(workshop, `racer ${n}`)))
  cookies = people.map(({ cookie }) => cookie)
  // The first requests pay for what is only done once.
  const warm = await bookable(workshop.db, 'warm')
  const body = { wish: { printerId: warm }, start: nextMonday('08:00'), minutes: 30 }
  for (const cookie of cookies.slice(0, 10)) await post(cookie, body)
})

describe('fifty clients who want overlapping times of one printer', () => {
  it('get no overlap, and exactly those that conflict with nobody; none waits long, none sees a deadlock', async () => {
    const all: Answer[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const printerId = await bookable(workshop.db, `race-${round}`)
      const from = instantOfLocal(nextMonday('06:00'), 'Europe/Madrid')
      const asked = cookies.map((cookie, n) => ({
        cookie,
        start: from + ((n * 7) % CLIENTS) * 900,
        minutes: 30 + (n % 8) * 15,
      }))
      const answers = await Promise.all(
        asked.map(({ cookie, start, minutes }) =>
          post(cookie, { wish: { printerId }, start: new Date(start * 1000).toISOString(), minutes }),
        ),
      )
      all.push(...answers)
      const taken = asked.filter((_, n) => answers[n]?.status === 200)
      expect(taken.length).toBeGreaterThan(3)
      for (const [n, { start, minutes }] of asked.entries()) {
        if (answers[n]?.status === 200) continue
        expect(answers[n]?.reply.code).toBe('booking.taken')
        const end = start + minutes * 60 + 900
        expect(taken.some((one) => one.start < end && start < one.start + one.minutes * 60 + 900)).toBe(true)
      }
    }
    expect(await overlaps(workshop.db)).toBe(0)
    expect(all.filter(({ status }) => status >= 500)).toEqual([])
    const slowest = p99(all)
    const plain = p99((await Promise.all([Promise.all(cookies.map(ask))])).flat())
    const figures = { clients: CLIENTS, requests: all.length, p99: slowest, plainP99: plain }
    process.stdout.write(`${JSON.stringify({ booking: figures })}\n`)
    expect(slowest).toBeLessThanOrEqual(Math.max(SLOWEST_MS, plain * TIMES_A_QUESTION))
  })

  it('who want any printer share all of them, and nobody is refused while one is free', async () => {
    await workshop.db.run(sql`UPDATE printer SET removed_at = now()`)
    for (let n = 0; n < 5; n++) await bookable(workshop.db, `any-${n}`, {}, ['any'])
    const body = { wish: { tags: ['any'] }, start: nextMonday('10:00'), minutes: 60 }
    const answers = await Promise.all(cookies.map((cookie) => post(cookie, body)))
    const printers = answers.flatMap(({ status, reply }) => (status === 200 ? [reply.printerId] : []))
    expect(printers).toHaveLength(5)
    expect(new Set(printers).size).toBe(5)
    expect(await overlaps(workshop.db)).toBe(0)
  })
})

describe('one member with fifty windows', () => {
  it('gets as many bookings as the rules allow, not one more', async () => {
    await workshop.steward.call(setBookingRules, {
      body: {
        role: null,
        printerId: null,
        rules: { queueShare: 0, mostOpen: 3, printersAtOnce: null, advanceDays: 60 },
      },
    })
    const printers = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => bookable(workshop.db, `many-${n}`)))
    const greedy = await quickJoin(workshop, 'greedy')
    const answers = await Promise.all(
      printers.map((printerId) =>
        post(greedy.cookie, { wish: { printerId }, start: nextMonday('12:00'), minutes: 30 }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused.every(({ reply }) => reply.broken?.some(({ code }) => code === 'open'))).toBe(true)
  })

  it('gets as many hours of one week as the rules allow', async () => {
    await workshop.steward.call(setBookingRules, {
      body: {
        role: null,
        printerId: null,
        rules: { queueShare: 0, mostOpen: null, hoursPerWeek: 4, printersAtOnce: null, advanceDays: 60 },
      },
    })
    const printers = await Promise.all(Array.from({ length: 20 }, (_, n) => bookable(workshop.db, `hours-${n}`)))
    const greedy = await quickJoin(workshop, 'hungry')
    const answers = await Promise.all(
      printers.map((printerId) =>
        post(greedy.cookie, { wish: { printerId }, start: nextMonday('12:00'), minutes: 60 }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4)
  })

  it('books once where the same request comes fifty times', async () => {
    const printerId = await bookable(workshop.db, 'once')
    const one = await quickJoin(workshop, 'once more')
    const body = { wish: { printerId }, start: nextMonday('15:00'), minutes: 60, key: 'one-click-only' }
    const answers = await Promise.all(cookies.slice(0, 20).map(() => post(one.cookie, body)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(new Set(answers.map(({ reply }) => reply.id)).size).toBe(1)
    const other = await post(one.cookie, { ...body, minutes: 90 })
    expect(other.reply.code).toBe('booking.key')
  })

  it('never has two hold what the queue must keep: the share of a printer holds under the same race', async () => {
    await workshop.steward.call(setBookingRules, {
      body: {
        role: null,
        printerId: null,
        rules: { queueShare: 0.95, mostOpen: null, hoursPerWeek: null, printersAtOnce: null, advanceDays: 60 },
      },
    })
    const printerId = await bookable(workshop.db, 'shared')
    const from = instantOfLocal(nextMonday('00:00'), 'Europe/Madrid')
    const answers = await Promise.all(
      cookies.slice(0, 20).map((cookie, n) => {
        const start = new Date((from + n * 2 * HOUR) * 1000).toISOString()
        return post(cookie, { wish: { printerId }, start, minutes: 60 })
      }),
    )
    // 5 % of 168 hours.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(8)
  })
})
