// A new password, and the address for when it is forgotten.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { type Account, changeEmail, changePassword, showAccount } from '../../server/contract/account.ts'
import type { Me } from '../../server/contract/members.ts'
import { queries, useAction } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [showAccount.url] }).catch(() => {})
}

const CurrentPassword = ({ value, change }: { value: string; change(value: string): void }) => {
  const { t } = useLingui()
  return (
    <PasswordInput
      label={t`Your present password`}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      required
      autoComplete="current-password"
    />
  )
}

export const PasswordForm = ({ account, me }: { account: Account; me: Me }) => {
  const [open, setOpen] = useState(false)
  const { t } = useLingui()
  return (
    <Group justify="space-between" wrap="nowrap">
      <div className="grow">
        <Text fw={550}>
          <Trans>Password</Trans>
        </Text>
        <Text size="sm" c="dimmed">
          {account.hasPassword ? (
            <Trans>A new one signs you out everywhere else.</Trans>
          ) : (
            <Trans>You have none: you come in by the other sign-in.</Trans>
          )}
        </Text>
      </div>
      <Button variant="default" flex="none" onClick={() => setOpen(true)}>
        {account.hasPassword ? <Trans>Change</Trans> : <Trans>Set</Trans>}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={t`New password`} centered>
        <NewPassword account={account} me={me} close={() => setOpen(false)} />
      </Modal>
    </Group>
  )
}

const NewPassword = ({ account, me, close }: { account: Account; me: Me; close(): void }) => {
  const { t } = useLingui()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useAction(changePassword, {
    quiet: true,
    done: () => {
      notifications.show({ message: t`Your new password holds.`, color: 'slate' })
      reread()
      close()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    change.mutate({ body: account.hasPassword ? { current, password } : { password } })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {/* For the browser's password keeper: whose password this is. */}
        <input
          type="text"
          value={me.name}
          readOnly
          autoComplete="username"
          className="visually-hidden"
          tabIndex={-1}
          aria-hidden
        />
        {account.hasPassword && <CurrentPassword value={current} change={setCurrent} />}
        <PasswordInput
          label={t`New password`}
          description={t`At least 10 characters; a few words are easy to keep in mind`}
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          required
          minLength={10}
          autoComplete="new-password"
        />
        {change.isError && (
          <Alert color="red" role="alert">
            {change.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={change.isPending}>
            <Trans>Change the password</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

export const EmailForm = ({ account, byMail }: { account: Account; byMail: boolean }) => {
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  return (
    <Group justify="space-between" wrap="nowrap">
      <div className="grow">
        <Text fw={550}>
          <Trans>E-mail</Trans>
        </Text>
        <Text size="sm" c="dimmed">
          {account.email ??
            (byMail
              ? t`None. With one you help yourself when you forget your password.`
              : t`None. This workshop sends no e-mail; a steward helps who forgets a password.`)}
        </Text>
      </div>
      <Button variant="default" flex="none" onClick={() => setOpen(true)} aria-label={t`Change the e-mail address`}>
        {account.email === null ? <Trans>Add</Trans> : <Trans>Change</Trans>}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={t`E-mail`} centered>
        <NewEmail account={account} close={() => setOpen(false)} />
      </Modal>
    </Group>
  )
}

const NewEmail = ({ account, close }: { account: Account; close(): void }) => {
  const { t } = useLingui()
  const [current, setCurrent] = useState('')
  const [email, setEmail] = useState(account.email ?? '')
  const change = useAction(changeEmail, {
    quiet: true,
    done: () => {
      reread()
      close()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const written = email.trim() === '' ? null : email.trim()
    change.mutate({ body: account.hasPassword ? { current, email: written } : { email: written } })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          type="email"
          label={t`E-mail address`}
          description={t`Only for a link when you forget your password. Leave it empty to have none.`}
          value={email}
          onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          maxLength={200}
          autoComplete="email"
        />
        {account.hasPassword && <CurrentPassword value={current} change={setCurrent} />}
        {change.isError && (
          <Alert color="red" role="alert">
            {change.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={change.isPending}>
            <Trans>Save</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
