// From a part to the queue: where, of what, how strong; then what came of slicing it.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  Alert,
  Button,
  Center,
  Checkbox,
  Group,
  Loader,
  Select,
  SimpleGrid,
  Slider,
  Stack,
  Switch,
  Text,
} from '@mantine/core'
import { useState } from 'react'
import type { Me } from '../../../server/contract/members.ts'
import {
  listSlicing,
  type PrinterClass,
  requestSlice,
  type Settings,
  type Slice,
  type SliceChoices,
  type SlicePart,
} from '../../../server/contract/slicing.ts'
import { QualityChoice } from '../../components/QualityChoice.tsx'
import type { Vector } from '../../part/placing.ts'
import { useAction, useEndpoint } from '../../state/use-endpoint.ts'
import { ExpertDoor } from './ExpertDoor.tsx'
import { SliceResult } from './SliceResult.tsx'

export interface PrintThisProps {
  readonly name: string
  readonly parts: readonly SlicePart[]
  /** Of the first part as it lies, mm; null: not known. */
  readonly size: Vector | null
  readonly me: Me
  close(): void
}

export interface Wish {
  /** `class:…`, or `printer:…`. */
  readonly where: string
  readonly material: string
  readonly quality: string
  readonly choices: SliceChoices
  readonly settings: Settings
  readonly engine: string
}

export const PrintThis = ({ name, parts, size, me, close }: PrintThisProps) => {
  const [wish, setWish] = useState<Partial<Wish>>({})
  const [slice, setSlice] = useState<Slice | null>(null)
  const slicing = useEndpoint(listSlicing, {})
  const ask = useAction(requestSlice, { quiet: true, done: setSlice })
  if (slicing.error) return <Alert color="red">{slicing.error.message}</Alert>
  if (!slicing.data) {
    return (
      <Center mih={200}>
        <Loader />
      </Center>
    )
  }
  const { classes, materials, qualities, engines } = slicing.data
  const best = bestClass(classes, size)
  if (best === undefined) {
    return (
      <Alert color="yellow">
        <Trans>There is no printer yet that could print it.</Trans>
      </Alert>
    )
  }
  const whole: Wish = {
    where: `class:${best.key}`,
    material: materials[0]?.key ?? '',
    quality: (qualities.find(({ key }) => key === 'standard') ?? qualities[0])?.key ?? '',
    choices: { infill: null, supports: 'off', brim: false },
    settings: {},
    engine: engines.find(({ isDefault }) => isDefault)?.name ?? '',
    ...wish,
  }
  if (slice !== null) {
    return <SliceResult id={slice.id} where={whole.where} me={me} back={() => setSlice(null)} close={close} />
  }
  const engine = engines.find((one) => one.name === whole.engine)
  const begin = (): void =>
    ask.mutate({
      body: {
        name:
          name
            .replace(/\p{Cc}+/gu, ' ')
            .trim()
            .slice(0, 80) || 'part',
        parts: [...parts],
        ...placeOf(whole.where),
        material: whole.material,
        quality: whole.quality,
        choices: whole.choices,
        ...(Object.keys(whole.settings).length === 0 ? {} : { settings: whole.settings }),
        ...(engine === undefined || engine.isDefault ? {} : { engine: engine.name }),
      },
    })
  const set = (change: Partial<Wish>): void => setWish((before) => ({ ...before, ...change }))
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <Where classes={classes} best={best} value={whole.where} change={(where) => set({ where })} />
        <Material all={materials} value={whole.material} change={(material) => set({ material })} />
      </SimpleGrid>
      <QualityChoice qualities={qualities} value={whole.quality} change={(quality) => set({ quality })} />
      <Choices choices={whole.choices} mayTree={engine?.tree ?? false} change={(choices) => set({ choices })} />
      <ExpertDoor engines={engines} engine={whole.engine} settings={whole.settings} change={set} />
      {ask.error && <Alert color="red">{ask.error.message}</Alert>}
      <Group justify="flex-end">
        <Button loading={ask.isPending} onClick={begin}>
          <Trans>Slice it</Trans>
        </Button>
      </Group>
    </Stack>
  )
}

