// Who is here decides what is shown: the first day, the door, or the workshop.
import { Trans } from '@lingui/react/macro'
import { Button, Center, Loader } from '@mantine/core'
import { PlugZap } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { Route, Switch } from 'wouter'
import { showMe } from '../server/contract/members.ts'
import { showSite } from '../server/contract/site.ts'
import { EmptyState } from './components/EmptyState.tsx'
import { Workshop } from './pages/Workshop.tsx'
import { useEndpoint } from './state/use-endpoint.ts'

// Seen once: they are not part of what every visit loads.
const SignInPage = lazy(async () => ({ default: (await import('./pages/SignInPage.tsx')).SignInPage }))
const SetUpPage = lazy(async () => ({ default: (await import('./pages/SetUpPage.tsx')).SetUpPage }))
const ForgottenPage = lazy(async () => ({ default: (await import('./pages/ForgottenPage.tsx')).ForgottenPage }))
const NewPasswordPage = lazy(async () => ({
  default: (await import('./pages/NewPasswordPage.tsx')).NewPasswordPage,
}))
const JoinPage = lazy(async () => ({ default: (await import('./pages/JoinPage.tsx')).JoinPage }))

const Waiting = () => (
  <Center mih="100dvh">
    <Loader />
  </Center>
)

export const App = () => (
  <Suspense fallback={<Waiting />}>
    <Entrance />
  </Suspense>
)

const Entrance = () => {
  const site = useEndpoint(showSite, {})
  const me = useEndpoint(showMe, {}, { enabled: site.data?.setUp === true })
  if (site.isError && !site.data) {
    return (
      <Center mih="100dvh">
        <EmptyState
          icon={PlugZap}
          title={site.error.message}
          action={
            <Button onClick={() => void site.refetch()} mt="md">
              <Trans>Try again</Trans>
            </Button>
          }
        />
      </Center>
    )
  }
  if (!site.data || (site.data.setUp && me.isPending)) {
    return <Waiting />
  }
  if (!site.data.setUp) return <SetUpPage needsCode={site.data.needsCode} />
  const { name } = site.data
  return (
    <Switch>
      <Route path="/join/:token">{({ token }) => <JoinPage token={token} site={name} />}</Route>
      <Route path="/forgotten">
        <ForgottenPage site={name} byMail={site.data.resetByMail} />
      </Route>
      <Route path="/new-password/:token">{({ token }) => <NewPasswordPage token={token} site={name} />}</Route>
      <Route>{me.data ? <Workshop me={me.data} site={site.data} /> : <SignInPage site={site.data} />}</Route>
    </Switch>
  )
}
