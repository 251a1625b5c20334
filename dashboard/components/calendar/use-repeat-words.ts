// How often a series comes, in words.
import { useLingui } from '@lingui/react/macro'
import { weekdayName } from '../../format.ts'
import { type Repeat, repeatOf } from './booking-draft.ts'
import { placeInMonth, weekdayOf } from './local-date.ts'

export interface RepeatWords {
  of(repeat: Repeat, date: string): string
  ofRule(rule: string, date: string): string
}

export const useRepeatWords = (): RepeatWords => {
  const { t } = useLingui()
  const of = (repeat: Repeat, date: string): string => {
    const weekday = weekdayName(weekdayOf(date))
    const places: Readonly<Record<number, string>> = {
      1: t`every month on the first ${weekday}`,
      2: t`every month on the second ${weekday}`,
      3: t`every month on the third ${weekday}`,
      4: t`every month on the fourth ${weekday}`,
      [-1]: t`every month on the last ${weekday}`,
    }
    if (repeat === 'once') return t`once`
    if (repeat === 'day') return t`every day`
    if (repeat === 'week') return t`every week on ${weekday}`
    if (repeat === 'fortnight') return t`every two weeks on ${weekday}`
    return places[placeInMonth(date)] ?? t`every month`
  }
  return {
    of,
    ofRule: (rule, date) => {
      const repeat = repeatOf(rule)
      return repeat === null ? t`by the rule ${rule}` : of(repeat, date)
    },
  }
}
