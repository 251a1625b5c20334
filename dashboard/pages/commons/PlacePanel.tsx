// How parts lie on the plate: scaled, turned, mirrored, doubled, arranged; and what came of it, kept.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Alert, Button, Group, Menu, NumberInput, Stack, Text, Tooltip } from '@mantine/core'
import { Copy, FlipHorizontal2, LayoutGrid, Plus, RotateCcw, RotateCw, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Design } from '../../../server/contract/commons.ts'
import { askPlate } from '../../../server/contract/model-work.ts'
import { call } from '../../api/call.ts'
import type { ArrivedMesh } from '../../api/mesh.ts'
import type { SceneBed } from '../../part/bed-lines.ts'
import { asDrawn, combine, type Placing, turnAbout, type Vector } from '../../part/placing.ts'
import { useWork } from '../../state/models.ts'
import { fileName } from './DesignFiles.tsx'
import { KeepShape } from './KeepShape.tsx'
import { arranged, MOST_PARTS, newItem, type PlateItem, placedSize, plateObject } from './plate-items.ts'
import { Suggestions } from './Suggestions.tsx'

export interface PlacePanelProps {
  readonly design: Design
  readonly items: readonly PlateItem[]
  readonly chosen: PlateItem
  readonly meshes: ReadonlyMap<string, ArrivedMesh>
  readonly bed: SceneBed
  select(key: string): void
  setItems(items: readonly PlateItem[]): void
  change(key: string, part: Partial<PlateItem>): void
}

export const PlacePanel = (props: PlacePanelProps) => {
  const { chosen, items, meshes, change } = props
  const place = (part: Partial<Placing>): void => change(chosen.key, { placing: { ...chosen.placing, ...part } })
  return (
    <Stack gap="md">
      <PartsOnPlate {...props} />
      <ScaleFields chosen={chosen} size={placedSize(chosen, meshes)} place={place} />
      <TurnButtons chosen={chosen} place={place} />
      <Suggestions key={chosen.hash} hash={chosen.hash} choose={(rotation) => place({ rotation })} />
      {items.length > 1 && <WhereFields chosen={chosen} place={place} />}
      <KeepShape {...props} />
    </Stack>
  )
}

/** Between parts (mm). */
const CLEARANCE = 5

const PartsOnPlate = ({ design, items, chosen, bed, select, setItems }: PlacePanelProps) => {
  const { t } = useLingui()
  const waiting = useRef(items)
  const [homeless, setHomeless] = useState(0)
  const work = useWork(({ plate }) => {
    if (plate === undefined) return
    setItems(arranged(waiting.current, plate.placed, bed))
    setHomeless(plate.left.reduce((sum, { copies }) => sum + copies, 0))
  })
  const arrange = (all: readonly PlateItem[]): void => {
    setItems(all)
    waiting.current = all
    work.run(() =>
      call(askPlate, {
        body: {
          objects: all.map((item) => plateObject(item, bed, true)),
          bed: { width: bed.width, depth: bed.depth, height: bed.height, round: bed.round },
          clearance: CLEARANCE,
          mayTurn: true,
        },
      }),
    )
  }
  const others = design.files.filter(
    ({ model, isPrintable }) => isPrintable && model?.state === 'ready' && model.hash !== null,
  )
  const isFull = items.length >= MOST_PARTS
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          <Trans>On the plate: {items.length}</Trans>
        </Text>
        <Group gap={6}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Copy size={14} aria-hidden />}
            disabled={isFull}
            onClick={() => arrange([...items, { ...newItem(chosen), placing: chosen.placing }])}
          >
            <Trans>Duplicate</Trans>
          </Button>
          {others.length > 0 && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<Plus size={14} aria-hidden />}
                  disabled={isFull}
                >
                  <Trans>Another part</Trans>
                </Button>
              </Menu.Target>
              <Menu.Dropdown className="long-menu">
                {others.map((file) => (
                  <Menu.Item
                    key={file.id}
                    onClick={() =>
                      arrange([
                        ...items,
                        newItem({
                          hash: file.model?.hash ?? file.hash,
                          name: fileName(file.path),
                          designFileId: file.id,
                          isFile: file.model?.hash === file.hash,
                        }),
                      ])
                    }
                  >
                    {file.path}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Group>
      {items.length > 1 && (
        <>
          <ul className="plain-list plate-parts">
            {items.map(({ key, name }, at) => (
              <li key={key}>
                <Button
                  className="grow"
                  size="compact-sm"
                  justify="flex-start"
                  variant={key === chosen.key ? 'light' : 'subtle'}
                  color={key === chosen.key ? 'slate' : 'gray'}
                  aria-pressed={key === chosen.key}
                  onClick={() => select(key)}
                >
                  {at + 1}. {name}
                </Button>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t`Take part ${at + 1} off the plate`}
                  onClick={() => setItems(items.filter((item) => item.key !== key))}
                >
                  <Trash2 size={15} />
                </ActionIcon>
              </li>
            ))}
          </ul>
          <Group>
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<LayoutGrid size={14} aria-hidden />}
              loading={work.isBusy}
              onClick={() => arrange(items)}
            >
              <Trans>Arrange them</Trans>
            </Button>
          </Group>
        </>
      )}
      {work.reason !== null && <Alert color="red">{work.reason}</Alert>}
      {homeless > 0 && !work.isBusy && (
        <Alert color="yellow">
          <Plural
            value={homeless}
            one="# part finds no room on this bed: take it off, or choose a larger printer."
            other="# parts find no room on this bed: take some off, or choose a larger printer."
          />
        </Alert>
      )}
    </Stack>
  )
}

