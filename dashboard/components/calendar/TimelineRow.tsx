// One printer of the calendar: its name, and its cells, which are what the keyboard and screen readers walk.
// biome-ignore-all lint/a11y/useSemanticElements: an interactive grid over a line of time is no table
// biome-ignore-all lint/a11y/useFocusableInteractive: its cells take the focus, its rows and headers do not
import { Trans, useLingui } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { memo, useMemo } from 'react'
import type { BookingCalendar, CalendarRow } from '../../../server/contract/calendar.ts'
import { formatNumber } from '../../format.ts'
import { type Axis, endOfCell } from './axis.ts'
import { SketchBlock, TimelineBlocks } from './TimelineBlocks.tsx'
import { claimIn, claimsOn, isTaken, type Sketch } from './taken.ts'
import { useClaimWords } from './use-claim-words.ts'
import { useSiteTimes } from './use-site-times.ts'

export interface TimelineRowProps {
  readonly calendar: BookingCalendar
  readonly axis: Axis
  readonly printer: CalendarRow
  readonly rowIndex: number
  /** The cell with the focus; null: it is in another row. */
  readonly focused: number | null
  readonly sketch: Sketch | null
}

export const TimelineRow = memo(({ calendar, axis, printer, rowIndex, focused, sketch }: TimelineRowProps) => {
  const claims = useMemo(() => claimsOn(calendar.claims, printer.id), [calendar.claims, printer.id])
  const prints = useMemo(() => onPrinter(calendar.prints, printer.id), [calendar.prints, printer.id])
  const promises = useMemo(() => onPrinter(calendar.promises, printer.id), [calendar.promises, printer.id])
  return (
    <div role="row" className="timeline-row" aria-rowindex={rowIndex + 2}>
      <RowHead printer={printer} />
      <div className="timeline-track" data-printer={printer.id}>
        <Cells axis={axis} printer={printer} calendar={calendar} focused={focused} sketch={sketch} />
        <TimelineBlocks
          axis={axis}
          now={Date.parse(calendar.now)}
          claims={claims}
          prints={prints}
          promises={promises}
        />
        {sketch && <SketchBlock sketch={sketch} axis={axis} taken={isTaken(calendar, sketch)} />}
      </div>
    </div>
  )
})

const onPrinter = <T extends { readonly printerId: number }>(all: readonly T[], id: number): T[] =>
  all.filter(({ printerId }) => printerId === id)

const RowHead = ({ printer }: { printer: CalendarRow }) => {
  const [missing] = printer.missing
  const facts = [printer.materials.join(', '), `${formatNumber(printer.nozzle, 2)} mm`].filter((one) => one !== '')
  return (
    <div role="rowheader" className="timeline-name" title={missing ?? printer.outOfService ?? undefined}>
      <Text size="sm" fw={600} truncate>
        {printer.name}
      </Text>
      <Text size="xs" c="dimmed" truncate>
        {printer.outOfService !== null ? (
          <Trans>Out of service</Trans>
        ) : !printer.bookable ? (
          <Trans>Not for booking</Trans>
        ) : missing !== undefined ? (
          <Trans>To be learnt first</Trans>
        ) : (
          facts.join(' · ')
        )}
      </Text>
    </div>
  )
}

type CellsProps = Pick<TimelineRowProps, 'axis' | 'printer' | 'calendar' | 'focused' | 'sketch'>

const Cells = ({ axis, printer, calendar, focused, sketch }: CellsProps) => {
  const labels = useCellLabels(calendar, axis, printer)
  return axis.cells.map((from, cell) => {
    const selected = sketch !== null && sketch.from < endOfCell(axis, cell) && from < sketch.to
    return (
      <div
        key={from}
        role="gridcell"
        className="timeline-cell"
        aria-colindex={cell + 2}
        aria-selected={selected}
        aria-label={labels[cell]}
        data-cell={cell}
        tabIndex={cell === focused ? 0 : -1}
        style={{ flexGrow: endOfCell(axis, cell) - from }}
      />
    )
  })
}

/** `Prusa 2, Sat 21 Nov, 14:00, free` */
const useCellLabels = (calendar: BookingCalendar, axis: Axis, printer: CalendarRow): string[] => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const words = useClaimWords()
  // biome-ignore lint/correctness/useExhaustiveDependencies: words and t change with the language, as times do
  return useMemo(() => {
    const claims = claimsOn(calendar.claims, printer.id)
    return axis.cells.map((from, cell) => {
      const claim = claimIn(claims, from, endOfCell(axis, cell))
      const at = times.moment(from)
      return claim === null ? t`${printer.name}, ${at}, free` : t`${printer.name}, ${at}, ${words.name(claim)}`
    })
  }, [calendar.claims, axis, printer, times])
}
