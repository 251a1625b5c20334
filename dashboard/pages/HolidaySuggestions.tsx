// Public holidays from a calendar: suggested, and taken one by one.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Card, FileButton, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { FileUp, RefreshCw, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import {
  decideHoliday,
  type HolidaySource,
  type HolidaySuggestion,
  listHolidays,
  readHolidays,
  refreshHolidays,
  removeHolidays,
  uploadHolidays,
} from '../../server/contract/calendars.ts'
import { CallFailed, readReply } from '../api/call.ts'
import { formatInstant } from '../format.ts'
import { complain, queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== undefined }).catch(() => {})
}

export const HolidaySuggestions = () => {
  const told = useEndpoint(listHolidays, {})
  const sources = told.data?.sources ?? []
  const suggestions = told.data?.suggestions ?? []
  return (
    <Card withBorder>
      <Title order={2} mb={4}>
        <Trans>Public holidays</Trans>
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        <Trans>
          Read them from a calendar (.ics). Each day is suggested; the workshop is closed on those that you accept.
        </Trans>
      </Text>
      <Stack>
        {suggestions.length > 0 && (
          <ul className="plain-list">
            {suggestions.map((day) => (
              <Day key={day.id} day={day} />
            ))}
          </ul>
        )}
        <Reading />
        {sources.length > 0 && (
          <ul className="plain-list">
            {sources.map((source) => (
              <Source key={source.id} source={source} />
            ))}
          </ul>
        )}
      </Stack>
    </Card>
  )
}

/** A local date, as it is named: it has no time zone. */
const dayName = (date: string): string =>
  new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${date}T12:00:00Z`))

const Day = ({ day }: { day: HolidaySuggestion }) => {
  const { t } = useLingui()
  const decide = useAction(decideHoliday, { done: reread })
  const send = (accept: boolean): void => decide.mutate({ params: { id: day.id }, body: { accept } })
  const name = `${day.name}, ${dayName(day.date)}`
  return (
    <Group component="li" py={6} gap="sm">
      <div className="grow">
        <Text size="sm" fw={550}>
          {day.name}
        </Text>
        <Text size="sm" c="dimmed">
          {dayName(day.date)} · {day.source}
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        <Button size="xs" disabled={decide.isPending} onClick={() => send(true)} aria-label={t`Closed on ${name}`}>
          <Trans>Closed</Trans>
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={decide.isPending}
          onClick={() => send(false)}
          aria-label={t`As usual on ${name}`}
        >
          <Trans>As usual</Trans>
        </Button>
      </Group>
    </Group>
  )
}

const upload = async (file: File): Promise<void> => {
  const path = `${uploadHolidays.url}?name=${encodeURIComponent(file.name.slice(0, 120))}`
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'text/calendar' }, body: file })
  readReply(response.status, response.ok, await response.text())
}

const Reading = () => {
  const { t } = useLingui()
  const [address, setAddress] = useState('')
  const [uploading, setUploading] = useState(false)
  const read = useAction(readHolidays, {
    quiet: true,
    done: () => {
      setAddress('')
      reread()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    read.mutate({ body: { address: address.trim() } })
  }
  const take = (file: File | null): void => {
    if (file === null) return
    setUploading(true)
    upload(file)
      .then(reread)
      .catch((error: unknown) =>
        complain(error instanceof CallFailed ? error.message : t`The server does not answer. Try again in a moment.`),
      )
      .finally(() => setUploading(false))
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs">
        <TextInput
          label={t`Address of a calendar`}
          placeholder="https://example.org/holidays.ics"
          value={address}
          onChange={({ currentTarget }) => setAddress(currentTarget.value)}
          required
          maxLength={1000}
          className="grow"
          miw={200}
          error={read.isError ? read.error.message : undefined}
        />
        <Button type="submit" variant="default" loading={read.isPending}>
          <Trans>Read it</Trans>
        </Button>
        <FileButton onChange={take} accept=".ics,text/calendar">
          {(props) => (
            <Button {...props} variant="default" loading={uploading} leftSection={<FileUp size={16} aria-hidden />}>
              <Trans>Choose a file</Trans>
            </Button>
          )}
        </FileButton>
      </Group>
    </form>
  )
}

const Source = ({ source }: { source: HolidaySource }) => {
  const { t } = useLingui()
  const refresh = useAction(refreshHolidays, { done: reread })
  const remove = useAction(removeHolidays, { done: reread })
  const params = { id: source.id }
  return (
    <Group component="li" wrap="nowrap" gap="sm" py={4}>
      <div className="grow">
        <Text size="sm">{source.name}</Text>
        <Text size="sm" c="dimmed">
          {t`read ${formatInstant(source.readAt)}`}
        </Text>
      </div>
      {source.address !== null && (
        <ActionIcon
          variant="subtle"
          color="gray"
          loading={refresh.isPending}
          onClick={() => refresh.mutate({ params })}
          aria-label={t`Read ${source.name} anew`}
        >
          <RefreshCw size={16} aria-hidden />
        </ActionIcon>
      )}
      <ActionIcon
        variant="subtle"
        color="red"
        loading={remove.isPending}
        onClick={() => remove.mutate({ params })}
        aria-label={t`Forget ${source.name}`}
      >
        <Trash2 size={16} aria-hidden />
      </ActionIcon>
    </Group>
  )
}
