// Calendars that go out behind secret links, and public holidays that come in.
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { writeFeed } from '../calendars/feed.ts'
import * as contract from '../contract/calendars.ts'
import { may, reaches } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { feedEntry } from '../domain/feed-entry.ts'
import { mount } from '../plugins/mount.ts'
import * as feeds from '../store/calendar-feeds.ts'
import type { Database } from '../store/database.ts'
import { placeOf } from '../store/places.ts'
import { readSite } from '../store/site.ts'
import type { House } from './house.ts'

export const mountCalendars = (app: FastifyInstance, house: House): void => {
  const { db } = house
  mount(app, contract.listCalendarLinks, ({ me }) => feeds.listFeeds(db, me.id))

  mount(app, contract.makeCalendarLink, async ({ body, me }) => {
    const printerId = body.printerId ?? null
    const place = printerId === null ? null : await placeOf(db, printerId)
    if (printerId !== null && (place === null || !may(me, 'look', place))) throw new Refused(refuse('printer.missing'))
    const made = await feeds.createFeed(db, me.id, printerId, contract.MOST_LINKS)
    if (made === null) throw new Refused(refuse('calendar.many', { count: contract.MOST_LINKS }))
    return { id: made.id, path: contract.feedPath(made.token) }
  })

  mount(app, contract.revokeCalendarLink, async ({ params, me }) => {
    if (!(await feeds.revokeFeed(db, me.id, params.id))) throw new Refused(refuse('calendar.missing'))
    return {}
  })

  // No endpoint of the API: a calendar program knows neither JSON nor a session, only this address.
  app.get<{ Params: { file: string } }>(
    '/api/calendars/:file',
    { config: { rateLimit: { max: 120, timeWindow: 60_000 } } },
    (request, reply) => sendFeed(house, request, reply),
  )
}

const sendFeed = async (
  { db, config }: House,
  request: FastifyRequest<{ Params: { file: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const token = /^([\w-]{43})\.ics$/.exec(request.params.file)?.[1]
  const feed = token === undefined ? null : await feeds.openFeed(db, token)
  // As with a page that is not there: nobody learns whether it ever worked.
  if (feed === null || (feed.printer !== null && !reaches(feed, 'look', feed.printer))) {
    throw new Refused(refuse('calendar.gone'))
  }
  const text = await textOf(db, feed, config.publicUrl)
  const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
  await feeds.touchFeed(db, feed.id)
  reply.header('etag', tag).header('cache-control', 'private, no-cache')
  if (isSame(request.headers['if-none-match'], tag)) return reply.status(304).send()
  return reply
    .type('text/calendar; charset=utf-8')
    .header('content-disposition', 'inline; filename="bookings.ics"')
    .send(text)
}

const textOf = async (db: Database, feed: feeds.OpenFeed, publicUrl: string | null): Promise<string> => {
  const site = (await readSite(db))?.name ?? 'Auzolan'
  const own = feed.printer === null
  const claims = own
    ? await feeds.claimsOfMember(db, feed.memberId)
    : await feeds.claimsOfPrinter(db, feed.printer?.id ?? 0)
  return writeFeed({
    name: own ? `${site}: my bookings` : `${site}: ${feed.printer?.name}`,
    url: publicUrl === null ? null : `${publicUrl}/bookings`,
    entries: claims.map((claim) => feedEntry(claim, own)),
  })
}

const isSame = (asked: string | undefined, tag: string): boolean =>
  (asked ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag)
