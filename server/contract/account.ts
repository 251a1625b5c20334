// One's own account: password, second factor, sessions, keys, privacy. Only in person, never by a key.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { MemberName, Password, SecondFactorCode } from './members.ts'
import { scopes } from './permissions.ts'
import { Id, IdParams, Instant, Name, Nothing, nullable, oneOf } from './values.ts'

const CurrentPassword = Type.String({ maxLength: 200 })

export const Account = Type.Object({
  email: nullable(Type.String()),
  language: nullable(Type.String()),
  /** Whether the others see the names of his jobs although the site does not show them. */
  showsJobs: Type.Boolean(),
  hasPassword: Type.Boolean(),
  secondFactorSince: nullable(Instant),
  recoveryCodesLeft: Type.Integer(),
  /** He can come in by the sign-in of another house. */
  joined: Type.Boolean(),
})
export type Account = Type.Static<typeof Account>

export const showAccount = endpoint({
  method: 'GET',
  url: '/api/me/account',
  summary: "One's own account",
  access: 'in-person',
  reply: Account,
})

export const changeAccount = endpoint({
  method: 'PATCH',
  url: '/api/me/account',
  summary: "Changes one's own name, language, or who sees the names of one's jobs",
  access: 'in-person',
  body: Type.Partial(
    Type.Object({
      name: MemberName,
      language: nullable(Type.String({ pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35 })),
      showsJobs: Type.Boolean(),
    }),
  ),
  reply: Account,
})

/** `current` is not asked of who has no password yet. */
export const changePassword = endpoint({
  method: 'PUT',
  url: '/api/me/password',
  summary: "Changes one's own password; all other sessions end",
  access: 'in-person',
  body: Type.Object({ current: Type.Optional(CurrentPassword), password: Password }),
  reply: Nothing,
})

export const changeEmail = endpoint({
  method: 'PUT',
  url: '/api/me/email',
  summary: 'Changes the address to which a link for a new password is sent',
  access: 'in-person',
  body: Type.Object({
    current: Type.Optional(CurrentPassword),
    email: nullable(Type.String({ format: 'email', maxLength: 200 })),
  }),
  reply: Account,
})

export const SecondFactorOffer = Type.Object({
  /** Base32, for who types it in. */
  secret: Type.String(),
  /** otpauth://, for the QR code. */
  uri: Type.String(),
})

export const beginSecondFactor = endpoint({
  method: 'POST',
  url: '/api/me/second-factor',
  summary: 'Offers a new secret for an app; it counts from its first right code on',
  access: 'in-person',
  body: Type.Object({ current: Type.Optional(CurrentPassword) }),
  reply: SecondFactorOffer,
})

export const RecoveryCodes = Type.Object({ recoveryCodes: Type.Array(Type.String()) })

export const confirmSecondFactor = endpoint({
  method: 'POST',
  url: '/api/me/second-factor/confirm',
  summary: 'Turns the second factor on by a code of the app; gives recovery codes, once',
  access: 'in-person',
  body: Type.Object({ code: SecondFactorCode }),
  reply: RecoveryCodes,
})

export const renewRecoveryCodes = endpoint({
  method: 'POST',
  url: '/api/me/second-factor/recovery-codes',
  summary: 'New recovery codes; the old ones are worth nothing any more',
  access: 'in-person',
  body: Type.Object({ code: SecondFactorCode }),
  reply: RecoveryCodes,
})

export const removeSecondFactor = endpoint({
  method: 'POST',
  url: '/api/me/second-factor/remove',
  summary: 'Turns the second factor off by a code of it',
  access: 'in-person',
  body: Type.Object({ code: SecondFactorCode }),
  reply: Nothing,
})

export const Session = Type.Object({
  id: Id,
  /** As it called itself. */
  browser: Type.String(),
  address: Type.String(),
  createdAt: Instant,
  seenAt: Instant,
  /** It is the one that asks. */
  isThis: Type.Boolean(),
})
export type Session = Type.Static<typeof Session>

export const listSessions = endpoint({
  method: 'GET',
  url: '/api/me/sessions',
  summary: 'Where one is signed in',
  access: 'in-person',
  reply: Type.Array(Session),
})

export const endSession = endpoint({
  method: 'DELETE',
  url: '/api/me/sessions/:id',
  summary: 'Ends one of the own sessions',
  access: 'in-person',
  params: IdParams,
  reply: Nothing,
})

export const signOutEverywhere = endpoint({
  method: 'DELETE',
  url: '/api/me/sessions',
  summary: 'Ends all own sessions',
  access: 'in-person',
  query: Type.Object({ keepThis: Type.Optional(Type.Boolean()) }),
  reply: Nothing,
})

export const ScopeName = oneOf(...scopes)

export const ApiKey = Type.Object({
  id: Id,
  name: Type.String(),
  scopes: Type.Array(ScopeName),
  createdAt: Instant,
  endsAt: Instant,
  usedAt: nullable(Instant),
  usedFrom: nullable(Type.String()),
})
export type ApiKey = Type.Static<typeof ApiKey>

export const listKeys = endpoint({
  method: 'GET',
  url: '/api/me/keys',
  summary: 'Keys by which programs act in the own name',
  access: 'in-person',
  reply: Type.Array(ApiKey),
})

/** It goes along as `Authorization: Bearer <key>`. */
export const makeKey = endpoint({
  method: 'POST',
  url: '/api/me/keys',
  summary: 'Makes a key; it is shown this once',
  access: 'in-person',
  body: Type.Object({
    name: Name,
    scopes: Type.Array(ScopeName, { minItems: 1, maxItems: scopes.length, uniqueItems: true }),
    days: Type.Integer({ minimum: 1, maximum: 1825 }),
  }),
  reply: Type.Object({ key: Type.String(), id: Id, endsAt: Instant }),
})

export const revokeKey = endpoint({
  method: 'DELETE',
  url: '/api/me/keys/:id',
  summary: 'Makes a key worthless',
  access: 'in-person',
  params: IdParams,
  reply: Nothing,
})
