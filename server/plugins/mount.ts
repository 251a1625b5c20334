// An Endpoint of the contract and a handler -> a route: checked, asked who may, answered by its schema.
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify'
import type * as Type from 'typebox'
import type { Access, Endpoint } from '../contract/endpoint.ts'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refusal, Refused, refuse } from '../contract/refusals.ts'

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
  const { method, url, summary, access, params, query, body, reply } = endpoint
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
    handler: (request, fastifyReply) =>
      handler({
        params: request.params,
        query: request.query,
        body: request.body,
        me: request.me as Me,
        request,
        reply: fastifyReply,
      }),
  })
}

const checkAccess = (me: Me | null, access: Access): void => {
  if (access === 'anyone') return
  if (me === null) throw new Refused(refuse('session.none'))
  if (access !== 'signed-in' && !may(me.role, access)) throw new Refused(refuse('permission.missing'))
}
