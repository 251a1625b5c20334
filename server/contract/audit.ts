// The audit log: what people changed.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, Instant, nullable } from './values.ts'

export const AuditEntry = Type.Object({
  id: Id,
  at: Instant,
  memberId: nullable(Id),
  /** As he was called then. */
  memberName: nullable(Type.String()),
  /** The key by which it was asked; null: in person. */
  keyName: nullable(Type.String()),
  address: Type.String(),
  /** Method and address of the endpoint. */
  action: Type.String(),
  summary: Type.String(),
  targetKind: nullable(Type.String()),
  targetId: nullable(Type.Integer()),
  targetName: nullable(Type.String()),
  /** What was asked, without secrets. */
  details: Type.Record(Type.String(), Type.Unknown()),
  /** `done`, or the code of the refusal; null: begun, and never heard of again. */
  outcome: nullable(Type.String()),
})
export type AuditEntry = Type.Static<typeof AuditEntry>

export const AuditFilter = Type.Object({
  memberId: Type.Optional(Id),
  search: Type.Optional(Type.String({ maxLength: 100 })),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
})
export type AuditFilter = Type.Static<typeof AuditFilter>

export const listAudit = endpoint({
  method: 'GET',
  url: '/api/audit',
  summary: 'What people changed, newest first',
  access: 'steward',
  query: Type.Object({
    ...AuditFilter.properties,
    before: Type.Optional(Id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
  reply: Type.Array(AuditEntry),
})

/** Not of the contract's shape: a file, as CSV or JSON. */
export const auditExportUrl = '/api/audit/export'
