import sql from 'sql-template-tag'
import { beforeAll, describe, expect, it } from 'vitest'
import { changeEmail } from '../../server/contract/account.ts'
import {
  changeNoticeSettings,
  dropNotice,
  listNotices,
  readNotices,
  showNoticeSettings,
  usualChoices,
} from '../../server/contract/notices.ts'
import { leavesAt } from '../../server/domain/notice-time.ts'
import { sendMail } from '../../server/plugins/mail.ts'
import { type News, tell } from '../../server/store/notices.ts'
import { sendNotices, type Ways } from '../../server/work/send-notices.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { openWorkshop, PASSWORD, type Person, refusalOf, type Workshop } from '../support/workshop.ts'

/** Saturday 21 November 2026, 12:00 in Madrid. Seconds since 1970. */
const noon = Date.UTC(2026, 10, 21, 11) / 1000
const HOUR = 3600
const instant = (seconds: number): string => new Date(seconds * 1000).toISOString()

describe('quiet hours', () => {
  const quiet = { from: '22:00', to: '07:30' }

  it('let a notice go at once outside of them, and at their end within', () => {
    expect(leavesAt(quiet, 'Europe/Madrid', noon)).toBe(noon)
    expect(leavesAt(quiet, 'Europe/Madrid', noon + 11 * HOUR)).toBe(noon + 19.5 * HOUR)
    expect(leavesAt(quiet, 'Europe/Madrid', noon + 19.5 * HOUR)).toBe(noon + 19.5 * HOUR)
  })

  it('end at the wall time of the workshop also in the night when the clocks change', () => {
    // 25 October 2026, 03:00 becomes 02:00: 07:30 is 06:30 UTC then, and 05:30 the day before.
    const midnight = Date.UTC(2026, 9, 24, 22) / 1000
    expect(leavesAt(quiet, 'Europe/Madrid', midnight)).toBe(Date.UTC(2026, 9, 25, 6, 30) / 1000)
    expect(leavesAt(quiet, 'America/New_York', midnight)).toBe(midnight)
  })
})

