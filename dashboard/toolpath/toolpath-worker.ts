// Reads a file as it comes from the server, beside the page: the page stays quick whatever the file.

import type { FromWorker, ReadRequest } from './messages.ts'
import { FileReading } from './read-file.ts'

const tell = (message: FromWorker): void => {
  const buffers = message.kind === 'parts' ? message.parts.map(({ buffer }) => buffer) : []
  postMessage(message, { transfer: buffers })
}

/** Without a message where the connection broke: what a browser says of that is not for people. */
const fail = (status: number, message = ''): void => tell({ kind: 'failed', status, message })

/** What a refusal says, or nothing where it is none of ours. */
const sentenceOf = async (response: Response): Promise<string> => {
  const reply: unknown = await response.json().catch(() => null)
  return typeof reply === 'object' && reply !== null && 'message' in reply ? String(reply.message) : ''
}

const read = async ({ url, sizeBytes, pointBudget }: ReadRequest): Promise<void> => {
  const response = await fetch(url)
  if (!response.ok || response.body === null) return fail(response.status, await sentenceOf(response))
  const reading = new FileReading({ sizeBytes, pointBudget, tell })
  const reader = response.body.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) reading.feed(next.value)
  reading.end()
}

addEventListener('message', ({ data }: MessageEvent<ReadRequest>) => {
  read(data).catch(() => fail(0))
})
