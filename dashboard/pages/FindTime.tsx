// How long, what for, when: three proposals, the earliest first.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Select, Stack, Text } from '@mantine/core'
import { Search } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { findTime, type Proposal } from '../../server/contract/bookings.ts'
import type { CalendarRow } from '../../server/contract/calendar.ts'
import { listFiles } from '../../server/contract/files.ts'
import { listFilaments } from '../../server/contract/spools.ts'
import { type BookingDraft, draftOfProposal, wishOf } from '../components/calendar/booking-draft.ts'
import { LengthInput } from '../components/calendar/LengthInput.tsx'
import { addDays, mondayOf, weekdayOf } from '../components/calendar/local-date.ts'
import { Proposals } from '../components/calendar/OutlookNote.tsx'
import { useSiteTimes } from '../components/calendar/use-site-times.ts'
import { type Wishes, WishFields } from '../components/calendar/WishFields.tsx'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'

export interface FindTimeProps {
  readonly printers: readonly CalendarRow[]
  readonly stepMinutes: number
  take(draft: BookingDraft): void
}

const spans = ['soon', 'today', 'tomorrow', 'week', 'weekend', 'next-week'] as const
type When = (typeof spans)[number]

/** As wall time of the workshop; null: as soon as can be. */
const rangeOf = (when: When, today: string): { from: string; to: string } | null => {
  const between = (first: string, after: string) => ({ from: `${first}T00:00`, to: `${after}T00:00` })
  const monday = mondayOf(today)
  if (when === 'today') return between(today, addDays(today, 1))
  if (when === 'tomorrow') return between(addDays(today, 1), addDays(today, 2))
  if (when === 'week') return between(today, addDays(monday, 7))
  if (when === 'weekend') return between(weekdayOf(today) > 5 ? today : addDays(monday, 5), addDays(monday, 7))
  return when === 'next-week' ? between(addDays(monday, 7), addDays(monday, 14)) : null
}

const anything: Wishes = {
  printerId: null,
  material: null,
  nozzle: null,
  width: null,
  depth: null,
  height: null,
  tag: null,
}

export const FindTime = ({ printers, stepMinutes, take }: FindTimeProps) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const filaments = useEndpoint(listFilaments, {}).data ?? []
  const files = (useEndpoint(listFiles, { query: { limit: 200 } }).data ?? []).filter(
    ({ state }) => state === 'analysed',
  )
  const [minutes, setMinutes] = useState(120)
  const [fileId, setFileId] = useState<number | null>(null)
  const [when, setWhen] = useState<When>('soon')
  const [wishes, setWishes] = useState(anything)
  const find = useAction(findTime, { quiet: true })
  const names: Record<When, string> = {
    soon: t`As soon as can be`,
    today: t`Today`,
    tomorrow: t`Tomorrow`,
    week: t`This week`,
    weekend: t`At the weekend`,
    'next-week': t`Next week`,
  }
  const today = times.wall(Date.now()).slice(0, 10)
  const draftOf = (one: Proposal): BookingDraft => ({ ...draftOfProposal(one, times.timeZone), ...wishes, fileId })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const wish = wishOf({ ...wishes, ...draftOfNothing })
    const length = fileId === null ? { minutes } : { fileId }
    find.mutate({ body: { wish, ...length, ...(rangeOf(when, today) ?? {}) } })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Select
          label={t`File`}
          placeholder={t`Without a file`}
          data={files.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={fileId === null ? null : String(fileId)}
          searchable
          clearable
          onChange={(value) => setFileId(value === null ? null : Number(value))}
        />
        {fileId === null && (
          <LengthInput label={t`How long`} minutes={minutes} step={stepMinutes} change={setMinutes} />
        )}
        <Select
          label={t`When`}
          value={when}
          data={spans.map((value) => ({ value, label: names[value] }))}
          allowDeselect={false}
          onChange={(value) => setWhen(spans.find((one) => one === value) ?? 'soon')}
        />
        <WishFields
          wishes={wishes}
          printers={printers}
          materials={[...new Set(filaments.map(({ material }) => material))]}
          change={(part) => setWishes({ ...wishes, ...part })}
        />
        <Button type="submit" loading={find.isPending} leftSection={<Search size={16} aria-hidden />}>
          <Trans>Find me a time</Trans>
        </Button>
        <div role="status" aria-live="polite">
          {find.isError && <Alert color="red">{find.error.message}</Alert>}
          {find.data?.length === 0 && (
            <Text size="sm">
              <Trans>Nothing is free then. Try another time, a shorter one, or fewer wishes.</Trans>
            </Text>
          )}
          {find.data && <Proposals proposals={find.data} label={t`Choose one`} take={(one) => take(draftOf(one))} />}
        </div>
      </Stack>
    </form>
  )
}

/** What a wish does not look at. */
const draftOfNothing = {
  date: '',
  time: '',
  instant: null,
  minutes: 0,
  fileId: null,
  purpose: '',
  repeat: 'once',
  times: null,
} as const
