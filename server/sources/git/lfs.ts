// Large-file storage: some files of a repository are only notes of where the real file lies (git-lfs, docs/spec.md and docs/api/batch.md).
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import { Refused, refuse } from '../../contract/refusals.ts'
import { readAddress } from '../fetcher.ts'
import type { Tools } from '../source.ts'
import { type Spooled, spool } from '../spool.ts'
import { isRefused } from '../trouble.ts'

export interface Pointer {
  readonly sha256: string
  readonly sizeBytes: number
}

/** A note is never longer, by the specification. */
export const LONGEST_POINTER_BYTES = 1024

/** Null: it is an ordinary file. */
export const readPointer = (bytes: Buffer): Pointer | null => {
  if (bytes.length > LONGEST_POINTER_BYTES) return null
  const text = bytes.toString('utf8')
  if (!/^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\r?\n/.test(text)) return null
  const sha256 = /^oid sha256:([0-9a-f]{64})\r?$/m.exec(text)?.[1]
  const size = /^size (\d{1,15})\r?$/m.exec(text)?.[1]
  return sha256 === undefined || size === undefined ? null : { sha256, sizeBytes: Number(size) }
}

const BatchAnswer = Type.Object({
  objects: Type.Array(
    Type.Object({
      actions: Type.Optional(
        Type.Object({
          download: Type.Optional(
            Type.Object({
              href: Type.String(),
              header: Type.Optional(Type.Record(Type.String(), Type.String())),
            }),
          ),
        }),
      ),
      error: Type.Optional(Type.Object({ message: Type.Optional(Type.String()) })),
    }),
  ),
})

/** The real file, checked by its hash. Throws Refused with the sentence for this one file. */
export const fetchLargeFile = async (repository: string, pointer: Pointer, tools: Tools): Promise<Spooled> => {
  const { limits } = tools
  if (pointer.sizeBytes > limits.fileBytes)
    throw new Refused(refuse('entry.too-large', { megabytes: Math.round(limits.fileBytes / 1e6) }))
  let spooled: Spooled
  try {
    const { href, header } = await askForDownload(repository, pointer, tools)
    const answer = await tools.fetcher.fetch(readAddress(href), {
      signal: tools.signal,
      mostBytes: pointer.sizeBytes,
      headers: header,
    })
    if (answer.status !== 200) {
      answer.drop()
      throw notGiven(`status ${answer.status}`)
    }
    spooled = await spool(answer.bytes, tools.temporaryFolder, tools.signal)
  } catch (error) {
    if (!isRefused(error) || error.refusal.code === 'entry.large-storage') throw error
    throw notGiven(error.message.replace(/\.$/, ''), error)
  }
  if (spooled.sha256 === pointer.sha256 && spooled.sizeBytes === pointer.sizeBytes) return spooled
  await spooled.drop()
  throw new Refused(refuse('entry.differs'))
}

const askForDownload = async (
  repository: string,
  pointer: Pointer,
  tools: Tools,
): Promise<{ href: string; header: Record<string, string> }> => {
  const base = repository.replace(/\/+$/, '').replace(/\.git$/, '')
  const answer = await tools.fetcher.fetch(`${base}.git/info/lfs/objects/batch`, {
    signal: tools.signal,
    method: 'POST',
    headers: { accept: 'application/vnd.git-lfs+json', 'content-type': 'application/vnd.git-lfs+json' },
    body: JSON.stringify({
      operation: 'download',
      transfers: ['basic'],
      objects: [{ oid: pointer.sha256, size: pointer.sizeBytes }],
    }),
  })
  if (answer.status !== 200) {
    answer.drop()
    throw notGiven(`status ${answer.status}`)
  }
  const told = await answer.json()
  const object = Value.Check(BatchAnswer, told) ? told.objects[0] : undefined
  const download = object?.actions?.download
  if (download === undefined) throw notGiven(object?.error?.message?.slice(0, 150) ?? 'it names no place')
  return { href: download.href, header: safeHeaders(download.header ?? {}) }
}

/** What the batch answer may add to the download: who it is for, not how it is spoken. */
const safeHeaders = (header: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(header)
      .filter(([name, value]) => /^(authorization|accept|x-[a-z0-9-]+)$/i.test(name) && /^[\x20-\x7e]*$/.test(value))
      .map(([name, value]) => [name.toLowerCase(), value]),
  )

const notGiven = (detail: string, cause?: unknown): Refused => {
  const refused = new Refused(refuse('entry.large-storage', { detail }))
  refused.cause = cause
  return refused
}
