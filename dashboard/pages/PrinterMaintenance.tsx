// What a printer has done, what it needs, what was done for it, and whether it is in service.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  Alert,
  Badge,
  Button,
  Card,
  Center,
  Group,
  Loader,
  Modal,
  Progress,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { Check, Plus, Trash2, Wrench } from 'lucide-react'
import { useState } from 'react'
import {
  addTask,
  doTask,
  type PrinterMaintenance as Maintenance,
  type MaintenanceTask,
  removeTask,
  setService,
  showMaintenance,
} from '../../server/contract/maintenance.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import type { Printer } from '../../server/contract/printers.ts'
import { TaskForm } from '../components/TaskForm.tsx'
import { formatInstant, formatNumber } from '../format.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const refresh = (): void => {
  queries.invalidateQueries({ queryKey: [showMaintenance.url] }).catch(() => {})
}

export const PrinterMaintenance = ({ printer, me }: { printer: Printer; me: Me }) => {
  const { t } = useLingui()
  const params = { id: printer.id }
  const maintenance = useEndpoint(showMaintenance, { params })
  const [adding, setAdding] = useState(false)
  const add = useAction(addTask, {
    quiet: true,
    done: () => {
      setAdding(false)
      refresh()
    },
  })
  const runs = may(me, 'run-printers')
  if (!maintenance.data) {
    return (
      <Center mih={200}>
        <Loader />
      </Center>
    )
  }
  const { counts, tasks, entries } = maintenance.data
  return (
    <Stack maw={760} gap="md">
      <Service printer={printer} runs={runs} />
      <Group gap="xl" className="figures">
        <Count value={t`${formatNumber(counts.hours, 1)} h`} name={t`printing`} />
        <Count value={t`${formatNumber(counts.metres, counts.metres < 10 ? 1 : 0)} m`} name={t`of filament`} />
        <Count value={formatNumber(counts.prints)} name={t`prints`} />
      </Group>
      <Card withBorder component="section" aria-label={t`What it needs`}>
        <Group justify="space-between" mb="xs">
          <Title order={2}>
            <Trans>What it needs</Trans>
          </Title>
          {runs && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<Plus size={14} aria-hidden />}
              onClick={() => setAdding(true)}
            >
              <Trans>Add a task</Trans>
            </Button>
          )}
        </Group>
        {tasks.length === 0 && (
          <Text size="sm" c="dimmed">
            <Trans>Nothing is to be done from time to time. Grease, belts, nozzles: add what this printer needs.</Trans>
          </Text>
        )}
        <Stack gap="md">
          {tasks.map((task) => (
            <Task key={task.id} task={task} runs={runs} />
          ))}
        </Stack>
      </Card>
      <Entries entries={entries} />
      <Modal opened={adding} onClose={() => setAdding(false)} title={t`Add a task`}>
        {adding && (
          <TaskForm
            busy={add.isPending}
            refusal={add.error?.message ?? null}
            save={(body) => add.mutate({ params, body })}
          />
        )}
      </Modal>
    </Stack>
  )
}

const Count = ({ value, name }: { value: string; name: string }) => (
  <div>
    <Text fw={650} size="xl">
      {value}
    </Text>
    <Text size="sm" c="dimmed">
      {name}
    </Text>
  </div>
)

const Service = ({ printer, runs }: { printer: Printer; runs: boolean }) => {
  const { t } = useLingui()
  const [reason, setReason] = useState('')
  const set = useAction(setService, {
    done: () => {
      setReason('')
      refresh()
    },
  })
  const params = { id: printer.id }
  if (printer.outOfService !== null) {
    return (
      <Alert color="red" icon={<Wrench size={18} />} title={t`Out of service`}>
        <Text size="sm">{printer.outOfService}</Text>
        {runs && (
          <Button mt="sm" loading={set.isPending} onClick={() => set.mutate({ params, body: { outOfService: null } })}>
            <Trans>It works again</Trans>
          </Button>
        )}
      </Alert>
    )
  }
  if (!runs) return null
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        set.mutate({ params, body: { outOfService: reason } })
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          label={t`Take it out of service`}
          description={t`Whoever waits for it is told why`}
          placeholder={t`The nozzle is blocked`}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          maxLength={300}
          required
          className="grow"
        />
        <Button type="submit" variant="default" leftSection={<Wrench size={16} aria-hidden />} loading={set.isPending}>
          <Trans>Out of service</Trans>
        </Button>
      </Group>
    </form>
  )
}

const Task = ({ task, runs }: { task: MaintenanceTask; runs: boolean }) => {
  const { t } = useLingui()
  const params = { id: task.id }
  const done = useAction(doTask, { done: refresh })
  const remove = useAction(removeTask, { done: refresh })
  const left = useLeft(task)
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div className="grow">
          <Group gap="xs">
            <Text fw={550}>{task.name}</Text>
            {task.due && (
              <Badge color="red" variant="light" className="state-badge">
                <Trans>Due</Trans>
              </Badge>
            )}
          </Group>
          {task.note !== '' && <Text size="sm">{task.note}</Text>}
          <Text size="sm" c="dimmed">
            {left} · {t`last ${formatInstant(task.lastAt)}`}
          </Text>
        </div>
        {runs && (
          <Group gap={4} wrap="nowrap">
            <Button
              size="compact-sm"
              variant={task.due ? 'filled' : 'default'}
              leftSection={<Check size={14} aria-hidden />}
              loading={done.isPending}
              onClick={() => done.mutate({ params, body: { note: '' } })}
            >
              <Trans>Done</Trans>
            </Button>
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              aria-label={t`Remove ${task.name}`}
              onClick={() => remove.mutate({ params })}
            >
              <Trash2 size={14} aria-hidden />
            </Button>
          </Group>
        )}
      </Group>
      <Progress
        value={Math.min(100, task.share * 100)}
        color={task.due ? 'red' : 'slate'}
        size={6}
        mt={6}
        radius="xl"
        aria-label={left}
      />
    </div>
  )
}

const useLeft = ({ nearest, left, due }: MaintenanceTask): string => {
  const { t } = useLingui()
  const amount = formatNumber(Math.abs(left), nearest === 'prints' ? 0 : Math.abs(left) < 10 ? 1 : 0)
  switch (nearest) {
    case 'hours':
      return due ? t`${amount} h late` : t`in ${amount} h of printing`
    case 'metres':
      return due ? t`${amount} m of filament late` : t`in ${amount} m of filament`
    case 'prints':
      return due ? t`${amount} prints late` : t`in ${amount} prints`
    case 'days':
      return due ? t`${amount} days late` : t`in ${amount} days`
  }
}

const Entries = ({ entries }: Pick<Maintenance, 'entries'>) => {
  const { t } = useLingui()
  if (entries.length === 0) return null
  return (
    <Card withBorder component="section" aria-label={t`What was done`}>
      <Title order={2} mb="xs">
        <Trans>What was done</Trans>
      </Title>
      <Stack gap="xs">
        {entries.map((entry) => (
          <div key={entry.id}>
            <Text size="sm" fw={550}>
              {entry.kind === 'done' ? entry.task : entry.kind === 'out' ? t`Out of service` : t`In service again`}
            </Text>
            {entry.note !== '' && (
              <Text size="sm" className="break-anywhere">
                {entry.note}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              {[formatInstant(entry.at), entry.by, t`at ${formatNumber(entry.hours, 1)} h`].filter(Boolean).join(' · ')}
            </Text>
          </div>
        ))}
      </Stack>
    </Card>
  )
}
