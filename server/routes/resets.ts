// A forgotten password: a link by e-mail, or one that a steward hands over.
import type { FastifyInstance } from 'fastify'
import { acceptReset, askReset } from '../contract/members.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { mayAskMail } from '../plugins/guesses.ts'
import { sendMail } from '../plugins/mail.ts'
import { mountOpen } from '../plugins/mount.ts'
import { hashPassword } from '../plugins/passwords.ts'
import { createReset, useReset } from '../store/invitations.ts'
import { membersToReset, setPassword } from '../store/members.ts'
import { closeSessions } from '../store/sessions.ts'
import { readSite } from '../store/site.ts'
import type { House } from './house.ts'
import { guarded } from './members.ts'

export const mountResets = (app: FastifyInstance, house: House): void => {
  const { db } = house

  mountOpen(
    app,
    askReset,
    async ({ body, request }) => {
      const who = body.who.trim()
      // Behind the answer's back: how long it takes must not tell whether there is such a member.
      if (house.config.mail !== null && (await mayAskMail(db, request, who))) {
        sendLinks(house, who).catch((error: unknown) => request.log.error({ err: error }, 'reset link not sent'))
      }
      return {}
    },
    guarded,
  )

  mountOpen(
    app,
    acceptReset,
    async ({ body }) => {
      const passwordHash = await hashPassword(body.password)
      return db.transaction(async (inside) => {
        const member = await useReset(inside, body.token)
        if (member === null) throw new Refused(refuse('reset.spent'))
        await setPassword(inside, member.id, passwordHash)
        await closeSessions(inside, member.id)
        return { name: member.name }
      })
    },
    guarded,
  )
}

const sendLinks = async ({ db, config: { mail, publicUrl } }: House, who: string): Promise<void> => {
  if (mail === null || publicUrl === null) return
  const site = (await readSite(db))?.name ?? 'Auzolan'
  for (const { id, name, email } of await membersToReset(db, who)) {
    const { token } = await createReset(db, id, null)
    const text = [
      `Hello ${name},`,
      '',
      `somebody asked for a new password for your account at ${site}. If it was you, open this link within an hour:`,
      '',
      `${publicUrl}/new-password/${token}`,
      '',
      'If it was not you, do nothing: your password stays as it is.',
    ].join('\n')
    await sendMail(mail, { to: email, subject: `A new password for ${site}`, text })
  }
}
