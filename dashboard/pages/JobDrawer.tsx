// One job in full: how it stands, what is wished of it, its prints, what happened to it.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Badge, Center, Drawer, Group, Loader, Stack, Table, Tabs, Text } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { listJobEvents } from '../../server/contract/job-events.ts'
import { changeJob, type JobDetails, type Print, showJob } from '../../server/contract/jobs.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { listPrinters } from '../../server/contract/printers.ts'
import { listFilaments } from '../../server/contract/spools.ts'
import { JobForm } from '../components/JobForm.tsx'
import { JobProgress } from '../components/JobProgress.tsx'
import { JobBadges } from '../components/JobRow.tsx'
import { JobTimeline } from '../components/JobTimeline.tsx'
import { PartPicture } from '../components/PartPicture.tsx'
import { formatDuration, formatInstant, formatNumber } from '../format.ts'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'
import { usePrintStates } from './print-states.ts'

const JobDesigns = lazy(async () => ({ default: (await import('./commons/JobDesigns.tsx')).JobDesigns }))

export const JobDrawer = ({ id, me, close }: { id: number | null; me: Me; close(): void }) => {
  const { t } = useLingui()
  return (
    <Drawer
      opened={id !== null}
      onClose={close}
      position="right"
      size="lg"
      title={t`Job`}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {id !== null && <JobInFull key={id} id={id} me={me} />}
    </Drawer>
  )
}

const JobInFull = ({ id, me }: { id: number; me: Me }) => {
  const job = useEndpoint(showJob, { params: { id } })
  if (job.isError && !job.data) return <Alert color="red">{job.error.message}</Alert>
  if (!job.data) {
    return (
      <Center mih={240}>
        <Loader />
      </Center>
    )
  }
  const ended = job.data.state === 'done' || job.data.state === 'cancelled'
  const mine = job.data.memberId === me.id || may(me, 'run-printers')
  return (
    <Stack gap="md">
      <JobHead job={job.data} />
      {job.data.lastPrint && (
        <Suspense fallback={null}>
          <JobDesigns jobId={id} printId={job.data.lastPrint.id} hasEnded={job.data.lastPrint.endedAt !== null} />
        </Suspense>
      )}
      <Tabs defaultValue="story" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="story">
            <Trans>What happened</Trans>
          </Tabs.Tab>
          {mine && !ended && (
            <Tabs.Tab value="wishes">
              <Trans>Change</Trans>
            </Tabs.Tab>
          )}
          {job.data.prints.length > 0 && (
            <Tabs.Tab value="prints">
              <Trans>Prints</Trans>
            </Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="story" pt="md">
          <Story id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="wishes" pt="md">
          <Wishes job={job.data} me={me} />
        </Tabs.Panel>
        <Tabs.Panel value="prints" pt="md">
          <Prints prints={job.data.prints} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

const JobHead = ({ job }: { job: JobDetails }) => {
  const { t } = useLingui()
  const grams = job.grams.reduce((sum, one) => sum + one, 0)
  const attends = job.attendStartName
  const facts = [
    job.memberName,
    job.materialWanted,
    job.nozzleWanted === null ? null : t`${formatNumber(job.nozzleWanted, 2)} mm nozzle`,
    job.seconds === null ? null : formatDuration(job.seconds),
    grams > 0 ? t`${formatNumber(grams, 0)} g` : null,
    job.printerTags.length > 0 ? job.printerTags.join(', ') : null,
    attends === null ? null : t`${attends} is there at the start`,
  ]
  return (
    <>
      <Group wrap="nowrap" align="flex-start" gap="md">
        <PartPicture fileId={job.fileId} has={job.hasThumbnail} size={88} />
        <Stack gap={4} className="grow">
          <Text fw={650} className="break-anywhere">
            {job.fileName}
          </Text>
          <Group gap={6}>
            <JobBadges job={job} />
          </Group>
          <Text size="sm" c="dimmed">
            {facts.filter((fact) => fact !== null).join(' · ')}
          </Text>
          <JobProgress job={job} />
          {job.waitsFor && <Text size="sm">{job.waitsFor}</Text>}
        </Stack>
      </Group>
      {job.approval === 'refused' && (
        <Alert color="red" title={t`${job.approvalBy ?? ''} has said no`}>
          {job.approvalReason}
        </Alert>
      )}
      {job.note !== '' && <Text className="note break-anywhere">{job.note}</Text>}
      {job.shortages.map(({ printerId, tool, printerName, spoolId, leftGrams, neededGrams }) => (
        <Alert key={`${printerId} ${tool}`} color="yellow" icon={<TriangleAlert size={18} />}>
          <Trans>
            {printerName}: it takes {formatNumber(neededGrams)} g, and {formatNumber(leftGrams)} g are left on spool{' '}
            {spoolId}.
          </Trans>
        </Alert>
      ))}
      {job.files.length > 1 && (
        <ol className="plates">
          {job.files.map((plate) => (
            <li key={plate.position}>
              <Text size="sm" component="span" className="break-anywhere">
                {plate.fileName}
              </Text>{' '}
              <Text size="sm" c="dimmed" component="span">
                <Trans>
                  {plate.done} of {job.copies}
                </Trans>
              </Text>
            </li>
          ))}
        </ol>
      )}
    </>
  )
}

const Story = ({ id }: { id: number }) => {
  const events = useEndpoint(listJobEvents, { params: { id } })
  return events.data ? <JobTimeline events={events.data} /> : <Loader />
}

const Wishes = ({ job, me }: { job: JobDetails; me: Me }) => {
  const { t } = useLingui()
  const printers = useEndpoint(listPrinters, {})
  const filaments = useEndpoint(listFilaments, {})
  const change = useAction(changeJob, { quiet: true })
  const { copies, materialWanted, colourWanted, nozzleWanted, printerId, printerTags } = job
  const { earliestStart, wantedBy, note, attendStart, priority } = job
  return (
    <JobForm
      start={{
        copies,
        materialWanted,
        colourWanted,
        nozzleWanted,
        printerId,
        printerTags,
        earliestStart,
        wantedBy,
        note,
        attendStart,
        priority,
      }}
      printers={printers.data ?? []}
      materials={(filaments.data ?? []).map(({ material }) => material)}
      me={me.id}
      mayHurry={may(me, 'run-printers')}
      busy={change.isPending}
      refusal={change.error?.message ?? null}
      action={change.isSuccess ? t`Saved` : t`Save`}
      save={(body) => change.mutate({ params: { id: job.id }, body })}
    />
  )
}

const Prints = ({ prints }: { prints: readonly Print[] }) => {
  const { names, colours } = usePrintStates()
  return (
    <Table verticalSpacing="xs">
      <Table.Tbody>
        {prints.map((print) => (
          <Table.Tr key={print.id}>
            <Table.Td>{print.printerName}</Table.Td>
            <Table.Td className="nowrap">{formatInstant(print.startedAt ?? print.createdAt)}</Table.Td>
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
  )
}
