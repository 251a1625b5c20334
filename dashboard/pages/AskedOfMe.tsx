// Bookings that others offer to one, and those that one has offered: yes, no, or taken back.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { answerHandover, type Handover, listHandovers } from '../../server/contract/handovers.ts'
import { showMe } from '../../server/contract/members.ts'
import { useSiteTimes } from '../components/calendar/use-site-times.ts'
import { Section } from '../components/Section.tsx'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

export const AskedOfMe = () => {
  const { t } = useLingui()
  const asked = useEndpoint(listHandovers, {}).data ?? []
  if (asked.length === 0) return null
  return (
    <Section title={t`Waits for a word`}>
      <Stack gap="md">
        {asked.map((handover) => (
          <Asked key={handover.id} handover={handover} />
        ))}
      </Stack>
    </Section>
  )
}

const Asked = ({ handover }: { handover: Handover }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const me = useEndpoint(showMe, {}).data
  const answer = useAction(answerHandover, {
    quiet: true,
    done: () => void queries.invalidateQueries(),
  })
  const { booking, against, fromName, toName } = handover
  const told = (one: Handover['booking']): string => `${one.printerName}, ${times.span(one.start, one.end)}`
  const isMine = handover.toId === me?.id
  const send = (said: 'accepted' | 'refused' | 'withdrawn'): void =>
    answer.mutate({ params: { id: handover.id }, body: { answer: said } })
  return (
    <div>
      <Text size="sm" fw={550}>
        {isMine ? t`${fromName} offers you a booking` : t`You offer ${toName} a booking`}
      </Text>
      <Text size="sm">{told(booking)}</Text>
      {against !== null && (
        <Text size="sm" c="dimmed">
          <Trans>Against: {told(against)}</Trans>
        </Text>
      )}
      {answer.isError && (
        <Alert color="red" role="alert" mt="xs">
          {answer.error.message}
        </Alert>
      )}
      <Group gap="xs" mt="xs">
        {isMine ? (
          <>
            <Button size="xs" loading={answer.isPending} onClick={() => send('accepted')}>
              {against === null ? <Trans>Take it</Trans> : <Trans>Swap</Trans>}
            </Button>
            <Button size="xs" variant="default" disabled={answer.isPending} onClick={() => send('refused')}>
              <Trans>No, thank you</Trans>
            </Button>
          </>
        ) : (
          <Button size="xs" variant="default" loading={answer.isPending} onClick={() => send('withdrawn')}>
            <Trans>Take the offer back</Trans>
          </Button>
        )}
      </Group>
    </div>
  )
}
