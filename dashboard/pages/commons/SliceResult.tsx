// How far slicing is; then its time, material and cost, what to look at, its layers; and into the queue with it.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, NumberInput, Progress, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { CircleCheck, Info } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'wouter'
import { contentUrl } from '../../../server/contract/files.ts'
import type { Me } from '../../../server/contract/members.ts'
import { may } from '../../../server/contract/permissions.ts'
import { cancelSlice, queueSlice, type Slice, showSlice } from '../../../server/contract/slicing.ts'
import { listFilaments } from '../../../server/contract/spools.ts'
import { formatDuration, formatLength, formatNumber } from '../../format.ts'
import { queries, useAction, useEndpoint } from '../../state/use-endpoint.ts'

const LayerPreview = lazy(async () => ({ default: (await import('../../layers/LayerPreview.tsx')).LayerPreview }))

export interface SliceResultProps {
  readonly id: number
  /** What was chosen: `printer:…` is wished of the job, too. */
  readonly where: string
  readonly me: Me
  back(): void
  close(): void
}

const isOpen = ({ state }: Slice): boolean => state === 'waiting' || state === 'slicing' || state === 'checking'

export const SliceResult = ({ id, where, me, back, close }: SliceResultProps) => {
  const { t } = useLingui()
  const ask = { params: { id } }
  const known = queries.getQueryData<Slice>([showSlice.url, ask])
  const slice = useEndpoint(showSlice, ask, known !== undefined && !isOpen(known) ? {} : { every: 700 })
  const cancel = useAction(cancelSlice, { done: (reply) => queries.setQueryData([showSlice.url, ask], reply) })
  if (slice.error && !slice.data) return <Alert color="red">{slice.error.message}</Alert>
  const now = slice.data
  if (now === undefined || isOpen(now)) {
    const steps = {
      waiting: t`It waits for its turn`,
      slicing: t`It is being sliced`,
      checking: t`It is being checked`,
    }
    const state = now?.state
    const step = state === 'slicing' || state === 'checking' ? steps[state] : steps.waiting
    return (
      <Stack gap="sm" role="status">
        <Text>{step}</Text>
        <Progress
          value={state === 'slicing' ? (now?.progress ?? 0) * 100 : 100}
          animated={state !== 'slicing'}
          aria-label={t`Slicing`}
        />
        <Group justify="flex-end">
          <Button
            variant="default"
            loading={cancel.isPending}
            onClick={() => {
              cancel.mutate(ask)
              back()
            }}
          >
            <Trans>Cancel</Trans>
          </Button>
        </Group>
      </Stack>
    )
  }
  if (now.state !== 'done') {
    return (
      <Stack gap="md">
        <Alert color="red" title={t`It could not be sliced`}>
          {now.reason ?? t`It was cancelled.`}
        </Alert>
        <Group justify="flex-end">
          <Button onClick={back}>
            <Trans>Change something</Trans>
          </Button>
        </Group>
      </Stack>
    )
  }
  return <Done slice={now} where={where} me={me} back={back} close={close} />
}

const Done = ({ slice, where, me, back, close }: Omit<SliceResultProps, 'id'> & { slice: Slice }) => {
  const { t } = useLingui()
  const filaments = useEndpoint(listFilaments, {})
  const prices = (filaments.data ?? [])
    .filter(({ material, pricePerKg }) => material.toLowerCase() === slice.request.material && pricePerKg !== null)
    .map(({ pricePerKg }) => pricePerKg ?? 0)
  const cost = slice.grams === null || prices.length === 0 ? null : (Math.min(...prices) * slice.grams) / 1000
  const facts: [string, string | null][] = [
    [t`Time`, slice.seconds === null ? null : formatDuration(slice.seconds)],
    [t`Material`, slice.grams === null ? null : t`${formatNumber(slice.grams, 1)} g`],
    [t`Filament`, slice.filamentMillimetres === null ? null : formatLength(slice.filamentMillimetres)],
    [t`Layers`, slice.layers === null ? null : formatNumber(slice.layers)],
    [t`Material costs from`, cost === null ? null : formatNumber(cost, 2)],
  ]
  return (
    <Stack gap="md">
      <Group gap={8} role="status">
        <CircleCheck size={20} aria-hidden className="good" />
        <Text fw={600}>
          {slice.wasStored ? <Trans>It was sliced before, and is here at once</Trans> : <Trans>It is sliced</Trans>}
        </Text>
      </Group>
      <SimpleGrid cols={{ base: 2, xs: 4 }} spacing="xs" component="dl" className="slice-facts">
        {facts.map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <Text component="dt" size="xs" c="dimmed">
                  {name}
                </Text>
                <Text component="dd" fw={600} className="figures">
                  {value}
                </Text>
              </div>
            ),
        )}
      </SimpleGrid>
      {slice.remarks.map(({ code, message }) => (
        <Group key={`${code} ${message}`} gap={8} wrap="nowrap" align="flex-start">
          <Info size={17} aria-hidden className="no-shrink" />
          <Text size="sm">{message}</Text>
        </Group>
      ))}
      {slice.fileId !== null && (
        <Suspense fallback={<div className="layer-preview" />}>
          <LayerPreview url={contentUrl(slice.fileId)} />
        </Suspense>
      )}
      <QueueIt slice={slice} where={where} me={me} back={back} close={close} />
    </Stack>
  )
}

const QueueIt = ({ slice, where, me, back, close }: Omit<SliceResultProps, 'id'> & { slice: Slice }) => {
  const { t } = useLingui()
  const [copies, setCopies] = useState(1)
  const [printer, setPrinter] = useState<string | null>(where.startsWith('printer:') ? where.slice(8) : null)
  const queue = useAction(queueSlice, { quiet: true })
  const fileId = slice.fileId
  if (queue.data) {
    return (
      <Stack gap="sm">
        <Alert color="slate" icon={<CircleCheck size={18} />} title={t`It is in the queue`}>
          {queue.data.waitsFor}
        </Alert>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            <Trans>Close</Trans>
          </Button>
          <Button component={Link} href="/queue">
            <Trans>See the queue</Trans>
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <Stack gap="sm">
      <Group grow align="flex-start">
        <NumberInput
          label={t`Copies`}
          min={1}
          max={1000}
          allowDecimal={false}
          value={copies}
          onChange={(value) => setCopies(Math.max(1, Number(value) || 1))}
        />
        <Select
          label={t`Printer`}
          placeholder={t`Any that can`}
          clearable
          value={printer}
          onChange={setPrinter}
          data={slice.printers.map(({ id, name }) => ({ value: String(id), label: name }))}
        />
      </Group>
      {(queue.error ?? slice.notQueued) && <Alert color="red">{queue.error?.message ?? slice.notQueued}</Alert>}
      <Group justify="space-between">
        <Button variant="default" onClick={back}>
          <Trans>Change something</Trans>
        </Button>
        <Group gap="xs">
          {fileId !== null && (
            <Button component="a" href={contentUrl(fileId)} download={`${slice.name}.gcode`} variant="default">
              <Trans>Download</Trans>
            </Button>
          )}
          {may(me, 'queue') && (
            <Button
              loading={queue.isPending}
              onClick={() =>
                queue.mutate({
                  params: { id: slice.id },
                  body: { copies, printerId: printer === null ? null : Number(printer) },
                })
              }
            >
              <Trans>Queue it</Trans>
            </Button>
          )}
        </Group>
      </Group>
    </Stack>
  )
}
