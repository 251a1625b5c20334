// The form of a booking: new, or one that is there and changes.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Drawer, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useEffect, useState } from 'react'
import { type BookingWish, type Claim, proposeLength } from '../../server/contract/bookings.ts'
import type { CalendarRow } from '../../server/contract/calendar.ts'
import { listFiles } from '../../server/contract/files.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { listFilaments } from '../../server/contract/spools.ts'
import { BookingFields } from '../components/calendar/BookingFields.tsx'
import { type BookingDraft, draftOfClaim, ruleOf, startingAt, wantedOf } from '../components/calendar/booking-draft.ts'
import { OutlookNote } from '../components/calendar/OutlookNote.tsx'
import { useSiteTimes } from '../components/calendar/use-site-times.ts'
import { ZoneHint } from '../components/calendar/ZoneHint.tsx'
import { type Booked, type Outlook, useBookingOutlook, type Wanted } from '../state/booking-outlook.ts'
import { queries, useEndpoint } from '../state/use-endpoint.ts'
import { WaitForm } from './WaitForm.tsx'

/** What the form opens with. */
export interface FormStart {
  readonly draft: BookingDraft
  /** The booking that changes; null: a new one. */
  readonly claim: Claim | null
}

export interface BookingDrawerProps {
  readonly start: FormStart | null
  readonly me: Me
  readonly printers: readonly CalendarRow[]
  readonly stepMinutes: number
  close(): void
}

export const BookingDrawer = ({ start, ...props }: BookingDrawerProps) => {
  const { t } = useLingui()
  const isSmall = useMediaQuery('(max-width: 48em)')
  return (
    <Drawer
      opened={start !== null}
      onClose={props.close}
      position="right"
      size={isSmall ? '100%' : 460}
      title={start?.claim ? t`Change the booking` : t`Book a time`}
      closeButtonProps={{ 'aria-label': t`Close the form` }}
    >
      {start && <BookingForm start={start} {...props} />}
    </Drawer>
  )
}

type FormProps = Omit<BookingDrawerProps, 'start'> & { readonly start: FormStart }

const changedOf = (wanted: BookingWish, claim: Claim | null, timeZone: string): Partial<BookingWish> => {
  if (claim === null) return wanted
  const before = wantedOf(draftOfClaim(claim, timeZone))
  const same = (field: keyof BookingWish): boolean => JSON.stringify(wanted[field]) === JSON.stringify(before?.[field])
  return Object.fromEntries(Object.entries(wanted).filter(([field]) => !same(field as keyof BookingWish)))
}

const BookingForm = ({ start, me, printers, stepMinutes, close }: FormProps) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const { claim } = start
  const [draft, setDraft] = useState(start.draft)
  const [scope, setScope] = useState<'this' | 'following' | 'all'>('this')
  const change = (part: Partial<BookingDraft>): void => setDraft((before) => ({ ...before, ...part }))
  const { files, materials, length } = useFormFacts(draft, change, start.draft.fileId)
  const booking = wantedOf(draft)
  const wanted: Wanted | null = booking && {
    booking,
    changed: changedOf(booking, claim, times.timeZone),
    rule: claim === null ? ruleOf(draft) : null,
    moved: claim?.id ?? null,
  }
  const { outlook, busy, book } = useBookingOutlook(wanted)
  const done = (booked: Booked | null): void => {
    if (booked === null) return
    queries.invalidateQueries().catch(() => {})
    close()
    const count = booked.series?.bookings.length ?? 0
    const left = booked.series?.skipped.length ?? 0
    const message =
      booked.claim === null
        ? t`${count} dates are booked, ${left} were left out.`
        : t`Booked: ${booked.claim.printerName}, ${times.span(booked.claim.start, booked.claim.end)}`
    notifications.show({ message, color: 'slate' })
  }
  const ready = outlook.kind === 'kept' || outlook.kind === 'possible' || outlook.kind === 'dates'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!ready || busy) return
    book(claim?.seriesId == null ? {} : { scope }).then(done, () => {})
  }
  const begun = claim !== null && Date.parse(claim.start) <= Date.now()
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <ZoneHint />
        <BookingFields
          draft={draft}
          printers={printers}
          materials={materials}
          files={files}
          length={length}
          stepMinutes={stepMinutes}
          isNew={claim === null}
          begun={begun}
          change={change}
        />
        {claim?.seriesId != null && <ScopeChoice scope={scope} change={setScope} />}
        <OutlookNote outlook={outlook} take={(one) => change(startingAt(Date.parse(one.start), times.timeZone))} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            <Trans>Not now</Trans>
          </Button>
          <Button type="submit" loading={busy} disabled={!ready}>
            {claim === null ? <Trans>Book it</Trans> : <Trans>Save the change</Trans>}
          </Button>
        </Group>
        <OtherWays outlook={outlook} draft={draft} isNew={claim === null} me={me} close={close}>
          {(overrule) => book({ overrule }).then(done, () => {})}
        </OtherWays>
      </Stack>
    </form>
  )
}

