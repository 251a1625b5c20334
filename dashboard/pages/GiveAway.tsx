// A booking for somebody else, or against one of his.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Card, Select, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { ArrowRightLeft, HandHelping } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { type Claim, listBookings } from '../../server/contract/bookings.ts'
import { type Handover, handOver, swapBookings } from '../../server/contract/handovers.ts'
import { useSiteTimes } from '../components/calendar/use-site-times.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

export interface GiveAwayProps {
  readonly claim: Claim
  done(): void
}

const useAsked = (done: () => void): ((handover: Handover) => void) => {
  const { t } = useLingui()
  return ({ toName }) => {
    queries.invalidateQueries().catch(() => {})
    notifications.show({ message: t`${toName} is asked. Until the answer it stays yours.`, color: 'slate' })
    done()
  }
}

export const GiveAway = ({ claim, done }: GiveAwayProps) => {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const give = useAction(handOver, { quiet: true, done: useAsked(done) })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    give.mutate({ params: { id: claim.id }, body: { name: name.trim() } })
  }
  return (
    <Card withBorder padding="sm">
      <form onSubmit={submit}>
        <Stack gap="xs">
          <TextInput
            label={t`Hand it over to`}
            description={t`The name of a member, who then accepts it or not`}
            maxLength={80}
            required
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          {give.isError && (
            <Alert color="red" role="alert">
              {give.error.message}
            </Alert>
          )}
          <Button
            type="submit"
            variant="default"
            leftSection={<HandHelping size={16} aria-hidden />}
            loading={give.isPending}
          >
            <Trans>Hand it over</Trans>
          </Button>
        </Stack>
      </form>
    </Card>
  )
}

/** One of one's own against this one of somebody else. */
export const OfferSwap = ({ claim, done }: GiveAwayProps) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const own = (useEndpoint(listBookings, { query: {} }).data ?? []).filter(
    ({ kind, state }) => kind === 'booking' && state === 'booked',
  )
  const [chosen, setChosen] = useState<string | null>(null)
  const swap = useAction(swapBookings, { quiet: true, done: useAsked(done) })
  if (own.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        <Trans>With a booking of your own you could offer to swap.</Trans>
      </Text>
    )
  }
  return (
    <Card withBorder padding="sm">
      <Stack gap="xs">
        <Select
          label={t`Swap it for one of mine`}
          placeholder={t`Which one`}
          data={own.map(({ id, printerName, start, end }) => ({
            value: String(id),
            label: `${printerName}, ${times.span(start, end)}`,
          }))}
          value={chosen}
          onChange={setChosen}
        />
        {swap.isError && (
          <Alert color="red" role="alert">
            {swap.error.message}
          </Alert>
        )}
        <Button
          variant="default"
          leftSection={<ArrowRightLeft size={16} aria-hidden />}
          disabled={chosen === null}
          loading={swap.isPending}
          onClick={() => swap.mutate({ params: { id: Number(chosen) }, body: { withId: claim.id } })}
        >
          <Trans>Offer the swap</Trans>
        </Button>
      </Stack>
    </Card>
  )
}
