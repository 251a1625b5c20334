// One printer at a glance: state, part, progress, temperatures, and the one thing that it needs of a person.
import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Button, Card, Group, Stack, Text } from '@mantine/core'
import { Hand } from 'lucide-react'
import { Link } from 'wouter'
import type { Printer } from '../../server/contract/printers.ts'
import { stateOf, useTelemetry } from '../state/fleet.ts'
import { PartPicture } from './PartPicture.tsx'
import { ManualNow, PrinterSays } from './PrinterSays.tsx'
import { PrintProgress } from './PrintProgress.tsx'
import { StateBadge } from './StateBadge.tsx'
import { Temperatures } from './Temperatures.tsx'

export interface PrinterCardProps {
  readonly printer: Printer
  readonly mayClear: boolean
  readonly clearing: boolean
  clear(): void
}

export const PrinterCard = ({ printer, mayClear, clearing, clear }: PrinterCardProps) => {
  const { t } = useLingui()
  const telemetry = useTelemetry(printer)
  const state = stateOf(printer, telemetry)
  const { print } = printer
  const progress = telemetry?.progress
  return (
    <Card
      withBorder
      padding="md"
      className={`printer-card state-${state}`}
      component="article"
      aria-label={printer.name}
    >
      <Stack gap="sm" h="100%">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Anchor component={Link} href={`/printers/${printer.id}`} className="printer-name" fw={650} size="lg">
            {printer.name}
          </Anchor>
          <StateBadge state={state} />
        </Group>
        {print !== null && (
          <Group wrap="nowrap" gap="sm">
            <PartPicture fileId={print.fileId} has={print.hasThumbnail} size={56} />
            <div className="grow">
              <Text fw={550} lineClamp={2} className="break-anywhere">
                {print.fileName}
              </Text>
              {print.memberName !== null && (
                <Text size="sm" c="dimmed" truncate>
                  {print.memberName}
                </Text>
              )}
            </div>
          </Group>
        )}
        {telemetry?.controls?.manual && <ManualNow manual={telemetry.controls.manual} />}
        {print !== null && <PrinterSays controls={telemetry?.controls} />}
        {(telemetry?.controls?.prompt || telemetry?.controls?.wait || telemetry?.controls?.filament) && (
          <Text size="sm" fw={550} className="call-for-hands">
            <Trans>It waits for somebody at the printer.</Trans>
          </Text>
        )}
        {progress ? <PrintProgress progress={progress} paused={state === 'paused' || state === 'pausing'} /> : null}
        {state === 'awaiting-clear' && (
          <div className="call-for-hands">
            <Text size="sm">
              {printer.bed === 'unknown' ? (
                <Trans>Nobody knows what lies on the bed. Please look.</Trans>
              ) : (
                <Trans>A part lies on the bed. Take it off, then the next one can start.</Trans>
              )}
            </Text>
            {mayClear && (
              <Button mt="xs" fullWidth leftSection={<Hand size={16} aria-hidden />} onClick={clear} loading={clearing}>
                <Trans>The bed is clear</Trans>
              </Button>
            )}
          </div>
        )}
        {telemetry?.reason && state !== 'awaiting-clear' && (
          <Text size="sm" c={state === 'halted' ? 'red' : 'dimmed'}>
            {telemetry.reason}
          </Text>
        )}
        {!printer.takesJobs && (
          <Text size="sm" c={printer.outOfService === null ? 'dimmed' : 'red'}>
            {printer.outOfService === null ? (
              <Trans>Takes no jobs at present.</Trans>
            ) : (
              <Trans>Out of service: {printer.outOfService}</Trans>
            )}
          </Text>
        )}
        <div className="card-foot">
          {telemetry && Object.keys(telemetry.temperatures).length > 0 ? (
            <Temperatures temperatures={telemetry.temperatures} />
          ) : (
            <Text size="sm" c="dimmed">
              {telemetry === null ? t`Not heard of yet` : t`No temperatures`}
            </Text>
          )}
        </div>
      </Stack>
    </Card>
  )
}
