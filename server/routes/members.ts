// Members: signing in and out, invitations, and what stewards do with accounts.
import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/members.ts'
import type { Limit } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { limitedSignIn } from '../plugins/guesses.ts'
import { mount, mountOpen } from '../plugins/mount.ts'
import { hashPassword, isPassword } from '../plugins/passwords.ts'
import { isSecondFactor } from '../plugins/second-factor.ts'
import { beginSession, endSession } from '../plugins/session.ts'
import { removeSecondFactor } from '../store/accounts.ts'
import { revokeKeys } from '../store/api-keys.ts'
import { brokenConstraint, type Database } from '../store/database.ts'
import * as invitations from '../store/invitations.ts'
import * as members from '../store/members.ts'
import { listPlaces } from '../store/places.ts'
import type { Sealer } from '../store/secrets.ts'
import { closeSessions } from '../store/sessions.ts'
import type { House } from './house.ts'

/** A password takes time to check: so many a minute from one address, right or wrong. */
export const guarded = { config: { rateLimit: { max: 60, timeWindow: 60_000 } } }

export const mountMembers = (app: FastifyInstance, { db }: House, sealer: Sealer): void => {
  mountOpen(app, contract.showMe, async ({ me }) => me)
  mountSignIn(app, db, sealer)
  mountInvitations(app, db)
  mountAccounts(app, db)
}

const mountSignIn = (app: FastifyInstance, db: Database, sealer: Sealer): void => {
  mountOpen(
    app,
    contract.signIn,
    async ({ body, request, reply }) => {
      const name = body.name.trim()
      const me = await limitedSignIn(db, request, name, async () => {
        const member = await members.memberByName(db, name)
        const fits = await isPassword(member?.passwordHash ?? null, body.password)
        if (!fits || member === null) throw new Refused(refuse('session.wrong'))
        if (member.hasSecondFactor) await checkSecondFactor(db, sealer, member.id, body.code)
        const { passwordHash: _, hasSecondFactor: __, ...found } = member
        return found
      })
      await beginSession(db, request, reply, me.id)
      return me
    },
    guarded,
  )

  mount(app, contract.signOut, async ({ request, reply }) => {
    await endSession(db, request, reply)
    return {}
  })
}

const checkSecondFactor = async (
  db: Database,
  sealer: Sealer,
  memberId: number,
  code: string | undefined,
): Promise<void> => {
  if (code === undefined) throw new Refused(refuse('session.second-factor'))
  if (!(await isSecondFactor(db, sealer, memberId, code))) throw new Refused(refuse('session.wrong-code'))
}

const mountInvitations = (app: FastifyInstance, db: Database): void => {
  mount(app, contract.listInvitations, () => invitations.listInvitations(db))

  mount(app, contract.invite, async ({ body, me }) => {
    const limits = body.limits ?? []
    await checkPrinters(db, limits)
    return invitations.createInvitation(db, { role: body.role, note: body.note ?? '', limits, invitedBy: me.id })
  })

  mount(app, contract.revokeInvitation, async ({ params }) => {
    if (!(await invitations.revokeInvitation(db, params.id))) throw new Refused(refuse('invitation.missing'))
    return {}
  })

  mountOpen(
    app,
    contract.acceptInvitation,
    async ({ body, request, reply }) => {
      const passwordHash = await hashPassword(body.password)
      const me = await db.transaction(async (inside): Promise<contract.Me> => {
        const invitation = await invitations.useInvitation(inside, body.token)
        if (invitation === null) throw new Refused(refuse('invitation.spent'))
        const { role, limits } = invitation
        const id = await members.createMember(inside, { name: body.name, role, limits, passwordHash })
        if (id === null) throw new Refused(refuse('member.name-taken', { name: body.name }))
        return { id, name: body.name, role, limits, scopes: null, language: null }
      })
      await beginSession(db, request, reply, me.id)
      return me
    },
    guarded,
  )
}

const mountAccounts = (app: FastifyInstance, db: Database): void => {
  mount(app, contract.listMembers, () => members.listMembers(db))

  mount(app, contract.changeMember, async ({ params, body }) => {
    await unlessNameTaken(body.name ?? '', () => changeMember(db, params.id, body))
    return wantedMember(db, params.id)
  })

  mount(app, contract.removeMember, async ({ params }) => {
    await db.transaction(async (inside) => {
      await keepSteward(inside, await wantedMember(inside, params.id))
      await members.removeMember(inside, params.id)
      await members.cancelWaitingJobs(inside, params.id)
      await closeAll(inside, params.id)
    })
    return {}
  })

  mount(app, contract.makeResetLink, async ({ params, me }) => {
    await wantedMember(db, params.id)
    return invitations.createReset(db, params.id, me.id)
  })

  mount(app, contract.dropSecondFactor, async ({ params }) => {
    const member = await wantedMember(db, params.id)
    if (!member.hasSecondFactor) throw new Refused(refuse('second-factor.off'))
    await db.transaction((inside) => removeSecondFactor(inside, params.id))
    return {}
  })

  mount(app, contract.signMemberOut, async ({ params }) => {
    await wantedMember(db, params.id)
    await closeAll(db, params.id)
    return {}
  })
}

const changeMember = (db: Database, id: number, change: members.MemberChange): Promise<void> =>
  db.transaction(async (inside) => {
    const member = await wantedMember(inside, id)
    await checkPrinters(inside, change.limits ?? [])
    const changesRole = change.role !== undefined && change.role !== member.role
    if (changesRole && member.followsGroups) throw new Refused(refuse('member.by-groups', { name: member.name }))
    if ((changesRole && member.role === 'steward') || change.active === false) await keepSteward(inside, member)
    await members.changeMember(inside, id, change)
    if (change.active === false) await closeSessions(inside, id)
  })

/** One steward at least stays. Call it in the transaction that takes this one away. */
const keepSteward = async (db: Database, member: contract.Member): Promise<void> => {
  if (member.role !== 'steward') return
  const stewards = await members.holdStewards(db)
  if (stewards.every((id) => id === member.id)) throw new Refused(refuse('member.last-steward'))
}

const closeAll = async (db: Database, memberId: number): Promise<void> => {
  await closeSessions(db, memberId)
  await revokeKeys(db, memberId)
}

const wantedMember = async (db: Database, id: number): Promise<contract.Member> => {
  const member = await members.readMember(db, id)
  if (member === null) throw new Refused(refuse('member.missing'))
  return member
}

const checkPrinters = async (db: Database, limits: readonly Limit[]): Promise<void> => {
  const named = limits.flatMap(({ printerIds }) => printerIds)
  if (named.length === 0) return
  const known = new Set((await listPlaces(db)).map(({ id }) => id))
  const unknown = named.filter((id) => !known.has(id))
  if (unknown.length > 0) throw new Refused(refuse('member.printers', { ids: unknown.join(', ') }))
}

/** Two people may take a name at once: then the database says who was late. */
export const unlessNameTaken = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (brokenConstraint(error) === 'member_name') throw new Refused(refuse('member.name-taken', { name }))
    throw error
  }
}