const placeOf = (where: string): { printerClass: string } | { printerId: number } => {
  const [kind, value = ''] = [where.slice(0, where.indexOf(':')), where.slice(where.indexOf(':') + 1)]
  return kind === 'printer' ? { printerId: Number(value) } : { printerClass: value }
}

/** Those alike with the most printers, of those on which it fits. */
const bestClass = (classes: readonly PrinterClass[], size: Vector | null): PrinterClass | undefined => {
  const fits = ({ width, depth, height }: PrinterClass): boolean =>
    size === null || (size[0] <= width && size[1] <= depth && size[2] <= height)
  return [...classes].sort(
    (one, other) => Number(fits(other)) - Number(fits(one)) || other.printers.length - one.printers.length,
  )[0]
}

interface WhereProps {
  readonly classes: readonly PrinterClass[]
  readonly best: PrinterClass
  readonly value: string
  change(value: string): void
}

const Where = ({ classes, best, value, change }: WhereProps) => {
  const { t } = useLingui()
  const names = (one: PrinterClass): string => one.printers.map(({ name }) => name).join(', ')
  const others = classes.filter(({ key }) => key !== best.key)
  return (
    <Select
      label={t`Where`}
      description={names(classes.find(({ key }) => `class:${key}` === value) ?? best)}
      value={value}
      allowDeselect={false}
      onChange={(chosen) => change(chosen ?? value)}
      data={[
        { value: `class:${best.key}`, label: t`Any printer that can` },
        ...(others.length > 0
          ? [
              {
                group: t`Printers alike`,
                items: others.map((one) => ({ value: `class:${one.key}`, label: one.title })),
              },
            ]
          : []),
        {
          group: t`Only this one`,
          items: classes.flatMap(({ printers }) =>
            printers.map(({ id, name }) => ({ value: `printer:${id}`, label: name })),
          ),
        },
      ]}
    />
  )
}

interface MaterialProps {
  readonly all: readonly { key: string; name: string; note: string }[]
  readonly value: string
  change(value: string): void
}

const Material = ({ all, value, change }: MaterialProps) => {
  const { t } = useLingui()
  return (
    <Select
      label={t`Material`}
      description={all.find(({ key }) => key === value)?.note}
      value={value}
      allowDeselect={false}
      onChange={(chosen) => change(chosen ?? value)}
      data={all.map(({ key, name }) => ({ value: key, label: name }))}
    />
  )
}

interface ChoicesProps {
  readonly choices: SliceChoices
  readonly mayTree: boolean
  change(choices: SliceChoices): void
}

const USUAL_INFILL = 20

const Choices = ({ choices, mayTree, change }: ChoicesProps) => {
  const { t } = useLingui()
  const { infill, supports, brim } = choices
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
      <div>
        <Checkbox
          label={t`Fill the inside as the quality has it`}
          checked={infill === null}
          onChange={({ currentTarget }) => change({ ...choices, infill: currentTarget.checked ? null : USUAL_INFILL })}
        />
        {infill !== null && (
          <div className="infill">
            <Slider
              className="grow"
              min={0}
              max={100}
              step={5}
              value={infill}
              onChange={(value) => change({ ...choices, infill: value })}
              label={null}
              thumbLabel={t`How much of the inside is filled`}
            />
            <Text size="sm" className="figures nowrap">
              {infill} %
            </Text>
          </div>
        )}
      </div>
      <Stack gap="sm">
        <Select
          label={t`Supports`}
          description={t`Beneath what hangs over; they are broken off afterwards`}
          value={supports}
          allowDeselect={false}
          onChange={(value) => change({ ...choices, supports: supportOf(value) })}
          data={[
            { value: 'off', label: t`None` },
            { value: 'normal', label: t`Normal` },
            { value: 'tree', label: t`Like trees`, disabled: !mayTree },
          ]}
        />
        <Switch
          label={t`A brim around it`}
          description={t`Holds it on the bed; cut off afterwards`}
          checked={brim}
          onChange={({ currentTarget }) => change({ ...choices, brim: currentTarget.checked })}
        />
      </Stack>
    </SimpleGrid>
  )
}

const supportOf = (value: string | null): SliceChoices['supports'] =>
  value === 'normal' || value === 'tree' ? value : 'off'
