// The workshop from the inside: its frame, its pages, and the live channel behind them.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  ActionIcon,
  Alert,
  AppShell,
  Avatar,
  Center,
  Group,
  Loader,
  Menu,
  NavLink,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import {
  CalendarDays,
  CircleDot,
  CircleUser,
  Ellipsis,
  FileBox,
  Library,
  ListOrdered,
  LogOut,
  type LucideIcon,
  Moon,
  Printer as PrinterIcon,
  Settings,
  Sun,
  Users,
  WifiOff,
} from 'lucide-react'
import { lazy, Suspense } from 'react'
import { Link, Route, Switch, useLocation } from 'wouter'
import { type Me, signOut } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import type { Site } from '../../server/contract/site.ts'
import { formatInstant } from '../format.ts'
import { onAnswer } from '../state/commands.ts'
import { useLive } from '../state/live.ts'
import { complain, queries, useAction } from '../state/use-endpoint.ts'
import { FleetPage } from './FleetPage.tsx'
import { NoticeBell } from './NoticeBell.tsx'

const PrinterPage = lazy(async () => ({ default: (await import('./PrinterPage.tsx')).PrinterPage }))
const QueuePage = lazy(async () => ({ default: (await import('./QueuePage.tsx')).QueuePage }))
const FilesPage = lazy(async () => ({ default: (await import('./FilesPage.tsx')).FilesPage }))
const FilePage = lazy(async () => ({ default: (await import('./FilePage.tsx')).FilePage }))
const CommonsPage = lazy(async () => ({ default: (await import('./commons/CommonsPage.tsx')).CommonsPage }))
const DesignPage = lazy(async () => ({ default: (await import('./commons/DesignPage.tsx')).DesignPage }))
const PartPage = lazy(async () => ({ default: (await import('./commons/PartPage.tsx')).PartPage }))
const ListsPage = lazy(async () => ({ default: (await import('./commons/ListsPage.tsx')).ListsPage }))
const SlicingPage = lazy(async () => ({ default: (await import('./commons/SlicingPage.tsx')).SlicingPage }))
const AccountPage = lazy(async () => ({ default: (await import('./AccountPage.tsx')).AccountPage }))
const BookingsPage = lazy(async () => ({ default: (await import('./BookingsPage.tsx')).BookingsPage }))
const BookingRulesPage = lazy(async () => ({ default: (await import('./BookingRulesPage.tsx')).BookingRulesPage }))
const QualificationsPage = lazy(async () => ({
  default: (await import('./QualificationsPage.tsx')).QualificationsPage,
}))
const AuditPage = lazy(async () => ({ default: (await import('./AuditPage.tsx')).AuditPage }))
const SpoolsPage = lazy(async () => ({ default: (await import('./SpoolsPage.tsx')).SpoolsPage }))
const SharesPage = lazy(async () => ({ default: (await import('./SharesPage.tsx')).SharesPage }))
const SettingsPage = lazy(async () => ({ default: (await import('./SettingsPage.tsx')).SettingsPage }))
const CheckInPage = lazy(async () => ({ default: (await import('./CheckInPage.tsx')).CheckInPage }))
const PrinterSignPage = lazy(async () => ({ default: (await import('./PrinterSignPage.tsx')).PrinterSignPage }))
const MembersPage = lazy(async () => ({ default: (await import('./MembersPage.tsx')).MembersPage }))

interface Place {
  readonly path: string
  readonly name: string
  readonly icon: LucideIcon
}

const usePlaces = (me: Me): Place[] => {
  const { t } = useLingui()
  return [
    { path: '/', name: t`Printers`, icon: PrinterIcon },
    { path: '/queue', name: t`Queue`, icon: ListOrdered },
    { path: '/bookings', name: t`Bookings`, icon: CalendarDays },
    { path: '/files', name: t`Files`, icon: FileBox },
    { path: '/commons', name: t`Commons`, icon: Library },
    { path: '/spools', name: t`Spools`, icon: CircleDot },
    ...(may(me, 'steward')
      ? [
          { path: '/members', name: t`Members`, icon: Users },
          { path: '/settings', name: t`Settings`, icon: Settings },
        ]
      : []),
  ]
}

// What is refused or timed out is told to who asked, wherever he is by then.
onAnswer(({ answer }) => {
  if (answer !== null) complain(answer)
})

/** Places whose pages do not begin with their own path. */
const alsoAt: Readonly<Record<string, readonly string[]>> = {
  '/': ['/printers'],
  '/commons': ['/designs', '/lists', '/slicing'],
}

const isAt = (path: string, location: string): boolean =>
  (path === '/' ? location === '/' : location.startsWith(path)) ||
  (alsoAt[path] ?? []).some((other) => location.startsWith(other))

