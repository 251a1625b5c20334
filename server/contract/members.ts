// Members: who they are, and how they sign in.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { roles } from './permissions.ts'
import { Id, Instant, Name, Nothing, nullable, oneOf } from './values.ts'

export const MemberName = Name
/** Length is what makes a password hard to guess; nothing else is asked of it. */
export const Password = Type.String({ minLength: 10, maxLength: 200 })
export const RoleName = oneOf(...roles)

export const Me = Type.Object({ id: Id, name: Type.String(), role: RoleName })
export type Me = Type.Static<typeof Me>

export const Member = Type.Object({ id: Id, name: Type.String(), role: RoleName, createdAt: Instant })
export type Member = Type.Static<typeof Member>

export const showMe = endpoint({
  method: 'GET',
  url: '/api/me',
  summary: 'Who is signed in; null: nobody',
  access: 'anyone',
  reply: nullable(Me),
})

export const signIn = endpoint({
  method: 'POST',
  url: '/api/session',
  summary: 'Signs in by name and password; the session is a cookie',
  access: 'anyone',
  body: Type.Object({ name: Type.String({ maxLength: 80 }), password: Type.String({ maxLength: 200 }) }),
  reply: Me,
})

export const signOut = endpoint({
  method: 'DELETE',
  url: '/api/session',
  summary: 'Ends this session',
  access: 'signed-in',
  reply: Nothing,
})

export const listMembers = endpoint({
  method: 'GET',
  url: '/api/members',
  summary: 'All members',
  access: 'steward',
  reply: Type.Array(Member),
})

export const Invitation = Type.Object({ token: Type.String(), role: RoleName, endsAt: Instant })

export const invite = endpoint({
  method: 'POST',
  url: '/api/invitations',
  summary: 'Makes a link with which one person can create an account, for a week',
  access: 'steward',
  body: Type.Object({ role: RoleName }),
  reply: Invitation,
})

export const acceptInvitation = endpoint({
  method: 'POST',
  url: '/api/invitations/accept',
  summary: 'Creates an account from an invitation and signs in',
  access: 'anyone',
  body: Type.Object({ token: Type.String({ minLength: 20, maxLength: 100 }), name: MemberName, password: Password }),
  reply: Me,
})
