// One printer: its print, its temperatures, its controls, its console.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Card, Center, Grid, Group, Loader, Stack, Tabs, Text, Title } from '@mantine/core'
import { CircleAlert, Hand } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useLocation } from 'wouter'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { askPrinter, type CommandBody } from '../../server/contract/printer-commands.ts'
import {
  clearBed,
  type Printer,
  type PrinterState,
  showPrinter,
  showTemperatures,
  type Telemetry,
} from '../../server/contract/printers.ts'
import { ConsoleView } from '../components/ConsoleView.tsx'
import { HeatControls } from '../components/HeatControls.tsx'
import { JogPad } from '../components/JogPad.tsx'
import { PartPicture } from '../components/PartPicture.tsx'
import { PrintActions } from '../components/PrintActions.tsx'
import { PrintProgress } from '../components/PrintProgress.tsx'
import { StateBadge } from '../components/StateBadge.tsx'
import { TemperatureChart } from '../components/TemperatureChart.tsx'
import { Temperatures, useHeaterName } from '../components/Temperatures.tsx'
import { onTelemetry, stateOf, useTelemetry } from '../state/fleet.ts'
import { useConsoleOf } from '../state/live.ts'
import { complain, useAction, useEndpoint } from '../state/use-endpoint.ts'
import { PrinterFilament } from './PrinterFilament.tsx'
import { PrinterMaintenance } from './PrinterMaintenance.tsx'
import { PrinterHistory, PrinterSetUp } from './PrinterTabs.tsx'

export const PrinterPage = ({ id, me }: { id: number; me: Me }) => {
  const printer = useEndpoint(showPrinter, { params: { id } })
  if (printer.isError && !printer.data) {
    return <Alert color="red">{printer.error.message}</Alert>
  }
  if (!printer.data) {
    return (
      <Center mih={300}>
        <Loader />
      </Center>
    )
  }
  return <OnePrinter printer={printer.data} me={me} />
}

const OnePrinter = ({ printer, me }: { printer: Printer; me: Me }) => {
  const { t } = useLingui()
  const [, go] = useLocation()
  const telemetry = useTelemetry(printer)
  const state = stateOf(printer, telemetry)
  const { mutate, isPending } = useAction(askPrinter, {
    done: (command) => {
      if (command.answer !== null) complain(command.answer)
    },
  })
  const ask = useCallback((body: CommandBody) => mutate({ params: { id: printer.id }, body }), [mutate, printer.id])
  const runs = may(me.role, 'run-printers')
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <div>
          <Group gap="sm">
            <Title order={1}>{printer.name}</Title>
            <StateBadge state={state} size="lg" />
          </Group>
          <Text size="sm" c="dimmed">
            {[telemetry?.firmware, printer.address].filter(Boolean).join(' · ')}
          </Text>
        </div>
        <PrintActions
          state={state}
          mayRun={runs || printer.print?.memberId === me.id}
          mayStop={may(me.role, 'emergency-stop')}
          mayConnect={runs}
          busy={isPending}
          ask={ask}
        />
      </Group>
      {telemetry?.reason && (
        <Alert color={state === 'halted' ? 'red' : 'gray'} icon={<CircleAlert size={18} />}>
          {telemetry.reason}
        </Alert>
      )}
      <Tabs defaultValue="now" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="now">
            <Trans>Now</Trans>
          </Tabs.Tab>
          <Tabs.Tab value="history">
            <Trans>Past prints</Trans>
          </Tabs.Tab>
          <Tabs.Tab value="maintenance">
            <Trans>Maintenance</Trans>
          </Tabs.Tab>
          {may(me.role, 'set-up-printers') && (
            <Tabs.Tab value="setup">
              <Trans>Set-up</Trans>
            </Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="now" pt="md">
          <Grid gap="md">
            <Grid.Col span={{ base: 12, lg: 7 }}>
              <Stack gap="md">
                <PrintNow printer={printer} telemetry={telemetry} state={state} me={me} />
                <TemperaturesNow printer={printer} telemetry={telemetry} />
                <ConsoleNow
                  printerId={printer.id}
                  maySend={may(me.role, 'console')}
                  send={(line) => ask({ kind: 'gcode', line })}
                />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5 }}>
              <Stack gap="md">
                <PrinterFilament printerId={printer.id} me={me} />
                {runs && <Controls telemetry={telemetry} printer={printer} ask={ask} state={state} />}
              </Stack>
            </Grid.Col>
          </Grid>
        </Tabs.Panel>
        <Tabs.Panel value="history" pt="md">
          <PrinterHistory printerId={printer.id} />
        </Tabs.Panel>
        <Tabs.Panel value="maintenance" pt="md">
          <PrinterMaintenance printer={printer} me={me} />
        </Tabs.Panel>
        <Tabs.Panel value="setup" pt="md" aria-label={t`Set-up`}>
          <PrinterSetUp printer={printer} gone={() => go('/')} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

interface NowProps {
  readonly printer: Printer
  readonly telemetry: Telemetry | null
  readonly state: PrinterState
  readonly me: Me
}

const PrintNow = ({ printer, telemetry, state, me }: NowProps) => {
  const { t } = useLingui()
  const clear = useAction(clearBed)
  const { print } = printer
  return (
    <Card withBorder component="section" aria-label={t`The print`}>
      {print === null && state !== 'awaiting-clear' && (
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
          {may(me.role, 'mind-own-prints') && (
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

const TemperaturesNow = ({ printer, telemetry }: { printer: Printer; telemetry: Telemetry | null }) => {
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

const ConsoleNow = ({
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

const Controls = ({ printer, telemetry, state, ask }: Omit<NowProps, 'me'> & { ask(body: CommandBody): void }) => {
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
          disabled={!idle && state !== 'paused' && state !== 'printing'}
          ask={ask}
        />
      </Card>
    </Stack>
  )
}