export const Workshop = ({ me, site }: { me: Me; site: Site }) => {
  const places = usePlaces(me)
  const [location] = useLocation()
  const { lostAt } = useLive()
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 210, breakpoint: 'sm', collapsed: { mobile: true } }}
      padding="md"
    >
      <AppShell.Header className="header">
        <a href="#main" className="skip-link">
          <Trans>Skip to the content</Trans>
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <UnstyledButton component={Link} href="/" className="brand">
            <img src="/icon.svg" alt="" width={30} height={30} />
            <Text fw={650} truncate>
              {site.name}
            </Text>
          </UnstyledButton>
          <Group gap="xs" wrap="nowrap">
            <NoticeBell />
            <SchemeToggle />
            <MemberMenu me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" className="navbar" visibleFrom="sm">
        {places.map(({ path, name, icon: Icon }) => (
          <NavLink
            key={path}
            component={Link}
            href={path}
            label={name}
            leftSection={<Icon size={18} aria-hidden />}
            active={isAt(path, location)}
            aria-current={isAt(path, location) ? 'page' : undefined}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className="main">
        <div aria-live="assertive">
          {lostAt !== null && (
            <Alert color="yellow" icon={<WifiOff size={18} />} mb="md">
              <Trans>
                The connection to the server is lost. What you see is from {formatInstant(lostAt)}. Printers go on
                printing.
              </Trans>
            </Alert>
          )}
        </div>
        <Suspense
          fallback={
            <Center mih={300}>
              <Loader />
            </Center>
          }
        >
          <Switch>
            <Route path="/check-in/:code">{({ code }) => <CheckInPage key={code} code={code} />}</Route>
            <Route path="/printers/:id/sign">
              {({ id }) => <PrinterSignPage key={id} id={Number(id)} site={site} />}
            </Route>
            <Route path="/printers/:id">{({ id }) => <PrinterPage key={id} id={Number(id)} me={me} />}</Route>
            <Route path="/queue/shares">
              <SharesPage me={me} />
            </Route>
            <Route path="/qualifications">
              <QualificationsPage me={me} site={site} />
            </Route>
            <Route path="/settings/bookings">
              <BookingRulesPage />
            </Route>
            <Route path="/settings">
              <SettingsPage />
            </Route>
            <Route path="/queue">
              <QueuePage me={me} />
            </Route>
            <Route path="/files/:id">{({ id }) => <FilePage key={id} id={Number(id)} me={me} />}</Route>
            <Route path="/bookings/mine">
              <BookingsPage me={me} site={site} part="mine" />
            </Route>
            <Route path="/bookings">
              <BookingsPage me={me} site={site} part="calendar" />
            </Route>
            <Route path="/files">
              <FilesPage me={me} />
            </Route>
            <Route path="/commons">
              <CommonsPage me={me} />
            </Route>
            <Route path="/designs/:id/parts/:file">
              {({ id, file }) => <PartPage key={file} designId={Number(id)} fileId={Number(file)} me={me} />}
            </Route>
            <Route path="/designs/:id">{({ id }) => <DesignPage key={id} id={Number(id)} me={me} />}</Route>
            <Route path="/lists">
              <ListsPage me={me} />
            </Route>
            <Route path="/slicing">
              <SlicingPage me={me} />
            </Route>
            <Route path="/spools">
              <SpoolsPage me={me} />
            </Route>
            <Route path="/members">
              <MembersPage me={me} site={site} />
            </Route>
            <Route path="/audit">
              <AuditPage />
            </Route>
            <Route path="/account">
              <AccountPage me={me} site={site} />
            </Route>
            <Route>
              <FleetPage me={me} />
            </Route>
          </Switch>
        </Suspense>
      </AppShell.Main>
      <TabBar places={places} location={location} />
    </AppShell>
  )
}

/** So many places stand side by side on a phone; the others are behind one more. */
const MOST_TABS = 5

/** On the phone, the places stand at the thumb. */
const TabBar = ({ places, location }: { places: readonly Place[]; location: string }) => {
  const { t } = useLingui()
  const shown = places.length > MOST_TABS ? places.slice(0, MOST_TABS - 1) : places
  const others = places.slice(shown.length)
  return (
    <nav className="tab-bar" aria-label={t`Places`}>
      {shown.map(({ path, name, icon: Icon }) => (
        <Link
          key={path}
          href={path}
          className={isAt(path, location) ? 'tab active' : 'tab'}
          aria-current={isAt(path, location) ? 'page' : undefined}
        >
          <Icon size={21} aria-hidden />
          <span>{name}</span>
        </Link>
      ))}
      {others.length > 0 && (
        <Menu position="top-end" withArrow>
          <Menu.Target>
            <UnstyledButton className={others.some(({ path }) => isAt(path, location)) ? 'tab active' : 'tab'}>
              <Ellipsis size={21} aria-hidden />
              <span>{t`More`}</span>
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map(({ path, name, icon: Icon }) => (
              <Menu.Item key={path} component={Link} href={path} leftSection={<Icon size={18} aria-hidden />}>
                {name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </nav>
  )
}

const SchemeToggle = () => {
  const { t } = useLingui()
  const { toggleColorScheme } = useMantineColorScheme()
  return (
    <ActionIcon variant="subtle" color="gray" size="lg" onClick={toggleColorScheme} aria-label={t`Light or dark`}>
      <Sun size={18} className="shown-in-dark" aria-hidden />
      <Moon size={18} className="shown-in-light" aria-hidden />
    </ActionIcon>
  )
}

const MemberMenu = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const leave = useAction(signOut, { done: () => void queries.resetQueries() })
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <UnstyledButton aria-label={t`${me.name}: account`}>
          <Avatar name={me.name} color="initials" size={34} radius="xl" alt="" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.name}</Menu.Label>
        <Menu.Item component={Link} href="/account" leftSection={<CircleUser size={15} aria-hidden />}>
          <Trans>Account</Trans>
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={15} aria-hidden />} onClick={() => leave.mutate({})}>
          <Trans>Sign out</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
