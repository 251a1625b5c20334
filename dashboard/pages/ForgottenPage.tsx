// A forgotten password: a link by e-mail, or where to ask for one.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { askReset } from '../../server/contract/members.ts'
import { Door } from '../components/Door.tsx'
import { useAction } from '../state/use-endpoint.ts'

export const ForgottenPage = ({ site, byMail }: { site: string; byMail: boolean }) => (
  <Door title={site} lead={<Trans>Forgotten your password?</Trans>}>
    <Stack>
      {byMail ? (
        <AskForLink />
      ) : (
        <Text>
          <Trans>Ask a steward of the workshop: he or she hands you a link with which you choose a new password.</Trans>
        </Text>
      )}
      <Anchor component={Link} href="/" size="sm" ta="center">
        <Trans>Back to the sign-in</Trans>
      </Anchor>
    </Stack>
  </Door>
)

const AskForLink = () => {
  const { t } = useLingui()
  const [who, setWho] = useState('')
  const ask = useAction(askReset, { quiet: true })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    ask.mutate({ body: { who: who.trim() } })
  }
  if (ask.isSuccess) {
    return (
      <Alert color="slate" role="status">
        <Trans>
          If there is a member of this name or address, and we know an e-mail address, a link is on its way there. It
          works for an hour. Nothing comes? Ask a steward.
        </Trans>
      </Alert>
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t`Your name or e-mail address`}
          value={who}
          onChange={({ currentTarget }) => setWho(currentTarget.value)}
          required
          maxLength={200}
          autoComplete="username"
        />
        {ask.isError && (
          <Alert color="red" role="alert">
            {ask.error.message}
          </Alert>
        )}
        <Button type="submit" size="md" loading={ask.isPending}>
          <Trans>Send me a link</Trans>
        </Button>
      </Stack>
    </form>
  )
}
