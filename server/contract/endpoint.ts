// One door of the API, described once: the server mounts it, the dashboard calls it.
import type * as Type from 'typebox'
import type { Permission } from './permissions.ts'

/**
 * Who may knock. `anyone`: also without a session. `signed-in`: every member. `in-person`: every member, but not by a
 * key. Otherwise the permission that is needed: below `/api/printers/:id` at that printer, elsewhere at one at least;
 * where it depends on whose thing it is, the handler asks again.
 */
export type Access = 'anyone' | 'signed-in' | 'in-person' | Permission

export interface Endpoint<
  Params extends Type.TSchema = Type.TSchema,
  Query extends Type.TSchema = Type.TSchema,
  Body extends Type.TSchema = Type.TSchema,
  Reply extends Type.TSchema = Type.TSchema,
> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly url: `/api/${string}`
  readonly summary: string
  readonly access: Access
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** Nothing that it does is kept for long, and it is asked often: the audit log does not tell of it. */
  readonly isPassing?: true
  /** What comes back with 200. */
  readonly reply: Reply
}

export const endpoint = <
  Params extends Type.TSchema = Type.TUnknown,
  Query extends Type.TSchema = Type.TUnknown,
  Body extends Type.TSchema = Type.TUnknown,
  Reply extends Type.TSchema = Type.TUnknown,
>(
  description: Endpoint<Params, Query, Body, Reply>,
): Endpoint<Params, Query, Body, Reply> => description

export type ParamsOf<E> = E extends Endpoint<infer P, infer _Q, infer _B, infer _R> ? Type.Static<P> : never
export type QueryOf<E> = E extends Endpoint<infer _P, infer Q, infer _B, infer _R> ? Type.Static<Q> : never
export type BodyOf<E> = E extends Endpoint<infer _P, infer _Q, infer B, infer _R> ? Type.Static<B> : never
export type ReplyOf<E> = E extends Endpoint<infer _P, infer _Q, infer _B, infer R> ? Type.Static<R> : never
