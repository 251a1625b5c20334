// Every change that a person asks for is written down before it is carried out, and how it ended after it.
import type { FastifyRequest } from 'fastify'
import { Refused } from '../contract/refusals.ts'
import { type Begun, beginAudit, beginUrgentAudit, endAudit, forgetAudit } from '../store/audit.ts'
import type { Database } from '../store/database.ts'

export interface Change {
  readonly method: string
  readonly url: string
  readonly summary: string
}

const LONGEST_DETAILS = 4000
const LONGEST_TEXT = 300

/** Carries out what was asked, between its two lines in the log. */
export const audited = async <T>(
  db: Database,
  change: Change,
  request: FastifyRequest,
  work: () => Promise<T>,
): Promise<T> => {
  const id = await (isUrgent(request) ? beginUrgentAudit : beginAudit)(db, begun(change, request))
  const end = (outcome: string, reply: unknown): Promise<void> =>
    endAudit(db, id, { outcome, memberId: request.me?.id ?? memberOf(change, reply), ...madeBy(change, reply) })
  let reply: T
  try {
    reply = await work()
  } catch (error) {
    // The entry stays without its end where even that cannot be written; what went wrong first is what is told.
    const code = error instanceof Refused ? error.refusal.code : 'failed'
    // A stranger who is held off has changed nothing, and shall not fill the log.
    const held = request.me === null && code === 'rate.limited'
    await (held ? forgetAudit(db, id) : end(code, null)).catch(() => {})
    throw error
  }
  await end('done', reply)
  return reply
}

const begun = ({ method, url, summary }: Change, request: FastifyRequest): Begun => {
  const params = (request.params ?? {}) as Record<string, unknown>
  const kind = kindOf(url)
  return {
    memberId: request.me?.id ?? null,
    keyName: request.caller?.keyName ?? null,
    address: request.ip,
    action: `${method} ${url}`,
    summary: summary.split(/[;:]/)[0] ?? summary,
    targetKind: kind,
    targetId: /^\/api\/[\w-]+\/:id/.test(url) && typeof params['id'] === 'number' ? params['id'] : null,
    // A stranger who mistakes the field may have written a password for a name: nothing of his is kept.
    details: request.me === null ? {} : detailsOf(request, params),
  }
}

/** `/api/printers/:id/commands` -> printer; one's own account is of no kind. */
const kindOf = (url: string): string | null => {
  const place = /^\/api\/([\w-]+)/.exec(url)?.[1] ?? ''
  return ['me', 'session', 'site', ''].includes(place) ? null : place.replace(/s$/, '')
}

const detailsOf = (request: FastifyRequest, params: Record<string, unknown>): Record<string, unknown> => {
  const { id: _, ...others } = params
  const body = isPlain(request.body) ? request.body : {}
  const details = withoutSecrets({ ...others, ...(request.query as object), ...body }) as Record<string, unknown>
  if (JSON.stringify(details).length <= LONGEST_DETAILS) return details
  return { changed: Object.keys(details) }
}

const isUrgent = ({ body, routeOptions }: FastifyRequest): boolean =>
  routeOptions.config.urgent === true || (isPlain(body) && body['kind'] === 'emergency-stop')

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

const secret = /password|passphrase|^current$|token|secret|credential|cookie|^code$|(api|access|private)_?-?key/i

/** Fields that hold secrets by their name, and passwords within addresses, are left out. */
export const withoutSecrets = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replace(/\/\/[^/@\s]*@/g, '//').slice(0, LONGEST_TEXT)
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !secret.test(name))
      .map(([name, inner]) => [name, withoutSecrets(inner)]),
  )
}

/** What was made by it, as its reply tells. */
const madeBy = (change: Change, reply: unknown): { targetId: number | null; targetName: string | null } => {
  if (kindOf(change.url) === null || !isPlain(reply)) return { targetId: null, targetName: null }
  const { id, name, fileName } = reply
  const called = typeof name === 'string' ? name : typeof fileName === 'string' ? fileName : null
  return { targetId: typeof id === 'number' ? id : null, targetName: called }
}

/** Who came in by it: these answer with the member himself. */
const memberOf = ({ url }: Change, reply: unknown): number | null => {
  const comesIn = ['/api/session', '/api/site', '/api/invitations/accept'].includes(url)
  return comesIn && isPlain(reply) && typeof reply['id'] === 'number' ? reply['id'] : null
}
