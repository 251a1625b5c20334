// Who was handed a link chooses a new password.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, PasswordInput, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { acceptReset } from '../../server/contract/members.ts'
import { Door } from '../components/Door.tsx'
import { queries, useAction } from '../state/use-endpoint.ts'

export const NewPasswordPage = ({ token, site }: { token: string; site: string }) => {
  const { t } = useLingui()
  const [password, setPassword] = useState('')
  const accept = useAction(acceptReset, { quiet: true, done: () => void queries.invalidateQueries() })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    accept.mutate({ body: { token, password } })
  }
  if (accept.isSuccess) {
    return (
      <Door title={site}>
        <Stack>
          <Text>
            <Trans>Your new password holds, {accept.data.name}. You were signed out everywhere.</Trans>
          </Text>
          <Button component={Link} href="/" size="md">
            <Trans>Sign in</Trans>
          </Button>
        </Stack>
      </Door>
    )
  }
  return (
    <Door title={site} lead={<Trans>Choose a new password.</Trans>}>
      <form onSubmit={submit}>
        <Stack>
          <PasswordInput
            label={t`New password`}
            description={t`At least 10 characters; a few words are easy to keep in mind`}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            required
            minLength={10}
            autoComplete="new-password"
          />
          {accept.isError && (
            <Alert color="red" role="alert">
              {accept.error.message}
            </Alert>
          )}
          <Button type="submit" size="md" loading={accept.isPending}>
            <Trans>Set the password</Trans>
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
