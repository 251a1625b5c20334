// The other door: the browser goes to a house that knows the person, and comes back with its word.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { oidcCallbackUrl, oidcStartUrl } from '../contract/oidc.ts'
import type { Role } from '../contract/permissions.ts'
import { type RefusalCode, Refused, refuse } from '../contract/refusals.ts'
import { audited } from '../plugins/audit.ts'
import { OidcAway, OidcDoor, OidcRefused, type Person } from '../plugins/oidc.ts'
import { beginSession } from '../plugins/session.ts'
import type { Database } from '../store/database.ts'
import { createFromIdentity, joinIdentity, memberByIdentity } from '../store/identities.ts'
import { changeMember, holdStewards } from '../store/members.ts'
import type { Sealer } from '../store/secrets.ts'
import { memberOfSession } from '../store/sessions.ts'
import type { House } from './house.ts'

const COOKIE = 'auzolan_other_door'
const COOKIE_SECONDS = 600
const guarded = { config: { rateLimit: { max: 30, timeWindow: 60_000 } } }

export const mountOidc = (app: FastifyInstance, { db, config }: House, sealer: Sealer): void => {
  const { oidc, publicUrl } = config
  if (oidc === null || publicUrl === null) return
  const door = new OidcDoor(oidc, publicUrl + oidcCallbackUrl, sealer)
  // Lax, because the browser brings it back from another site; and only to where it comes back.
  const cookie = {
    path: oidcCallbackUrl,
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.startsWith('https:'),
    maxAge: COOKIE_SECONDS,
  } as const

  app.get(oidcStartUrl, guarded, async (request, reply) => {
    const { join } = request.query as { join?: string }
    const session = request.caller?.credential
    const sessionId = join === '1' && session?.kind === 'session' ? session.id : null
    try {
      const { url, flow } = await door.begin(sessionId)
      return await reply.setCookie(COOKIE, flow, cookie).redirect(url)
    } catch (error) {
      return sendBack(request, reply, error)
    }
  })

  app.get(oidcCallbackUrl, guarded, async (request, reply) => {
    const flow = request.cookies[COOKIE] ?? ''
    reply.clearCookie(COOKIE, { path: oidcCallbackUrl })
    try {
      const search = new URL(request.url, publicUrl).search
      const { person, sessionId } = await door.finish(flow, search)
      if (sessionId !== null) {
        await joinTo(db, request, person, sessionId)
        return await reply.redirect('/account')
      }
      const change = { method: 'GET', url: oidcCallbackUrl, summary: `Signs in by ${oidc.name}` }
      await audited(db, change, request, () => comeIn(db, request, reply, door, person))
      return await reply.redirect('/')
    } catch (error) {
      return sendBack(request, reply, error)
    }
  })
}

/** The page that the browser lands on says what happened. */
const sendBack = (request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply => {
  const code = codeOf(error)
  if (code === null) throw error
  request.log.warn({ err: error }, 'sign-in at the other house')
  return reply.redirect(`/?refused=${code}`)
}

const codeOf = (error: unknown): RefusalCode | null => {
  if (error instanceof OidcAway) return 'oidc.away'
  if (error instanceof OidcRefused) return 'oidc.failed'
  return error instanceof Refused ? (error.refusal.code as RefusalCode) : null
}

const comeIn = async (
  db: Database,
  request: FastifyRequest,
  reply: FastifyReply,
  door: OidcDoor,
  person: Person,
): Promise<object> => {
  const memberId = await memberFor(db, person, door.roleOf(person.groups))
  await beginSession(db, request, reply, memberId)
  request.me = { id: memberId, name: person.name, role: 'visitor', limits: [], scopes: null, language: null }
  return {}
}

/** The member of this person; a new one on the first day. The groups of today say what he is. */
const memberFor = async (db: Database, person: Person, role: Role | null): Promise<number> => {
  const known = await memberByIdentity(db, person)
  if (known === null) {
    if (role === null) throw new Refused(refuse('oidc.no-role'))
    return createFromIdentity(db, person, { name: person.name, role, email: person.email })
  }
  if (!known.active) throw new Refused(refuse('oidc.no-role'))
  if (!known.followsGroups) return known.id
  if (role === null) throw new Refused(refuse('oidc.no-role'))
  if (role !== known.role) await db.transaction((inside) => follow(inside, known.id, role))
  return known.id
}

const follow = async (db: Database, memberId: number, role: Role): Promise<void> => {
  const stewards = await holdStewards(db)
  // Whatever the groups say: without a steward nobody could mend it.
  if (stewards.length === 1 && stewards[0] === memberId) return
  await changeMember(db, memberId, { role })
}

/** Who began it in his open session may come in by this identity from now on; his role stays his own. */
const joinTo = async (db: Database, request: FastifyRequest, person: Person, sessionId: number): Promise<void> => {
  const member = await memberOfSession(db, sessionId)
  if (member === null) throw new Refused(refuse('session.none'))
  request.me = member
  const change = { method: 'GET', url: oidcCallbackUrl, summary: 'Joins an identity of the other sign-in' }
  await audited(db, change, request, async () => {
    const known = await memberByIdentity(db, person)
    if (known?.id === member.id) return
    if (!(await joinIdentity(db, person, member.id, false))) throw new Refused(refuse('oidc.taken'))
  })
}
