// The workshop: what a browser must know first, and setting it up.
import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Me } from '../contract/members.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { changePrivacy, setUpSite, showSite } from '../contract/site.ts'
import { mount, mountOpen } from '../plugins/mount.ts'
import { hashPassword } from '../plugins/passwords.ts'
import { beginSession } from '../plugins/session.ts'
import { createMember } from '../store/members.ts'
import { createSite, readSite, changePrivacy as savePrivacy } from '../store/site.ts'
import type { House } from './house.ts'

export const mountSite = (app: FastifyInstance, house: House, version: string): void => {
  mountOpen(app, showSite, async ({ request }) => {
    const site = await readSite(house.db)
    const setUp = site !== null
    return {
      setUp,
      needsCode: !setUp && !isThisMachine(request),
      name: site?.name ?? 'Auzolan',
      timeZone: site?.timeZone ?? 'UTC',
      version,
      showsNames: site?.showsNames ?? false,
      resetByMail: house.config.mail !== null,
      otherDoor: house.config.oidc?.name ?? null,
    }
  })

  mount(app, changePrivacy, async ({ body }) => {
    await savePrivacy(house.db, body.showsNames)
    return body
  })

  mountOpen(
    app,
    setUpSite,
    async ({ body, request, reply }) => {
      if (!isThisMachine(request) && !isCode(body.code ?? '', house.setUpCode)) throw new Refused(refuse('setup.code'))
      if (!isTimeZone(body.timeZone)) throw new Refused(refuse('site.zone', { zone: body.timeZone }))
      const passwordHash = await hashPassword(body.password)
      const me = await house.db.transaction(async (db): Promise<Me> => {
        if (!(await createSite(db, { name: body.siteName, timeZone: body.timeZone }))) {
          throw new Refused(refuse('setup.done'))
        }
        const id = await createMember(db, { name: body.stewardName, role: 'steward', passwordHash })
        if (id === null) throw new Refused(refuse('member.name-taken', { name: body.stewardName }))
        return { id, name: body.stewardName, role: 'steward', limits: [], scopes: null, language: null }
      })
      await beginSession(house.db, request, reply, me.id)
      return me
    },
    { config: { rateLimit: { max: 10, timeWindow: 60_000 } } },
  )
}

/** The request came from this computer and through no proxy. */
const isThisMachine = (request: FastifyRequest): boolean => {
  const { remoteAddress } = request.socket
  const direct = request.headers['x-forwarded-for'] === undefined && request.headers['forwarded'] === undefined
  return direct && (remoteAddress === '127.0.0.1' || remoteAddress === '::1' || remoteAddress === '::ffff:127.0.0.1')
}

const isCode = (given: string, wanted: string): boolean => {
  const one = Buffer.from(given.trim().toUpperCase())
  const other = Buffer.from(wanted)
  return one.length === other.length && timingSafeEqual(one, other)
}

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
