// What is to be done now with a booking of one's own: say that one is there, add time, give the rest back.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { CircleCheck, Clock3, Undo2 } from 'lucide-react'
import { type Claim, extendBooking } from '../../server/contract/bookings.ts'
import { checkInBooking, releaseRest } from '../../server/contract/during.ts'
import { useSiteTimes } from '../components/calendar/use-site-times.ts'
import { formatDuration } from '../format.ts'
import { queries, useAction } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries().catch(() => {})
}

/** One can check in so long before. Milliseconds. */
const EARLY = 15 * 60_000

export const ClaimNow = ({ claim }: { claim: Claim }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const params = { id: claim.id }
  const checkIn = useAction(checkInBooking, { done: reread })
  const release = useAction(releaseRest, { done: reread })
  const extend = useAction(extendBooking, {
    quiet: true,
    done: ({ booking, addedMinutes }) => {
      reread()
      const added = formatDuration(addedMinutes * 60)
      notifications.show({ message: t`${added} added: it ends ${times.moment(booking.end)}.`, color: 'slate' })
    },
  })
  const now = Date.now()
  const [start, end] = [Date.parse(claim.start), Date.parse(claim.end)]
  if (claim.kind !== 'booking' || claim.state === 'held' || end <= now) return null
  const isThere = claim.state === 'checked_in'
  const mayCheckIn = claim.state === 'booked' && now >= start - EARLY
  return (
    <Stack gap="xs">
      {isThere && (
        <Text size="sm" className="there">
          <CircleCheck size={18} aria-hidden /> <Trans>You are checked in</Trans>
        </Text>
      )}
      <Group gap="xs">
        {mayCheckIn && (
          <Button
            leftSection={<CircleCheck size={16} aria-hidden />}
            loading={checkIn.isPending}
            onClick={() => checkIn.mutate({ params })}
          >
            <Trans>I am here</Trans>
          </Button>
        )}
        {isThere && start <= now && (
          <Button
            variant="default"
            leftSection={<Undo2 size={16} aria-hidden />}
            loading={release.isPending}
            onClick={() => release.mutate({ params })}
          >
            <Trans>I am done: give the rest back</Trans>
          </Button>
        )}
        {[30, 60].map((minutes) => (
          <Button
            key={minutes}
            variant="default"
            leftSection={<Clock3 size={16} aria-hidden />}
            disabled={extend.isPending}
            aria-label={t`Add ${formatDuration(minutes * 60)}`}
            onClick={() => extend.mutate({ params, body: { minutes } })}
          >
            + {formatDuration(minutes * 60)}
          </Button>
        ))}
      </Group>
      {extend.isError && (
        <Alert color="orange" role="alert">
          {extend.error.message}
        </Alert>
      )}
    </Stack>
  )
}
