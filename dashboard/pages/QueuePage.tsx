// The queue: what waits for a yes or a decision, what prints, what waits and why, what is past.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Center, Group, Loader, Stack, Title } from '@mantine/core'
import { FileBox, ListOrdered, Scale } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { listJobs } from '../../server/contract/jobs.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { useEndpoint } from '../state/use-endpoint.ts'
import { ApprovalInbox } from './ApprovalInbox.tsx'
import { JobDrawer } from './JobDrawer.tsx'
import { JobList } from './JobList.tsx'
import { JobSettings } from './JobSettings.tsx'

export const QueuePage = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const open = useEndpoint(listJobs, { query: {} })
  const [showPast, setShowPast] = useState(false)
  const [shown, setShown] = useState<number | null>(null)
  const jobs = open.data ?? []
  const asked = may(me, 'run-printers') ? jobs.filter(({ approval }) => approval === 'asked') : []
  const rest = { me, show: setShown }
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
          {may(me, 'queue') && (
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
      <ApprovalInbox jobs={asked} show={setShown} />
      <JobList title={t`Needs a decision`} jobs={jobs.filter(({ state }) => state === 'undecided')} {...rest} />
      <JobList title={t`Printing`} jobs={jobs.filter(({ state }) => state === 'printing')} {...rest} />
      <JobList title={t`Waiting`} jobs={jobs.filter(({ state }) => state === 'queued')} {...rest} />
      <Group>
        <Button variant="subtle" color="gray" onClick={() => setShowPast(!showPast)} aria-expanded={showPast}>
          {showPast ? <Trans>Hide past jobs</Trans> : <Trans>Show past jobs</Trans>}
        </Button>
      </Group>
      {showPast && <PastJobs {...rest} />}
      {may(me, 'steward') && <JobSettings />}
      <JobDrawer id={shown} me={me} close={() => setShown(null)} />
    </Stack>
  )
}

const PastJobs = (rest: { me: Me; show(id: number): void }) => {
  const { t } = useLingui()
  const past = useEndpoint(listJobs, { query: { ended: true } })
  if (past.isPending) return <Loader />
  return <JobList title={t`Past`} jobs={past.data ?? []} {...rest} />
}