describe('notices', () => {
  let workshop: Workshop
  let ane: Person
  let box: Mailbox
  let ways: Ways

  const news = (memberId: number, key: string, changes: Partial<News> = {}): News => ({
    memberId,
    key,
    event: 'booking.reminder',
    facts: { printer: 'Prusa 2', from: instant(noon + 2 * HOUR), to: instant(noon + 4 * HOUR) },
    endsAt: null,
    claimId: null,
    ...changes,
  })
  const idOf = async (name: string): Promise<number> =>
    ((await workshop.db.row<{ id: number }>(sql`SELECT id FROM member WHERE name = ${name}`)) as { id: number }).id

  beforeAll(async () => {
    box = await openMailbox()
    workshop = await openWorkshop({
      environment: {
        AUZOLAN_SMTP_URL: box.url,
        AUZOLAN_SMTP_FROM: 'workshop@example.org',
        AUZOLAN_PUBLIC_URL: 'https://print.example.org',
      },
    })
    ane = await workshop.join('Ane', 'member')
    await ane.call(changeEmail, { body: { current: PASSWORD, email: 'ane@example.org' } })
    const { mail, publicUrl } = workshop.house.config
    ways = { publicUrl, mail: mail === null ? null : (letter) => sendMail(mail, letter) }
  })

  it('are told once, however often the same is told, and only to their member', async () => {
    const id = await idOf('Ane')
    expect(await tell(workshop.db, [news(id, 'reminder 1'), news(id, 'reminder 2')], noon)).toBe(2)
    expect(await tell(workshop.db, [news(id, 'reminder 1')], noon + 5)).toBe(0)
    const { unread, notices } = await ane.call(listNotices, {})
    expect(unread).toBe(2)
    expect(notices.map(({ facts }) => facts['printer'])).toEqual(['Prusa 2', 'Prusa 2'])
    expect((await workshop.steward.call(listNotices, {})).notices).toEqual([])
  })

  it('go out as one letter each, in local time, with a link and never twice', async () => {
    await sendNotices(workshop.db, ways, noon)
    await sendNotices(workshop.db, ways, noon + 600)
    expect(box.letters).toHaveLength(2)
    const letter = (box.letters[0] ?? '').replaceAll('=\n', '')
    expect(letter).toContain('To: ane@example.org')
    expect(letter).toMatch(/Subject: Test workshop: Your booking of Prusa 2 begins at Sat[^\n]*21 Nov[^\n]*14:00/)
    expect(letter).toContain('https://print.example.org/bookings')
  })

  it('are read up to the one that was shown, and stay gone when taken off the list', async () => {
    const id = await idOf('Ane')
    const [newest] = (await ane.call(listNotices, {})).notices
    await tell(workshop.db, [news(id, 'reminder 3')], noon)
    await ane.call(readNotices, { body: { upTo: newest?.id ?? 0 } })
    const left = await ane.call(listNotices, {})
    expect(left.unread).toBe(1)
    const taken = left.notices[0]?.id ?? 0
    const other = await refusalOf(workshop.steward.call(dropNotice, { params: { id: taken } }))
    expect(other.code).toBe('notice.missing')
    await ane.call(dropNotice, { params: { id: taken } })
    await tell(workshop.db, [news(id, 'reminder 3')], noon)
    expect((await ane.call(listNotices, {})).notices.map(({ id: one }) => one)).not.toContain(taken)
  })

  it('wait for the end of quiet hours, and are left out when they have lost their meaning by then', async () => {
    const id = await idOf('Ane')
    await sendNotices(workshop.db, ways, noon)
    const before = box.letters.length
    const quiet = { from: '22:00', to: '08:00' }
    await ane.call(changeNoticeSettings, { body: { ...usualChoices, quiet } })
    const night = noon + 11 * HOUR
    await tell(workshop.db, [news(id, 'night 1'), news(id, 'night 2', { endsAt: night + HOUR })], night)
    await sendNotices(workshop.db, ways, night)
    await sendNotices(workshop.db, ways, night + 8.9 * HOUR)
    expect(box.letters).toHaveLength(before)
    await sendNotices(workshop.db, ways, noon + 20 * HOUR)
    expect(box.letters).toHaveLength(before + 1)
    expect((await ane.call(listNotices, {})).notices.slice(0, 2)).toHaveLength(2)
  })

  it('reach by e-mail only what its member has chosen', async () => {
    const id = await idOf('Ane')
    const body = { ...usualChoices, channels: { mail: ['waiting.offer' as const] } }
    await ane.call(changeNoticeSettings, { body })
    expect((await ane.call(showNoticeSettings, {})).choices).toEqual(body)
    const before = box.letters.length
    await tell(workshop.db, [news(id, 'chosen 1'), news(id, 'chosen 2', { event: 'waiting.offer' })], noon)
    await sendNotices(workshop.db, ways, noon)
    expect(box.letters).toHaveLength(before + 1)
    expect(box.letters.at(-1)).toContain('is free for you')
  })

  it('are tried again when the mail server is away, and say so at the end', async () => {
    const id = await idOf('Ane')
    await ane.call(changeNoticeSettings, { body: usualChoices })
    let away = true
    const lame: Ways = {
      publicUrl: null,
      mail: async (letter) => {
        if (away) throw new Error('The server does not answer.')
        await ways.mail?.(letter)
      },
    }
    await tell(workshop.db, [news(id, 'lame')], noon)
    await sendNotices(workshop.db, lame, noon)
    await sendNotices(workshop.db, lame, noon + 60)
    const tried = await workshop.db.row<{ tries: number; failure: string }>(sql`
      SELECT tries, failure FROM notice_delivery JOIN notice ON notice.id = notice_id WHERE key = 'lame'`)
    expect(tried).toEqual({ tries: 1, failure: 'The server does not answer.' })
    away = false
    const before = box.letters.length
    await sendNotices(workshop.db, lame, noon + 600)
    expect(box.letters).toHaveLength(before + 1)
  })

  it('say what is wrong with quiet hours that never end, and which ways there are', async () => {
    const wrong = await refusalOf(
      ane.call(changeNoticeSettings, { body: { ...usualChoices, quiet: { from: '22:00', to: '22:00' } } }),
    )
    expect(wrong.code).toBe('notice.always-quiet')
    expect((await ane.call(showNoticeSettings, {})).ways.mail).toBe('ready')
    expect((await workshop.steward.call(showNoticeSettings, {})).ways.mail).toBe('no-address')
  })
})
