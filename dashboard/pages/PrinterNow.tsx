// A printer as it stands: its print, its temperatures, its console, and what can be done with it by hand.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { Hand } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import type { CommandBody } from '../../server/contract/printer-commands.ts'
import {
  clearBed,
  type Printer,
  type PrinterState,
  showTemperatures,
  type Telemetry,
} from '../../server/contract/printers.ts'
import { showRoutines } from '../../server/contract/routines.ts'
import { ConsoleView } from '../components/ConsoleView.tsx'
import { HeatControls } from '../components/HeatControls.tsx'
import { JogPad } from '../components/JogPad.tsx'
import { MacroButtons } from '../components/MacroButtons.tsx'
import { PartPicture } from '../components/PartPicture.tsx'
import { ManualNow, PrinterSays } from '../components/PrinterSays.tsx'
import { PrintProgress } from '../components/PrintProgress.tsx'
import { TemperatureChart } from '../components/TemperatureChart.tsx'
import { Temperatures, useHeaterName } from '../components/Temperatures.tsx'
import { onTelemetry } from '../state/fleet.ts'
import { useConsoleOf } from '../state/live.ts'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'

interface NowProps {
  readonly printer: Printer
  readonly telemetry: Telemetry | null
  readonly state: PrinterState
  readonly me: Me
}

export const PrintNow = ({ printer, telemetry, state, me }: NowProps) => {
  const { t } = useLingui()
  const clear = useAction(clearBed)
  const { print } = printer
  return (
    <Card withBorder component="section" aria-label={t`The print`}>
      {telemetry?.controls?.manual && <ManualNow manual={telemetry.controls.manual} />}
      {print === null && state !== 'awaiting-clear' && state !== 'manual' && (
        <Text c="dimmed">
          {state === 'idle' ? (
            <Trans>Nothing is being printed. The next job of the queue that fits will start here.</Trans>
          ) : (
            <Trans>Nothing is being printed.</Trans>
          )}
        </Text>
      )}
      {print !== null && (
        <Group wrap="nowrap" gap="md" align="flex-start">
          <PartPicture fileId={print.fileId} has={print.hasThumbnail} size={112} />
          <Stack gap="xs" className="grow">
            <div>
              <Text fw={650} className="break-anywhere">
                {print.fileName}
              </Text>
              <Text size="sm" c="dimmed">
                {print.memberName}
              </Text>
            </div>
            <PrinterSays controls={telemetry?.controls} />
            {telemetry?.progress && (
              <PrintProgress progress={telemetry.progress} paused={state === 'paused' || state === 'pausing'} />
            )}
          </Stack>
        </Group>
      )}
      {state === 'awaiting-clear' && (
        <Group justify="space-between">
          <Text>
            {printer.bed === 'unknown' ? (
              <Trans>Nobody knows what lies on the bed. Please look.</Trans>
            ) : (
              <Trans>A part lies on the bed. Take it off, then the next one can start.</Trans>
            )}
          </Text>
          {may(me, 'mind-own-prints', printer) && (
            <Button
              leftSection={<Hand size={16} aria-hidden />}
              loading={clear.isPending}
              onClick={() => clear.mutate({ params: { id: printer.id } })}
            >
              <Trans>The bed is clear</Trans>
            </Button>
          )}
        </Group>
      )}
    </Card>
  )
}

export const TemperaturesNow = ({ printer, telemetry }: { printer: Printer; telemetry: Telemetry | null }) => {
  const { t } = useLingui()
  const history = useEndpoint(showTemperatures, { params: { id: printer.id } })
  const nameOfHeater = useHeaterName()
  const nameOf = useCallback((heater: string) => nameOfHeater(heater), [nameOfHeater])
  const subscribe = useCallback(
    (listener: (telemetry: Telemetry) => void) =>
      onTelemetry((one) => {
        if (one.printerId === printer.id) listener(one)
      }),
    [printer.id],
  )
  return (
    <Card withBorder component="section" aria-label={t`Temperatures`}>
      <Group justify="space-between" mb="xs">
        <Title order={2}>
          <Trans>Temperatures</Trans>
        </Title>
        {telemetry && <Temperatures temperatures={telemetry.temperatures} />}
      </Group>
      {history.data && (
        <TemperatureChart
          history={history.data}
          subscribe={subscribe}
          nameOf={nameOf}
          label={t`Temperatures of the last half hour`}
        />
      )}
    </Card>
  )
}

export const ConsoleNow = ({
  printerId,
  maySend,
  send,
}: {
  printerId: number
  maySend: boolean
  send(line: string): void
}) => {
  const { t } = useLingui()
  const [everything, setEverything] = useState(false)
  useConsoleOf({ printerId, everything })
  return (
    <Card withBorder component="section" aria-label={t`Console`}>
      <Title order={2} mb="xs">
        <Trans>Console</Trans>
      </Title>
      <ConsoleView everything={everything} showEverything={setEverything} {...(maySend ? { send } : {})} />
    </Card>
  )
}

export const Controls = ({
  printer,
  telemetry,
  state,
  ask,
}: Omit<NowProps, 'me'> & { ask(body: CommandBody): void }) => {
  const { t } = useLingui()
  const idle = state === 'idle' || state === 'awaiting-clear'
  return (
    <Stack gap="md">
      <Card withBorder component="section" aria-label={t`Move`}>
        <Title order={2} mb="xs">
          <Trans>Move</Trans>
        </Title>
        <JogPad ask={ask} disabled={!idle && state !== 'paused'} mayHome={idle} />
      </Card>
      <Card withBorder component="section" aria-label={t`Heat and speed`}>
        <Title order={2} mb="xs">
          <Trans>Heat and speed</Trans>
        </Title>
        <HeatControls
          telemetry={telemetry}
          profile={printer.profile}
          disabled={!idle && state !== 'paused' && state !== 'printing' && state !== 'manual'}
          ask={ask}
        />
      </Card>
    </Stack>
  )
}

/** Those macros that this person may press. */
export const MacrosNow = ({
  printer,
  state,
  me,
  ask,
}: Omit<NowProps, 'telemetry'> & { ask(body: CommandBody): void }) => {
  const routines = useEndpoint(showRoutines, { params: { id: printer.id } })
  const runs = may(me, 'run-printers', printer)
  const presses = may(me, 'press-macros', printer)
  const macros = (routines.data?.macros ?? []).filter(({ pressedBy }) => (pressedBy === 'members' ? presses : runs))
  return <MacroButtons macros={macros} state={state} ask={ask} />
}
