// To wait until somebody gives time back: so long, between two moments.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Card, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Hourglass } from 'lucide-react'
import { useState } from 'react'
import { addWaiting } from '../../server/contract/handovers.ts'
import { type BookingDraft, wishOf } from '../components/calendar/booking-draft.ts'
import { queries, useAction } from '../state/use-endpoint.ts'

export const WaitForm = ({ draft, done }: { draft: BookingDraft; done(): void }) => {
  const { t } = useLingui()
  const [from, setFrom] = useState(`${draft.date}T${draft.time}`)
  const [to, setTo] = useState(laterWall(draft))
  const wait = useAction(addWaiting, {
    quiet: true,
    done: () => {
      queries.invalidateQueries().catch(() => {})
      notifications.show({
        message: t`You are on the waiting list. The bell tells you when time is free.`,
        color: 'slate',
      })
      done()
    },
  })
  const { minutes, purpose } = draft
  const send = (): void => wait.mutate({ body: { wish: wishOf(draft), from, to, minutes, purpose: purpose.trim() } })
  return (
    <Card withBorder padding="sm">
      <Stack gap="xs">
        <Text size="sm" fw={550}>
          <Trans>Wait until somebody gives time back</Trans>
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
          <TextInput
            type="datetime-local"
            size="xs"
            label={t`From`}
            value={from}
            onChange={({ currentTarget }) => setFrom(currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            size="xs"
            label={t`Until`}
            value={to}
            onChange={({ currentTarget }) => setTo(currentTarget.value)}
          />
        </SimpleGrid>
        {wait.isError && (
          <Alert color="red" role="alert">
            {wait.error.message}
          </Alert>
        )}
        <Button
          variant="default"
          size="sm"
          leftSection={<Hourglass size={15} aria-hidden />}
          loading={wait.isPending}
          disabled={from === '' || to === ''}
          onClick={send}
        >
          <Trans>Wait for it</Trans>
        </Button>
      </Stack>
    </Card>
  )
}

/** The end of what is in the form, as clocks count on a day on which they are not changed: it can be changed here. */
const laterWall = ({ date, time, minutes }: BookingDraft): string =>
  new Date(Date.parse(`${date}T${time}:00Z`) + minutes * 60_000).toISOString().slice(0, 16)
