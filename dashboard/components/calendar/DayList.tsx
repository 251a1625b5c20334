// The day on a phone: printer by printer, what is taken and what is free, one below the other.
import { Trans } from '@lingui/react/macro'
import { Card, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { ChevronRight, Plus } from 'lucide-react'
import type { CalendarRow } from '../../../server/contract/calendar.ts'
import type { DayProps } from './DayTable.tsx'
import { type DayEntry, dayEntries } from './day-entries.ts'
import type { Sketch } from './taken.ts'
import { useClaimWords } from './use-claim-words.ts'
import { useSiteTimes } from './use-site-times.ts'

export interface DayListProps extends DayProps {
  readonly stepMinutes: number
  finish(sketch: Sketch): void
}

const HOUR = 3_600_000

export const DayList = (props: DayListProps) => (
  <Stack gap="sm">
    {props.calendar.printers.map((printer) => (
      <Card key={printer.id} withBorder padding="sm" component="section" aria-label={printer.name}>
        <Group justify="space-between" wrap="nowrap" mb={6}>
          <Text fw={600} truncate>
            {printer.name}
          </Text>
          <Text size="xs" c="dimmed" ta="right">
            {printer.outOfService !== null ? <Trans>Out of service</Trans> : printer.materials.join(', ')}
          </Text>
        </Group>
        {printer.missing[0] !== undefined && (
          <Text size="xs" c="dimmed" mb={6}>
            {printer.missing[0]}
          </Text>
        )}
        <ul className="plain-list day-list">
          {dayEntries(props.calendar, props.axis, printer.id).map((entry) => (
            <Entry key={`${entry.kind} ${entry.from} ${entry.to}`} entry={entry} printer={printer} {...props} />
          ))}
        </ul>
      </Card>
    ))}
  </Stack>
)

const Entry = ({ entry, printer, ...props }: DayListProps & { entry: DayEntry; printer: CalendarRow }) => {
  const times = useSiteTimes()
  const words = useClaimWords()
  const { axis, calendar, stepMinutes, openClaim, finish } = props
  const [from, to] = [Math.max(entry.from, axis.from), Math.min(entry.to, axis.to)]
  const span = `${times.clock(from)}–${times.clock(to)}`
  if (entry.kind === 'claim') {
    return (
      <li className={`day-entry ${entry.claim.mine ? 'mine' : entry.claim.kind}`}>
        <UnstyledButton className="day-button" onClick={() => openClaim(entry.claim)}>
          <span className="figures">{span}</span>
          <span className="grow">{words.name(entry.claim)}</span>
          <ChevronRight size={16} aria-hidden />
        </UnstyledButton>
      </li>
    )
  }
  if (entry.kind !== 'free') {
    return (
      <li className={`day-entry ${entry.kind}`}>
        <span className="figures">{span}</span>
        <span className="grow">
          {entry.kind === 'print' ? <Trans>Printing</Trans> : <Trans>Probably from the queue</Trans>}
        </span>
      </li>
    )
  }
  const step = stepMinutes * 60_000
  const start = Math.max(from, Math.ceil(Date.parse(calendar.now) / step) * step)
  if (!printer.bookable || to - start < step) return null
  return (
    <li className="day-entry free">
      <UnstyledButton
        className="day-button"
        onClick={() => finish({ printerId: printer.id, from: start, to: Math.min(to, start + HOUR), claimId: null })}
      >
        <span className="figures">
          {start === axis.from && to === axis.to ? <Trans>all day</Trans> : `${times.clock(start)}–${times.clock(to)}`}
        </span>
        <span className="grow">
          <Trans>free</Trans>
        </span>
        <Plus size={16} aria-hidden />
        <span className="visually-hidden">
          <Trans>Book on {printer.name}</Trans>
        </span>
      </UnstyledButton>
    </li>
  )
}
