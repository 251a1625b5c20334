// What keeps a printer going: its print that was cut off, its plug, its connection, the log of its wire.
import { Trans } from '@lingui/react/macro'
import { Button, Group, Stack } from '@mantine/core'
import { Download, QrCode } from 'lucide-react'
import { Link } from 'wouter'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { printerLog } from '../../server/contract/printer-logs.ts'
import type { Printer, Telemetry } from '../../server/contract/printers.ts'
import { LinkQuality } from '../components/LinkQuality.tsx'
import { PowerSwitch } from './PlugSetUp.tsx'

export const PrinterCare = ({ printer, telemetry, me }: { printer: Printer; telemetry: Telemetry | null; me: Me }) => (
  <Stack gap="md">
    {telemetry?.link && <LinkQuality link={telemetry.link} />}
    <Group gap="xs">
      {may(me, 'run-printers', printer) && <PowerSwitch printer={printer} />}
      {may(me, 'run-printers', printer) && (
        <Button
          component={Link}
          href={`/printers/${printer.id}/sign`}
          variant="default"
          leftSection={<QrCode size={16} aria-hidden />}
        >
          <Trans>Sign for checking in</Trans>
        </Button>
      )}
      {may(me, 'mind-own-prints', printer) && (
        <Button
          component="a"
          href={printerLog.url.replace(':id', String(printer.id))}
          download
          variant="default"
          leftSection={<Download size={16} aria-hidden />}
        >
          <Trans>Download the log of its wire</Trans>
        </Button>
      )}
    </Group>
  </Stack>
)
