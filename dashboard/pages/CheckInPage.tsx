// Where the code on a printer leads: what one has booked of it, and one tap to say that one is there.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Card, Center, Loader, Stack, Text, Title } from '@mantine/core'
import { CircleCheck, QrCode as CodeIcon } from 'lucide-react'
import { Link } from 'wouter'
import { type CheckInPlace, checkInByCode, releaseRest, showCheckIn } from '../../server/contract/during.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { formatInstant, formatSpan } from '../format.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [showCheckIn.url] }).catch(() => {})
}

export const CheckInPage = ({ code }: { code: string }) => {
  const place = useEndpoint(showCheckIn, { params: { code } }, { every: 15_000 })
  if (place.isError && !place.data) return <EmptyState icon={CodeIcon} title={place.error.message} />
  if (!place.data) {
    return (
      <Center mih={300}>
        <Loader />
      </Center>
    )
  }
  return (
    <Stack gap="md" maw={480} mx="auto">
      <Title order={1}>{place.data.printerName}</Title>
      <Standing place={place.data} code={code} />
      <Button component={Link} href={`/printers/${place.data.printerId}`} variant="default" size="lg">
        <Trans>To the printer</Trans>
      </Button>
    </Stack>
  )
}

const Standing = ({ place, code }: { place: CheckInPlace; code: string }) => {
  const { booking, next, takenUntil, freeUntil, printerName } = place
  if (booking?.state === 'checked_in') return <There booking={booking} />
  if (booking !== null) return <Arrive booking={booking} code={code} />
  return (
    <Card withBorder padding="lg">
      <Stack gap={6}>
        <Text fw={600} size="lg">
          {takenUntil !== null ? (
            <Trans>Booked by somebody else until {formatInstant(takenUntil)}</Trans>
          ) : freeUntil === null ? (
            <Trans>Nobody has booked {printerName} now</Trans>
          ) : (
            <Trans>Free until {formatInstant(freeUntil)}</Trans>
          )}
        </Text>
        <Text c="dimmed">
          {next === null ? (
            <Trans>You have booked nothing here today.</Trans>
          ) : (
            <Trans>Yours: {formatSpan(next.start, next.end)}. You can check in a quarter of an hour before.</Trans>
          )}
        </Text>
      </Stack>
    </Card>
  )
}

type Booking = NonNullable<CheckInPlace['booking']>

const Arrive = ({ booking, code }: { booking: Booking; code: string }) => {
  const checkIn = useAction(checkInByCode, { quiet: true, done: reread })
  return (
    <Card withBorder padding="lg">
      <Stack>
        <div>
          <Text fw={600} size="lg">
            <Trans>Your booking</Trans>
          </Text>
          <Text c="dimmed">{formatSpan(booking.start, booking.end)}</Text>
        </div>
        {checkIn.isError && (
          <Alert color="red" role="alert">
            {checkIn.error.message}
          </Alert>
        )}
        <Button size="xl" loading={checkIn.isPending} onClick={() => checkIn.mutate({ params: { code } })}>
          <Trans>I am here</Trans>
        </Button>
      </Stack>
    </Card>
  )
}

const There = ({ booking }: { booking: Booking }) => {
  const { t } = useLingui()
  const release = useAction(releaseRest, { done: reread })
  const begun = Date.parse(booking.start) <= Date.now()
  return (
    <Card withBorder padding="lg">
      <Stack>
        <Text fw={600} size="lg" className="there" role="status">
          <CircleCheck size={24} aria-hidden /> <Trans>You are checked in</Trans>
        </Text>
        <Text c="dimmed">{formatSpan(booking.start, booking.end)}</Text>
        {begun && (
          <Button
            variant="default"
            size="lg"
            loading={release.isPending}
            onClick={() => release.mutate({ params: { id: booking.id } })}
            aria-label={t`I am done: give the rest of the booking back`}
          >
            <Trans>I am done: give the rest back</Trans>
          </Button>
        )}
      </Stack>
    </Card>
  )
}
