// Machine time: the calendar of all printers, and one's own bookings.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Center, Group, Loader, Modal, Stack, Tabs, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { CalendarPlus, Search, Wrench } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { listBookingRules, usualRules } from '../../server/contract/booking-rules.ts'
import type { Claim } from '../../server/contract/bookings.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import type { Site } from '../../server/contract/site.ts'
import { type BookingDraft, draftOfClaim, draftOfSketch, emptyDraft } from '../components/calendar/booking-draft.ts'
import type { Sketch } from '../components/calendar/taken.ts'
import { SiteZone } from '../components/calendar/use-site-times.ts'
import { useEndpoint } from '../state/use-endpoint.ts'
import '../calendar.css'
import { BlockForm } from './BlockForm.tsx'
import { BookingCalendarView } from './BookingCalendarView.tsx'
import { BookingDrawer, type FormStart } from './BookingDrawer.tsx'
import { ClaimDrawer } from './ClaimDrawer.tsx'
import { FindTime } from './FindTime.tsx'
import { MyBookings } from './MyBookings.tsx'
import { type CalendarUse, useCalendar } from './use-calendar.ts'

export interface BookingsPageProps {
  readonly me: Me
  readonly site: Site
  readonly part: 'calendar' | 'mine'
}

export const BookingsPage = (props: BookingsPageProps) => (
  <SiteZone value={props.site.timeZone}>
    <Bookings {...props} />
  </SiteZone>
)

const Bookings = ({ me, site, part }: BookingsPageProps) => {
  const { t } = useLingui()
  const [, go] = useLocation()
  const isPhone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const use = useCalendar(site.timeZone, isPhone)
  const stepMinutes = useEndpoint(listBookingRules, { query: {} }).data?.mine.stepMinutes ?? usualRules.stepMinutes
  const [form, setForm] = useState<FormStart | null>(null)
  const [shown, setShown] = useState<Claim | null>(null)
  const [asking, setAsking] = useState<'find' | 'block' | null>(null)
  const printers = use.calendar?.printers ?? []
  const claims = use.calendar?.claims ?? []
  const change = (claim: Claim): void => {
    setShown(null)
    setForm({ draft: draftOfClaim(claim, site.timeZone), claim })
  }
  const finish = (sketch: Sketch): void => {
    const claim = claims.find(({ id }) => id === sketch.claimId) ?? null
    const drawn = draftOfSketch(sketch, site.timeZone)
    if (claim === null) return setForm({ draft: drawn, claim: null })
    const { printerId, date, time, instant, minutes } = drawn
    const stays = claim.printerId === sketch.printerId
    const before = draftOfClaim(claim, site.timeZone)
    setForm({ draft: { ...before, date, time, instant, minutes, ...(stays ? {} : { printerId }) }, claim })
  }
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end">
        <Title order={1}>
          <Trans>Bookings</Trans>
        </Title>
        {may(me, 'book') && (
          <Group className="booking-actions">
            {may(me, 'run-printers') && (
              <Button
                variant="default"
                leftSection={<Wrench size={16} aria-hidden />}
                onClick={() => setAsking('block')}
              >
                <Trans>Maintenance or event</Trans>
              </Button>
            )}
            <Button variant="default" leftSection={<Search size={16} aria-hidden />} onClick={() => setAsking('find')}>
              <Trans>Find me a time</Trans>
            </Button>
            <Button
              leftSection={<CalendarPlus size={16} aria-hidden />}
              onClick={() => setForm({ draft: firstDraft(use, stepMinutes, site.timeZone), claim: null })}
            >
              <Trans>Book</Trans>
            </Button>
          </Group>
        )}
      </Group>
      <Tabs
        value={part}
        onChange={(value) => go(value === 'mine' ? '/bookings/mine' : '/bookings')}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="calendar">
            <Trans>Calendar</Trans>
          </Tabs.Tab>
          <Tabs.Tab value="mine">
            <Trans>My bookings</Trans>
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="calendar">
          <CalendarPart use={use} {...{ stepMinutes, isPhone, finish }} openClaim={setShown} formOpen={form !== null} />
        </Tabs.Panel>
        <Tabs.Panel value="mine">
          <MyBookings openClaim={setShown} />
        </Tabs.Panel>
      </Tabs>
      <BookingDrawer start={form} me={me} printers={printers} stepMinutes={stepMinutes} close={() => setForm(null)} />
      <ClaimDrawer claim={shown} me={me} close={() => setShown(null)} change={change} />
      <Modal opened={asking === 'find'} onClose={() => setAsking(null)} title={t`Find me a time`} fullScreen={isPhone}>
        <FindTime
          printers={printers}
          stepMinutes={stepMinutes}
          take={(draft) => {
            setAsking(null)
            setForm({ draft, claim: null })
          }}
        />
      </Modal>
      <Modal
        opened={asking === 'block'}
        onClose={() => setAsking(null)}
        title={t`Maintenance or event`}
        size="lg"
        fullScreen={isPhone}
      >
        <BlockForm printers={printers} me={me} date={use.date} close={() => setAsking(null)} />
      </Modal>
    </Stack>
  )
}

/** At the first step of the day that is shown when the doors are open: today from now. */
const firstDraft = ({ calendar, axis, date }: CalendarUse, stepMinutes: number, timeZone: string): BookingDraft => {
  const step = stepMinutes * 60_000
  const soon = Math.ceil((Date.now() + 60_000) / step) * step
  const draft = emptyDraft(soon, timeZone)
  const from = axis?.days.find((day) => day.date === date)
  if (date <= draft.date) return draft
  // The hours of that day are not known yet.
  if (from === undefined) return { ...draft, date, time: '10:00', instant: null }
  const opens = calendar?.open.map((window) => [Date.parse(window.from), Date.parse(window.to)] as const)
  const first = opens?.find(([start, end]) => start < from.to && end > from.from)?.[0] ?? from.from
  // Doors that never close say nothing about when one would come.
  return emptyDraft(first > from.from ? first : from.from + 10 * 3_600_000, timeZone)
}

interface CalendarPartProps {
  readonly use: CalendarUse
  readonly stepMinutes: number
  readonly isPhone: boolean
  readonly formOpen: boolean
  finish(sketch: Sketch): void
  openClaim(claim: Claim): void
}

const CalendarPart = (props: CalendarPartProps) => {
  const { use } = props
  if (use.error !== null && use.calendar === null) return <Alert color="red">{use.error}</Alert>
  if (use.calendar === null || use.axis === null) {
    return (
      <Center mih={300}>
        <Loader />
      </Center>
    )
  }
  return <BookingCalendarView {...props} calendar={use.calendar} axis={use.axis} />
}
