// Takes printers for maintenance or an event: first it is seen which bookings that displaces, then it is done.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import {
  Alert,
  Button,
  Group,
  List,
  MultiSelect,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { checkBlock, createBlock, type Displaced } from '../../server/contract/blocks.ts'
import type { CalendarRow } from '../../server/contract/calendar.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { LengthInput } from '../components/calendar/LengthInput.tsx'
import { useSiteTimes } from '../components/calendar/use-site-times.ts'
import { queries, useAction } from '../state/use-endpoint.ts'

export interface BlockFormProps {
  readonly printers: readonly CalendarRow[]
  readonly me: Me
  readonly date: string
  close(): void
}

export const BlockForm = ({ printers, me, date, close }: BlockFormProps) => {
  const { t } = useLingui()
  const [block, setBlock] = useState({
    kind: 'maintenance' as 'maintenance' | 'event',
    printerIds: [] as number[],
    date,
    time: '10:00',
    minutes: 120,
    purpose: '',
  })
  const check = useAction(checkBlock, { quiet: true })
  const make = useAction(createBlock, {
    quiet: true,
    done: ({ displaced }) => {
      queries.invalidateQueries().catch(() => {})
      const count = displaced.length
      notifications.show({ message: t`The time is taken. Bookings that made way: ${count}.`, color: 'slate' })
      close()
    },
  })
  // What was seen is no longer true when something changes in the form.
  const change = (part: Partial<typeof block>): void => {
    check.reset()
    make.reset()
    setBlock({ ...block, ...part })
  }
  const { kind, printerIds, minutes, purpose } = block
  const body = { kind, printerIds, start: `${block.date}T${block.time}`, minutes, purpose: purpose.trim() }
  const displaces = check.data?.displaces ?? null
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (displaces === null) check.mutate({ body })
    else make.mutate({ body: { ...body, displaces: displaces.map(({ booking }) => booking.id) } })
  }
  const mine = printers.filter(({ id, tags }) => may(me, 'run-printers', { id, tags }))
  const refusal = check.error ?? make.error
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <SegmentedControl
          aria-label={t`What it is`}
          value={kind}
          data={[
            { value: 'maintenance', label: t`Maintenance` },
            { value: 'event', label: t`Event` },
          ]}
          onChange={(value) => change({ kind: value === 'event' ? 'event' : 'maintenance' })}
        />
        <MultiSelect
          label={t`Printers`}
          data={mine.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={printerIds.map(String)}
          onChange={(values) => change({ printerIds: values.map(Number) })}
          {...(printerIds.length === 0 ? { placeholder: t`Choose them` } : {})}
          searchable
          clearable
        />
        <Group>
          <Button variant="subtle" size="compact-sm" onClick={() => change({ printerIds: mine.map(({ id }) => id) })}>
            <Trans>All printers</Trans>
          </Button>
        </Group>
        <SimpleGrid cols={2} spacing="sm">
          <TextInput
            type="date"
            label={t`Date`}
            required
            value={block.date}
            onChange={({ currentTarget }) => change({ date: currentTarget.value })}
          />
          <TextInput
            type="time"
            label={t`Start`}
            required
            value={block.time}
            onChange={({ currentTarget }) => change({ time: currentTarget.value.slice(0, 5) })}
          />
        </SimpleGrid>
        <LengthInput label={t`Length`} minutes={minutes} step={15} change={(value) => change({ minutes: value })} />
        <TextInput
          label={t`What for`}
          description={t`Everybody reads it on the calendar.`}
          required
          maxLength={300}
          value={purpose}
          onChange={({ currentTarget }) => change({ purpose: currentTarget.value })}
        />
        <div role="status" aria-live="polite">
          {refusal && <Alert color="red">{refusal.message}</Alert>}
          {displaces !== null && <Displaces displaces={displaces} printers={printers} />}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            <Trans>Not now</Trans>
          </Button>
          <Button
            type="submit"
            loading={check.isPending || make.isPending}
            disabled={printerIds.length === 0 || minutes < 1}
            {...(displaces !== null && displaces.length > 0 ? { color: 'red' } : {})}
          >
            {displaces === null ? <Trans>See what it displaces</Trans> : <Trans>Take the time</Trans>}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const Displaces = ({ displaces, printers }: { displaces: readonly Displaced[]; printers: readonly CalendarRow[] }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  if (displaces.length === 0) {
    return (
      <Alert color="slate">
        <Trans>No booking is in the way.</Trans>
      </Alert>
    )
  }
  const goes = ({ movesTo, alternatives }: Displaced): string => {
    const other = printers.find(({ id }) => id === movesTo)?.name
    if (movesTo !== null) return t`goes to ${other ?? ''} at the same time`
    const [first] = alternatives
    if (first === undefined) return t`is taken away; no other printer is free near it`
    return t`is taken away; offered instead: ${first.printerName}, ${times.span(first.start, first.end)}`
  }
  return (
    <Alert
      color="orange"
      title={<Plural value={displaces.length} one="# booking makes way" other="# bookings make way" />}
    >
      <List size="sm" spacing={4}>
        {displaces.map((one) => (
          <List.Item key={one.booking.id}>
            {one.booking.memberName ?? t`Somebody`}, {one.booking.printerName},{' '}
            {times.span(one.booking.start, one.booking.end)}: {goes(one)}
          </List.Item>
        ))}
      </List>
      <Text size="sm" mt="xs">
        <Trans>They are told, with what they could have instead.</Trans>
      </Text>
    </Alert>
  )
}
