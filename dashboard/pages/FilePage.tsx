// One file: what it is, what it would take, and its toolpath.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Button, Card, Center, Group, Loader, Select, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { ArrowLeft, Download, ListPlus } from 'lucide-react'
import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { contentUrl, type GcodeFile, showFile } from '../../server/contract/files.ts'
import { queueJob } from '../../server/contract/jobs.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { listPrinters } from '../../server/contract/printers.ts'
import { readFileBytes } from '../api/file-text.ts'
import { FileFacts } from '../components/FileFacts.tsx'
import { FileWarnings } from '../components/FileWarnings.tsx'
import { PartPicture } from '../components/PartPicture.tsx'
import { formatBytes, formatInstant } from '../format.ts'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'
import { bedOf } from './bed-of.ts'

const ToolpathViewer = lazy(async () => ({
  default: (await import('../toolpath/ToolpathViewer.tsx')).ToolpathViewer,
}))

export const FilePage = ({ id, me }: { id: number; me: Me }) => {
  const file = useEndpoint(showFile, { params: { id } })
  if (file.isError && !file.data) return <Alert color="red">{file.error.message}</Alert>
  if (!file.data) {
    return (
      <Center mih={300}>
        <Loader />
      </Center>
    )
  }
  return <OneFile file={file.data} me={me} />
}

const OneFile = ({ file, me }: { file: GcodeFile; me: Me }) => {
  const { t } = useLingui()
  const queue = useAction(queueJob, {
    done: ({ place }) =>
      notifications.show({ message: t`${file.name} is in the queue, at place ${place ?? 1}.`, withBorder: true }),
  })
  return (
    <Stack gap="md">
      <Anchor component={Link} href="/files" size="sm">
        <Group gap={4}>
          <ArrowLeft size={14} aria-hidden />
          <Trans>All files</Trans>
        </Group>
      </Anchor>
      <Group justify="space-between" align="flex-start" gap="md">
        <Group wrap="nowrap" align="flex-start" gap="md" className="grow">
          <PartPicture fileId={file.id} has={file.hasThumbnail} size={88} />
          <Stack gap={4} className="grow">
            <Title order={1} className="break-anywhere">
              {file.name}
            </Title>
            <FileFacts file={file} />
            <FileWarnings file={file} />
            <Text size="xs" c="dimmed">
              {[file.uploadedBy, formatInstant(file.uploadedAt), formatBytes(file.sizeBytes)]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          </Stack>
        </Group>
        <Group gap="xs">
          <Button
            component="a"
            href={contentUrl(file.id)}
            download={file.name}
            variant="default"
            leftSection={<Download size={16} aria-hidden />}
          >
            <Trans>Download</Trans>
          </Button>
          {may(me, 'queue') && file.state !== 'failed' && (
            <Button
              leftSection={<ListPlus size={16} aria-hidden />}
              loading={queue.isPending}
              onClick={() => queue.mutate({ body: { fileId: file.id } })}
            >
              <Trans>Queue it</Trans>
            </Button>
          )}
        </Group>
      </Group>
      <FileToolpath file={file} />
    </Stack>
  )
}

const FileToolpath = ({ file }: { file: GcodeFile }) => {
  const { t } = useLingui()
  const printers = useEndpoint(listPrinters, {})
  const [wanted, setWanted] = useState<string | null>(null)
  const printer = printers.data?.find(({ id }) => String(id) === wanted) ?? printers.data?.[0]
  const profile = printer?.profile
  const bed = useMemo(() => (profile === undefined ? null : bedOf(profile)), [profile])
  const read = useCallback(
    (from: number, to: number, signal: AbortSignal) => readFileBytes(file.id, from, to, signal),
    [file.id],
  )
  return (
    <Card withBorder component="section" aria-label={t`Toolpath`}>
      <Group justify="space-between" mb="sm">
        <Title order={2}>
          <Trans>Toolpath</Trans>
        </Title>
        {printer !== undefined && (printers.data?.length ?? 0) > 1 && (
          <Select
            size="xs"
            aria-label={t`On the bed of`}
            data={(printers.data ?? []).map(({ id, name }) => ({ value: String(id), label: t`Bed of ${name}` }))}
            value={String(printer.id)}
            allowDeselect={false}
            onChange={setWanted}
          />
        )}
      </Group>
      <Suspense
        fallback={
          <Center mih={400}>
            <Loader />
          </Center>
        }
      >
        <ToolpathViewer
          key={file.id}
          url={contentUrl(file.id)}
          sizeBytes={file.sizeBytes}
          name={file.name}
          bed={bed}
          printedBytes={null}
          objects={null}
          read={read}
        />
      </Suspense>
    </Card>
  )
}
