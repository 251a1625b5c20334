// The door of the workshop.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core'
import { LogIn } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { signIn } from '../../server/contract/members.ts'
import { oidcStartUrl } from '../../server/contract/oidc.ts'
import type { Site } from '../../server/contract/site.ts'
import { Door } from '../components/Door.tsx'
import { queries, useAction } from '../state/use-endpoint.ts'

export const SignInPage = ({ site }: { site: Site }) => {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [asksCode, setAsksCode] = useState(false)
  const refused = useOidcRefusal()
  const enter = useAction(signIn, { quiet: true, done: () => void queries.resetQueries() })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const body = asksCode ? { name, password, code: code.trim() } : { name, password }
    enter.mutate({ body }, { onError: (error) => setAsksCode(asksCode || error.code === 'session.second-factor') })
  }
  const asks = enter.error?.code === 'session.second-factor'
  return (
    <Door title={site.name} lead={<Trans>Sign in to see the printers and queue parts.</Trans>}>
      <form onSubmit={submit}>
        <Stack>
          {refused !== null && enter.isIdle && (
            <Alert color="red" role="alert">
              {refused}
            </Alert>
          )}
          {asksCode ? (
            <TextInput
              label={t`Second factor`}
              description={t`The six digits that your app shows now, or a recovery code`}
              value={code}
              onChange={({ currentTarget }) => setCode(currentTarget.value)}
              required
              minLength={6}
              maxLength={40}
              autoComplete="one-time-code"
              spellCheck={false}
              autoFocus
            />
          ) : (
            <NameAndPassword name={name} setName={setName} password={password} setPassword={setPassword} />
          )}
          {enter.isError && !asks && (
            <Alert color="red" role="alert">
              {enter.error.message}
            </Alert>
          )}
          <Button type="submit" size="md" loading={enter.isPending}>
            <Trans>Sign in</Trans>
          </Button>
          {asksCode ? (
            <Anchor component="button" type="button" size="sm" ta="center" onClick={() => setAsksCode(false)}>
              <Trans>Back</Trans>
            </Anchor>
          ) : (
            <Anchor component={Link} href="/forgotten" size="sm" ta="center">
              <Trans>Forgotten your password?</Trans>
            </Anchor>
          )}
        </Stack>
      </form>
      {site.otherDoor !== null && !asksCode && (
        <>
          <Divider my="lg" label={t`or`} />
          <Button
            component="a"
            href={oidcStartUrl}
            variant="default"
            size="md"
            fullWidth
            leftSection={<LogIn size={17} aria-hidden />}
          >
            <Trans>Sign in with {site.otherDoor}</Trans>
          </Button>
        </>
      )}
    </Door>
  )
}

interface NameAndPasswordProps {
  readonly name: string
  readonly password: string
  setName(name: string): void
  setPassword(password: string): void
}

const NameAndPassword = ({ name, password, setName, setPassword }: NameAndPasswordProps) => {
  const { t } = useLingui()
  return (
    <>
      <TextInput
        label={t`Name`}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        required
        autoComplete="username"
        autoCapitalize="words"
      />
      <PasswordInput
        label={t`Password`}
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        required
        autoComplete="current-password"
      />
    </>
  )
}

/** What the other sign-in said when it sent the browser back; null: nothing. */
const useOidcRefusal = (): string | null => {
  const { t } = useLingui()
  const [search] = useSearchParams()
  const sentences: Record<string, string> = {
    'oidc.failed': t`The other sign-in did not vouch for you. Start again; if it stays so, tell a steward.`,
    'oidc.away': t`The other sign-in does not answer. Try again in a moment, or sign in with your password.`,
    'oidc.no-role': t`You are known there, but in no group that may come in here. Ask a steward.`,
    'oidc.taken': t`This identity belongs to another account of the workshop.`,
    'session.none': t`You were signed out meanwhile. Sign in and try again.`,
  }
  return sentences[search.get('refused') ?? ''] ?? null
}
