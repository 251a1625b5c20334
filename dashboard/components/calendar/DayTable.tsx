// The day as a table: the same as the timeline, in words.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Table, Text } from '@mantine/core'
import type { Claim } from '../../../server/contract/bookings.ts'
import type { BookingCalendar } from '../../../server/contract/calendar.ts'
import type { Axis } from './axis.ts'
import { dayEntries } from './day-entries.ts'
import { useClaimWords } from './use-claim-words.ts'
import { useSiteTimes } from './use-site-times.ts'

export interface DayProps {
  readonly calendar: BookingCalendar
  readonly axis: Axis
  openClaim(claim: Claim): void
}

export const DayTable = ({ calendar, axis, openClaim }: DayProps) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const words = useClaimWords()
  const rows = calendar.printers.flatMap((printer) =>
    dayEntries(calendar, axis, printer.id).map((entry) => ({ printer, entry })),
  )
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table verticalSpacing="xs" aria-label={t`The time shown, as a table`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>Printer</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>When</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>What</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ printer, entry }) => (
            <Table.Tr key={`${printer.id} ${entry.kind} ${entry.from} ${entry.to}`}>
              <Table.Th scope="row" fw={500}>
                {printer.name}
              </Table.Th>
              <Table.Td className="nowrap">{times.span(entry.from, entry.to)}</Table.Td>
              <Table.Td>
                {entry.kind === 'claim' ? (
                  <Button variant="subtle" size="compact-sm" onClick={() => openClaim(entry.claim)}>
                    {words.name(entry.claim)}
                  </Button>
                ) : (
                  <Text size="sm" {...(entry.kind === 'free' ? { c: 'dimmed' } : {})}>
                    {entry.kind === 'free'
                      ? t`free`
                      : entry.kind === 'print'
                        ? t`prints`
                        : t`probably a job of the queue`}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
