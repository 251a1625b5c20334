// One's own account: name, password, second factor, sessions, keys, privacy.
import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/account.ts'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { limitedOwn } from '../plugins/guesses.ts'
import { mount } from '../plugins/mount.ts'
import { hashPassword, isPassword } from '../plugins/passwords.ts'
import { isSecondFactor, newRecoveryCodes, offerSecondFactor } from '../plugins/second-factor.ts'
import { sessionOf } from '../plugins/session.ts'
import * as accounts from '../store/accounts.ts'
import * as keys from '../store/api-keys.ts'
import type { Database } from '../store/database.ts'
import { credentialsOf, setPassword } from '../store/members.ts'
import type { Sealer } from '../store/secrets.ts'
import { closeOwnSession, closeSessions, listSessions } from '../store/sessions.ts'
import { readSite } from '../store/site.ts'
import type { House } from './house.ts'
import { guarded, unlessNameTaken } from './members.ts'

const MOST_KEYS = 50

export const mountAccount = (app: FastifyInstance, { db }: House, sealer: Sealer): void => {
  mount(app, contract.showAccount, ({ me }) => accountOf(db, me))

  mount(app, contract.changeAccount, async ({ body, me }) => {
    await unlessNameTaken(body.name ?? '', () => accounts.changeAccount(db, me.id, body))
    return accountOf(db, me)
  })

  mount(
    app,
    contract.changePassword,
    async ({ body, me, request }) => {
      await checkPassword(db, me, body.current)
      const passwordHash = await hashPassword(body.password)
      await db.transaction(async (inside) => {
        await setPassword(inside, me.id, passwordHash)
        await closeSessions(inside, me.id, sessionOf(request))
      })
      return {}
    },
    guarded,
  )

  mount(
    app,
    contract.changeEmail,
    async ({ body, me }) => {
      await checkPassword(db, me, body.current)
      await accounts.changeEmail(db, me.id, body.email)
      return accountOf(db, me)
    },
    guarded,
  )

  mountSecondFactor(app, db, sealer)
  mountSessions(app, db)
  mountKeys(app, db)
}

const accountOf = async (db: Database, me: Me): Promise<contract.Account> => {
  const account = await accounts.readAccount(db, me.id)
  if (account === null) throw new Refused(refuse('member.missing'))
  return account
}

/** Who sits at an open browser does not thereby own the account. Where there is no password, none is asked. */
const checkPassword = (db: Database, me: Me, current: string | undefined): Promise<void> =>
  limitedOwn(db, me.id, async () => {
    const passwordHash = (await credentialsOf(db, me.id))?.passwordHash ?? null
    if (passwordHash !== null && !(await isPassword(passwordHash, current ?? ''))) {
      throw new Refused(refuse('session.wrong-password'))
    }
  })

const checkCode = async (db: Database, sealer: Sealer, me: Me, code: string): Promise<void> =>
  limitedOwn(db, me.id, async () => {
    if (!(await isSecondFactor(db, sealer, me.id, code))) throw new Refused(refuse('session.wrong-code'))
  })

const mountSecondFactor = (app: FastifyInstance, db: Database, sealer: Sealer): void => {
  mount(app, contract.beginSecondFactor, async ({ body, me }) => {
    await checkPassword(db, me, body.current)
    const site = (await readSite(db))?.name ?? 'Auzolan'
    const offer = await offerSecondFactor(db, sealer, { memberId: me.id, memberName: me.name, site })
    if (offer === null) throw new Refused(refuse('second-factor.on'))
    return offer
  })

  mount(app, contract.confirmSecondFactor, async ({ body, me }) => {
    const kept = await accounts.readSecret(db, me.id)
    if (kept === null) throw new Refused(refuse('second-factor.not-begun'))
    if (kept.since !== null) throw new Refused(refuse('second-factor.on'))
    await checkCode(db, sealer, me, body.code)
    const recoveryCodes = await db.transaction(async (inside) => {
      if (!(await accounts.confirmSecret(inside, me.id))) throw new Refused(refuse('second-factor.on'))
      return newRecoveryCodes(inside, me.id)
    })
    return { recoveryCodes }
  })

  mount(app, contract.renewRecoveryCodes, async ({ body, me }) => {
    await checkOn(db, me)
    await checkCode(db, sealer, me, body.code)
    return { recoveryCodes: await db.transaction((inside) => newRecoveryCodes(inside, me.id)) }
  })

  mount(app, contract.removeSecondFactor, async ({ body, me }) => {
    await checkOn(db, me)
    await checkCode(db, sealer, me, body.code)
    await db.transaction((inside) => accounts.removeSecondFactor(inside, me.id))
    return {}
  })
}

const checkOn = async (db: Database, me: Me): Promise<void> => {
  const account = await accountOf(db, me)
  if (account.secondFactorSince === null) throw new Refused(refuse('second-factor.off'))
}

const mountSessions = (app: FastifyInstance, db: Database): void => {
  mount(app, contract.listSessions, ({ me, request }) => listSessions(db, me.id, sessionOf(request)))

  mount(app, contract.endSession, async ({ params, me }) => {
    if (!(await closeOwnSession(db, me.id, params.id))) throw new Refused(refuse('session.missing'))
    return {}
  })

  mount(app, contract.signOutEverywhere, async ({ query, me, request }) => {
    await closeSessions(db, me.id, query.keepThis === true ? sessionOf(request) : null)
    return {}
  })
}

const mountKeys = (app: FastifyInstance, db: Database): void => {
  mount(app, contract.listKeys, ({ me }) => keys.listKeys(db, me.id))

  mount(app, contract.makeKey, async ({ body, me }) => {
    const beyond = body.scopes.find((scope) => !may(me, scope))
    if (beyond !== undefined) throw new Refused(refuse('key.scope', { scope: beyond }))
    const count = (await keys.listKeys(db, me.id)).length
    if (count >= MOST_KEYS) throw new Refused(refuse('key.many', { count }))
    return keys.createKey(db, { memberId: me.id, ...body })
  })

  mount(app, contract.revokeKey, async ({ params, me }) => {
    if (!(await keys.revokeKey(db, me.id, params.id))) throw new Refused(refuse('key.missing'))
    return {}
  })
}
