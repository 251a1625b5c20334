// The plate with its parts in the middle, and beside it what can be done: look at its facts, set, place, print.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Card, Center, Loader, Modal, Select, Stack, Tabs, Text } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { Printer as PrinterIcon } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react'
import type { Design, DesignFile } from '../../../server/contract/commons.ts'
import type { Me } from '../../../server/contract/members.ts'
import { modelPictureUrl } from '../../../server/contract/models.ts'
import { may } from '../../../server/contract/permissions.ts'
import { listPrinters } from '../../../server/contract/printers.ts'
import { formatNumber } from '../../format.ts'
import { beyondBed, combine, turnBetween, type Vector } from '../../part/placing.ts'
import { useMeshes, useModel } from '../../state/models.ts'
import { useEndpoint } from '../../state/use-endpoint.ts'
import { fileName } from './DesignFiles.tsx'
import { PartFactsPanel } from './PartFactsPanel.tsx'
import { PlacePanel } from './PlacePanel.tsx'
import { bedOf, newItem, type PlateItem, placedSize, sceneItems, slicedParts, usualBed } from './plate-items.ts'

const PartViewer = lazy(async () => ({ default: (await import('../../part/PartViewer.tsx')).PartViewer }))
const PrintThis = lazy(async () => ({ default: (await import('./PrintThis.tsx')).PrintThis }))

export interface WorkbenchProps {
  readonly design: Design
  readonly file: DesignFile
  readonly me: Me
  /** Of the model that the file is or makes; null: it is being made. */
  readonly hash: string | null
  readonly isFile: boolean
  /** Its parameters, where it has any. */
  readonly panel?: ReactNode
}

