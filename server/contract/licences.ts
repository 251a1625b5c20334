// Licences of designs: what they permit, what they ask for, and what a steward decides where they do not say.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, Nothing, nullable, oneOf } from './values.ts'

/**
 * How sure it is. `stated`: an SPDX licence, as written. `guessed`: written otherwise, and understood. `ambiguous`: a
 * licence that exists in several kinds, and which one is not said. `unknown`: words that name no licence we know.
 * `none`: nothing was said, or that all rights are reserved.
 */
export const licenceStates = ['stated', 'guessed', 'ambiguous', 'unknown', 'none'] as const
export type LicenceState = (typeof licenceStates)[number]

/** Why a steward is asked before it is printed. */
export const askReasons = ['none', 'unknown', 'ambiguous', 'non-commercial'] as const
export type AskReason = (typeof askReasons)[number]

const Answer = oneOf('yes', 'no', 'ask')

export const Licence = Type.Object({
  /** SPDX expression; null where it could not be told. */
  expression: nullable(Type.String()),
  /** As it stands in the design; empty: nowhere. */
  written: Type.String(),
  state: oneOf(...licenceStates),
  /** For people, such as `Creative Commons Attribution 4.0`; of an unknown one, what is written. */
  title: Type.String(),
  /** Where its text is; null: not known. */
  url: nullable(Type.String()),
  /** Print it for a member. */
  make: Answer,
  /** Give prints away for what they cost. */
  sell: Answer,
  /** Change it, and publish what came of it. */
  adapt: Answer,
  /** What comes of it is published under the same licence. */
  shareAlike: Type.Boolean(),
  /** Who made it is named. */
  attribution: Type.Boolean(),
  /** Whoever gets a print gets its source, or is told where it is. */
  sourceTravels: Type.Boolean(),
  /** The makers are told of what was changed. */
  tellsMakers: Type.Boolean(),
  /** Why a steward must be asked first; null: no need. */
  asks: nullable(oneOf(...askReasons)),
})
export type Licence = Type.Static<typeof Licence>

export const Approval = Type.Object({
  designId: Id,
  designName: Type.String(),
  licence: Licence,
  askedBy: nullable(Type.String()),
  askedAt: nullable(Instant),
  /** What the member wrote when asking. */
  question: Type.String(),
  /** null: not decided yet. */
  decision: nullable(oneOf('allowed', 'refused')),
  note: Type.String(),
  decidedBy: nullable(Type.String()),
  decidedAt: nullable(Instant),
})
export type Approval = Type.Static<typeof Approval>

export const listApprovals = endpoint({
  method: 'GET',
  url: '/api/approvals',
  summary: 'Designs about whose licence a steward was asked; the undecided first',
  access: 'steward',
  reply: Type.Array(Approval),
})

export const askApproval = endpoint({
  method: 'POST',
  url: '/api/designs/:id/approval',
  summary: 'Asks the stewards whether this design may be printed here',
  access: 'queue',
  params: IdParams,
  body: Type.Object({ question: Type.String({ maxLength: 1000 }) }),
  reply: Approval,
})

export const decideApproval = endpoint({
  method: 'PUT',
  url: '/api/designs/:id/approval',
  summary: 'Decides whether this design may be printed here; holds as long as its licence stays the same',
  access: 'steward',
  params: IdParams,
  body: Type.Object({ decision: oneOf('allowed', 'refused'), note: Type.String({ maxLength: 1000 }) }),
  reply: Approval,
})

export const withdrawApproval = endpoint({
  method: 'DELETE',
  url: '/api/designs/:id/approval',
  summary: 'Takes a decision about a licence back',
  access: 'steward',
  params: IdParams,
  reply: Nothing,
})
