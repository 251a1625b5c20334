// The first day: the workshop gets its name, and its first steward an account.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Divider, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { setUpSite } from '../../server/contract/site.ts'
import { Door } from '../components/Door.tsx'
import { queries, useAction } from '../state/use-endpoint.ts'

export const SetUpPage = ({ needsCode }: { needsCode: boolean }) => {
  const { t } = useLingui()
  const [siteName, setSiteName] = useState('')
  const [timeZone, setTimeZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone)
  const [stewardName, setStewardName] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const setUp = useAction(setUpSite, { quiet: true, done: () => void queries.resetQueries() })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const body = { siteName: siteName.trim(), timeZone, stewardName: stewardName.trim(), password }
    setUp.mutate({ body: needsCode ? { ...body, code } : body })
  }
  return (
    <Door
      title={t`Welcome to Auzolan`}
      lead={<Trans>Give the workshop a name, and yourself an account as its first steward.</Trans>}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t`Name of the workshop`}
            placeholder={t`Makerspace Aldapa`}
            value={siteName}
            onChange={({ currentTarget }) => setSiteName(currentTarget.value)}
            required
            maxLength={80}
            data-autofocus
          />
          <Select
            label={t`Time zone`}
            description={t`Opening hours and bookings are kept in it`}
            data={Intl.supportedValuesOf('timeZone')}
            value={timeZone}
            onChange={(value) => setTimeZone(value ?? 'UTC')}
            searchable
            allowDeselect={false}
          />
          <Divider />
          <TextInput
            label={t`Your name`}
            description={t`You sign in with it, and others see it`}
            value={stewardName}
            onChange={({ currentTarget }) => setStewardName(currentTarget.value)}
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
          {needsCode && (
            <TextInput
              label={t`Set-up code`}
              description={t`The server printed it when it was started`}
              value={code}
              onChange={({ currentTarget }) => setCode(currentTarget.value)}
              required
              autoComplete="off"
            />
          )}
          {setUp.isError && (
            <Alert color="red" role="alert">
              {setUp.error.message}
            </Alert>
          )}
          <Button type="submit" size="md" loading={setUp.isPending}>
            <Trans>Open the workshop</Trans>
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
