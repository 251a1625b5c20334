// The queue: what needs a decision, what prints, what waits and why, what is past.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Card, Center, Group, Loader, Stack, Title } from '@mantine/core'
import { FileBox, ListOrdered, Scale } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { cancelJob, decideJob, type Job, listJobs, moveJob } from '../../server/contract/jobs.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { JobRow } from '../components/JobRow.tsx'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'
import { WhyWaiting } from './WhyWaiting.tsx'

export const QueuePage = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const open = useEndpoint(listJobs, { query: {} })
  const [showPast, setShowPast] = useState(false)
  const jobs = open.data ?? []
  const toFiles = (
    <Button component={Link} href="/files" leftSection={<FileBox size={17} aria-hidden />}>
      <Trans>Upload or choose a file</Trans>
    </Button>
  )
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1}>
          <Trans>Queue</Trans>
        </Title>
        <Group gap="xs">
          {may(me.role, 'queue') && (
            <Button
              component={Link}
              href="/queue/shares"
              variant="subtle"
              color="gray"
              leftSection={<Scale size={17} aria-hidden />}
            >
              <Trans>Shares</Trans>
            </Button>
          )}
          {jobs.length > 0 && toFiles}
        </Group>
      </Group>
      {open.isPending && (
        <Center mih={240}>
          <Loader />
        </Center>
      )}
      {open.data?.length === 0 && (
        <EmptyState icon={ListOrdered} title={t`Nobody waits`} action={toFiles}>
          <Trans>Queue a file, and it goes to the next printer that is free and can print it.</Trans>
        </EmptyState>
      )}
      <JobList title={t`Needs a decision`} jobs={jobs.filter(({ state }) => state === 'undecided')} me={me} />
      <JobList title={t`Printing`} jobs={jobs.filter(({ state }) => state === 'printing')} me={me} />
      <JobList title={t`Waiting`} jobs={jobs.filter(({ state }) => state === 'queued')} me={me} />
      <Group>
        <Button variant="subtle" color="gray" onClick={() => setShowPast(!showPast)} aria-expanded={showPast}>
          {showPast ? <Trans>Hide past jobs</Trans> : <Trans>Show past jobs</Trans>}
        </Button>
      </Group>
      {showPast && <PastJobs me={me} />}
    </Stack>
  )
}

const PastJobs = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const past = useEndpoint(listJobs, { query: { ended: true } })
  if (past.isPending) return <Loader />
  return <JobList title={t`Past`} jobs={past.data ?? []} me={me} />
}

const JobList = ({ title, jobs, me }: { title: string; jobs: readonly Job[]; me: Me }) => {
  const cancel = useAction(cancelJob)
  const decide = useAction(decideJob)
  const move = useAction(moveJob)
  if (jobs.length === 0) return null
  const runs = may(me.role, 'run-printers')
  return (
    <section aria-label={title}>
      <Title order={2} mb="xs">
        {title}
      </Title>
      <Card withBorder p={0}>
        {jobs.map((job) => (
          <div key={job.id} className="job">
            <JobRow
              job={job}
              mine={job.memberId === me.id || runs}
              mayMove={runs}
              cancel={() => cancel.mutate({ params: { id: job.id } })}
              decide={(decision) => decide.mutate({ params: { id: job.id }, body: { decision } })}
              move={(place) => move.mutate({ params: { id: job.id }, body: { place } })}
            />
            {job.state === 'queued' && <WhyWaiting jobId={job.id} />}
          </div>
        ))}
      </Card>
    </section>
  )
}
