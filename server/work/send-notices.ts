// Brings notices out of the dashboard, by the ways that their members have chosen, outside their quiet hours.
import { noticeChannels, usualChoices } from '../contract/notices.ts'
import { noticeText } from '../domain/notice-text.ts'
import { leavesAt } from '../domain/notice-time.ts'
import type { Database } from '../store/database.ts'
import * as notices from '../store/notices.ts'
import { readSite } from '../store/site.ts'

/** Ways out of the house. `mail` null: there is no mail server. A way throws where what it is given is not taken. */
export interface Ways {
  readonly mail: ((letter: { to: string; subject: string; text: string }) => Promise<void>) | null
  /** How browsers reach the workshop, for links; null: nobody has said. */
  readonly publicUrl: string | null
}

/** In one round; the rest comes with the next. */
const MOST_LETTERS = 50

/** Decides for each new notice by which ways it goes and when, then sends what is due. Doing it again sends nothing twice. */
export const sendNotices = async (db: Database, ways: Ways, now: number): Promise<void> => {
  const site = await readSite(db)
  const timeZone = site?.timeZone ?? 'UTC'
  await decide(db, ways, timeZone, now)
  if (ways.mail === null) return
  for (let count = 0; count < MOST_LETTERS; count++) {
    const due = await notices.takeDelivery(db, 'mail', now)
    if (due === null) return
    await sendLetter(db, { ...ways, mail: ways.mail }, { due, workshop: site?.name ?? 'Auzolan', timeZone, now })
  }
}

const decide = async (db: Database, ways: Ways, timeZone: string, now: number): Promise<void> => {
  for (const channel of noticeChannels) {
    const undecided = await notices.undecidedNotices(db, channel, now)
    const choices = await notices.choicesOf(
      db,
      undecided.map(({ memberId }) => memberId),
    )
    for (const { id, memberId, event } of undecided) {
      const { channels, quiet } = choices.get(memberId) ?? usualChoices
      const wanted = ways[channel] !== null && channels[channel].includes(event)
      await notices.decideDelivery(db, id, channel, wanted ? leavesAt(quiet, timeZone, now) : null, now)
    }
  }
}

interface Sending {
  readonly due: notices.DueDelivery
  readonly workshop: string
  readonly timeZone: string
  readonly now: number
}

const sendLetter = async (
  db: Database,
  ways: Ways & { readonly mail: NonNullable<Ways['mail']> },
  { due, workshop, timeZone, now }: Sending,
): Promise<void> => {
  const { noticeId, memberName, email } = due
  if (due.over || email === null) return notices.settleDelivery(db, noticeId, 'mail', 'left-out', now)
  const { subject, text, path } = noticeText(due.event, due.facts, timeZone)
  const link = ways.publicUrl === null ? [] : ['', `${ways.publicUrl}${path}`]
  const foot = 'You choose which of these e-mails you get on the page of your account.'
  const letter = [`Hello ${memberName},`, '', text, ...link, '', foot].join('\n')
  try {
    await ways.mail({ to: email, subject: `${workshop}: ${subject}`, text: letter })
  } catch (error) {
    await notices.failDelivery(db, noticeId, 'mail', error instanceof Error ? error.message : String(error))
    return
  }
  await notices.settleDelivery(db, noticeId, 'mail', 'sent', now)
}
