// A notice as an e-mail says it, in English and in the workshop's local time.
import type { NoticeEvent, NoticeFacts } from '../contract/notices.ts'

export interface NoticeText {
  readonly subject: string
  readonly text: string
  /** Where in the dashboard one goes on from it. */
  readonly path: string
}

const bookings = '/bookings'

/**
 * Facts: `printer`, `from`, `to`, `until` (instants), `other` (a name that its reader may see, or null), `change`
 * (a word of `changes`), `reason` (a person's words, or null). What is missing is left out of the sentence.
 */
export const noticeText = (event: NoticeEvent, facts: NoticeFacts, timeZone: string): NoticeText => {
  const at = (name: string): string => said(facts[name], timeZone)
  const printer = String(facts['printer'] ?? 'a printer')
  const span = `${at('from')} to ${at('to')}`
  const other = typeof facts['other'] === 'string' ? facts['other'] : 'Somebody'
  const reason = typeof facts['reason'] === 'string' && facts['reason'] !== '' ? ` ${facts['reason']}` : ''
  switch (event) {
    case 'booking.reminder':
      return {
        subject: `Your booking of ${printer} begins at ${at('from')}`,
        text: `You have booked ${printer} from ${span}. If you do not need it, give it back: others wait.`,
        path: bookings,
      }
    case 'booking.changed':
      return {
        subject: `Your booking of ${printer} ${changes[String(facts['change'])] ?? 'was changed'}`,
        text: `Your booking of ${printer} ${changes[String(facts['change'])] ?? 'was changed'}: ${span}.${reason}`,
        path: bookings,
      }
    case 'booking.released':
      return {
        subject: `Your booking of ${printer} was given back`,
        text: `Nobody had checked in for your booking of ${printer} by ${at('until')}, so the rest of it was given to others.`,
        path: bookings,
      }
    case 'booking.late':
      return {
        subject: `${printer} may not be ready for your booking`,
        text: `A print still runs on ${printer} and may take until ${at('until')}; your booking begins at ${at('from')}. Nobody stops it. You can move to another printer in the dashboard.`,
        path: bookings,
      }
    case 'booking.rest':
      return {
        subject: `Are you done with ${printer}?`,
        text: `Your print on ${printer} has ended, and your booking goes on until ${at('to')}. If you are done, give the rest back.`,
        path: bookings,
      }
    case 'print.overruns':
      return {
        subject: `Your print on ${printer} may run into another booking`,
        text: `Your print on ${printer} may take until ${at('until')}, and somebody has booked the printer from ${at('from')}. Nobody stops it; be there to clear the bed as soon as it has ended.`,
        path: '/',
      }
    case 'waiting.offer':
      return {
        subject: `${printer} is free for you from ${at('from')}`,
        text: `What you wait for has become free: ${printer}, ${span}. It is kept for you until ${at('until')}; then the next one is asked.`,
        path: bookings,
      }
    case 'waiting.over':
      return {
        subject: `The time that you waited for is over`,
        text: `You waited for a printer from ${span}, and none became free for you. You are no longer on the list.`,
        path: bookings,
      }
    case 'booking.asked':
      return {
        subject: `${other} asks you about a booking`,
        text: `${other} asks you to ${facts['change'] === 'swap' ? 'swap bookings' : 'take over a booking'}: ${printer}, ${span}.`,
        path: bookings,
      }
    case 'slice.not-queued':
      return {
        subject: `${facts['name'] ?? 'Your part'} is sliced, but not queued`,
        text: `${facts['name'] ?? 'Your part'} is sliced, and could not be queued as you wished.${reason}`,
        path: '/files',
      }
  }
}

const changes: Readonly<Record<string, string>> = {
  moved: 'was moved',
  'other-printer': 'is on another printer now',
  cancelled: 'was cancelled',
  displaced: 'had to make way',
  bound: 'has its printer now',
  'handed-over': 'is somebody else’s now',
  shortened: 'was shortened',
}

/** `Sat 21 Nov, 14:00` where the workshop is. */
const said = (instant: string | number | null | undefined, timeZone: string): string => {
  if (typeof instant !== 'string' || Number.isNaN(Date.parse(instant))) return '?'
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  return parts.format(new Date(instant))
}
