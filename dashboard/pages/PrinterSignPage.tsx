// The sign to print and fix to a printer: its QR code leads to checking in.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Card, Center, Group, Loader, Stack, Text, Title } from '@mantine/core'
import { Printer as PaperIcon, RefreshCw } from 'lucide-react'
import { renewPrinterCode, showPrinterCode } from '../../server/contract/during.ts'
import type { Site } from '../../server/contract/site.ts'
import { QrCode } from '../components/QrCode.tsx'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [showPrinterCode.url] }).catch(() => {})
}

export const PrinterSignPage = ({ id, site }: { id: number; site: Site }) => {
  const { t } = useLingui()
  const sign = useEndpoint(showPrinterCode, { params: { id } })
  const renew = useAction(renewPrinterCode, { done: reread })
  if (sign.isError && !sign.data) return <Alert color="red">{sign.error.message}</Alert>
  if (!sign.data) {
    return (
      <Center mih={300}>
        <Loader />
      </Center>
    )
  }
  const { code, printerName } = sign.data
  const address = `${window.location.origin}/check-in/${code}`
  return (
    <Stack maw={480} mx="auto">
      <Title order={1} className="not-on-paper">
        <Trans>Sign for {printerName}</Trans>
      </Title>
      <Card withBorder padding={0}>
        <div className="printer-sign">
          <h2>{printerName}</h2>
          <QrCode text={address} label={t`Code for checking in at ${printerName}`} size={280} />
          <Text fw={600}>
            <Trans>Booked? Read this code and check in.</Trans>
          </Text>
          <Text size="sm">{site.name}</Text>
        </div>
      </Card>
      <Group className="not-on-paper">
        <Button leftSection={<PaperIcon size={16} aria-hidden />} onClick={() => window.print()}>
          <Trans>Print it, or save as PDF</Trans>
        </Button>
        <Button
          variant="default"
          leftSection={<RefreshCw size={16} aria-hidden />}
          loading={renew.isPending}
          onClick={() => renew.mutate({ params: { id } })}
        >
          <Trans>Make a new code</Trans>
        </Button>
      </Group>
      <Text size="sm" c="dimmed" className="not-on-paper">
        <Trans>With a new code, the sign that hangs on the printer works no more.</Trans>
      </Text>
    </Stack>
  )
}
