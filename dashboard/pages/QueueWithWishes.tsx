// A file into the queue, with what is wished of it.
import { useLingui } from '@lingui/react/macro'
import { MultiSelect, Stack } from '@mantine/core'
import { useState } from 'react'
import { type GcodeFile, listFiles } from '../../server/contract/files.ts'
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
  const files = useEndpoint(listFiles, { query: { limit: 200 } })
  const [more, setMore] = useState<string[]>([])
  const { findings } = file
  const others = (files.data ?? []).filter(({ id, state }) => id !== file.id && state !== 'failed')
  return (
    <Stack gap="md">
      {others.length > 0 && (
        <MultiSelect
          label={t`Then these plates`}
          description={t`Of the same job, printed one after the other`}
          data={others.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={more}
          onChange={setMore}
          searchable
          clearable
        />
      )}
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
        mayHurry={may(me, 'run-printers')}
        busy={queue.isPending}
        refusal={queue.error?.message ?? null}
        action={t`Queue it`}
        save={(wishes) => queue.mutate({ body: { fileId: file.id, moreFiles: more.map(Number), ...wishes } })}
      />
    </Stack>
  )
}
