// What members must have learnt before they use certain printers or materials, who has, and who teaches it.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, Name, Nothing, nullable, oneOf, orNull, Tag } from './values.ts'

export const qualificationKinds = ['safety', 'skill', 'host'] as const
export type QualificationKind = (typeof qualificationKinds)[number]

/** Each can what those before it can. `visitor`: has learnt nothing yet, and only has others print for him. */
export const levels = ['visitor', 'learner', 'independent', 'overnight', 'mentor', 'host'] as const
export type Level = (typeof levels)[number]

export const methods = ['demonstration', 'workshop', 'quiz', 'evidence', 'peer'] as const
export const expiries = ['never', 'after', 'disuse'] as const

const Text = Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\p{Cc}]+$' })

/** Printers by one of tag, model name or number; materials by name. With both, printing that material on those. */
export const Covers = Type.Object({
  /** As in a printer's profile: all printers of equal bed, height and nozzle are one model, named by one of them. */
  modelOf: Type.Array(Id, { maxItems: 50, uniqueItems: true }),
  tags: Type.Array(Tag, { maxItems: 50, uniqueItems: true }),
  printerIds: Type.Array(Id, { maxItems: 200, uniqueItems: true }),
  /** `ABS`, `RESIN`... */
  materials: Type.Array(Text, { maxItems: 50, uniqueItems: true }),
})
export type Covers = Type.Static<typeof Covers>

const shape = {
  name: Name,
  kind: oneOf(...qualificationKinds),
  covers: Covers,
  expiry: oneOf(...expiries),
  /** After a time, or after so long without a print of what it covers; null: never. */
  expiryDays: orNull(Type.Integer({ minimum: 1, maximum: 3660 })),
  nextStep: Type.String({ maxLength: 500 }),
}
export const QualificationShape = Type.Object(shape)
export type QualificationShape = Type.Static<typeof QualificationShape>

export const Qualification = Type.Object({
  ...shape,
  id: Id,
  /** At how many printers it is asked for, and who teaches it. */
  mentors: Type.Array(Type.Object({ id: Id, name: Type.String() })),
  /** Up to which level who asks may grant it; null: he may not. */
  mayGrant: nullable(oneOf(...levels)),
})
export type Qualification = Type.Static<typeof Qualification>

export const Grant = Type.Object({
  id: Id,
  qualificationId: Id,
  qualificationName: Type.String(),
  memberId: Id,
  memberName: Type.String(),
  level: oneOf(...levels),
  grantedBy: Type.String(),
  method: oneOf(...methods),
  note: Type.String(),
  at: Instant,
  /** When it ends by its time, or by disuse as it stands; null: it does not. */
  validUntil: nullable(Instant),
  state: oneOf('valid', 'expired', 'revoked'),
  revokedBy: nullable(Type.String()),
  revokedReason: nullable(Type.String()),
})
export type Grant = Type.Static<typeof Grant>

/** What somebody lacks, and what he can do about it. */
export const Missing = Type.Object({
  qualificationId: Id,
  name: Type.String(),
  kind: oneOf(...qualificationKinds),
  needed: oneOf(...levels),
  has: oneOf(...levels),
  /** English, a whole sentence. */
  message: Type.String(),
  nextStep: Type.String(),
})
export type Missing = Type.Static<typeof Missing>

export const uses = ['book', 'start', 'clear'] as const
export type Use = (typeof uses)[number]

export const listQualifications = endpoint({
  method: 'GET',
  url: '/api/qualifications',
  summary: 'What is asked for at which printers, and who teaches it',
  access: 'look',
  reply: Type.Array(Qualification),
})

export const addQualification = endpoint({
  method: 'POST',
  url: '/api/qualifications',
  summary: 'Asks for a qualification at certain printers or with certain materials from now on',
  access: 'steward',
  body: QualificationShape,
  reply: Qualification,
})

export const changeQualification = endpoint({
  method: 'PUT',
  url: '/api/qualifications/:id',
  summary: 'Changes a qualification: what was granted stays granted',
  access: 'steward',
  params: IdParams,
  body: QualificationShape,
  reply: Qualification,
})

export const removeQualification = endpoint({
  method: 'DELETE',
  url: '/api/qualifications/:id',
  summary: 'Asks for a qualification no more; what was granted stays on record',
  access: 'steward',
  params: IdParams,
  reply: Nothing,
})

export const listMyGrants = endpoint({
  method: 'GET',
  url: '/api/qualifications/mine',
  summary: 'What who asks has learnt, with all that was granted and revoked',
  access: 'signed-in',
  reply: Type.Array(Grant),
})

export const listGrants = endpoint({
  method: 'GET',
  url: '/api/qualifications/:id/grants',
  summary: 'Who has learnt it: for its mentors and for stewards',
  access: 'signed-in',
  params: IdParams,
  reply: Type.Array(Grant),
})

export const listExpiring = endpoint({
  method: 'GET',
  url: '/api/qualifications/expiring',
  summary: 'What ends within so many days, or has just ended: for stewards and for mentors of it',
  access: 'signed-in',
  query: Type.Object({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })) }),
  reply: Type.Array(Grant),
})

export const grantQualification = endpoint({
  method: 'POST',
  url: '/api/qualifications/:id/grants',
  summary: 'Says that a member has learnt it: by a mentor, a host of it, or a steward',
  access: 'in-person',
  params: IdParams,
  body: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 80 }),
    level: oneOf('learner', 'independent', 'overnight', 'mentor', 'host'),
    method: oneOf(...methods),
    note: Type.Optional(Type.String({ maxLength: 500 })),
    /** Sooner than the qualification's own time. */
    validUntil: Type.Optional(orNull(Instant)),
  }),
  reply: Grant,
})

export const revokeGrant = endpoint({
  method: 'POST',
  url: '/api/qualification-grants/:id/revoke',
  summary: 'Takes back what was granted, with the reason on record',
  access: 'in-person',
  params: IdParams,
  body: Type.Object({ reason: Type.String({ minLength: 3, maxLength: 500 }) }),
  reply: Grant,
})

export const showStanding = endpoint({
  method: 'GET',
  url: '/api/qualifications/standing',
  summary: 'What who asks lacks for a printer, to book, to start a print, and to clear its bed',
  access: 'look',
  query: Type.Object({ printerId: Id, material: Type.Optional(Text) }),
  reply: Type.Object({ book: Type.Array(Missing), start: Type.Array(Missing), clear: Type.Array(Missing) }),
})
