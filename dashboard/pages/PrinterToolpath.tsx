// The toolpath of what a printer prints now: it grows as the printer takes line after line.
import { Trans, useLingui } from '@lingui/react/macro'
import { Card, Center, Loader, Title } from '@mantine/core'
import { lazy, Suspense, useCallback, useMemo } from 'react'
import { contentUrl } from '../../server/contract/files.ts'
import { type CommandBody, isMeaningful } from '../../server/contract/printer-commands.ts'
import type { Printer, Telemetry } from '../../server/contract/printers.ts'
import { readFileBytes } from '../api/file-text.ts'
import { bedOf } from './bed-of.ts'

const ToolpathViewer = lazy(async () => ({
  default: (await import('../toolpath/ToolpathViewer.tsx')).ToolpathViewer,
}))

export interface PrinterToolpathProps {
  readonly printer: Printer
  readonly print: NonNullable<Printer['print']>
  readonly telemetry: Telemetry | null
  readonly mayRun: boolean
  ask(body: CommandBody): void
}

export const PrinterToolpath = ({ printer, print, telemetry, mayRun, ask }: PrinterToolpathProps) => {
  const { t } = useLingui()
  const { fileId, objects } = print
  const progress = telemetry?.progress
  const bed = useMemo(() => bedOf(printer.profile), [printer.profile])
  const mayExclude = mayRun && telemetry !== null && isMeaningful('exclude-object', telemetry.state)
  const control = useMemo(
    () => ({
      excluded: new Set(objects.filter(({ excluded }) => excluded).map(({ name }) => name)),
      mayExclude,
      exclude: (name: string) => ask({ kind: 'exclude-object', name }),
    }),
    [objects, mayExclude, ask],
  )
  const read = useCallback(
    (from: number, to: number, signal: AbortSignal) => readFileBytes(fileId, from, to, signal),
    [fileId],
  )
  // Without the size of the file there is nothing to show yet.
  if (!progress || progress.totalBytes === 0) return null
  return (
    <Card withBorder component="section" aria-label={t`Toolpath`}>
      <Title order={2} mb="xs">
        <Trans>Toolpath</Trans>
      </Title>
      <Suspense
        fallback={
          <Center mih={320}>
            <Loader />
          </Center>
        }
      >
        <ToolpathViewer
          key={fileId}
          url={contentUrl(fileId)}
          sizeBytes={progress.totalBytes}
          name={print.fileName}
          bed={bed}
          printedBytes={progress.acceptedBytes}
          objects={control}
          read={read}
        />
      </Suspense>
    </Card>
  )
}
