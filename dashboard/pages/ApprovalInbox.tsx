// Jobs that wait for the yes of who runs the machines.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Card, Group, Modal, Stack, Text, Textarea, Title, UnstyledButton } from '@mantine/core'
import { Check, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { answerApproval } from '../../server/contract/approvals.ts'
import type { Job } from '../../server/contract/jobs.ts'
import { Copies } from '../components/JobProgress.tsx'
import { PartPicture } from '../components/PartPicture.tsx'
import { formatDuration, formatNumber } from '../format.ts'
import { useAction } from '../state/use-endpoint.ts'

export const ApprovalInbox = ({ jobs, show }: { jobs: readonly Job[]; show(id: number): void }) => {
  const { t } = useLingui()
  const [refusing, setRefusing] = useState<Job | null>(null)
  const answer = useAction(answerApproval)
  if (jobs.length === 0) return null
  return (
    <section aria-label={t`Waits for your yes`}>
      <Title order={2} mb="xs">
        <Trans>Waits for your yes</Trans>
      </Title>
      <Card withBorder p={0} className="inbox">
        {jobs.map((job) => (
          <div key={job.id} className="job-row">
            <PartPicture fileId={job.fileId} has={job.hasThumbnail} size={52} />
            <div className="grow">
              <UnstyledButton onClick={() => show(job.id)} className="job-name">
                <Text fw={550} className="break-anywhere" component="span">
                  {job.fileName}
                </Text>
              </UnstyledButton>
              <Text size="sm" c="dimmed">
                <Asked job={job} />
              </Text>
              {job.note !== '' && (
                <Text size="sm" className="break-anywhere" mt={2}>
                  {job.note}
                </Text>
              )}
              <Group gap="xs" mt="xs">
                <Button
                  size="compact-sm"
                  leftSection={<Check size={14} aria-hidden />}
                  onClick={() => answer.mutate({ params: { id: job.id }, body: { approved: true } })}
                >
                  <Trans>Yes, print it</Trans>
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<X size={14} aria-hidden />}
                  onClick={() => setRefusing(job)}
                >
                  <Trans>No…</Trans>
                </Button>
              </Group>
            </div>
          </div>
        ))}
      </Card>
      <Modal opened={refusing !== null} onClose={() => setRefusing(null)} title={t`Why not?`}>
        {refusing && <Refusing job={refusing} close={() => setRefusing(null)} />}
      </Modal>
    </section>
  )
}

const Asked = ({ job }: { job: Job }) => {
  const grams = job.grams.reduce((sum, one) => sum + one, 0) * job.copies
  const facts = [
    job.memberName,
    job.materialWanted,
    job.seconds === null ? null : formatDuration(job.seconds * job.copies),
    grams > 0 ? `${formatNumber(grams)} g` : null,
  ].filter((fact) => fact !== null)
  return (
    <>
      {facts.join(' · ')}
      {job.copies > 1 && (
        <>
          {' · '}
          <Copies count={job.copies} />
        </>
      )}
    </>
  )
}

const Refusing = ({ job, close }: { job: Job; close(): void }) => {
  const { t } = useLingui()
  const [reason, setReason] = useState('')
  const answer = useAction(answerApproval, { quiet: true, done: close })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    answer.mutate({ params: { id: job.id }, body: { approved: false, reason } })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Textarea
          label={t`Reason`}
          description={t`${job.memberName ?? ''} reads it and can mend it`}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          autosize
          minRows={2}
          maxLength={500}
          required
          data-autofocus
        />
        {answer.error && <Alert color="red">{answer.error.message}</Alert>}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            <Trans>Back</Trans>
          </Button>
          <Button type="submit" color="red" loading={answer.isPending}>
            <Trans>Refuse it</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
