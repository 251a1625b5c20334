// One's own bookings: what to do now, what others ask, what one waits for, what comes and what was.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Center, Group, Loader, Stack, Text, UnstyledButton } from '@mantine/core'
import { CalendarCheck2, ChevronRight, Hourglass, Repeat2, X } from 'lucide-react'
import { useState } from 'react'
import { listSeries, type Series } from '../../server/contract/booking-series.ts'
import { type Claim, listBookings } from '../../server/contract/bookings.ts'
import { listOffers } from '../../server/contract/during.ts'
import { listWaiting, removeWaiting, type WaitingEntry } from '../../server/contract/handovers.ts'
import { useClaimWords } from '../components/calendar/use-claim-words.ts'
import { useRepeatWords } from '../components/calendar/use-repeat-words.ts'
import { useSiteTimes } from '../components/calendar/use-site-times.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { Section } from '../components/Section.tsx'
import { formatDuration } from '../format.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'
import { AskedOfMe } from './AskedOfMe.tsx'
import { ClaimNow } from './ClaimNow.tsx'
import { OfferAnswer } from './OfferAnswer.tsx'

interface MyBookingsProps {
  openClaim(claim: Claim): void
}

const SOON = 15 * 60_000

export const MyBookings = ({ openClaim }: MyBookingsProps) => {
  const { t } = useLingui()
  const bookings = useEndpoint(listBookings, { query: {} }, { every: 60_000 })
  if (bookings.error && !bookings.data) return <Alert color="red">{bookings.error.message}</Alert>
  if (!bookings.data) {
    return (
      <Center mih={200}>
        <Loader />
      </Center>
    )
  }
  const now = Date.now()
  // Drafts are in their form, and what is kept for one is offered above.
  const own = bookings.data.filter(({ kind, state }) => kind !== 'booking' || state !== 'held')
  const current = own.filter(({ start }) => Date.parse(start) - SOON <= now)
  const later = own.filter(({ start }) => Date.parse(start) - SOON > now)
  return (
    <Stack gap="lg" maw={760}>
      <Offers />
      <AskedOfMe />
      {current.length > 0 && (
        <Section title={t`Now`}>
          {current.map((claim) => (
            <Stack key={claim.id} gap={0}>
              <ClaimLine claim={claim} open={openClaim} />
              <div className="claim-now">
                <ClaimNow claim={claim} />
              </div>
            </Stack>
          ))}
        </Section>
      )}
      {later.length > 0 && (
        <Section title={t`To come`}>
          {later.map((claim) => (
            <ClaimLine key={claim.id} claim={claim} open={openClaim} />
          ))}
        </Section>
      )}
      {own.length === 0 && (
        <EmptyState icon={CalendarCheck2} title={t`You have booked nothing`}>
          <Trans>Draw a time on the calendar, or let one be found for you.</Trans>
        </EmptyState>
      )}
      <WaitingList />
      <SeriesList />
      <Past openClaim={openClaim} />
    </Stack>
  )
}

const ClaimLine = ({ claim, open }: { claim: Claim; open(claim: Claim): void }) => {
  const times = useSiteTimes()
  const words = useClaimWords()
  return (
    <UnstyledButton className="claim-line" onClick={() => open(claim)}>
      <span className="grow">
        <Text fw={550} size="sm">
          {claim.printerName}
        </Text>
        <Text size="sm" className="figures">
          {times.span(claim.start, claim.end)}
        </Text>
        {(claim.purpose !== '' || claim.state !== 'booked') && (
          <Text size="sm" c="dimmed">
            {[claim.purpose, claim.state === 'booked' ? '' : words.state(claim.state)].filter(Boolean).join(' · ')}
          </Text>
        )}
      </span>
      <ChevronRight size={18} aria-hidden className="keep-width" />
    </UnstyledButton>
  )
}