interface PlaceProps {
  readonly chosen: PlateItem
  place(part: Partial<Placing>): void
}

const axes = ['x', 'y', 'z'] as const

const ScaleFields = ({ chosen, size, place }: PlaceProps & { size: Vector | null }) => {
  const { t } = useLingui()
  const { scale } = chosen.placing
  const percent = Math.abs(scale[0]) * 100
  const isEven = scale.every((one) => Math.abs(Math.abs(one) - Math.abs(scale[0])) < 1e-9)
  const setAll = (factor: number): void => {
    if (factor > 0.0001)
      place({ scale: [Math.sign(scale[0]) * factor, Math.sign(scale[1]) * factor, Math.sign(scale[2]) * factor] })
  }
  const stretch = (at: number, factor: number): void => {
    const next = scale.map((one, side) => (side === at ? Math.sign(one) * factor : one))
    const [x = 1, y = 1, z = 1] = next
    if (factor > 0.0001 && factor < 1000) place({ scale: [x, y, z] })
  }
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        <Trans>Scale</Trans>
      </Text>
      <Group gap={6} wrap="nowrap" align="flex-end">
        <NumberInput
          label={t`All`}
          suffix=" %"
          min={1}
          max={10_000}
          step={5}
          decimalScale={2}
          value={isEven ? Number(percent.toFixed(2)) : ''}
          placeholder="…"
          onChange={(value) => {
            if (typeof value === 'number' && value > 0) setAll(value / 100)
          }}
        />
        {axes.map((axis, at) => (
          <NumberInput
            key={axis}
            label={axis.toUpperCase()}
            suffix=" %"
            min={1}
            max={10_000}
            decimalScale={2}
            hideControls
            value={Number((Math.abs(scale[at] ?? 1) * 100).toFixed(2))}
            onChange={(value) => {
              if (typeof value === 'number' && value > 0) stretch(at, value / 100)
            }}
          />
        ))}
      </Group>
      {size !== null && (
        <NumberInput
          label={t`Longest side (mm)`}
          min={0.1}
          max={5000}
          decimalScale={2}
          value={Number(Math.max(...size).toFixed(2))}
          onChange={(value) => {
            const longest = Math.max(...size)
            const isChanged = typeof value === 'number' && value > 0 && Math.abs(value - longest) > 0.005
            if (isChanged && longest > 0) {
              const factor = value / longest
              place({ scale: [scale[0] * factor, scale[1] * factor, scale[2] * factor] })
            }
          }}
        />
      )}
    </Stack>
  )
}

const TurnButtons = ({ chosen, place }: PlaceProps) => {
  const { t } = useLingui()
  const { rotation, scale } = chosen.placing
  const mirror = (at: number): void => {
    const [x, y, z] = scale
    place({ scale: [at === 0 ? -x : x, at === 1 ? -y : y, at === 2 ? -z : z] })
  }
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        <Trans>Turn and mirror</Trans>
      </Text>
      {axes.map((axis, at) => {
        const name = axis.toUpperCase()
        const turn = (degrees: number): void => place({ rotation: combine(turnAbout(axis, degrees), rotation) })
        return (
          <Group key={axis} gap={6} wrap="nowrap">
            <Text size="sm" w={18} fw={600}>
              {name}
            </Text>
            {[-90, -15, 15, 90].map((degrees) => (
              <Button
                key={degrees}
                size="compact-sm"
                variant="default"
                className="grow"
                aria-label={t`Turn about ${name} by ${degrees}°`}
                leftSection={degrees < 0 ? <RotateCcw size={13} aria-hidden /> : <RotateCw size={13} aria-hidden />}
                onClick={() => turn(degrees)}
              >
                {Math.abs(degrees)}°
              </Button>
            ))}
            <Tooltip label={t`Mirror along ${name}`}>
              <ActionIcon variant="default" aria-label={t`Mirror along ${name}`} onClick={() => mirror(at)}>
                <FlipHorizontal2 size={15} />
              </ActionIcon>
            </Tooltip>
          </Group>
        )
      })}
      <Text size="xs" c="dimmed">
        <Trans>In the picture, “Lay it on a face” lets you press the face that is to lie on the bed.</Trans>
      </Text>
      <Group>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => place({ ...asDrawn, position: chosen.placing.position })}
        >
          <Trans>As it was drawn</Trans>
        </Button>
      </Group>
    </Stack>
  )
}

const WhereFields = ({ chosen, place }: PlaceProps) => {
  const { t } = useLingui()
  const [x, y] = chosen.placing.position
  const set = (at: 0 | 1, value: number | string): void => {
    if (typeof value === 'number') place({ position: at === 0 ? [value, y] : [x, value] })
  }
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        <Trans>From the middle of the bed (mm)</Trans>
      </Text>
      <Group gap={6} grow>
        <NumberInput
          aria-label={t`To the right`}
          leftSection="X"
          decimalScale={1}
          value={Number(x.toFixed(1))}
          onChange={(value) => set(0, value)}
        />
        <NumberInput
          aria-label={t`To the back`}
          leftSection="Y"
          decimalScale={1}
          value={Number(y.toFixed(1))}
          onChange={(value) => set(1, value)}
        />
      </Group>
    </Stack>
  )
}
