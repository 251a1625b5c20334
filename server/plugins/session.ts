// Who is asking? The session's cookie says so, or a key; and a request from another page is not listened to.
import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Me } from '../contract/members.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import type { Database } from '../store/database.ts'
import type { KnownCallers } from '../store/known-callers.ts'
import {
  type Caller,
  callerByKey,
  callerBySession,
  closeSession,
  openSession,
  rememberDevice,
} from '../store/sessions.ts'
import { newToken } from '../store/tokens.ts'
import { sendRefusal } from './errors.ts'

const COOKIE = 'auzolan_session'
const COOKIE_SECONDS = 30 * 24 * 3600
const DEVICE_COOKIE = 'auzolan_device'
const DEVICE_SECONDS = 365 * 24 * 3600
const LONGEST_BROWSER = 200

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null: nobody. */
    me: Me | null
    /** By which session or key he asks. */
    caller: Caller | null
  }
  interface FastifyContextConfig {
    /** Who was let in lately is not asked for again: nothing may be waited for. */
    urgent?: boolean
  }
  interface FastifyInstance {
    db: Database
  }
}

export const mountSession = async (app: FastifyInstance, db: Database, callers: KnownCallers): Promise<void> => {
  await app.register(cookie)
  app.decorate('db', db)
  app.decorateRequest('me', null)
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request, reply) => {
    if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000')
    if (!request.url.startsWith('/api/')) return
    // What one member was answered is not kept for the next one at the same browser.
    reply.header('cache-control', 'no-store')
    const key = keyOf(request)
    if (key === null && isForeign(request)) return sendRefusal(reply, refuse('session.foreign-page'))
    const secret = key ?? request.cookies[COOKIE]
    request.caller = secret === undefined ? null : await callerOf({ db, callers, request, secret, isKey: key !== null })
    // A key that no longer works is said to be so everywhere; it does not make its bearer a stranger in silence.
    if (key !== null && request.caller === null) return sendRefusal(reply, refuse('session.none'))
    request.me = request.caller?.me ?? null
  })
}

/** `Authorization: Bearer ...`; then the cookie does not count. */
const keyOf = (request: FastifyRequest): string | null =>
  /^Bearer +(\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1] ?? null

interface Knock {
  readonly db: Database
  readonly callers: KnownCallers
  readonly request: FastifyRequest
  readonly secret: string
  readonly isKey: boolean
}

const callerOf = async ({ db, callers, request, secret, isKey }: Knock): Promise<Caller | null> => {
  const known = request.routeOptions.config.urgent === true ? callers.recall(secret) : null
  if (known !== null) return known
  const caller = await (isKey ? callerByKey : callerBySession)(db, secret, request.ip)
  if (caller === null) callers.forget(secret)
  else callers.remember(secret, caller)
  return caller
}

const strict = (request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' }) as const

/** Signs a member in on this browser; whoever was signed in here before is so no more. */
export const beginSession = async (
  db: Database,
  request: FastifyRequest,
  reply: FastifyReply,
  memberId: number,
): Promise<void> => {
  const earlier = request.cookies[COOKIE]
  if (earlier !== undefined) await closeSession(db, earlier)
  const browser = (request.headers['user-agent'] ?? '').slice(0, LONGEST_BROWSER)
  const token = await openSession(db, memberId, { browser, address: request.ip })
  reply.setCookie(COOKIE, token, { ...strict(request), maxAge: COOKIE_SECONDS })
  const device = deviceOf(request) ?? newToken()
  await rememberDevice(db, device, memberId)
  reply.setCookie(DEVICE_COOKIE, device, { ...strict(request), maxAge: DEVICE_SECONDS })
}

/** By what this browser is known again after its sessions have ended. It opens nothing. */
export const deviceOf = (request: FastifyRequest): string | null => {
  const device = request.cookies[DEVICE_COOKIE]
  return device !== undefined && /^[\w-]{43}$/.test(device) ? device : null
}

export const endSession = async (db: Database, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  const token = request.cookies[COOKIE]
  if (token !== undefined) await closeSession(db, token)
  reply.clearCookie(COOKIE, { path: '/' })
}

/** The session of who is here in person. Throws Refused for a key. */
export const sessionOf = (request: FastifyRequest): number => {
  const credential = request.caller?.credential
  if (credential?.kind !== 'session') throw new Refused(refuse('session.in-person'))
  return credential.id
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