/** Time that was freed and is kept for one. */
const Offers = () => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const offers = useEndpoint(listOffers, {}, { every: 30_000 }).data ?? []
  if (offers.length === 0) return null
  return (
    <Section title={t`Free for you`}>
      {offers.map((offer) => (
        <div key={offer.id}>
          <Text fw={550} size="sm">
            {offer.printerName}, {times.span(offer.start, offer.end)}
          </Text>
          <Text size="sm" c="dimmed">
            <Trans>It is kept for you until {times.clock(offer.expiresAt)}.</Trans>
          </Text>
          <OfferAnswer claimId={offer.claimId} />
        </div>
      ))}
    </Section>
  )
}

const WaitingList = () => {
  const { t } = useLingui()
  const waiting = (useEndpoint(listWaiting, {}).data ?? []).filter(({ state }) => state === 'waiting')
  if (waiting.length === 0) return null
  return (
    <Section title={t`You wait for`}>
      <ul className="plain-list">
        {waiting.map((entry) => (
          <Waits key={entry.id} entry={entry} />
        ))}
      </ul>
    </Section>
  )
}

const Waits = ({ entry }: { entry: WaitingEntry }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const give = useAction(removeWaiting, {
    done: () => void queries.invalidateQueries({ queryKey: [listWaiting.url] }),
  })
  const length = formatDuration(entry.minutes * 60)
  const span = times.span(entry.from, entry.to)
  return (
    <Group component="li" wrap="nowrap" gap="sm" py={4}>
      <Hourglass size={18} aria-hidden className="keep-width" />
      <Text size="sm" className="grow">
        <Trans>
          {length} within {span}
        </Trans>
        {entry.ahead > 0 && <Text span size="sm" c="dimmed">{` · ${t`${entry.ahead} before you`}`}</Text>}
      </Text>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={<X size={14} aria-hidden />}
        loading={give.isPending}
        onClick={() => give.mutate({ params: { id: entry.id } })}
        aria-label={t`Wait no more for ${length} within ${span}`}
      >
        <Trans>Wait no more</Trans>
      </Button>
    </Group>
  )
}

const SeriesList = () => {
  const { t } = useLingui()
  const series = useEndpoint(listSeries, {}).data ?? []
  if (series.length === 0) return null
  return (
    <Section title={t`Series`}>
      <ul className="plain-list">
        {series.map((one) => (
          <SeriesRow key={one.id} series={one} />
        ))}
      </ul>
    </Section>
  )
}

const SeriesRow = ({ series }: { series: Series }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const words = useRepeatWords()
  const often = words.ofRule(series.rule, series.localStart.slice(0, 10))
  const clock = series.localStart.slice(11, 16)
  return (
    <Group component="li" wrap="nowrap" gap="sm" py={4} align="flex-start">
      <Repeat2 size={18} aria-hidden className="no-shrink" />
      <div className="grow">
        <Text size="sm" fw={550}>
          {series.purpose === '' ? often : t`${series.purpose}, ${often}`}
        </Text>
        <Text size="sm" c="dimmed">
          {t`at ${clock}, ${formatDuration(series.minutes * 60)}`}
        </Text>
        {series.skipped.length > 0 && (
          <Text size="sm" c="dimmed">
            <Trans>Left out:</Trans>{' '}
            {series.skipped.map(({ date, message }) => `${times.date(date)} (${message})`).join('; ')}
          </Text>
        )}
      </div>
    </Group>
  )
}

const Past = ({ openClaim }: MyBookingsProps) => {
  const [open, setOpen] = useState(false)
  const past = useEndpoint(listBookings, { query: { past: true } }, { enabled: open })
  const { t } = useLingui()
  if (!open) {
    return (
      <Group>
        <Button variant="subtle" onClick={() => setOpen(true)}>
          <Trans>Show past bookings</Trans>
        </Button>
      </Group>
    )
  }
  return (
    <Section title={t`Past`}>
      {past.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          <Trans>None yet.</Trans>
        </Text>
      )}
      {past.data?.map((claim) => (
        <ClaimLine key={claim.id} claim={claim} open={openClaim} />
      ))}
    </Section>
  )
}
