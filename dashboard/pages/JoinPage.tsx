// Somebody who was invited becomes a member.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { acceptInvitation } from '../../server/contract/members.ts'
import { Door } from '../components/Door.tsx'
import { queries, useAction } from '../state/use-endpoint.ts'

export const JoinPage = ({ token, site }: { token: string; site: string }) => {
  const { t } = useLingui()
  const [, go] = useLocation()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const join = useAction(acceptInvitation, {
    quiet: true,
    done: () => {
      queries.resetQueries().then(
        () => go('/'),
        () => go('/'),
      )
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    join.mutate({ body: { token, name: name.trim(), password } })
  }
  return (
    <Door title={site} lead={<Trans>You are invited. Choose a name and a password.</Trans>}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t`Your name`}
            description={t`You sign in with it, and others see it`}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            required
            maxLength={80}
            autoComplete="username"
          />
          <PasswordInput
            label={t`Password`}
            description={t`At least 10 characters; a few words are easy to keep in mind`}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            required
            minLength={10}
            autoComplete="new-password"
          />
          {join.isError && (
            <Alert color="red" role="alert">
              {join.error.message}
            </Alert>
          )}
          <Button type="submit" size="md" loading={join.isPending}>
            <Trans>Join</Trans>
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
