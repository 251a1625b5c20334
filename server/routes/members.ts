// Members: signing in and out, invitations.
import type { FastifyInstance } from 'fastify'
import { acceptInvitation, invite, listMembers, type Me, showMe, signIn, signOut } from '../contract/members.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { mount, mountOpen } from '../plugins/mount.ts'
import { hashPassword, isPassword } from '../plugins/passwords.ts'
import { beginSession, endSession } from '../plugins/session.ts'
import * as members from '../store/members.ts'
import type { House } from './house.ts'

/** Guessing is slow: so many tries a minute from one address. */
const guarded = { config: { rateLimit: { max: 10, timeWindow: 60_000 } } }

export const mountMembers = (app: FastifyInstance, { db }: House): void => {
  mountOpen(app, showMe, async ({ me }) => me)

  mountOpen(
    app,
    signIn,
    async ({ body, request, reply }) => {
      const member = await members.memberByName(db, body.name.trim())
      if (!(await isPassword(member?.passwordHash ?? null, body.password)) || member === null) {
        throw new Refused(refuse('session.wrong'))
      }
      await beginSession(db, request, reply, member.id)
      return { id: member.id, name: member.name, role: member.role }
    },
    guarded,
  )

  mount(app, signOut, async ({ request, reply }) => {
    await endSession(db, request, reply)
    return {}
  })

  mount(app, listMembers, () => members.listMembers(db))

  mount(app, invite, ({ body, me }) => members.createInvitation(db, body.role, me.id))

  mountOpen(
    app,
    acceptInvitation,
    async ({ body, request, reply }) => {
      const passwordHash = await hashPassword(body.password)
      const me = await db.transaction(async (inside): Promise<Me> => {
        const role = await members.useInvitation(inside, body.token)
        if (role === null) throw new Refused(refuse('invitation.spent'))
        const id = await members.createMember(inside, { name: body.name, role, passwordHash })
        if (id === null) throw new Refused(refuse('member.name-taken', { name: body.name }))
        return { id, name: body.name, role }
      })
      await beginSession(db, request, reply, me.id)
      return me
    },
    guarded,
  )
}
