// What the network says when it fails -> what a person is told.
import { Refused, refuse } from '../contract/refusals.ts'

/** What is refused stays so; anything else becomes a sentence about the host, with the failure as its cause. */
export const explainTrouble = (error: unknown, url: URL): Refused => {
  const host = url.host
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if (one instanceof Refused) return one
    const inner = one instanceof AggregateError ? one.errors.find((each) => each instanceof Refused) : undefined
    if (inner instanceof Refused) return inner
  }
  const code = codeOf(error)
  const refusal = (() => {
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA')
      return refuse('source.unknown-host', { host })
    if (/TIMEOUT|TIMEDOUT|TimeoutError|ABORT/i.test(code)) return refuse('source.slow', { host })
    if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/.test(code)) return refuse('source.certificate', { host })
    if (code.startsWith('UND_ERR_HEADERS_') || code.startsWith('HPE_') || code === 'HTTPParserError')
      return refuse('source.answer', { host, detail: 'its head cannot be read' })
    if (code.startsWith('Z_')) return refuse('source.answer', { host, detail: 'it cannot be unpacked' })
    if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' || code === 'UND_ERR_SOCKET' || code === 'ECONNRESET')
      return refuse('source.cut-off', { name: `What ${host} sends` })
    return refuse('source.away', { host })
  })()
  const refused = new Refused(refusal)
  refused.cause = error
  return refused
}

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return error.name
}

/** Whether a failure is an answer for the person who asked, rather than a fault of ours. */
export const isRefused = (error: unknown): error is Refused => error instanceof Refused
