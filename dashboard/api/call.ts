// Calls one Endpoint of the server; types come from the contract.
import type { Broken } from '../../server/contract/booking-rules.ts'
import type { Proposal } from '../../server/contract/bookings.ts'
import type { Endpoint, ReplyOf } from '../../server/contract/endpoint.ts'
import type { Refusal } from '../../server/contract/refusals.ts'
import { type AskOf, requestFor } from '../../server/contract/request.ts'

type CallFacts = Pick<Refusal, 'values' | 'broken' | 'alternatives'>

/** The server said no, or did not answer: a sentence for the person. */
export class CallFailed extends Error {
  /** 0: it did not answer. */
  readonly status: number
  readonly code: string
  readonly values: Readonly<Record<string, string | number>>
  /** Of a booking: every rule that it breaks, and the nearest times that could be booked instead. */
  readonly broken: readonly Broken[]
  readonly alternatives: readonly Proposal[]

  constructor(status: number, code: string, message: string, more: CallFacts = {}) {
    super(message)
    this.name = 'CallFailed'
    this.status = status
    this.code = code
    this.values = more.values ?? {}
    this.broken = more.broken ?? []
    this.alternatives = more.alternatives ?? []
  }
}

/** Throws CallFailed. */
export const call = async <E extends Endpoint>(
  endpoint: E,
  ask: AskOf<E>,
  signal?: AbortSignal,
): Promise<ReplyOf<E>> => {
  const { method, path, json } = requestFor(endpoint, ask)
  const response = await fetch(path, {
    method,
    ...(signal ? { signal } : {}),
    ...(json === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }),
  }).catch((error: Error) => {
    if (error.name === 'AbortError') throw error
    throw new CallFailed(0, 'server.away', 'The server does not answer. Is it running, and are you in its network?')
  })
  return readReply(response.status, response.ok, await response.text()) as ReplyOf<E>
}

/** A reply's JSON, or CallFailed with what the server says. */
export const readReply = (status: number, ok: boolean, text: string): unknown => {
  let reply: unknown = null
  try {
    reply = JSON.parse(text)
  } catch {
    throw new CallFailed(status, 'server.failed', `The server gave an answer that makes no sense (${status}).`)
  }
  if (ok) return reply
  const { code, message, ...more } = reply as Refusal
  throw new CallFailed(status, code, message, more)
}
