// Moves the nozzle by hand: a step left, right, back, forth, up, down; and home.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Group, SegmentedControl, Stack } from '@mantine/core'
import { ArrowDown, ArrowDownToLine, ArrowLeft, ArrowRight, ArrowUp, ArrowUpToLine, House } from 'lucide-react'
import { useState } from 'react'
import type { CommandBody } from '../../server/contract/printer-commands.ts'

const steps = ['0.1', '1', '10', '50'] as const

export const JogPad = ({
  ask,
  disabled,
  mayHome,
}: {
  ask(body: CommandBody): void
  disabled: boolean
  mayHome: boolean
}) => {
  const { t } = useLingui()
  const [step, setStep] = useState<string>('10')
  const by = Number(step)
  const jog = (x: number, y: number, z: number) => () => ask({ kind: 'jog', x, y, z })
  const arrow = { size: 'xl', variant: 'default', disabled } as const
  return (
    <Stack gap="sm">
      <SegmentedControl
        value={step}
        onChange={setStep}
        data={steps.map((value) => ({ value, label: `${value} mm` }))}
        aria-label={t`Step`}
        disabled={disabled}
        fullWidth
      />
      <Group gap="lg" justify="center">
        <div className="jog-pad">
          <ActionIcon {...arrow} className="jog-back" aria-label={t`Back by ${step} mm`} onClick={jog(0, by, 0)}>
            <ArrowUp size={20} />
          </ActionIcon>
          <ActionIcon {...arrow} className="jog-left" aria-label={t`Left by ${step} mm`} onClick={jog(-by, 0, 0)}>
            <ArrowLeft size={20} />
          </ActionIcon>
          <ActionIcon
            {...arrow}
            disabled={disabled || !mayHome}
            className="jog-home"
            aria-label={t`Home all axes`}
            onClick={() => ask({ kind: 'home', axes: [] })}
          >
            <House size={20} />
          </ActionIcon>
          <ActionIcon {...arrow} className="jog-right" aria-label={t`Right by ${step} mm`} onClick={jog(by, 0, 0)}>
            <ArrowRight size={20} />
          </ActionIcon>
          <ActionIcon
            {...arrow}
            className="jog-front"
            aria-label={t`To the front by ${step} mm`}
            onClick={jog(0, -by, 0)}
          >
            <ArrowDown size={20} />
          </ActionIcon>
        </div>
        <Stack gap={6}>
          <ActionIcon {...arrow} aria-label={t`Up by ${step} mm`} onClick={jog(0, 0, by)}>
            <ArrowUpToLine size={20} />
          </ActionIcon>
          <ActionIcon {...arrow} aria-label={t`Down by ${step} mm`} onClick={jog(0, 0, -by)}>
            <ArrowDownToLine size={20} />
          </ActionIcon>
        </Stack>
      </Group>
      <Group gap="xs" grow>
        <Button
          variant="default"
          px={6}
          disabled={disabled}
          onClick={() => ask({ kind: 'extrude', length: Math.min(by, 20) })}
        >
          <Trans>Feed</Trans>
        </Button>
        <Button
          variant="default"
          px={6}
          disabled={disabled}
          onClick={() => ask({ kind: 'extrude', length: -Math.min(by, 20) })}
        >
          <Trans>Pull back</Trans>
        </Button>
        <Button variant="default" px={6} disabled={disabled || !mayHome} onClick={() => ask({ kind: 'motors-off' })}>
          <Trans>Motors off</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
