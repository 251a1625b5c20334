// How the toolpath is shown: its colours, what else is drawn, where it is cut, from where one looks.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Chip, Group, SegmentedControl, Select, Slider, Stack, Tooltip } from '@mantine/core'
import { Box, Maximize, PanelRight, PanelTop, Square } from 'lucide-react'
import { memo } from 'react'
import { formatNumber } from '../format.ts'
import { colourings } from './colours.ts'
import { type Look, type Viewpoint, viewpoints } from './look.ts'
import type { ToolpathStore } from './toolpath-store.ts'
import { useColouringNames, useViewpointNames } from './use-kind-names.ts'

export interface OptionsProps {
  readonly look: Look
  readonly store: ToolpathStore
  /** So that the reach of the section is known anew. */
  readonly version: number
  readonly follows: boolean
  change(look: Look): void
}

export const ToolpathOptions = memo(({ look, store, follows, change }: OptionsProps) => {
  const { t } = useLingui()
  const names = useColouringNames()
  const { box } = store
  const cutBounds =
    box === null || look.cut === null ? null : look.cut.axis === 'x' ? [box.minX, box.maxX] : [box.minY, box.maxY]
  return (
    <Stack gap="sm">
      <Select
        label={t`Colours`}
        data={colourings.map((value, n) => ({ value, label: `${n + 1} · ${names[value]}` }))}
        value={look.colouring}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        onChange={(value) => {
          const colouring = colourings.find((one) => one === value)
          if (colouring) change({ ...look, colouring })
        }}
      />
      <Group gap={6} role="group" aria-label={t`Also shown`}>
        <Chip size="xs" checked={look.travels} onChange={(travels) => change({ ...look, travels })}>
          <Trans>Travel</Trans>
        </Chip>
        <Chip size="xs" checked={look.retractions} onChange={(retractions) => change({ ...look, retractions })}>
          <Trans>Retractions</Trans>
        </Chip>
        <Chip size="xs" checked={look.seams} onChange={(seams) => change({ ...look, seams })}>
          <Trans>Seams</Trans>
        </Chip>
        {follows && (
          <Chip size="xs" checked={look.pale} onChange={(pale) => change({ ...look, pale })}>
            <Trans>What is to come</Trans>
          </Chip>
        )}
      </Group>
      <div>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t`Section`}
          data={[
            { value: 'none', label: t`Whole` },
            { value: 'x', label: t`Cut at X` },
            { value: 'y', label: t`Cut at Y` },
          ]}
          value={look.cut?.axis ?? 'none'}
          onChange={(value) => change({ ...look, cut: cutAlong(value, store) })}
        />
        {look.cut !== null && cutBounds !== null && (
          <Slider
            mt="sm"
            mx={6}
            thumbLabel={t`Where it is cut`}
            min={Math.floor(cutBounds[0] ?? 0)}
            max={Math.ceil(cutBounds[1] ?? 0)}
            step={0.5}
            value={look.cut.at}
            label={(value) => `${formatNumber(value, 1)} mm`}
            onChange={(at) => look.cut !== null && change({ ...look, cut: { ...look.cut, at } })}
          />
        )}
      </div>
    </Stack>
  )
})

const cutAlong = (value: string, { box }: ToolpathStore): Look['cut'] => {
  if (box === null || (value !== 'x' && value !== 'y')) return null
  return { axis: value, at: value === 'x' ? (box.minX + box.maxX) / 2 : (box.minY + box.maxY) / 2 }
}

const icons = { iso: Box, top: PanelTop, front: Square, side: PanelRight } as const

export const ViewButtons = memo(({ view, full }: { view(from: Viewpoint): void; full: (() => void) | null }) => {
  const { t } = useLingui()
  const names = useViewpointNames()
  return (
    <div className="toolpath-views">
      {viewpoints.map((from) => {
        const Icon = icons[from]
        return (
          <Tooltip key={from} label={names[from]} position="left">
            <ActionIcon variant="default" size={34} aria-label={names[from]} onClick={() => view(from)}>
              <Icon size={17} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )
      })}
      {full !== null && (
        <Tooltip label={t`Full screen`} position="left">
          <ActionIcon variant="default" size={34} aria-label={t`Full screen`} onClick={full}>
            <Maximize size={17} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  )
})
