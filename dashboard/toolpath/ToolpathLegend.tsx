// What the colours stand for, with amounts; a tick shows or hides each.
import { Trans, useLingui } from '@lingui/react/macro'
import { Checkbox, Group, ScrollArea, Text } from '@mantine/core'
import { memo } from 'react'
import { formatDuration, formatLength, formatNumber } from '../format.ts'
import { type Colouring, colourAt, cssOf, kindColours, rampOf, toolColours } from './colours.ts'
import { laysPlastic, TRAVEL, WIPE } from './kinds.ts'
import type { Look } from './look.ts'
import type { Amount } from './messages.ts'
import { scaleOf } from './scale.ts'
import type { ToolpathStore } from './toolpath-store.ts'
import { useColouringNames, useKindNames } from './use-kind-names.ts'

export interface LegendProps {
  readonly store: ToolpathStore
  readonly version: number
  readonly look: Look
  change(look: Look): void
}

const toggled = (set: ReadonlySet<number>, one: number): ReadonlySet<number> => {
  const next = new Set(set)
  if (!next.delete(one)) next.add(one)
  return next
}

export const ToolpathLegend = memo(({ store, look, change }: LegendProps) => {
  const { t } = useLingui()
  const nameOf = useKindNames()
  const byTool = look.colouring === 'tool'
  const kinds = [...store.kinds].filter((kind) => laysPlastic(kind) || kind === TRAVEL || kind === WIPE)
  kinds.sort((one, other) => one - other)
  const tools = [...store.tools].sort((one, other) => one - other)
  return (
    <div>
      <Ramp store={store} colouring={look.colouring} />
      <ScrollArea.Autosize mah={300} type="auto" offsetScrollbars="y">
        <ul className="plain-list toolpath-legend" aria-label={t`What is shown`}>
          {byTool
            ? tools.map((tool) => (
                <Entry
                  key={tool}
                  name={t`Tool ${tool}`}
                  colour={cssOf(toolColours[tool] ?? [128, 128, 128])}
                  amount={store.facts?.byTool.get(tool)}
                  shown={!look.hiddenTools.has(tool)}
                  toggle={() => change({ ...look, hiddenTools: toggled(look.hiddenTools, tool) })}
                />
              ))
            : kinds.map((kind) => (
                <Entry
                  key={kind}
                  name={nameOf(kind)}
                  colour={
                    look.colouring === 'role' || !laysPlastic(kind) ? cssOf(kindColours[kind] ?? [128, 128, 128]) : null
                  }
                  amount={store.facts?.byKind.get(kind)}
                  shown={
                    laysPlastic(kind) || kind === WIPE
                      ? !look.hiddenKinds.has(kind) && (laysPlastic(kind) || look.travels)
                      : look.travels
                  }
                  toggle={() =>
                    change(
                      laysPlastic(kind)
                        ? { ...look, hiddenKinds: toggled(look.hiddenKinds, kind) }
                        : kind === TRAVEL
                          ? { ...look, travels: !look.travels }
                          : look.travels
                            ? { ...look, hiddenKinds: toggled(look.hiddenKinds, kind) }
                            : { ...look, travels: true },
                    )
                  }
                />
              ))}
        </ul>
      </ScrollArea.Autosize>
      {store.facts !== null && (
        <Text size="sm" mt={6} className="figures">
          <Trans>
            In all {formatDuration(store.facts.totalSeconds)}, {formatNumber(store.facts.retractions)} retractions
          </Trans>
          {store.facts.totalGrams > 0 && ` · ${formatNumber(store.facts.totalGrams, 1)} g`}
        </Text>
      )}
    </div>
  )
})

const Entry = ({
  name,
  colour,
  amount,
  shown,
  toggle,
}: {
  name: string
  colour: string | null
  amount: Amount | undefined
  shown: boolean
  toggle(): void
}) => (
  <li>
    <Checkbox
      size="xs"
      checked={shown}
      onChange={toggle}
      classNames={{ body: 'toolpath-entry', labelWrapper: 'grow' }}
      label={
        <Group gap={8} wrap="nowrap" justify="space-between">
          <Group gap={8} wrap="nowrap">
            {colour !== null && <span className="swatch" style={{ background: colour }} />}
            <span>{name}</span>
          </Group>
          {amount !== undefined && (
            <Text span size="xs" c="dimmed" className="figures nowrap">
              {[
                formatDuration(amount.seconds),
                formatLength(amount.length),
                ...(amount.grams > 0 ? [`${formatNumber(amount.grams, 1)} g`] : []),
              ].join(' · ')}
            </Text>
          )}
        </Group>
      }
    />
  </li>
)

const useValueFormat = (): ((colouring: Colouring, value: number) => string) => (colouring, value) => {
  switch (colouring) {
    case 'speed':
      return `${formatNumber(value)} mm/s`
    case 'flow':
      return `${formatNumber(value, 1)} mm³/s`
    case 'temperature':
      return `${formatNumber(value)} °C`
    case 'layer-time':
      return formatDuration(value)
    default:
      return `${formatNumber(value, 2)} mm`
  }
}

const STEPS = 8

const Ramp = ({ store, colouring }: { store: ToolpathStore; colouring: Colouring }) => {
  const format = useValueFormat()
  const names = useColouringNames()
  const scale = scaleOf(store, colouring)
  if (scale === null) return null
  const ramp = rampOf(colouring)
  const stops = Array.from({ length: STEPS + 1 }, (_, n) => cssOf(colourAt(ramp, n / STEPS)))
  const values = scale.least < scale.most ? [scale.least, (scale.least + scale.most) / 2, scale.most] : [scale.least]
  return (
    <figure className="toolpath-ramp" aria-label={names[colouring]}>
      <div style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }} aria-hidden />
      <Group justify={values.length > 1 ? 'space-between' : 'center'} className="figures">
        {values.map((value) => (
          <Text key={value} size="xs" c="dimmed">
            {format(colouring, value)}
          </Text>
        ))}
      </Group>
    </figure>
  )
}
