// Members: who they are, how they come in, and what stewards do with their accounts.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { limitable, permissions, roles } from './permissions.ts'
import { Id, IdParams, Instant, Name, Nothing, nullable, oneOf, Tag } from './values.ts'

export const MemberName = Name
/** Length is what makes a password hard to guess; nothing else is asked of it. */
export const Password = Type.String({ minLength: 10, maxLength: 200 })
export const RoleName = oneOf(...roles)
export const PermissionName = oneOf(...permissions)
/** A secret in a link: 256 bits, base64url. */
export const LinkToken = Type.String({ minLength: 20, maxLength: 100, pattern: '^[A-Za-z0-9_-]+$' })
/** Six digits of an app, or a recovery code; blanks and dashes do not matter. */
export const SecondFactorCode = Type.String({ minLength: 6, maxLength: 40 })

export const LimitShape = Type.Object({
  permission: oneOf(...limitable),
  tags: Type.Array(Tag, { maxItems: 100 }),
  printerIds: Type.Array(Id, { maxItems: 500 }),
})
export const Limits = Type.Array(LimitShape, { maxItems: limitable.length })

export const Me = Type.Object({
  id: Id,
  name: Type.String(),
  role: RoleName,
  limits: Limits,
  /** Those of the key by which he asks; null: he is here in person. */
  scopes: nullable(Type.Array(PermissionName)),
  /** The language he chose; null: the browser's. */
  language: nullable(Type.String()),
})
export type Me = Type.Static<typeof Me>

export const Member = Type.Object({
  id: Id,
  name: Type.String(),
  role: RoleName,
  limits: Limits,
  email: nullable(Type.String()),
  active: Type.Boolean(),
  hasSecondFactor: Type.Boolean(),
  /** He comes in by the sign-in of another house, whose groups set his role. */
  followsGroups: Type.Boolean(),
  createdAt: Instant,
  seenAt: nullable(Instant),
})
export type Member = Type.Static<typeof Member>

export const showMe = endpoint({
  method: 'GET',
  url: '/api/me',
  summary: 'Who is signed in; null: nobody',
  access: 'anyone',
  reply: nullable(Me),
})

/** Where the member has a second factor and `code` is missing, 401 `session.second-factor` asks for it. */
export const signIn = endpoint({
  method: 'POST',
  url: '/api/session',
  summary: 'Signs in by name and password; the session is a cookie',
  access: 'anyone',
  body: Type.Object({
    name: Type.String({ maxLength: 80 }),
    password: Type.String({ maxLength: 200 }),
    code: Type.Optional(SecondFactorCode),
  }),
  reply: Me,
})

export const signOut = endpoint({
  method: 'DELETE',
  url: '/api/session',
  summary: 'Ends this session',
  access: 'in-person',
  reply: Nothing,
})

export const listMembers = endpoint({
  method: 'GET',
  url: '/api/members',
  summary: 'All members',
  access: 'steward',
  reply: Type.Array(Member),
})

export const changeMember = endpoint({
  method: 'PATCH',
  url: '/api/members/:id',
  summary: 'Changes the name, role, limits of a member, or whether the account works',
  access: 'steward',
  params: IdParams,
  body: Type.Partial(Type.Object({ name: MemberName, role: RoleName, limits: Limits, active: Type.Boolean() })),
  reply: Member,
})

export const removeMember = endpoint({
  method: 'DELETE',
  url: '/api/members/:id',
  summary: 'Removes an account; the past jobs stay on record under the name',
  access: 'steward',
  params: IdParams,
  reply: Nothing,
})

export const ResetLink = Type.Object({ token: LinkToken, endsAt: Instant })

export const makeResetLink = endpoint({
  method: 'POST',
  url: '/api/members/:id/reset-link',
  summary: 'Makes a link with which a member chooses a new password, for a day',
  access: 'steward',
  params: IdParams,
  reply: ResetLink,
})

export const dropSecondFactor = endpoint({
  method: 'DELETE',
  url: '/api/members/:id/second-factor',
  summary: 'Takes the second factor off an account, when phone and recovery codes are lost',
  access: 'steward',
  params: IdParams,
  reply: Nothing,
})

export const signMemberOut = endpoint({
  method: 'DELETE',
  url: '/api/members/:id/sessions',
  summary: 'Ends all sessions and keys of a member',
  access: 'steward',
  params: IdParams,
  reply: Nothing,
})

export const Invitation = Type.Object({
  id: Id,
  role: RoleName,
  limits: Limits,
  note: Type.String(),
  invitedBy: nullable(Type.String()),
  createdAt: Instant,
  endsAt: Instant,
})
export type Invitation = Type.Static<typeof Invitation>

export const listInvitations = endpoint({
  method: 'GET',
  url: '/api/invitations',
  summary: 'Invitations that still work',
  access: 'steward',
  reply: Type.Array(Invitation),
})

export const invite = endpoint({
  method: 'POST',
  url: '/api/invitations',
  summary: 'Makes a link with which one person can create an account, for a week',
  access: 'steward',
  body: Type.Object({
    role: RoleName,
    note: Type.Optional(Type.String({ maxLength: 80 })),
    limits: Type.Optional(Limits),
  }),
  reply: Type.Object({ id: Id, token: LinkToken, role: RoleName, endsAt: Instant }),
})

export const revokeInvitation = endpoint({
  method: 'DELETE',
  url: '/api/invitations/:id',
  summary: 'Takes an invitation back',
  access: 'steward',
  params: IdParams,
  reply: Nothing,
})

export const acceptInvitation = endpoint({
  method: 'POST',
  url: '/api/invitations/accept',
  summary: 'Creates an account from an invitation and signs in',
  access: 'anyone',
  body: Type.Object({ token: LinkToken, name: MemberName, password: Password }),
  reply: Me,
})

export const askReset = endpoint({
  method: 'POST',
  url: '/api/password-resets',
  summary: 'Sends a link by e-mail to the member of this name or address, if there is one; the answer is the same',
  access: 'anyone',
  body: Type.Object({ who: Type.String({ minLength: 1, maxLength: 200 }) }),
  reply: Nothing,
})

export const acceptReset = endpoint({
  method: 'POST',
  url: '/api/password-resets/accept',
  summary: 'Chooses a new password by a link; all sessions end',
  access: 'anyone',
  body: Type.Object({ token: LinkToken, password: Password }),
  reply: Type.Object({ name: Type.String() }),
})
