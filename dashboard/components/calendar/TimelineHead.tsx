// Above the rows: days, hours, and the hours of the workshop; behind the rows: the same as shades.
// biome-ignore-all lint/a11y/useSemanticElements: an interactive grid over a line of time is no table
// biome-ignore-all lint/a11y/useFocusableInteractive: its cells take the focus, its rows and headers do not
import { useLingui } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { memo } from 'react'
import type { BookingCalendar, TimeWindow } from '../../../server/contract/calendar.ts'
import { type Axis, fractionAt, gapsIn, hourMarks, placeOf, type Span } from './axis.ts'
import { useSiteTimes } from './use-site-times.ts'

export const TimelineHead = memo(({ axis }: { axis: Axis }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const isWeek = axis.days.length > 1
  const hours = hourMarks(axis, isWeek ? 12 : 2)
  const at = (instant: number) => ({ left: `${fractionAt(axis, instant) * 100}%` })
  return (
    <div role="rowgroup" className="timeline-head">
      <div role="row" className="timeline-row" aria-rowindex={1}>
        <div role="columnheader" className="timeline-name" aria-colindex={1}>
          <span className="visually-hidden">{t`Printer`}</span>
        </div>
        <div className="timeline-hours">
          {isWeek
            ? axis.days.map(({ date, from, to }) => {
                const place = placeOf(axis, from, to)
                return (
                  place && (
                    <Text key={date} role="columnheader" size="sm" fw={600} className="day-mark" style={place}>
                      {times.date(date)}
                    </Text>
                  )
                )
              })
            : hours.map((mark) => (
                <Text key={mark.at} role="columnheader" size="xs" c="dimmed" className="hour-mark" style={at(mark.at)}>
                  {times.clock(mark.at)}
                </Text>
              ))}
        </div>
      </div>
    </div>
  )
})

const spansOf = (windows: readonly TimeWindow[]): Span[] =>
  windows.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))

/** Closed: hatched; attended: tinted; quiet: dotted. And a line for each hour or day. */
export const TimelineWindows = memo(({ calendar, axis }: { calendar: BookingCalendar; axis: Axis }) => {
  const { t } = useLingui()
  const closed = gapsIn(axis, spansOf(calendar.open))
  const bands: readonly (readonly [string, string, readonly Span[]])[] = [
    ['attended', t`attended`, spansOf(calendar.attended)],
    ['closed', t`closed`, closed],
    ['quiet', t`quiet`, spansOf(calendar.quiet)],
  ]
  const lines = axis.days.length > 1 ? axis.days.map(({ from }) => from) : hourMarks(axis).map(({ at }) => at)
  return (
    <div className="timeline-over" aria-hidden>
      {bands.flatMap(([kind, name, spans]) =>
        spans.map(({ from, to }) => {
          const place = placeOf(axis, from, to)
          if (place === null) return null
          const wide = to - from >= (axis.to - axis.from) / 16
          return (
            <div key={`${kind} ${from}`} className={`window ${kind}`} style={place}>
              {wide && kind !== 'attended' && <span className="window-name">{name}</span>}
            </div>
          )
        }),
      )}
      {lines.map((at) => (
        <div key={at} className="hour-line" style={{ left: `${fractionAt(axis, at) * 100}%` }} />
      ))}
    </div>
  )
})