/** Files, materials, and the length for the file: it is taken over when a file is chosen. */
const useFormFacts = (draft: BookingDraft, change: (part: Partial<BookingDraft>) => void, firstFile: number | null) => {
  const files = useEndpoint(listFiles, { query: { limit: 200 } }).data ?? []
  const filaments = useEndpoint(listFilaments, {}).data ?? []
  const query = {
    fileId: draft.fileId ?? 1,
    ...(draft.printerId === null ? {} : { printerId: draft.printerId }),
  }
  const length = useEndpoint(proposeLength, { query }, { enabled: draft.fileId !== null })
  const minutes = draft.fileId === null ? undefined : length.data?.minutes
  // biome-ignore lint/correctness/useExhaustiveDependencies: the length follows the file; what is typed after stays
  useEffect(() => {
    if (minutes !== undefined && draft.fileId !== firstFile) change({ minutes })
  }, [minutes, draft.fileId])
  const materials = [...new Set(filaments.map(({ material }) => material))]
  return { files, materials, length: draft.fileId === null ? null : (length.data ?? null) }
}

export const ScopeChoice = (props: {
  scope: 'this' | 'following' | 'all'
  change(scope: 'this' | 'following' | 'all'): void
}) => {
  const { t } = useLingui()
  const choices = [
    { value: 'this', label: t`This one` },
    { value: 'following', label: t`This and following` },
    { value: 'all', label: t`All` },
  ] as const
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        <Trans>It is one of a series. Change</Trans>
      </Text>
      <SegmentedControl
        fullWidth
        aria-label={t`Which of the series`}
        data={[...choices]}
        value={props.scope}
        onChange={(value) => props.change(choices.find((one) => one.value === value)?.value ?? 'this')}
      />
    </div>
  )
}

interface OtherWaysProps {
  readonly outlook: Outlook
  readonly draft: BookingDraft
  readonly isNew: boolean
  readonly me: Me
  close(): void
  children(overrule: string): Promise<unknown>
}

/** Where it cannot be booked: wait for it, or as who runs the machines book it all the same. */
const OtherWays = ({ outlook, draft, isNew, me, close, children: bookAgainst }: OtherWaysProps) => {
  const { t } = useLingui()
  const [reason, setReason] = useState('')
  if (outlook.kind !== 'refused') return null
  return (
    <Stack gap="md">
      {isNew && outlook.code === 'booking.taken' && <WaitForm draft={draft} done={close} />}
      {outlook.broken.length > 0 && may(me, 'run-printers') && (
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <TextInput
            className="grow"
            label={t`Book it all the same, because`}
            maxLength={300}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <Button
            variant="default"
            disabled={reason.trim().length < 3}
            onClick={() => bookAgainst(reason.trim()).catch(() => {})}
          >
            <Trans>Overrule</Trans>
          </Button>
        </Group>
      )}
    </Stack>
  )
}
