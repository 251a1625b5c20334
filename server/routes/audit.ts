// The audit log: shown, and given out whole.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import * as Type from 'typebox'
import { type AuditEntry, AuditFilter, auditExportUrl, listAudit } from '../contract/audit.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { csvRow } from '../domain/csv.ts'
import { mount } from '../plugins/mount.ts'
import * as audit from '../store/audit.ts'
import type { House } from './house.ts'

const Query = Type.Object({
  ...AuditFilter.properties,
  format: Type.Unsafe<'csv' | 'json'>({ type: 'string', enum: ['csv', 'json'] }),
})
type Query = Type.Static<typeof Query>

export const mountAudit = (app: FastifyInstance, { db }: House): void => {
  mount(app, listAudit, ({ query: { before, limit, ...filter } }) =>
    audit.listAudit(db, filter, { before, limit: limit ?? 50 }),
  )

  app.get<{ Querystring: Query }>(
    auditExportUrl,
    {
      schema: { querystring: Query },
      onRequest: async ({ me }) => {
        if (me === null) throw new Refused(refuse('session.none'))
        if (!may(me, 'steward')) throw new Refused(refuse('permission.missing'))
      },
    },
    async ({ query: { format, ...filter } }, reply) => {
      const entries = audit.eachAudit(db, filter)
      return reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8')
        .header('content-disposition', `attachment; filename="audit.${format}"`)
        .send(Readable.from(format === 'csv' ? asCsv(entries) : asJson(entries)))
    },
  )
}

const columns = [
  'id',
  'at',
  'memberId',
  'memberName',
  'keyName',
  'address',
  'action',
  'summary',
  'targetKind',
  'targetId',
  'targetName',
  'details',
  'outcome',
] as const satisfies readonly (keyof AuditEntry)[]

const asCsv = async function* (entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield csvRow(columns)
  for await (const entry of entries) {
    yield csvRow(columns.map((name) => (name === 'details' ? JSON.stringify(entry.details) : entry[name])))
  }
}

const asJson = async function* (entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  let between = '[\n'
  for await (const entry of entries) {
    yield between + JSON.stringify(entry)
    between = ',\n'
  }
  yield between === '[\n' ? '[]\n' : '\n]\n'
}
