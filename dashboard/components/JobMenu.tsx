// What may be done with a job.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Menu } from '@mantine/core'
import {
  ArrowDown,
  ArrowUp,
  CircleQuestionMark,
  CopyPlus,
  EllipsisVertical,
  PanelRightOpen,
  Pause,
  Play,
  RotateCcw,
  X,
} from 'lucide-react'
import type { Job } from '../../server/contract/jobs.ts'

export interface JobMenuProps {
  readonly job: Job
  /** It is one's own, or one runs the machines. */
  readonly mine: boolean
  readonly mayQueue: boolean
  readonly mayMove: boolean
  cancel(): void
  /** For the yes that was refused. */
  askAgain(): void
  hold(held: boolean): void
  /** The same once more; `held`, so that it can be changed first. */
  repeat(held: boolean): void
  /** So many places: -1 is one place up. */
  move(step: number): void
  open(): void
}

const icon = { size: 15, 'aria-hidden': true } as const

export const JobMenu = (props: JobMenuProps) => {
  const { t } = useLingui()
  const { job, mine, mayMove, mayQueue, move } = props
  const ended = job.state === 'done' || job.state === 'cancelled'
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t`What can be done with ${job.fileName}`}>
          <EllipsisVertical size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<PanelRightOpen {...icon} />} onClick={props.open}>
          <Trans>Details</Trans>
        </Menu.Item>
        {job.place !== null && mayMove && (
          <>
            <Menu.Item leftSection={<ArrowUp {...icon} />} disabled={job.place === 1} onClick={() => move(-1)}>
              <Trans>One place up</Trans>
            </Menu.Item>
            <Menu.Item leftSection={<ArrowDown {...icon} />} onClick={() => move(1)}>
              <Trans>One place down</Trans>
            </Menu.Item>
          </>
        )}
        {mine && job.approval === 'refused' && (
          <Menu.Item leftSection={<CircleQuestionMark {...icon} />} onClick={props.askAgain}>
            <Trans>Ask again for a yes</Trans>
          </Menu.Item>
        )}
        {mine && !ended && (
          <Menu.Item
            leftSection={job.held ? <Play {...icon} /> : <Pause {...icon} />}
            onClick={() => props.hold(!job.held)}
          >
            {job.held ? <Trans>Let it start</Trans> : <Trans>Hold it</Trans>}
          </Menu.Item>
        )}
        {mayQueue && ended && (
          <Menu.Item leftSection={<RotateCcw {...icon} />} onClick={() => props.repeat(false)}>
            <Trans>Print again</Trans>
          </Menu.Item>
        )}
        {mayQueue && (
          <Menu.Item leftSection={<CopyPlus {...icon} />} onClick={() => props.repeat(true)}>
            <Trans>Duplicate, and change it</Trans>
          </Menu.Item>
        )}
        {mine && !ended && (
          <Menu.Item color="red" leftSection={<X {...icon} />} onClick={props.cancel}>
            {job.printing > 0 ? <Trans>Stop the print and give it up</Trans> : <Trans>Take it out of the queue</Trans>}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
