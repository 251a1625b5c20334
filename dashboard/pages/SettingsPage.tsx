// The workshop's rules: hours, weights, circuits.
import { Trans } from '@lingui/react/macro'
import { Alert, Button, Card, Center, Group, Loader, Stack, Title } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { changeSettings, type ScheduleSettings, showSettings } from '../../server/contract/scheduling.ts'
import { HoursSettings } from '../components/HoursSettings.tsx'
import { WeightSettings } from '../components/WeightSettings.tsx'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'
import { CircuitSettings } from './CircuitSettings.tsx'
import { HolidaySuggestions } from './HolidaySuggestions.tsx'

export const SettingsPage = () => {
  const settings = useEndpoint(showSettings, {})
  return (
    <Stack gap="md" maw={860}>
      <Title order={1}>
        <Trans>Settings</Trans>
      </Title>
      {settings.isPending && (
        <Center mih={160}>
          <Loader />
        </Center>
      )}
      {settings.error && <Alert color="red">{settings.error.message}</Alert>}
      {settings.data && <Rules saved={settings.data} />}
      <Group gap="xs">
        <Button component={Link} href="/settings/bookings" variant="default">
          <Trans>Rules of booking</Trans>
        </Button>
        <Button component={Link} href="/qualifications" variant="default">
          <Trans>Qualifications</Trans>
        </Button>
      </Group>
      <HolidaySuggestions />
      <CircuitSettings />
    </Stack>
  )
}

/** What is typed stays until it is saved, whatever others save meanwhile. */
const Rules = ({ saved }: { saved: ScheduleSettings }) => {
  const [draft, setDraft] = useState<ScheduleSettings | null>(null)
  const save = useAction(changeSettings, { done: () => setDraft(null) })
  const settings = draft ?? saved
  const change = (part: Partial<ScheduleSettings>): void => setDraft({ ...settings, ...part })
  return (
    <>
      <HoursSettings settings={settings} change={change} />
      <WeightSettings settings={settings} change={change} />
      {draft !== null && (
        <Card withBorder className="save-bar" role="region">
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setDraft(null)}>
              <Trans>Discard</Trans>
            </Button>
            <Button loading={save.isPending} onClick={() => save.mutate({ body: draft })}>
              <Trans>Save the settings</Trans>
            </Button>
          </Group>
        </Card>
      )}
    </>
  )
}
