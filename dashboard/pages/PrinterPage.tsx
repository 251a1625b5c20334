// One printer: its print, its temperatures, its controls, its console.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Center, Grid, Group, Loader, Stack, Tabs, Text, Title } from '@mantine/core'
import { CircleAlert } from 'lucide-react'
import { useCallback } from 'react'
import { useLocation } from 'wouter'
import { type StopAnswer, stopPrinter } from '../../server/contract/emergency-stop.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { askPrinter, type CommandBody } from '../../server/contract/printer-commands.ts'
import { type Printer, showPrinter } from '../../server/contract/printers.ts'
import { PlateObjects } from '../components/PlateObjects.tsx'
import { PrintActions } from '../components/PrintActions.tsx'
import { PrinterCalls } from '../components/PrinterCalls.tsx'
import { StateBadge } from '../components/StateBadge.tsx'
import { takeCommand } from '../state/commands.ts'
import { stateOf, useTelemetry } from '../state/fleet.ts'
import { complain, useAction, useEndpoint } from '../state/use-endpoint.ts'
import { PrinterCare } from './PrinterCare.tsx'
import { PrinterFilament } from './PrinterFilament.tsx'
import { PrinterMaintenance } from './PrinterMaintenance.tsx'
import { ConsoleNow, Controls, MacrosNow, PrintNow, TemperaturesNow } from './PrinterNow.tsx'
import { PrinterHistory, PrinterSetUp } from './PrinterTabs.tsx'
import { PrinterToolpath } from './PrinterToolpath.tsx'
import { ResumeGuide } from './ResumeGuide.tsx'

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
  const { mutate, isPending } = useAction(askPrinter, { done: takeCommand })
  const { mutate: stop } = useAction(stopPrinter, { done: sayStopped })
  const ask = useCallback(
    (body: CommandBody) => {
      const params = { id: printer.id }
      if (body.kind === 'emergency-stop') stop({ params })
      else mutate({ params, body })
    },
    [mutate, stop, printer.id],
  )
  const runs = may(me, 'run-printers', printer)
  const controls = telemetry?.controls
  const mayRun = runs || printer.print?.memberId === me.id
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
          mayRun={mayRun}
          mayStop={may(me, 'emergency-stop', printer)}
          mayConnect={runs}
          busy={isPending}
          changing={controls?.filament != null}
          ask={ask}
        />
      </Group>
      {telemetry?.reason && (
        <Alert color={state === 'halted' ? 'red' : 'gray'} icon={<CircleAlert size={18} />}>
          {telemetry.reason}
        </Alert>
      )}
      <PrinterCalls name={printer.name} controls={controls} mayAnswer={mayRun} busy={isPending} ask={ask} />
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
          {may(me, 'set-up-printers', printer) && (
            <Tabs.Tab value="setup">
              <Trans>Set-up</Trans>
            </Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="now" pt="md">
          <Grid gap="md">
            <Grid.Col span={{ base: 12, lg: 7 }}>
              <Stack gap="md">
                <ResumeGuide printer={printer} me={me} />
                <PrintNow printer={printer} telemetry={telemetry} state={state} me={me} />
                {printer.print !== null && (
                  <PrinterToolpath
                    printer={printer}
                    print={printer.print}
                    telemetry={telemetry}
                    mayRun={mayRun}
                    ask={ask}
                  />
                )}
                <TemperaturesNow printer={printer} telemetry={telemetry} />
                <ConsoleNow
                  printerId={printer.id}
                  maySend={may(me, 'console', printer)}
                  send={(line) => ask({ kind: 'gcode', line })}
                />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5 }}>
              <Stack gap="md">
                <MacrosNow printer={printer} state={state} me={me} ask={ask} />
                {printer.print !== null && (
                  <PlateObjects objects={printer.print.objects} disabled={!mayRun} ask={ask} />
                )}
                <PrinterFilament printerId={printer.id} me={me} />
                {runs && <Controls telemetry={telemetry} printer={printer} ask={ask} state={state} />}
                <PrinterCare telemetry={telemetry} printer={printer} me={me} />
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

const sayStopped = ({ answer }: StopAnswer): void => {
  if (answer !== null) complain(answer)
}
