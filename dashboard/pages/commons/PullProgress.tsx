// How far a pull is, and what came of it: what was found, and what is not as it should be.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, Loader, Progress, Stack, Text } from '@mantine/core'
import { CircleCheck } from 'lucide-react'
import { Link } from 'wouter'
import { showDesign } from '../../../server/contract/commons.ts'
import { cancelPull, type Pull, showPull } from '../../../server/contract/pulls.ts'
import { LicenceBadge } from '../../components/LicenceWords.tsx'
import { formatBytes, formatNumber } from '../../format.ts'
import { queries, useAction, useEndpoint } from '../../state/use-endpoint.ts'
import { DesignWarnings } from './DesignWarnings.tsx'

export const isOpenPull = ({ state }: Pull): boolean => state === 'waiting' || state === 'working'

export const usePull = (id: number | null): Pull | null => {
  const known = queries.getQueryData<Pull>([showPull.url, { params: { id: id ?? 0 } }])
  const every = known !== undefined && !isOpenPull(known) ? {} : { every: 700 }
  return useEndpoint(showPull, { params: { id: id ?? 0 } }, { enabled: id !== null, ...every }).data ?? null
}

export interface PullProgressProps {
  readonly id: number
  again(): void
  close(): void
}

export const PullProgress = ({ id, again, close }: PullProgressProps) => {
  const pull = usePull(id)
  const cancel = useAction(cancelPull, {
    done: (reply) => queries.setQueryData([showPull.url, { params: { id } }], reply),
  })
  if (pull === null) return <Loader />
  return (
    <Stack gap="md" aria-live="polite">
      <Text fw={600} className="break-anywhere">
        {pull.address}
      </Text>
      {isOpenPull(pull) && (
        <>
          <PullBar pull={pull} />
          <Group justify="space-between">
            <Button variant="default" onClick={() => cancel.mutate({ params: { id } })} loading={cancel.isPending}>
              <Trans>Cancel</Trans>
            </Button>
            <Button variant="light" onClick={close}>
              <Trans>Go on in the background</Trans>
            </Button>
          </Group>
        </>
      )}
      {pull.state === 'failed' && <Alert color="red">{pull.reason}</Alert>}
      {pull.state === 'cancelled' && (
        <Text>
          <Trans>It was cancelled, and nothing of it was kept.</Trans>
        </Text>
      )}
      {(pull.state === 'failed' || pull.state === 'cancelled') && (
        <Group justify="flex-end">
          <Button onClick={again}>
            <Trans>Try another one</Trans>
          </Button>
        </Group>
      )}
      {pull.state === 'done' && pull.designId !== null && <Found designId={pull.designId} close={close} />}
    </Stack>
  )
}

export const PullBar = ({ pull }: { pull: Pull }) => {
  const { t } = useLingui()
  const { filesDone, filesTotal, bytesDone, step } = pull
  const share = filesTotal === null || filesTotal === 0 ? 1 : filesDone / filesTotal
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{step === '' ? t`It will begin in a moment` : step}</Text>
        <Text size="sm" c="dimmed" className="figures">
          {filesTotal === null
            ? formatBytes(bytesDone)
            : t`${formatNumber(filesDone)} of ${formatNumber(filesTotal)} files · ${formatBytes(bytesDone)}`}
        </Text>
      </Group>
      <Progress mt={6} value={share * 100} animated={filesTotal === null} aria-label={t`Pull of ${pull.address}`} />
    </div>
  )
}

const Found = ({ designId, close }: { designId: number; close(): void }) => {
  const design = useEndpoint(showDesign, { params: { id: designId }, query: {} })
  if (design.error) return <Alert color="red">{design.error.message}</Alert>
  if (!design.data) return <Loader />
  const { name, creators, licence, files, printableFiles, warnings } = design.data
  return (
    <Stack gap="sm">
      <Group gap={8} wrap="nowrap" align="flex-start">
        <CircleCheck size={20} aria-hidden className="good no-shrink" />
        <div>
          <Text fw={600} className="break-anywhere">
            {name}
          </Text>
          {creators.length > 0 && (
            <Text size="sm" c="dimmed">
              {creators.join(', ')}
            </Text>
          )}
          <Text size="sm">
            <Plural value={files.length} one="# file" other="# files" />,{' '}
            <Plural
              value={printableFiles}
              _0="none of them printable"
              one="# of them printable"
              other="# of them printable"
            />
          </Text>
        </div>
      </Group>
      <Group>
        <LicenceBadge licence={licence} />
      </Group>
      <DesignWarnings warnings={warnings} most={5} />
      <Group justify="flex-end">
        <Button component={Link} href={`/designs/${designId}`} onClick={close}>
          <Trans>Open it</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
