// One shape for every refusal and failure: what is told to whom.
import { randomUUID } from 'node:crypto'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { type Refusal, Refused, refuse, statusOf } from '../contract/refusals.ts'
import { DatabaseAway, DiskFull } from '../store/database.ts'

/** Whatever a handler throws leaves through here. What broke is logged whole and told without its inside. */
export const mountErrors = (app: FastifyInstance): void => {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = refusalFor(error)
    if (refusal !== null) return sendRefusal(reply, refusal)
    const reference = randomUUID().slice(0, 8)
    request.log.error({ err: error, reference }, 'request failed')
    return sendRefusal(reply, refuse('server.failed', { reference }))
  })
}

export const sendRefusal = (reply: FastifyReply, refusal: Refusal): FastifyReply =>
  reply.status(statusOf(refusal)).type('application/json; charset=utf-8').send(JSON.stringify(refusal))

const refusalFor = (error: FastifyError): Refusal | null => {
  if (error instanceof Refused) return error.refusal
  if (error instanceof DatabaseAway) return refuse('database.away')
  if (error instanceof DiskFull) return refuse('disk.full')
  if (error.validation) return refuse('request.invalid', { detail: sentenceFor(error) })
  if (error.statusCode === 429) return refuse('rate.limited', { seconds: 60 })
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return refuse('request.invalid', { detail: error.message })
  }
  return null
}

/** `body/name must not have fewer than 1 characters` -> a sentence that names the field. */
const sentenceFor = (error: FastifyError): string => {
  const [first] = error.validation ?? []
  const place = first?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? ''
  const what = first?.message ?? error.message
  return `${place === '' ? error.validationContext : place}: ${what}.`
}
