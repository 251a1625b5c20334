// What was done with a booking, in turn.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Stack, Text } from '@mantine/core'
import { History } from 'lucide-react'
import { useState } from 'react'
import { listClaimEvents } from '../../server/contract/bookings.ts'
import { useSiteTimes } from '../components/calendar/use-site-times.ts'
import { useEndpoint } from '../state/use-endpoint.ts'

export const ClaimHistory = ({ id }: { id: number }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const [open, setOpen] = useState(false)
  const events = useEndpoint(listClaimEvents, { params: { id } }, { enabled: open }).data ?? []
  const names: Readonly<Record<string, string>> = {
    made: t`Booked`,
    confirmed: t`Booked`,
    moved: t`Moved`,
    changed: t`Changed`,
    extended: t`Made longer`,
    'handed-over': t`Handed over`,
    'checked-in': t`Checked in`,
    released_early: t`Given back`,
    completed: t`Over`,
    cancelled: t`Cancelled`,
    expired: t`Lapsed`,
    no_show: t`Nobody came`,
    displaced: t`Had to make way`,
    bound: t`Given its printer`,
  }
  if (!open) {
    return (
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<History size={15} aria-hidden />}
        onClick={() => setOpen(true)}
        style={{ alignSelf: 'flex-start' }}
      >
        <Trans>What was done with it</Trans>
      </Button>
    )
  }
  return (
    <Stack gap={4} component="ol" className="plain-list" aria-label={t`What was done with it`}>
      {events.map((event) => (
        <Text component="li" size="sm" key={`${event.at} ${event.kind}`}>
          <Text span size="sm" c="dimmed" className="figures">
            {times.moment(event.at)}
          </Text>{' '}
          {names[event.kind] ?? event.kind}
          {event.byName && `, ${event.byName}`}
        </Text>
      ))}
    </Stack>
  )
}
