// Files: bring them, find them, queue them.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  ActionIcon,
  Anchor,
  Button,
  Card,
  Center,
  Group,
  Loader,
  Menu,
  Modal,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { Download, EllipsisVertical, FileBox, ListPlus, Search, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { contentUrl, forgetFile, type GcodeFile, listFiles } from '../../server/contract/files.ts'
import { queueJob } from '../../server/contract/jobs.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { listPrinters, type Printer } from '../../server/contract/printers.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { FileFacts } from '../components/FileFacts.tsx'
import { FileWarnings } from '../components/FileWarnings.tsx'
import { PartPicture } from '../components/PartPicture.tsx'
import { UploadDrop } from '../components/UploadDrop.tsx'
import { formatBytes, formatInstant } from '../format.ts'
import { dismiss, sendFiles, useSendings } from '../state/uploads.ts'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'
import { QueueWithWishes } from './QueueWithWishes.tsx'

export const FilesPage = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 250)
  const files = useEndpoint(listFiles, { query: search === '' ? { limit: 60 } : { limit: 60, search } })
  const printers = useEndpoint(listPrinters, {})
  const sendings = useSendings()
  const mayQueue = may(me, 'queue')
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1}>
          <Trans>Files</Trans>
        </Title>
        <TextInput
          leftSection={<Search size={16} aria-hidden />}
          placeholder={t`Find a file`}
          aria-label={t`Find a file`}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          type="search"
        />
      </Group>
      {mayQueue && <UploadDrop sendings={sendings} send={(chosen) => void sendFiles(chosen)} dismiss={dismiss} />}
      {files.isPending && (
        <Center mih={200}>
          <Loader />
        </Center>
      )}
      {files.data?.length === 0 &&
        (search === '' ? (
          <EmptyState icon={FileBox} title={t`No file yet`}>
            <Trans>Slice a model on your computer, export the G-code, and drop it here.</Trans>
          </EmptyState>
        ) : (
          <EmptyState icon={Search} title={t`Nothing is called ${search}`} />
        ))}
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} spacing="md">
        {files.data?.map((file) => (
          <FileCard
            key={file.id}
            file={file}
            me={me}
            mine={file.uploadedBy === me.name || may(me, 'run-printers')}
            mayQueue={mayQueue}
            printers={printers.data ?? []}
          />
        ))}
      </SimpleGrid>
    </Stack>
  )
}

interface FileCardProps {
  readonly file: GcodeFile
  readonly me: Me
  readonly mine: boolean
  readonly mayQueue: boolean
  readonly printers: readonly Printer[]
}

const FileCard = ({ file, me, mine, mayQueue, printers }: FileCardProps) => {
  const { t } = useLingui()
  const [wishing, setWishing] = useState(false)
  const done = ({ place }: { place: number | null }): void => {
    setWishing(false)
    notifications.show({ message: t`${file.name} is in the queue, at place ${place ?? 1}.`, withBorder: true })
  }
  const queue = useAction(queueJob, { done })
  return (
    <Card withBorder padding="sm" component="article" aria-label={file.name}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <PartPicture fileId={file.id} has={file.hasThumbnail} size={88} />
        <Stack gap={4} className="grow">
          <Anchor
            component={Link}
            href={`/files/${file.id}`}
            c="inherit"
            fw={600}
            className="break-anywhere"
            lineClamp={2}
          >
            {file.name}
          </Anchor>
          <FileFacts file={file} />
          <FileWarnings file={file} />
          <Text size="xs" c="dimmed">
            {[file.uploadedBy, formatInstant(file.uploadedAt), formatBytes(file.sizeBytes)].filter(Boolean).join(' · ')}
          </Text>
          {mayQueue && file.state !== 'failed' && (
            <Group gap="xs" mt={4}>
              <Button
                size="compact-sm"
                leftSection={<ListPlus size={15} aria-hidden />}
                loading={queue.isPending}
                onClick={() => queue.mutate({ body: { fileId: file.id } })}
              >
                <Trans>Queue it</Trans>
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => setWishing(true)}>
                <Trans>Copies, printer, time…</Trans>
              </Button>
            </Group>
          )}
        </Stack>
        <FileMenu file={file} mine={mine} />
      </Group>
      <Modal opened={wishing} onClose={() => setWishing(false)} title={file.name} size="lg">
        {wishing && <QueueWithWishes file={file} printers={printers} me={me} done={done} />}
      </Modal>
    </Card>
  )
}

const FileMenu = ({ file, mine }: { file: GcodeFile; mine: boolean }) => {
  const { t } = useLingui()
  const forget = useAction(forgetFile)
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t`What can be done with ${file.name}`}>
          <EllipsisVertical size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component="a"
          href={contentUrl(file.id)}
          download={file.name}
          leftSection={<Download size={15} aria-hidden />}
        >
          <Trans>Download</Trans>
        </Menu.Item>
        {mine && (
          <Menu.Item
            color="red"
            leftSection={<Trash2 size={15} aria-hidden />}
            onClick={() => forget.mutate({ params: { id: file.id } })}
          >
            <Trans>Take it out of the list</Trans>
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
