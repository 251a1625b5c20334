// What a printer has printed, and how it is set up.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Badge, Button, Card, Center, Group, Loader, Stack, Switch, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { History, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { listPrints } from '../../server/contract/jobs.ts'
import { changePrinter, listBridges, type Printer, removePrinter } from '../../server/contract/printers.ts'
import { changeRoutines, showRoutines } from '../../server/contract/routines.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { PrinterForm } from '../components/PrinterForm.tsx'
import { RoutinesForm } from '../components/RoutinesForm.tsx'
import { formatDuration, formatInstant } from '../format.ts'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'
import { PlugSetUp } from './PlugSetUp.tsx'
import { usePrintStates } from './print-states.ts'

export const PrinterHistory = ({ printerId }: { printerId: number }) => {
  const { t } = useLingui()
  const prints = useEndpoint(listPrints, { query: { printerId, limit: 100 } })
  const { names, colours } = usePrintStates()
  if (!prints.data) {
    return (
      <Center mih={200}>
        <Loader />
      </Center>
    )
  }
  if (prints.data.length === 0) return <EmptyState icon={History} title={t`Nothing has been printed here yet`} />
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>File</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Of</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Began</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Took</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Ended</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {prints.data.map((print) => (
            <Table.Tr key={print.id}>
              <Table.Td className="break-anywhere">{print.fileName}</Table.Td>
              <Table.Td>{print.memberName}</Table.Td>
              <Table.Td className="nowrap">{formatInstant(print.startedAt ?? print.createdAt)}</Table.Td>
              <Table.Td className="nowrap">
                {print.startedAt &&
                  print.endedAt &&
                  formatDuration((Date.parse(print.endedAt) - Date.parse(print.startedAt)) / 1000)}
              </Table.Td>
              <Table.Td>
                <Badge color={colours[print.state]} variant="light" className="state-badge">
                  {names[print.state]}
                </Badge>
                {print.reason && (
                  <Text size="xs" c="dimmed">
                    {print.reason}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

export const PrinterSetUp = ({ printer, gone }: { printer: Printer; gone(): void }) => {
  const { t } = useLingui()
  const bridges = useEndpoint(listBridges, {}, { every: 3000 })
  const change = useAction(changePrinter, { quiet: true })
  const remove = useAction(removePrinter, { done: gone })
  const [sure, setSure] = useState(false)
  const params = { id: printer.id }
  const { name, bridge, address, baudRate, profile, tags } = printer
  return (
    <Stack maw={640} gap="md">
      <Card withBorder>
        <Switch
          label={t`Takes jobs from the queue`}
          description={t`Off: it prints what it prints, and nothing new starts on it`}
          checked={printer.takesJobs}
          onChange={({ currentTarget }) => change.mutate({ params, body: { takesJobs: currentTarget.checked } })}
        />
      </Card>
      <Card withBorder>
        {bridges.data ? (
          <PrinterForm
            bridges={bridges.data}
            start={{ name, bridge, address, baudRate, profile, tags }}
            busy={change.isPending}
            refusal={change.error?.message ?? null}
            save={(body) => change.mutate({ params, body })}
          />
        ) : (
          <Loader />
        )}
      </Card>
      <Card withBorder>
        <PrinterRoutines printerId={printer.id} />
      </Card>
      <PlugSetUp printer={printer} />
      <Card withBorder>
        <Group justify="space-between">
          <Text size="sm">
            <Trans>Take it out of the fleet. Its past prints stay on record.</Trans>
          </Text>
          {!sure && (
            <Button
              color="red"
              variant="light"
              leftSection={<Trash2 size={16} aria-hidden />}
              onClick={() => setSure(true)}
            >
              <Trans>Remove the printer</Trans>
            </Button>
          )}
        </Group>
        {sure && (
          <Alert color="red" mt="sm" title={t`Remove ${name}?`}>
            <Group mt="xs">
              <Button color="red" loading={remove.isPending} onClick={() => remove.mutate({ params })}>
                <Trans>Yes, remove it</Trans>
              </Button>
              <Button variant="default" onClick={() => setSure(false)}>
                <Trans>Keep it</Trans>
              </Button>
            </Group>
          </Alert>
        )}
      </Card>
    </Stack>
  )
}

const PrinterRoutines = ({ printerId }: { printerId: number }) => {
  const { t } = useLingui()
  const params = { id: printerId }
  const routines = useEndpoint(showRoutines, { params })
  const change = useAction(changeRoutines, {
    quiet: true,
    done: () => notifications.show({ message: t`Saved. The printer knows it from now on.`, withBorder: true }),
  })
  if (!routines.data) return <Loader />
  return (
    <RoutinesForm
      start={routines.data}
      busy={change.isPending}
      refusal={change.error?.message ?? null}
      save={(body) => change.mutate({ params, body })}
    />
  )
}
