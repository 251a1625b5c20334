// JSON from another house, checked by a schema; what it answered before is asked for by its ETag.
import type * as Type from 'typebox'
import * as Value from 'typebox/value'
import { Refused, refuse } from '../contract/refusals.ts'
import { type Answer, readAddress } from './fetcher.ts'
import type { Tools } from './source.ts'

export interface Asked<T> {
  readonly told: T
  readonly header: (name: string) => string | null
  readonly url: URL
}

interface Remembered {
  readonly etag: string
  readonly told: unknown
}

/** What is held at most: forges count every question, and answers that did not change are not sent again. */
const MOST_REMEMBERED = 100
const LARGEST_REMEMBERED_BYTES = 200_000
const remembered = new WeakMap<Tools['fetcher'], Map<string, Remembered>>()

/** Throws Refused where there is nothing, or something else. */
export const askJson = async <S extends Type.TSchema>(
  address: string | URL,
  schema: S,
  tools: Tools,
  headers: Readonly<Record<string, string>> = {},
): Promise<Asked<Type.Static<S>>> => {
  const url = readAddress(address)
  const key = `${url.href} ${headers['accept'] ?? ''}`
  const memory = remembered.get(tools.fetcher) ?? new Map<string, Remembered>()
  remembered.set(tools.fetcher, memory)
  // What only some may see is not kept for others.
  const before = headers['authorization'] === undefined ? memory.get(key) : undefined
  const answer = await tools.fetcher.fetch(url, {
    signal: tools.signal,
    headers: { accept: 'application/json', ...headers },
    ...(before === undefined ? {} : { etag: before.etag }),
  })
  const told = before !== undefined && answer.status === 304 ? dropped(answer, before.told) : await read(answer)
  if (!Value.Check(schema, told)) {
    throw new Refused(refuse('source.answer', { host: answer.url.host, detail: 'what it tells has another shape' }))
  }
  const etag = answer.header('etag')
  const length = Number(answer.header('content-length') ?? LARGEST_REMEMBERED_BYTES)
  if (etag !== null && headers['authorization'] === undefined && length < LARGEST_REMEMBERED_BYTES) {
    memory.delete(key)
    memory.set(key, { etag, told })
    for (const oldest of memory.keys()) {
      if (memory.size <= MOST_REMEMBERED) break
      memory.delete(oldest)
    }
  }
  return { told, header: answer.header, url: answer.url }
}

const dropped = (answer: Answer, told: unknown): unknown => {
  answer.drop()
  return told
}

const read = async (answer: Answer): Promise<unknown> => {
  if (answer.status === 200) return answer.json()
  answer.drop()
  if (answer.status >= 500)
    throw new Refused(refuse('source.answer', { host: answer.url.host, detail: `status ${answer.status}` }))
  throw new Refused(refuse('source.missing', { address: answer.url.href }))
}
