// When the doors are open, when somebody is there, when it must be quiet, and the dates that are not like others.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Card, Group, Stack, Switch, Tabs, Text, TextInput, Title } from '@mantine/core'
import { CalendarPlus, Trash2 } from 'lucide-react'
import type { HoursException, ScheduleSettings } from '../../server/contract/scheduling.ts'
import { SpanList, WeekHours } from './WeekHours.tsx'

export interface SettingsPartProps {
  readonly settings: ScheduleSettings
  change(part: Partial<ScheduleSettings>): void
}

export const HoursSettings = ({ settings, change }: SettingsPartProps) => {
  const { t } = useLingui()
  const { hours } = settings
  const kinds = {
    attended: { name: t`Attended`, says: t`Somebody is there who can clear a bed and change a filament.` },
    open: { name: t`Open`, says: t`The doors are open.` },
    quiet: { name: t`Quiet`, says: t`Nothing starts in these hours.` },
  } as const
  return (
    <Card withBorder>
      <Title order={2} mb="sm">
        <Trans>Hours</Trans>
      </Title>
      <Tabs defaultValue="attended" keepMounted={false}>
        <Tabs.List mb="sm">
          {Object.entries(kinds).map(([kind, { name }]) => (
            <Tabs.Tab key={kind} value={kind}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {(['attended', 'open', 'quiet'] as const).map((kind) => (
          <Tabs.Panel key={kind} value={kind}>
            <Text size="sm" c="dimmed" mb="sm">
              {kinds[kind].says}
            </Text>
            <WeekHours week={hours[kind]} change={(week) => change({ hours: { ...hours, [kind]: week } })} />
          </Tabs.Panel>
        ))}
      </Tabs>
      <Stack gap="sm" mt="lg">
        <Switch
          label={t`Prints may run while the doors are closed`}
          checked={settings.runWhenClosed}
          onChange={({ currentTarget }) => change({ runWhenClosed: currentTarget.checked })}
        />
        <Switch
          label={t`A print may start on a clear bed when nobody is there`}
          checked={settings.startUnattended}
          onChange={({ currentTarget }) => change({ startUnattended: currentTarget.checked })}
        />
        <Switch
          label={t`In quiet hours nothing prints at all`}
          checked={settings.quietStopsPrints}
          onChange={({ currentTarget }) => change({ quietStopsPrints: currentTarget.checked })}
        />
      </Stack>
      <Exceptions exceptions={hours.exceptions} change={(exceptions) => change({ hours: { ...hours, exceptions } })} />
    </Card>
  )
}

interface ExceptionsProps {
  readonly exceptions: readonly HoursException[]
  change(exceptions: HoursException[]): void
}

const Exceptions = ({ exceptions, change }: ExceptionsProps) => {
  const { t } = useLingui()
  const set = (place: number, part: Partial<HoursException>): void =>
    change(exceptions.map((one, at) => (at === place ? { ...one, ...part } : one)))
  const today = new Date().toISOString().slice(0, 10)
  return (
    <Stack gap="sm" mt="lg">
      <Title order={3}>
        <Trans>Dates that are not like others</Trans>
      </Title>
      {exceptions.map(({ date, note, attended }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a date is changed in its line, and the line must stay
        <Group key={place} gap="xs">
          <TextInput
            type="date"
            size="xs"
            aria-label={t`Date`}
            value={date}
            onChange={({ currentTarget }) => currentTarget.value !== '' && set(place, { date: currentTarget.value })}
          />
          <TextInput
            size="xs"
            aria-label={t`What is on that day`}
            placeholder={t`Holiday`}
            maxLength={120}
            value={note}
            onChange={({ currentTarget }) => set(place, { note: currentTarget.value })}
          />
          <SpanList name={date} spans={attended} change={(spans) => set(place, { attended: spans, open: spans })} />
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t`Forget ${date}`}
            onClick={() => change(exceptions.filter((_, at) => at !== place))}
          >
            <Trash2 size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<CalendarPlus size={15} aria-hidden />}
          onClick={() => change([...exceptions, { date: today, note: '', open: [], attended: [] }])}
        >
          <Trans>Add a date</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
