// The workshop itself: its name, its time zone, and the first steward.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Me, MemberName, Password } from './members.ts'
import { Name, nullable } from './values.ts'

export const Site = Type.Object({
  /** False until the first steward has an account. */
  setUp: Type.Boolean(),
  /** Whether this computer must show the code that the server printed. */
  needsCode: Type.Boolean(),
  name: Type.String(),
  timeZone: Type.String(),
  version: Type.String(),
  /** Whether members see the names of each other's jobs. */
  showsNames: Type.Boolean(),
  /** Whether a link for a new password can go by e-mail. */
  resetByMail: Type.Boolean(),
  /** What the button says by which one signs in elsewhere (OIDC); null: there is none. */
  otherDoor: nullable(Type.String()),
})
export type Site = Type.Static<typeof Site>

export const showSite = endpoint({
  method: 'GET',
  url: '/api/site',
  summary: 'What a browser must know before anybody has signed in',
  access: 'anyone',
  reply: Site,
})

export const setUpSite = endpoint({
  method: 'POST',
  url: '/api/site',
  summary: 'Names the workshop and creates its first steward, who is then signed in',
  access: 'anyone',
  body: Type.Object({
    siteName: Name,
    timeZone: Type.String({ minLength: 1, maxLength: 64 }),
    stewardName: MemberName,
    password: Password,
    code: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  reply: Me,
})

export const changePrivacy = endpoint({
  method: 'PATCH',
  url: '/api/site/privacy',
  summary: "Says whether members see the names of each other's jobs",
  access: 'steward',
  body: Type.Object({ showsNames: Type.Boolean() }),
  reply: Type.Object({ showsNames: Type.Boolean() }),
})