export const Workbench = ({ design, file, me, hash, isFile, panel }: WorkbenchProps) => {
  const { t } = useLingui()
  const [items, setItems] = useState<readonly PlateItem[]>([])
  const [selected, setSelected] = useState<string | null>(null)
  const [printing, setPrinting] = useState(false)
  const name = fileName(file.path)
  useEffect(() => {
    if (hash === null) return
    setItems((before) =>
      before.length === 0
        ? [newItem({ hash, name, designFileId: file.id, isFile })]
        : before.map((item) => (item.designFileId === file.id ? { ...item, hash, isFile } : item)),
    )
  }, [hash, name, file.id, isFile])
  const { meshes, reason } = useMeshes(items.map((item) => item.hash))
  const { bed, bedChoice } = useBed()
  const scene = useMemo(() => sceneItems(items, meshes), [items, meshes])
  const chosen = items.find(({ key }) => key === selected) ?? items[0] ?? null
  const model = useModel(chosen?.hash ?? null, chosen?.name ?? '', false)
  const change = (key: string, part: Partial<PlateItem>): void =>
    setItems((before) => before.map((item) => (item.key === key ? { ...item, ...part } : item)))
  const layFlat = (key: string, normal: Vector): void => {
    const item = items.find((one) => one.key === key)
    if (item === undefined) return
    const rotation = combine(turnBetween(normal, [0, 0, -1]), item.placing.rotation)
    change(key, { placing: { ...item.placing, rotation } })
  }
  const outside = items.filter((item) => {
    const size = placedSize(item, meshes)
    return size !== null && bed !== null && beyondBed(size, item.placing.position, bed) > 0.01
  })
  const size = chosen === null ? null : placedSize(chosen, meshes)
  const lengths = size === null ? '' : size.map((length) => formatNumber(length, 1)).join(' × ')
  const triangles = scene.reduce((sum, { mesh }) => sum + mesh.indices.length / 3, 0)
  const summary =
    size === null ? t`${name}: being fetched` : t`${name}: ${lengths} mm, ${formatNumber(triangles)} triangles`
  const arrivedAt = chosen === null ? undefined : meshes.get(chosen.hash)?.arrivedAt
  const mayPrint = may(me, 'queue') && design.mayBePrinted
  return (
    <div className="workbench">
      <Stack gap="xs" className="workbench-view">
        {bedChoice}
        {scene.length > 0 ? (
          <Suspense fallback={<Blank />}>
            <PartViewer
              items={scene}
              bed={bed}
              summary={summary}
              selected={items.length > 1 ? (chosen?.key ?? null) : null}
              {...(arrivedAt === undefined ? {} : { arrivedAt })}
              open={model.data?.facts?.watertight === false}
              select={setSelected}
              {...(may(me, 'queue') ? { layFlat } : {})}
              instead={hash !== null && <img src={modelPictureUrl(hash, 512)} alt="" className="instead" />}
            />
          </Suspense>
        ) : (
          <Blank reason={reason} />
        )}
        <Text size="sm" c="dimmed" role="status" className="figures">
          {summary}
        </Text>
        {outside.length > 0 && (
          <Alert color="yellow">
            <Trans>It stands out over this bed: turn it, scale it, or choose a larger printer.</Trans>
          </Alert>
        )}
      </Stack>
      <Stack gap="md" className="workbench-side">
        <Button
          size="md"
          leftSection={<PrinterIcon size={18} aria-hidden />}
          disabled={!mayPrint || scene.length === 0}
          onClick={() => setPrinting(true)}
        >
          <Trans>Print this</Trans>
        </Button>
        {!design.mayBePrinted && (
          <Text size="sm" c="dimmed">
            <Trans>Before it is printed, a steward decides about its licence: see the page of the design.</Trans>
          </Text>
        )}
        <Card withBorder padding="sm">
          <Tabs defaultValue={panel ? 'set' : 'facts'} keepMounted>
            <Tabs.List mb="sm">
              {panel && <Tabs.Tab value="set">{t`Parameters`}</Tabs.Tab>}
              <Tabs.Tab value="facts">{t`Facts`}</Tabs.Tab>
              {may(me, 'queue') && <Tabs.Tab value="place">{t`Place`}</Tabs.Tab>}
            </Tabs.List>
            {panel && <Tabs.Panel value="set">{panel}</Tabs.Panel>}
            <Tabs.Panel value="facts">
              {chosen && (
                <PartFactsPanel
                  hash={chosen.hash}
                  name={chosen.name}
                  me={me}
                  size={size}
                  repaired={(repaired) => {
                    for (const { key, hash: old } of items)
                      if (old === chosen.hash) change(key, { hash: repaired, isFile: false })
                  }}
                />
              )}
            </Tabs.Panel>
            <Tabs.Panel value="place">
              {chosen && (
                <PlacePanel
                  design={design}
                  items={items}
                  chosen={chosen}
                  meshes={meshes}
                  bed={bed ?? usualBed}
                  select={setSelected}
                  setItems={setItems}
                  change={change}
                />
              )}
            </Tabs.Panel>
          </Tabs>
        </Card>
      </Stack>
      <Modal opened={printing} onClose={() => setPrinting(false)} title={t`Print this`} size="xl">
        {printing && (
          <Suspense fallback={<Loader />}>
            <PrintThis
              name={items.length > 1 ? design.name : name.replace(/\.[a-z0-9]{1,5}$/i, '')}
              parts={slicedParts(items, meshes)}
              size={size}
              me={me}
              close={() => setPrinting(false)}
            />
          </Suspense>
        )}
      </Modal>
    </div>
  )
}

const noBed = { width: 0, depth: 0, height: 0, round: false }

const Blank = ({ reason = null }: { reason?: string | null }) => (
  <Center className="part-viewer">{reason === null ? <Loader /> : <Alert color="red">{reason}</Alert>}</Center>
)

/** The bed beneath: of a printer that one chooses, and finds again next time. */
const useBed = () => {
  const { t } = useLingui()
  const printers = useEndpoint(listPrinters, {})
  const [wanted, want] = useLocalStorage({ key: 'auzolan-bed', defaultValue: '' })
  const all = printers.data ?? []
  const printer = all.find(({ id }) => String(id) === wanted) ?? all[0]
  // One value for one bed, however often the printer tells of itself: the scene is only built anew where it is another.
  const { width, depth, height, round } = bedOf(printer) ?? noBed
  const bed = useMemo(() => (width === 0 ? null : { width, depth, height, round }), [width, depth, height, round])
  const bedChoice = all.length > 0 && printer && (
    <Select
      aria-label={t`The bed beneath it`}
      leftSection={<PrinterIcon size={15} aria-hidden />}
      data={all.map(({ id, name, profile }) => ({
        value: String(id),
        label: `${name} · ${profile.width} × ${profile.depth} × ${profile.height} mm`,
      }))}
      value={String(printer.id)}
      allowDeselect={false}
      onChange={(value) => want(value ?? '')}
      maw={360}
    />
  )
  return { bed, bedChoice }
}
