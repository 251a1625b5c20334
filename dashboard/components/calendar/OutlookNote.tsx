// What becomes of the booking in the form: kept, possible, or all that stands in the way with what would be allowed.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Button, Group, List, Loader, Stack, Text } from '@mantine/core'
import { CalendarCheck, CalendarX2 } from 'lucide-react'
import { Link } from 'wouter'
import type { Proposal } from '../../../server/contract/bookings.ts'
import type { Outlook, SeriesDates } from '../../state/booking-outlook.ts'
import { useSiteTimes } from './use-site-times.ts'

export interface OutlookNoteProps {
  readonly outlook: Outlook
  take(proposal: Proposal): void
}

export const OutlookNote = ({ outlook, take }: OutlookNoteProps) => (
  <div role="status" aria-live="polite">
    <Note outlook={outlook} take={take} />
  </div>
)

const Note = ({ outlook, take }: OutlookNoteProps) => {
  const times = useSiteTimes()
  switch (outlook.kind) {
    case 'waiting':
      return (
        <Group gap="xs" mih={44}>
          <Loader size="xs" />
          <Text size="sm" c="dimmed">
            <Trans>Looking…</Trans>
          </Text>
        </Group>
      )
    case 'kept': {
      const { printerName, start, end, expiresAt } = outlook.claim
      return (
        <Free text={`${printerName}, ${times.span(start, end)}`}>
          {expiresAt && <Trans>Kept for you until {times.clock(expiresAt)}.</Trans>}
        </Free>
      )
    }
    case 'possible': {
      const { printerName, start, end } = outlook.proposal
      return (
        <Free text={`${printerName}, ${times.span(start, end)}`}>
          <Trans>It can be booked so.</Trans>
        </Free>
      )
    }
    case 'dates':
      return <Dates dates={outlook.dates} />
    case 'refused':
      return <Refusal outlook={outlook} take={take} />
  }
}

const Free = ({ text, children }: { text: string; children: React.ReactNode }) => (
  <Alert color="slate" icon={<CalendarCheck size={18} aria-hidden />} title={text}>
    {children}
  </Alert>
)

const Refusal = ({ outlook, take }: { outlook: Extract<Outlook, { kind: 'refused' }>; take(one: Proposal): void }) => {
  const { t } = useLingui()
  const { broken, message, code, alternatives } = outlook
  const lacks = broken.some((one) => one.code === 'qualification')
  return (
    <Alert
      color="orange"
      icon={<CalendarX2 size={18} aria-hidden />}
      title={code === 'booking.taken' ? t`It is taken then` : t`It cannot be booked so`}
    >
      <Stack gap="xs">
        {broken.length === 0 && message !== '' && <Text size="sm">{message}</Text>}
        {broken.length > 0 && (
          <List size="sm" spacing={4} aria-label={t`What stands in the way`}>
            {broken.map((rule) => (
              <List.Item key={`${rule.code} ${rule.message}`}>
                {rule.message}{' '}
                <Text span size="sm" fw={550}>
                  {rule.allowed}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
        {lacks && (
          <Anchor component={Link} href="/qualifications" size="sm">
            <Trans>What is to be learnt, and who teaches it</Trans>
          </Anchor>
        )}
        <Proposals proposals={alternatives} take={take} label={t`Free near it`} />
      </Stack>
    </Alert>
  )
}

export interface ProposalsProps {
  readonly proposals: readonly Proposal[]
  readonly label: string
  take(proposal: Proposal): void
}

export const Proposals = ({ proposals, label, take }: ProposalsProps) => {
  const times = useSiteTimes()
  if (proposals.length === 0) return null
  return (
    <div>
      <Text size="sm" mb={4}>
        {label}
      </Text>
      <Stack gap={6} align="stretch">
        {proposals.map((one) => (
          <Button
            key={`${one.printerId} ${one.start}`}
            variant="default"
            size="sm"
            justify="flex-start"
            className="proposal"
            onClick={() => take(one)}
          >
            {times.span(one.start, one.end)} · {one.printerName}
          </Button>
        ))}
      </Stack>
    </div>
  )
}

const Dates = ({ dates }: { dates: SeriesDates }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const good = dates.filter(({ start, taken, broken }) => start !== null && !taken && broken.length === 0).length
  return (
    <Alert
      color={good === dates.length ? 'slate' : 'orange'}
      icon={good > 0 ? <CalendarCheck size={18} aria-hidden /> : <CalendarX2 size={18} aria-hidden />}
      title={t`${good} of ${dates.length} dates can be booked now`}
    >
      <List size="sm" spacing={2} aria-label={t`Dates of the series`}>
        {dates.map(({ date, start, end, taken, broken }) => (
          <List.Item key={date}>
            {start !== null && end !== null && !taken && broken.length === 0 ? (
              times.span(start, end)
            ) : (
              <>
                <s>{times.date(date)}</s>{' '}
                {taken ? (
                  <Trans>is taken then, left out</Trans>
                ) : start === null ? (
                  <Trans>the clocks leave this time out</Trans>
                ) : (
                  broken.map(({ message }) => message).join(' ')
                )}
              </>
            )}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
