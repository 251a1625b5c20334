// The door of the workshop.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { signIn } from '../../server/contract/members.ts'
import { Door } from '../components/Door.tsx'
import { queries, useAction } from '../state/use-endpoint.ts'

export const SignInPage = ({ site }: { site: string }) => {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const enter = useAction(signIn, { quiet: true, done: () => void queries.resetQueries() })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    enter.mutate({ body: { name, password } })
  }
  return (
    <Door title={site} lead={<Trans>Sign in to see the printers and queue parts.</Trans>}>
      <form onSubmit={submit}>
        <Stack>
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
          {enter.isError && (
            <Alert color="red" role="alert">
              {enter.error.message}
            </Alert>
          )}
          <Button type="submit" size="md" loading={enter.isPending}>
            <Trans>Sign in</Trans>
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
