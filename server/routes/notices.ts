// What one was told, and by which ways news reach one.
import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/notices.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { mount } from '../plugins/mount.ts'
import * as notices from '../store/notices.ts'
import type { House } from './house.ts'

export const mountNotices = (app: FastifyInstance, { db, config }: House): void => {
  mount(app, contract.listNotices, async ({ me }) => ({
    unread: await notices.countUnread(db, me.id),
    notices: await notices.listNotices(db, me.id),
  }))

  mount(app, contract.readNotices, async ({ body, me }) => {
    await notices.markRead(db, me.id, body.upTo)
    return {}
  })

  mount(app, contract.dropNotice, async ({ params, me }) => {
    if (!(await notices.dropNotice(db, me.id, params.id))) throw new Refused(refuse('notice.missing'))
    return {}
  })

  const settingsOf = async (memberId: number): Promise<contract.NoticeSettings> => {
    const hasAddress = (await notices.emailOf(db, memberId)) !== null
    return {
      choices: await notices.readChoices(db, memberId),
      ways: { mail: config.mail === null ? 'off' : hasAddress ? 'ready' : 'no-address' },
    }
  }
  mount(app, contract.showNoticeSettings, ({ me }) => settingsOf(me.id))

  mount(app, contract.changeNoticeSettings, async ({ body, me }) => {
    if (body.quiet !== null && body.quiet.from === body.quiet.to) throw new Refused(refuse('notice.always-quiet'))
    await notices.saveChoices(db, me.id, body)
    return settingsOf(me.id)
  })
}
