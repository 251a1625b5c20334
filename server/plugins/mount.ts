// An Endpoint of the contract and a handler -> a route: checked, asked who may, answered by its schema.
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify'
import type * as Type from 'typebox'
import type { Access, Endpoint } from '../contract/endpoint.ts'
import type { Me } from '../contract/members.ts'
import { may, type Permission, reaches } from '../contract/permissions.ts'
import { Refusal, Refused, refuse } from '../contract/refusals.ts'
import type { Database } from '../store/database.ts'
import { placeOf } from '../store/places.ts'
import { audited } from './audit.ts'

/** What a handler is given: the request after its schema, and who asks. */
export interface Asked<P, Q, B, Who> {
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly me: Who
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

type Handler<E, Who> =
  E extends Endpoint<infer P, infer Q, infer B, infer R>
    ? (asked: Asked<Type.Static<P>, Type.Static<Q>, Type.Static<B>, Who>) => Promise<Type.Static<R>>
    : never

type AnyEndpoint = Endpoint<Type.TSchema, Type.TSchema, Type.TSchema, Type.TSchema>

/** Mounts an endpoint for members: the handler knows who asks. */
export const mount = <E extends AnyEndpoint>(
  app: FastifyInstance,
  endpoint: E,
  handler: Handler<E, Me>,
  options: RouteShorthandOptions = {},
): void => add(app, endpoint, handler as Handler<AnyEndpoint, Me>, options)

/** Mounts an endpoint that is open to anyone. */
export const mountOpen = <E extends AnyEndpoint>(
  app: FastifyInstance,
  endpoint: E,
  handler: Handler<E, Me | null>,
  options: RouteShorthandOptions = {},
): void => add(app, endpoint, handler as Handler<AnyEndpoint, Me>, options)

const add = (
  app: FastifyInstance,
  endpoint: AnyEndpoint,
  handler: Handler<AnyEndpoint, Me>,
  options: RouteShorthandOptions,
): void => {
  const { method, url, summary, access, params, query, body, reply, isPassing = false } = endpoint
  app.route({
    ...options,
    method,
    url,
    schema: {
      summary,
      ...(params ? { params } : {}),
      ...(query ? { querystring: query } : {}),
      ...(body ? { body } : {}),
      response: { 200: reply, '4xx': Refusal, '5xx': Refusal },
    },
    // Before the body is read: a stranger's upload is not taken in first.
    onRequest: async (request) => checkAccess(request.me, access),
    handler: async (request, fastifyReply) => {
      if (request.me !== null) await checkPlace(app.db, request.me, endpoint, request.params)
      const answer = (): Promise<unknown> =>
        handler({
          params: request.params,
          query: request.query,
          body: request.body,
          me: request.me as Me,
          request,
          reply: fastifyReply,
        })
      return method === 'GET' || isPassing ? answer() : audited(app.db, endpoint, request, answer)
    },
  })
}

const isPermission = (access: Access): access is Permission =>
  access !== 'anyone' && access !== 'signed-in' && access !== 'in-person'

const checkAccess = (me: Me | null, access: Access): void => {
  if (access === 'anyone') return
  if (me === null) throw new Refused(refuse('session.none'))
  if (access === 'in-person' && me.scopes !== null) throw new Refused(refuse('session.in-person'))
  if (isPermission(access) && !may(me, access)) throw new Refused(refuse('permission.missing'))
}

/** What is asked of one printer must be allowed at that one; who may not see it is not told that it is there. */
const checkPlace = async (db: Database, me: Me, { url, access }: AnyEndpoint, params: unknown): Promise<void> => {
  const named = /^\/api\/(?:schedule\/)?(?:printers|loaded-spools|maintenance)\/:(\w+)/.exec(url)?.[1]
  if (named === undefined) return
  const place = await placeOf(db, Number((params as Record<string, unknown>)[named]))
  if (place === null || !reaches(me, 'look', place)) throw new Refused(refuse('printer.missing'))
  if (isPermission(access) && !may(me, access, place)) throw new Refused(refuse('permission.missing'))
}
