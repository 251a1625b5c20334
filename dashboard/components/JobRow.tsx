// One job in a list: what it is, how it stands and why, and what may be done with it.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Badge, Button, Group, Menu, Text } from '@mantine/core'
import { ArrowDown, ArrowUp, Check, EllipsisVertical, RotateCcw, X } from 'lucide-react'
import type { Job, JobState } from '../../server/contract/jobs.ts'
import { formatDuration, formatInstant } from '../format.ts'
import { PartPicture } from './PartPicture.tsx'

export interface JobRowProps {
  readonly job: Job
  /** It is one's own, or one runs the machines. */
  readonly mine: boolean
  readonly mayMove: boolean
  cancel(): void
  decide(decision: 'again' | 'done' | 'cancelled'): void
  move(place: number): void
}

const colours: Readonly<Record<JobState, string>> = {
  queued: 'gray',
  printing: 'tile',
  undecided: 'blue',
  done: 'slate',
  cancelled: 'gray',
}

export const JobRow = (props: JobRowProps) => {
  const { job, mine } = props
  return (
    <div className="job-row">
      <PartPicture fileId={job.fileId} has={job.hasThumbnail} size={52} />
      <div className="grow">
        <Group gap="xs" wrap="nowrap">
          {job.place !== null && <span className="place">{job.turn ?? job.place}</span>}
          <Text fw={550} className="break-anywhere" lineClamp={2}>
            {job.fileName}
          </Text>
          {job.state !== 'queued' && <JobBadge state={job.state} />}
        </Group>
        <Text size="sm" c="dimmed">
          <JobFacts job={job} />
        </Text>
        <JobStory job={job} />
        {job.state === 'undecided' && mine && <Decision decide={props.decide} />}
      </div>
      <JobMenu {...props} />
    </div>
  )
}

const JobBadge = ({ state }: { state: JobState }) => {
  const { t } = useLingui()
  const names: Record<JobState, string> = {
    queued: t`Waiting`,
    printing: t`Printing`,
    undecided: t`Needs a decision`,
    done: t`Done`,
    cancelled: t`Cancelled`,
  }
  return (
    <Badge color={colours[state]} variant="light" className="state-badge">
      {names[state]}
    </Badge>
  )
}

const JobFacts = ({ job }: { job: Job }) => {
  const facts = [
    job.memberName,
    job.seconds === null ? null : formatDuration(job.seconds),
    job.state === 'printing' ? (job.lastPrint?.printerName ?? null) : null,
    formatInstant(job.lastPrint?.endedAt ?? job.createdAt),
  ]
  return facts.filter((fact) => fact !== null).join(' · ')
}

/** Why it waits, or how its last print ended. */
const JobStory = ({ job }: { job: Job }) => {
  const story =
    job.state === 'queued' ? job.waitsFor : job.state === 'undecided' ? (job.lastPrint?.reason ?? null) : null
  if (story === null) return null
  return (
    <Text size="sm" c={job.state === 'undecided' ? 'red' : 'dimmed'} mt={2}>
      {story}
    </Text>
  )
}

const Decision = ({ decide }: Pick<JobRowProps, 'decide'>) => (
  <Group gap="xs" mt="xs">
    <Button size="compact-sm" leftSection={<RotateCcw size={14} aria-hidden />} onClick={() => decide('again')}>
      <Trans>Print again</Trans>
    </Button>
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<Check size={14} aria-hidden />}
      onClick={() => decide('done')}
    >
      <Trans>It is good as it is</Trans>
    </Button>
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<X size={14} aria-hidden />}
      onClick={() => decide('cancelled')}
    >
      <Trans>Give it up</Trans>
    </Button>
  </Group>
)

const JobMenu = ({ job, mine, mayMove, cancel, move }: JobRowProps) => {
  const { t } = useLingui()
  const waits = job.place !== null
  const cancellable = mine && (waits || job.state === 'printing')
  if (!cancellable && !(waits && mayMove)) return null
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t`What can be done with ${job.fileName}`}>
          <EllipsisVertical size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {waits && mayMove && (
          <>
            <Menu.Item
              leftSection={<ArrowUp size={15} aria-hidden />}
              disabled={job.place === 1}
              onClick={() => move((job.place ?? 2) - 1)}
            >
              <Trans>One place up</Trans>
            </Menu.Item>
            <Menu.Item leftSection={<ArrowDown size={15} aria-hidden />} onClick={() => move((job.place ?? 0) + 1)}>
              <Trans>One place down</Trans>
            </Menu.Item>
          </>
        )}
        {cancellable && (
          <Menu.Item color="red" leftSection={<X size={15} aria-hidden />} onClick={cancel}>
            {job.state === 'printing' ? (
              <Trans>Stop the print and give it up</Trans>
            ) : (
              <Trans>Take it out of the queue</Trans>
            )}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
