// Turning the second factor on and off, and its recovery codes.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, CopyButton, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { ShieldCheck, ShieldOff } from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import {
  type Account,
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
  showAccount,
} from '../../server/contract/account.ts'
import { CopyField } from '../components/CopyField.tsx'
import { QrCode } from '../components/QrCode.tsx'
import { formatInstant } from '../format.ts'
import { queries, useAction } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [showAccount.url] }).catch(() => {})
}

type Step = 'on' | 'off' | 'codes' | null

export const SecondFactor = ({ account }: { account: Account }) => {
  const { t } = useLingui()
  const [step, setStep] = useState<Step>(null)
  const close = (): void => {
    setStep(null)
    reread()
  }
  const titles = { on: t`Second factor`, off: t`Turn the second factor off`, codes: t`New recovery codes` }
  return (
    <>
      {account.secondFactorSince === null ? (
        <Group justify="space-between">
          <Text>
            <Trans>It is off.</Trans>
          </Text>
          <Button leftSection={<ShieldCheck size={16} aria-hidden />} onClick={() => setStep('on')}>
            <Trans>Turn it on</Trans>
          </Button>
        </Group>
      ) : (
        <Stack gap="sm">
          <Text>
            <Trans>
              It is on since {formatInstant(account.secondFactorSince)}. {account.recoveryCodesLeft} recovery codes are
              left.
            </Trans>
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={() => setStep('codes')}>
              <Trans>New recovery codes</Trans>
            </Button>
            <Button
              variant="subtle"
              color="red"
              leftSection={<ShieldOff size={16} aria-hidden />}
              onClick={() => setStep('off')}
            >
              <Trans>Turn it off</Trans>
            </Button>
          </Group>
        </Stack>
      )}
      <Modal opened={step !== null} onClose={close} title={step && titles[step]} centered>
        {step === 'on' && <TurnOn hasPassword={account.hasPassword} close={close} />}
        {step === 'off' && <TurnOff close={close} />}
        {step === 'codes' && <NewCodes close={close} />}
      </Modal>
    </>
  )
}

const TurnOn = ({ hasPassword, close }: { hasPassword: boolean; close(): void }) => {
  const { t } = useLingui()
  const [current, setCurrent] = useState('')
  const begin = useAction(beginSecondFactor, { quiet: true })
  const confirm = useAction(confirmSecondFactor, { quiet: true })
  if (confirm.data) return <Codes codes={confirm.data.recoveryCodes} close={close} />
  if (begin.data) {
    return (
      <Stack>
        <Text>
          <Trans>Scan this with an app such as Aegis, FreeOTP or your password keeper.</Trans>
        </Text>
        <QrCode text={begin.data.uri} label={t`QR code with the secret for your app`} />
        <Text size="sm" c="dimmed">
          <Trans>Without a camera, type this in:</Trans>
        </Text>
        <CopyField value={begin.data.secret} label={t`Secret`} />
        <CodeForm
          label={t`The six digits that it shows`}
          busy={confirm.isPending}
          refusal={confirm.error?.message ?? null}
          action={<Trans>Turn it on</Trans>}
          send={(code) => confirm.mutate({ body: { code } })}
        />
      </Stack>
    )
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    begin.mutate({ body: hasPassword ? { current } : {} })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>
          <Trans>You need an app on your phone that shows numbers for signing in.</Trans>
        </Text>
        {hasPassword && (
          <PasswordInput
            label={t`Your present password`}
            value={current}
            onChange={({ currentTarget }) => setCurrent(currentTarget.value)}
            required
            autoComplete="current-password"
            data-autofocus
          />
        )}
        {begin.isError && (
          <Alert color="red" role="alert">
            {begin.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={begin.isPending}>
            <Trans>Go on</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const TurnOff = ({ close }: { close(): void }) => {
  const { t } = useLingui()
  const remove = useAction(removeSecondFactor, { quiet: true, done: close })
  return (
    <CodeForm
      label={t`A number of the app, or a recovery code`}
      busy={remove.isPending}
      refusal={remove.error?.message ?? null}
      action={<Trans>Turn it off</Trans>}
      send={(code) => remove.mutate({ body: { code } })}
    />
  )
}

const NewCodes = ({ close }: { close(): void }) => {
  const { t } = useLingui()
  const renew = useAction(renewRecoveryCodes, { quiet: true })
  if (renew.data) return <Codes codes={renew.data.recoveryCodes} close={close} />
  return (
    <CodeForm
      label={t`A number of the app, or a recovery code`}
      busy={renew.isPending}
      refusal={renew.error?.message ?? null}
      action={<Trans>New recovery codes</Trans>}
      send={(code) => renew.mutate({ body: { code } })}
    />
  )
}

interface CodeFormProps {
  readonly label: string
  readonly busy: boolean
  readonly refusal: string | null
  readonly action: ReactNode
  send(code: string): void
}

const CodeForm = ({ label, busy, refusal, action, send }: CodeFormProps) => {
  const [code, setCode] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    send(code.trim())
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={label}
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
          required
          minLength={6}
          maxLength={40}
          autoComplete="one-time-code"
          spellCheck={false}
          data-autofocus
        />
        {refusal !== null && (
          <Alert color="red" role="alert">
            {refusal}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const Codes = ({ codes, close }: { codes: readonly string[]; close(): void }) => {
  const { t } = useLingui()
  return (
    <Stack>
      <Text>
        <Trans>
          Keep these recovery codes where you do not keep your phone. Each opens once when the phone is lost. They are
          not shown again.
        </Trans>
      </Text>
      <ul className="plain-list recovery-codes" aria-label={t`Recovery codes`}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Group justify="space-between">
        <CopyButton value={codes.join('\n')}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? <Trans>Copied</Trans> : <Trans>Copy all</Trans>}
            </Button>
          )}
        </CopyButton>
        <Button onClick={close}>
          <Trans>I have kept them</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
