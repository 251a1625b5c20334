// A notice in the reader's language.
import { useLingui } from '@lingui/react/macro'
import type { Notice } from '../../server/contract/notices.ts'
import { formatInstant, formatSpan } from '../format.ts'

export interface NoticeWords {
  readonly title: string
  readonly text: string
}

const textOf = (value: string | number | null | undefined): string => (typeof value === 'string' ? value : '')

/** What stands in the list behind the bell. */
export const useNoticeText = (): ((notice: Pick<Notice, 'event' | 'facts'>) => NoticeWords) => {
  const { t } = useLingui()
  const changes: Readonly<Record<string, string>> = {
    moved: t`was moved`,
    'other-printer': t`is on another printer now`,
    cancelled: t`was cancelled`,
    displaced: t`had to make way`,
    bound: t`has its printer now`,
    'handed-over': t`is somebody else’s now`,
    shortened: t`was shortened`,
  }
  return ({ event, facts }) => {
    const printer = textOf(facts['printer'])
    const [from, to, until] = [textOf(facts['from']), textOf(facts['to']), textOf(facts['until'])]
    const span = from !== '' && to !== '' ? formatSpan(from, to) : ''
    const starts = from === '' ? '' : formatInstant(from)
    const ends = until === '' ? t`later` : formatInstant(until)
    const other = textOf(facts['other'])
    const reason = textOf(facts['reason'])
    const change = changes[textOf(facts['change'])] ?? t`was changed`
    switch (event) {
      case 'booking.reminder':
        return { title: t`${printer} is yours soon`, text: t`${span}. If you do not need it, give it back.` }
      case 'booking.changed':
        return { title: t`Your booking of ${printer} ${change}`, text: [span, reason].filter(Boolean).join(' · ') }
      case 'booking.released':
        return {
          title: t`Your booking of ${printer} was given back`,
          text: t`Nobody had checked in by ${ends}.`,
        }
      case 'booking.late':
        return {
          title: t`${printer} may not be ready in time`,
          text: t`You have it from ${starts}; it may take until ${ends}. Nobody stops a print that runs.`,
        }
      case 'booking.rest':
        return {
          title: t`Are you done with ${printer}?`,
          text: t`Your booking: ${span}. Give the rest back to others.`,
        }
      case 'print.overruns':
        return {
          title: t`Your print on ${printer} runs long`,
          text: t`It may take until ${ends}, and the printer is booked from ${starts}. Come and clear the bed when it ends.`,
        }
      case 'waiting.offer':
        return { title: t`${printer} is free for you`, text: t`${span}. It is kept for you until ${ends}.` }
      case 'waiting.over':
        return { title: t`Nothing became free`, text: t`You waited for ${span}. You are no longer on the list.` }
      case 'booking.asked':
        return {
          title: other === '' ? t`Somebody asks you about a booking` : t`${other} asks you about a booking`,
          text: [printer, span].filter(Boolean).join(' · '),
        }
      case 'slice.not-queued': {
        const name = textOf(facts['name'])
        return { title: t`${name} is sliced, but not queued`, text: reason }
      }
    }
  }
}
