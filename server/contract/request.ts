// An Endpoint and what is asked of it -> the HTTP request for it.
import type { BodyOf, Endpoint, ParamsOf, QueryOf } from './endpoint.ts'

type AnyEndpoint = Endpoint

type Part<Name extends string, Value> = unknown extends Value ? { [N in Name]?: undefined } : { [N in Name]: Value }

/** What an endpoint needs to be called: only the parts that it has. */
export type AskOf<E> = Part<'params', ParamsOf<E>> & Part<'query', QueryOf<E>> & Part<'body', BodyOf<E>>

export interface HttpRequest {
  readonly method: string
  /** From `/api/` on. */
  readonly path: string
  readonly json: unknown
}

export const requestFor = <E extends AnyEndpoint>(endpoint: E, ask: AskOf<E>): HttpRequest => {
  const { params = {}, query = {}, body } = ask as { params?: object; query?: object; body?: unknown }
  const values = params as Record<string, unknown>
  const path = endpoint.url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  const asked = search.toString()
  return { method: endpoint.method, path: asked === '' ? path : `${path}?${asked}`, json: body }
}
