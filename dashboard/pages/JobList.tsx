// Jobs below a heading; those that wait can be put into another order, by mouse, finger or keys.
import { useLingui } from '@lingui/react/macro'
import { Card, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { askApproval } from '../../server/contract/approvals.ts'
import { arrangeJob, cancelJob, decideJob, holdJob, type Job, repeatJob } from '../../server/contract/jobs.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { type JobDrag, JobRow } from '../components/JobRow.tsx'
import { useAction } from '../state/use-endpoint.ts'
import { WhyWaiting } from './WhyWaiting.tsx'

export interface JobListProps {
  readonly title: string
  readonly jobs: readonly Job[]
  readonly me: Me
  show(id: number): void
}

export const JobList = ({ title, jobs, me, show }: JobListProps) => {
  const actions = useJobActions(show)
  const [dragged, setDragged] = useState<number | null>(null)
  const [over, setOver] = useState<number | null>(null)
  if (jobs.length === 0) return null
  const runs = may(me, 'run-printers')
  const isMovable = (job: Job): boolean => job.position !== null && (runs || job.memberId === me.id)
  const stop = (): void => {
    setDragged(null)
    setOver(null)
  }
  /** Jobs change places with those of the same member; whose turn it is among members is for the scheduler to say. */
  const moveTo = (job: Job, target: Job): void => {
    if (target.id === job.id || target.position === null || target.memberId !== job.memberId) return
    actions.arrange(job.id, target.position)
  }
  const step = (job: Job, by: number): void => {
    if (job.position !== null && job.position + by >= 1) actions.arrange(job.id, job.position + by)
  }
  const dragOf = (job: Job): JobDrag | null => {
    if (!isMovable(job)) return null
    return {
      over: over === job.id && dragged !== job.id,
      start: (event) => {
        event.dataTransfer.effectAllowed = 'move'
        setDragged(job.id)
      },
      enter: (event) => {
        if (dragged === null) return
        event.preventDefault()
        setOver(job.id)
      },
      drop: (event) => {
        event.preventDefault()
        const moved = jobs.find(({ id }) => id === dragged)
        if (moved) moveTo(moved, job)
        stop()
      },
      end: stop,
    }
  }
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
              mayQueue={may(me, 'queue')}
              mayMove={isMovable(job)}
              drag={dragOf(job)}
              cancel={() => actions.cancel(job.id)}
              askAgain={() => actions.ask(job.id)}
              hold={(held) => actions.hold(job.id, held)}
              repeat={(held) => actions.repeat(job.id, held)}
              decide={(decision) => actions.decide(job.id, decision)}
              move={(by) => step(job, by)}
              open={() => show(job.id)}
            />
            {job.toStart > 0 && <WhyWaiting jobId={job.id} />}
          </div>
        ))}
      </Card>
    </section>
  )
}

const useJobActions = (show: (id: number) => void) => {
  const { t } = useLingui()
  const cancel = useAction(cancelJob)
  const decide = useAction(decideJob)
  const arrange = useAction(arrangeJob)
  const hold = useAction(holdJob)
  const ask = useAction(askApproval)
  const repeat = useAction(repeatJob, {
    done: ({ id, fileName, held }) => {
      if (held) show(id)
      else notifications.show({ message: t`${fileName} is in the queue again.`, withBorder: true })
    },
  })
  return {
    ask: (id: number) => ask.mutate({ params: { id } }),
    cancel: (id: number) => cancel.mutate({ params: { id } }),
    decide: (id: number, decision: 'again' | 'done' | 'cancelled') =>
      decide.mutate({ params: { id }, body: { decision } }),
    arrange: (id: number, position: number) => arrange.mutate({ params: { id }, body: { position } }),
    hold: (id: number, held: boolean) => hold.mutate({ params: { id }, body: { held } }),
    repeat: (id: number, held: boolean) => repeat.mutate({ params: { id }, body: { held } }),
  }
}
