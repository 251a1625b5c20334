// Who is asking? The session's cookie says so; and a request from another page is not listened to.
import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Me } from '../contract/members.ts'
import { refuse } from '../contract/refusals.ts'
import type { Database } from '../store/database.ts'
import { closeSession, memberBySession, openSession } from '../store/members.ts'
import { sendRefusal } from './errors.ts'

const COOKIE = 'auzolan_session'
const COOKIE_SECONDS = 30 * 24 * 3600

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in; null: nobody. */
    me: Me | null
  }
}

export const mountSession = async (app: FastifyInstance, db: Database): Promise<void> => {
  await app.register(cookie)
  app.decorateRequest('me', null)
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return
    if (isForeign(request)) return sendRefusal(reply, refuse('session.foreign-page'))
    const token = request.cookies[COOKIE]
    if (token !== undefined) request.me = await memberBySession(db, token)
  })
}

/** Signs a member in on this browser. */
export const beginSession = async (
  db: Database,
  request: FastifyRequest,
  reply: FastifyReply,
  memberId: number,
): Promise<void> => {
  const token = await openSession(db, memberId)
  reply.setCookie(COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    maxAge: COOKIE_SECONDS,
  })
}

export const endSession = async (db: Database, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  const token = request.cookies[COOKIE]
  if (token !== undefined) await closeSession(db, token)
  reply.clearCookie(COOKIE, { path: '/' })
}

/**
 * Whether a page of another site sent this request: browsers say so. The cookie is strict, so it would not have come
 * along; this closes the door to old browsers and to WebSockets as well.
 */
const isForeign = (request: FastifyRequest): boolean => {
  const harmless = request.method === 'GET' || request.method === 'HEAD'
  if (harmless && request.headers.upgrade === undefined) return false
  const site = request.headers['sec-fetch-site']
  if (site === 'cross-site' || site === 'same-site') return true
  const { origin } = request.headers
  if (origin === undefined) return false
  try {
    return new URL(origin).host !== request.host
  } catch {
    return true
  }
}
