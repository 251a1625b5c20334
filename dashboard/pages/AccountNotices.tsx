// Which news reach one by which ways, and when one is left alone.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Checkbox, Group, Loader, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import {
  changeNoticeSettings,
  type NoticeChoices,
  type NoticeEvent,
  type NoticeSettings,
  noticeEvents,
  showNoticeSettings,
} from '../../server/contract/notices.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const useEventNames = (): Record<NoticeEvent, string> => {
  const { t } = useLingui()
  return {
    'booking.reminder': t`A booking of mine begins soon`,
    'booking.changed': t`A booking of mine was changed or moved`,
    'booking.released': t`A booking of mine was given back because nobody came`,
    'booking.late': t`A printer may not be ready for my booking`,
    'booking.rest': t`I am done early and could give the rest back`,
    'print.overruns': t`My print may run into somebody’s booking`,
    'waiting.offer': t`What I wait for has become free`,
    'waiting.over': t`What I waited for did not become free`,
    'booking.asked': t`Somebody wants to hand me a booking, or swap`,
    'slice.not-queued': t`What I had sliced could not be queued`,
  }
}

export const NoticeChoicesForm = () => {
  const settings = useEndpoint(showNoticeSettings, {})
  if (!settings.data) return <Loader />
  return <Choices key={JSON.stringify(settings.data)} saved={settings.data} />
}

const Choices = ({ saved }: { saved: NoticeSettings }) => {
  const { t } = useLingui()
  const [draft, setDraft] = useState<NoticeChoices>(saved.choices)
  const save = useAction(changeNoticeSettings, {
    quiet: true,
    done: () => void queries.invalidateQueries({ queryKey: [showNoticeSettings.url] }),
  })
  const change = (part: Partial<NoticeChoices>): void => setDraft({ ...draft, ...part })
  const changed = JSON.stringify(draft) !== JSON.stringify(saved.choices)
  return (
    <Stack>
      <MailChoice draft={draft} way={saved.ways.mail} change={change} />
      <Select
        label={t`Remind me`}
        data={[
          { value: '15', label: t`15 minutes before` },
          { value: '60', label: t`an hour before` },
          { value: '120', label: t`two hours before` },
          { value: '1440', label: t`a day before` },
          { value: '2880', label: t`two days before` },
        ]}
        value={String(draft.reminderMinutes)}
        onChange={(value) => change({ reminderMinutes: Number(value ?? 120) })}
        allowDeselect={false}
        maw={280}
      />
      <QuietHours draft={draft} change={change} />
      {save.isError && (
        <Alert color="red" role="alert">
          {save.error.message}
        </Alert>
      )}
      <Group>
        <Button
          variant="default"
          disabled={!changed}
          loading={save.isPending}
          onClick={() => save.mutate({ body: draft })}
        >
          <Trans>Save</Trans>
        </Button>
      </Group>
    </Stack>
  )
}

interface PartProps {
  readonly draft: NoticeChoices
  change(part: Partial<NoticeChoices>): void
}

const MailChoice = ({ draft, way, change }: PartProps & { way: NoticeSettings['ways']['mail'] }) => {
  const { t } = useLingui()
  const names = useEventNames()
  const chosen = draft.channels.mail
  const set = (values: readonly string[]): void =>
    change({ channels: { mail: noticeEvents.filter((event) => values.includes(event)) } })
  return (
    <Checkbox.Group
      label={t`Also by e-mail`}
      description={
        way === 'off'
          ? t`This workshop sends no e-mails at present; what you choose counts once it does.`
          : way === 'no-address'
            ? t`Enter your e-mail address above first.`
            : t`All of it is also behind the bell, in the dashboard.`
      }
      value={[...chosen]}
      onChange={set}
    >
      <Stack gap={8} mt={8}>
        {noticeEvents.map((event) => (
          <Checkbox key={event} value={event} label={names[event]} />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}

const QuietHours = ({ draft, change }: PartProps) => {
  const { t } = useLingui()
  const { quiet } = draft
  return (
    <Stack gap="xs">
      <Switch
        label={t`Quiet hours`}
        description={t`Nothing is sent in them. It comes when they end, if it still matters then.`}
        checked={quiet !== null}
        onChange={({ currentTarget }) =>
          change({ quiet: currentTarget.checked ? { from: '22:00', to: '08:00' } : null })
        }
      />
      {quiet !== null && (
        <Group gap="sm" align="flex-end">
          <TextInput
            type="time"
            label={t`From`}
            value={quiet.from}
            onChange={({ currentTarget }) =>
              currentTarget.value !== '' && change({ quiet: { ...quiet, from: currentTarget.value } })
            }
          />
          <TextInput
            type="time"
            label={t`To`}
            value={quiet.to}
            onChange={({ currentTarget }) =>
              currentTarget.value !== '' && change({ quiet: { ...quiet, to: currentTarget.value } })
            }
          />
          <Text size="sm" c="dimmed" pb={8}>
            <Trans>in the workshop’s time</Trans>
          </Text>
        </Group>
      )}
    </Stack>
  )
}
