// What a printer needs of a person now: an answer, a hand, or new filament, step by step.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Card, Group, Stack, Stepper, Text, Title } from '@mantine/core'
import { Hand, MessageCircleQuestion, Spool } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CommandBody } from '../../server/contract/printer-commands.ts'
import type { FilamentChangeState, FilamentStep, PrinterControls } from '../../server/contract/printer-controls.ts'
import { formatInstant, formatTimeOfDay } from '../format.ts'

export interface PrinterCallsProps {
  readonly name: string
  readonly controls: PrinterControls | undefined
  /** Whether this person may answer; others see what is waited for. */
  readonly mayAnswer: boolean
  readonly busy: boolean
  ask(body: CommandBody): void
}

export const PrinterCalls = ({ name, controls, mayAnswer, busy, ask }: PrinterCallsProps) => {
  const { t } = useLingui()
  if (!controls) return null
  const { prompt, wait, filament, nozzleOffAt } = controls
  return (
    <div aria-live="polite" className="printer-calls">
      {prompt !== null && (
        <Call icon={<MessageCircleQuestion aria-hidden />} title={prompt.text || t`${name} asks`}>
          <Group gap="xs">
            {(prompt.buttons.length > 0 ? prompt.buttons : [t`Continue`]).map((label, choice) => (
              <Button
                // Two buttons may say the same: their place is what is answered.
                // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
                key={choice}
                variant={choice === 0 ? 'filled' : 'default'}
                disabled={!mayAnswer}
                onClick={() => ask({ kind: 'answer-prompt', choice })}
              >
                {label}
              </Button>
            ))}
          </Group>
        </Call>
      )}
      {prompt === null && wait !== null && filament === null && (
        <Call icon={<Hand aria-hidden />} title={wait.text || t`${name} waits for somebody`}>
          <Group gap="sm">
            <Button disabled={!mayAnswer} loading={busy} onClick={() => ask({ kind: 'continue' })}>
              <Trans>Go on</Trans>
            </Button>
            {wait.until !== null && (
              <Text size="sm" c="dimmed">
                <Trans>It goes on by itself at {formatTimeOfDay(wait.until)}.</Trans>
              </Text>
            )}
          </Group>
        </Call>
      )}
      {filament !== null && <FilamentCall filament={filament} mayAnswer={mayAnswer} ask={ask} />}
      {nozzleOffAt !== null && (
        <Text size="sm" c="dimmed">
          {Date.parse(nozzleOffAt) <= Date.now() ? (
            <Trans>The nozzle is off because of the long pause. It is heated again before the print goes on.</Trans>
          ) : (
            <Trans>The nozzle goes off at {formatInstant(nozzleOffAt)} if the pause lasts so long.</Trans>
          )}
        </Text>
      )}
    </div>
  )
}

const Call = ({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) => (
  <Card withBorder className="printer-call" component="section" aria-label={title}>
    <Group gap="sm" wrap="nowrap" align="flex-start">
      {icon}
      <Stack gap="sm" className="grow">
        <Title order={2} className="pre-line">
          {title}
        </Title>
        {children}
      </Stack>
    </Group>
  </Card>
)

const places: Readonly<Record<FilamentStep, number>> = {
  parking: 0,
  unloading: 0,
  insert: 1,
  loading: 2,
  priming: 2,
  check: 3,
  returning: 4,
}

interface FilamentCallProps {
  readonly filament: FilamentChangeState
  readonly mayAnswer: boolean
  ask(body: CommandBody): void
}

const FilamentCall = ({ filament, mayAnswer, ask }: FilamentCallProps) => {
  const { t } = useLingui()
  const { step, reason } = filament
  const press = (wish: 'load' | 'prime' | 'unload' | 'finish') => () => ask({ kind: 'filament-step', step: wish })
  return (
    <Call icon={<Spool aria-hidden />} title={t`Change of filament`}>
      <Text size="sm" c="dimmed">
        {reason}
      </Text>
      <Stepper
        active={places[step]}
        size="sm"
        classNames={{ steps: 'filament-steps', separator: 'filament-line' }}
        allowNextStepsSelect={false}
      >
        <Stepper.Step label={t`Unload`} loading={step === 'parking' || step === 'unloading'} />
        <Stepper.Step label={t`New spool`} />
        <Stepper.Step label={t`Load`} loading={step === 'loading' || step === 'priming'} />
        <Stepper.Step label={t`Check`} />
      </Stepper>
      {step === 'insert' && (
        <>
          <Text>
            <Trans>Take the old filament out and push the new one in until it holds. Then load it.</Trans>
          </Text>
          <Group gap="xs">
            <Button disabled={!mayAnswer} onClick={press('load')}>
              <Trans>Load it</Trans>
            </Button>
            <Button variant="default" disabled={!mayAnswer} onClick={press('unload')}>
              <Trans>Pull out more</Trans>
            </Button>
            <Button variant="subtle" disabled={!mayAnswer} onClick={press('finish')}>
              <Trans>Go on with the old one</Trans>
            </Button>
          </Group>
        </>
      )}
      {step === 'check' && (
        <>
          <Text>
            <Trans>Does the new colour come out clean? Take away what hangs at the nozzle, then go on.</Trans>
          </Text>
          <Group gap="xs">
            <Button disabled={!mayAnswer} onClick={press('finish')}>
              <Trans>It is clean: go on</Trans>
            </Button>
            <Button variant="default" disabled={!mayAnswer} onClick={press('prime')}>
              <Trans>Push out more</Trans>
            </Button>
            <Button variant="subtle" disabled={!mayAnswer} onClick={press('unload')}>
              <Trans>Unload it again</Trans>
            </Button>
          </Group>
        </>
      )}
      {step !== 'insert' && step !== 'check' && (
        <Text size="sm">
          <Trans>The printer is at work. Keep your hands away.</Trans>
        </Text>
      )}
    </Call>
  )
}
