// One job in a list: what it is, how it stands and why, and what may be done with it.
import { Trans, useLingui } from '@lingui/react/macro'
import { Badge, Button, Group, Text, UnstyledButton } from '@mantine/core'
import { Check, GripVertical, RotateCcw, X } from 'lucide-react'
import type { DragEvent, KeyboardEvent } from 'react'
import type { Job, JobState } from '../../server/contract/jobs.ts'
import { formatDuration, formatInstant } from '../format.ts'
import { JobMenu, type JobMenuProps } from './JobMenu.tsx'
import { JobProgress } from './JobProgress.tsx'
import { PartPicture } from './PartPicture.tsx'

export interface JobDrag {
  readonly over: boolean
  start(event: DragEvent): void
  enter(event: DragEvent): void
  drop(event: DragEvent): void
  end(): void
}

export interface JobRowProps extends JobMenuProps {
  decide(decision: 'again' | 'done' | 'cancelled'): void
  open(): void
  /** Null where it cannot be moved. */
  readonly drag: JobDrag | null
}

const colours: Readonly<Record<JobState, string>> = {
  queued: 'gray',
  printing: 'tile',
  undecided: 'blue',
  done: 'slate',
  cancelled: 'gray',
}

export const JobRow = (props: JobRowProps) => {
  const { job, mine, drag } = props
  return (
    <div
      className={drag?.over ? 'job-row drop-here' : 'job-row'}
      {...(drag ? { onDragOver: drag.enter, onDrop: drag.drop } : {})}
    >
      {drag && <Grip {...props} drag={drag} />}
      <PartPicture fileId={job.fileId} has={job.hasThumbnail} size={52} />
      <div className="grow">
        <Group gap="xs" wrap="nowrap" align="flex-start">
          {(job.turn ?? job.place) !== null && <span className="place">{job.turn ?? job.place}</span>}
          <UnstyledButton onClick={props.open} className="job-name grow">
            <Text fw={550} className="break-anywhere" lineClamp={2} component="span">
              {job.fileName}
            </Text>
          </UnstyledButton>
        </Group>
        <Group gap={6} mt={2}>
          <JobBadges job={job} />
        </Group>
        <Text size="sm" c="dimmed">
          <JobFacts job={job} />
        </Text>
        <JobProgress job={job} />
        <JobStory job={job} />
        {job.state === 'undecided' && mine && <Decision decide={props.decide} />}
      </div>
      <JobMenu {...props} />
    </div>
  )
}

/** Taken with the mouse, or moved with the arrow keys. */
const Grip = ({ job, drag, move }: JobRowProps & { drag: JobDrag }) => {
  const { t } = useLingui()
  const byKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
    if (step === 0) return
    event.preventDefault()
    move(step)
  }
  return (
    <button
      type="button"
      className="grip"
      draggable
      aria-label={t`Move ${job.fileName}: drag it, or press the arrow keys up and down`}
      onDragStart={drag.start}
      onDragEnd={drag.end}
      onKeyDown={byKey}
    >
      <GripVertical size={18} aria-hidden />
    </button>
  )
}

export const JobBadges = ({ job }: { job: Job }) => {
  const { t } = useLingui()
  const names: Record<JobState, string> = {
    queued: t`Waiting`,
    printing: t`Printing`,
    undecided: t`Needs a decision`,
    done: t`Done`,
    cancelled: t`Cancelled`,
  }
  const badges = [
    job.state === 'queued' ? null : { text: names[job.state], colour: colours[job.state] },
    job.held ? { text: t`Held`, colour: 'yellow' } : null,
    job.approval === 'asked' ? { text: t`Asks for a yes`, colour: 'blue' } : null,
    job.approval === 'refused' ? { text: t`Refused`, colour: 'red' } : null,
    job.priority === 'high' ? { text: t`Urgent`, colour: 'red' } : null,
    job.priority === 'low' ? { text: t`Whenever`, colour: 'gray' } : null,
  ]
  return badges
    .filter((badge) => badge !== null)
    .map(({ text, colour }) => (
      <Badge key={text} color={colour} variant="light" className="state-badge">
        {text}
      </Badge>
    ))
}

const JobFacts = ({ job }: { job: Job }) => {
  const { t } = useLingui()
  const wantedBy = job.wantedBy === null ? null : formatInstant(job.wantedBy)
  const facts = [
    job.memberName,
    job.materialWanted,
    job.seconds === null ? null : formatDuration(job.seconds),
    job.state === 'printing' && job.copies === 1 ? (job.lastPrint?.printerName ?? null) : null,
    wantedBy === null ? null : t`wanted by ${wantedBy}`,
    formatInstant(job.endedAt ?? job.lastPrint?.endedAt ?? job.createdAt),
  ]
  return facts.filter((fact) => fact !== null).join(' · ')
}

/** Why it waits, or how its last print ended. */
const JobStory = ({ job }: { job: Job }) => {
  const refused = job.approval === 'refused' ? job.approvalReason : null
  const story = job.state === 'undecided' ? (job.lastPrint?.reason ?? null) : (refused ?? job.waitsFor)
  if (story === null) return null
  return (
    <Text size="sm" c={job.state === 'undecided' || refused !== null ? 'red' : 'dimmed'} mt={2}>
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
