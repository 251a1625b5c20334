// The bell in the frame: how much is new, and the list of what one was told.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Group, Indicator, Loader, Popover, Stack, Text, Title } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { Bell, BellOff } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'wouter'
import { listNotices, readNotices } from '../../server/contract/notices.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [listNotices.url] }).catch(() => {})
}

const NoticeList = lazy(async () => ({ default: (await import('./NoticeList.tsx')).NoticeList }))

export const NoticeBell = () => {
  const { t } = useLingui()
  const [opened, setOpened] = useState(false)
  const told = useEndpoint(listNotices, {})
  const read = useAction(readNotices, { quiet: true, done: reread })
  const unread = told.data?.unread ?? 0
  const notices = told.data?.notices ?? []
  // What was new when the list was opened stays marked while one looks.
  const [fresh, setFresh] = useState<ReadonlySet<number>>(new Set())
  const close = (): void => setOpened(false)
  const toggle = (): void => {
    const newest = notices[0]
    if (!opened) setFresh(new Set(notices.filter(({ readAt }) => readAt === null).map(({ id }) => id)))
    if (!opened && unread > 0 && newest !== undefined) read.mutate({ body: { upTo: newest.id } })
    setOpened(!opened)
  }
  // Also where what had the focus has gone, as an answered offer's buttons do.
  useHotkeys([['Escape', close]])
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" trapFocus width={360}>
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
          <Button component={Link} href="/account#notices" variant="subtle" size="compact-sm" onClick={close}>
            <Trans>Choose which</Trans>
          </Button>
        </Group>
        {notices.length === 0 ? (
          <Empty />
        ) : (
          <Suspense fallback={<Loader m="md" />}>
            <NoticeList notices={notices} fresh={fresh} />
          </Suspense>
        )}
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
