// A file into the queue, with what is wished of it.
import { useLingui } from '@lingui/react/macro'
import type { GcodeFile } from '../../server/contract/files.ts'
import { type Job, queueJob } from '../../server/contract/jobs.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import type { Printer } from '../../server/contract/printers.ts'
import { listFilaments } from '../../server/contract/spools.ts'
import { JobForm } from '../components/JobForm.tsx'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'

export interface QueueWithWishesProps {
  readonly file: GcodeFile
  readonly printers: readonly Printer[]
  readonly me: Me
  done(job: Job): void
}

export const QueueWithWishes = ({ file, printers, me, done }: QueueWithWishesProps) => {
  const { t } = useLingui()
  const filaments = useEndpoint(listFilaments, {})
  const queue = useAction(queueJob, { quiet: true, done })
  const { findings } = file
  return (
    <JobForm
      start={{
        copies: 1,
        materialWanted: findings?.filamentType ?? null,
        colourWanted: findings?.filamentColour ?? null,
        nozzleWanted: findings?.nozzleDiameter ?? null,
        printerId: null,
        printerTags: [],
        earliestStart: null,
        wantedBy: null,
        note: '',
        attendStart: null,
        priority: 'normal',
      }}
      printers={printers}
      materials={(filaments.data ?? []).map(({ material }) => material)}
      me={me.id}
      mayHurry={may(me.role, 'run-printers')}
      busy={queue.isPending}
      refusal={queue.error?.message ?? null}
      action={t`Queue it`}
      save={(wishes) => queue.mutate({ body: { fileId: file.id, ...wishes } })}
    />
  )
}
