// The bell in the frame: how much is new, and the list of what one was told.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Group, Indicator, Popover, ScrollArea, Stack, Text, Title } from '@mantine/core'
import {
  Bell,
  BellOff,
  CalendarClock,
  CalendarX2,
  CircleAlert,
  Clock3,
  HandHelping,
  Hourglass,
  type LucideIcon,
  X,
} from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { dropNotice, listNotices, type Notice, type NoticeEvent, readNotices } from '../../server/contract/notices.ts'
import { useNoticeText } from '../components/use-notice-text.ts'
import { formatInstant } from '../format.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'
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
  'slice.not-queued': CircleAlert,
}

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [listNotices.url] }).catch(() => {})
}

export const NoticeBell = () => {
  const { t } = useLingui()
  const [opened, setOpened] = useState(false)
  const told = useEndpoint(listNotices, {})
  const read = useAction(readNotices, { quiet: true, done: reread })
  const unread = told.data?.unread ?? 0
  const notices = told.data?.notices ?? []
  const toggle = (): void => {
    const newest = notices[0]
    // Closing it, not opening it, makes them read: what is new stays marked while one looks.
    if (opened && unread > 0 && newest !== undefined) read.mutate({ body: { upTo: newest.id } })
    setOpened(!opened)
  }
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && opened && toggle()}
      position="bottom-end"
      withArrow
      trapFocus
      width={360}
    >
      <Popover.Target>
        <Indicator
          label={unread > 99 ? '99+' : unread}
          disabled={unread === 0}
          size={17}
          offset={5}
          color="red"
          aria-hidden={false}
        >
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            onClick={toggle}
            aria-label={unread === 0 ? t`Notices` : t`Notices, ${unread} new`}
            aria-haspopup="dialog"
            aria-expanded={opened}
          >
            <Bell size={18} aria-hidden />
          </ActionIcon>
        </Indicator>
      </Popover.Target>
      <Popover.Dropdown p={0} className="notice-drop" aria-label={t`Notices`}>
        <Group justify="space-between" px="md" py="sm" wrap="nowrap">
          <Title order={2} size="h4">
            <Trans>Notices</Trans>
          </Title>
          <Button component={Link} href="/account#notices" variant="subtle" size="compact-sm" onClick={toggle}>
            <Trans>Choose which</Trans>
          </Button>
        </Group>
        {notices.length === 0 ? <Empty /> : <List notices={notices} />}
      </Popover.Dropdown>
      <Text className="visually-hidden" role="status">
        {unread > 0 && <Plural value={unread} one="# new notice" other="# new notices" />}
      </Text>
    </Popover>
  )
}

const Empty = () => (
  <Stack align="center" gap={6} px="lg" pb="xl" pt="md" c="dimmed">
    <BellOff size={28} strokeWidth={1.4} aria-hidden />
    <Text size="sm" ta="center">
      <Trans>Nothing new. Here you read what changes with your bookings.</Trans>
    </Text>
  </Stack>
)

const List = ({ notices }: { notices: readonly Notice[] }) => (
  <ScrollArea.Autosize mah="min(60dvh, 480px)" type="auto">
    <ul className="notice-list">
      {notices.map((notice) => (
        <Row key={notice.id} notice={notice} />
      ))}
    </ul>
  </ScrollArea.Autosize>
)

const Row = ({ notice }: { notice: Notice }) => {
  const { t } = useLingui()
  const words = useNoticeText()(notice)
  const drop = useAction(dropNotice, { done: reread })
  const Icon = icons[notice.event]
  const isNew = notice.readAt === null
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
        {notice.event === 'waiting.offer' && !over && <OfferAnswer claimId={notice.claimId} />}
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
