// What one was told, newest first, each with what can be done about it.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, ScrollArea, Text } from '@mantine/core'
import {
  CalendarClock,
  CalendarX2,
  CircleAlert,
  Clock3,
  HandHelping,
  Hourglass,
  type LucideIcon,
  X,
} from 'lucide-react'
import { dropNotice, listNotices, type Notice, type NoticeEvent } from '../../server/contract/notices.ts'
import { useNoticeText } from '../components/use-notice-text.ts'
import { formatInstant } from '../format.ts'
import { queries, useAction } from '../state/use-endpoint.ts'
import { GiveBack, OtherPrinter } from './NoticeAction.tsx'
import { OfferAnswer } from './OfferAnswer.tsx'

const icons: Readonly<Record<NoticeEvent, LucideIcon>> = {
  'booking.reminder': CalendarClock,
  'booking.changed': CalendarClock,
  'booking.released': CalendarX2,
  'booking.late': Hourglass,
  'booking.rest': Clock3,
  'print.overruns': Hourglass,
  'waiting.offer': HandHelping,
  'waiting.over': CalendarX2,
  'booking.asked': HandHelping,
  'series.skipped': CalendarX2,
  'slice.not-queued': CircleAlert,
}

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [listNotices.url] }).catch(() => {})
}

export const NoticeList = ({ notices, fresh }: { notices: readonly Notice[]; fresh: ReadonlySet<number> }) => (
  <ScrollArea.Autosize mah="min(60dvh, 480px)" type="auto">
    <ul className="notice-list">
      {notices.map((notice) => (
        <Row key={notice.id} notice={notice} isNew={notice.readAt === null || fresh.has(notice.id)} />
      ))}
    </ul>
  </ScrollArea.Autosize>
)

const Row = ({ notice, isNew }: { notice: Notice; isNew: boolean }) => {
  const { t } = useLingui()
  const words = useNoticeText()(notice)
  const drop = useAction(dropNotice, { done: reread })
  const Icon = icons[notice.event]
  const over = notice.endsAt !== null && Date.parse(notice.endsAt) < Date.now()
  return (
    <li className={isNew ? 'notice new' : 'notice'}>
      <Icon size={18} aria-hidden className="notice-icon" />
      <div className="grow">
        <Text size="sm" fw={isNew ? 600 : 500} {...(over ? { c: 'dimmed' } : {})}>
          {isNew && (
            <span className="visually-hidden">
              <Trans>New:</Trans>{' '}
            </span>
          )}
          {words.title}
        </Text>
        <Text size="sm" c="dimmed">
          {words.text}
        </Text>
        {!over && notice.claimId !== null && <Answer event={notice.event} claimId={notice.claimId} />}
        <Text size="xs" c="dimmed" mt={2}>
          {formatInstant(notice.createdAt)}
        </Text>
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="md"
        loading={drop.isPending}
        onClick={() => drop.mutate({ params: { id: notice.id } })}
        aria-label={t`Take off the list: ${words.title}`}
      >
        <X size={15} aria-hidden />
      </ActionIcon>
    </li>
  )
}

const Answer = ({ event, claimId }: { event: NoticeEvent; claimId: number }) => {
  if (event === 'waiting.offer') return <OfferAnswer claimId={claimId} />
  if (event === 'booking.late') return <OtherPrinter claimId={claimId} />
  return event === 'booking.rest' ? <GiveBack claimId={claimId} /> : null
}
