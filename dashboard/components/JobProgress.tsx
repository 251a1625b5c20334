// How many copies of a job are done, print, and wait.
import { Plural, useLingui } from '@lingui/react/macro'
import { Progress, Text } from '@mantine/core'
import type { Job } from '../../server/contract/jobs.ts'

/** Nothing for a job of one copy: its state says it all. */
export const JobProgress = ({ job }: { job: Pick<Job, 'copies' | 'copiesDone' | 'printing' | 'plates' | 'plate'> }) => {
  const { t } = useLingui()
  const { copies, copiesDone, printing, plates, plate } = job
  if (copies === 1 && plates === 1) return null
  return (
    <div className="job-progress">
      {copies > 1 && (
        <Progress.Root size={8} radius="xl" aria-hidden>
          <Progress.Section value={(copiesDone / copies) * 100} color="slate" />
          <Progress.Section value={(Math.min(printing, copies - copiesDone) / copies) * 100} color="tile" striped />
        </Progress.Root>
      )}
      <Text size="sm" c="dimmed" className="figures">
        {[
          copies > 1 ? t`${copiesDone} of ${copies} done` : null,
          copies > 1 && printing > 0 ? t`${printing} printing` : null,
          plates > 1 ? t`plate ${plate} of ${plates}` : null,
        ]
          .filter((one) => one !== null)
          .join(' · ')}
      </Text>
    </div>
  )
}

/** `3 copies`. */
export const Copies = ({ count }: { count: number }) => <Plural value={count} one="# copy" other="# copies" />
