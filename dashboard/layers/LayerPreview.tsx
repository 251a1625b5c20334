// What the printer will lay, layer by layer, seen from above.
import { Trans, useLingui } from '@lingui/react/macro'
import { Group, Loader, Slider, Text, useComputedColorScheme } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { toolpath } from '../../gcode/index.ts'
import { formatNumber } from '../format.ts'
import { drawLayer, frameOf, type Look, layerColours } from './draw-layer.ts'
import type { FromLayerWorker } from './layer-worker.ts'

type Layer = toolpath.ToolpathLayer

interface Read {
  readonly layers: readonly Layer[]
  readonly state: 'reading' | 'ready' | 'failed'
}

const useLayers = (url: string): Read => {
  const [read, setRead] = useState<Read>({ layers: [], state: 'reading' })
  useEffect(() => {
    const worker = new Worker(new URL('./layer-worker.ts', import.meta.url), { type: 'module' })
    const layers: Layer[] = []
    worker.addEventListener('message', ({ data }: MessageEvent<FromLayerWorker>) => {
      if (data.kind === 'layer') layers.push(data.layer)
      else setRead({ layers, state: data.kind === 'end' ? 'ready' : 'failed' })
    })
    worker.addEventListener('error', () => setRead({ layers: [], state: 'failed' }))
    worker.postMessage(url)
    return () => worker.terminate()
  }, [url])
  return read
}

export const LayerPreview = ({ url }: { url: string }) => {
  const { t } = useLingui()
  const { layers, state } = useLayers(url)
  const canvas = useRef<HTMLCanvasElement>(null)
  const dark = useComputedColorScheme('light') === 'dark'
  const printed = useMemo(
    () => [...new Set(layers.filter(({ box }) => box !== null).map(({ index }) => index))],
    [layers],
  )
  const frame = useMemo(() => frameOf(layers), [layers])
  const [wanted, setWanted] = useState<number | null>(null)
  const place = Math.min(wanted ?? Math.floor(printed.length / 2), Math.max(printed.length - 1, 0))
  const index = printed[place] ?? -1
  const parts = useMemo(() => layers.filter((layer) => layer.index === index), [layers, index])
  useEffect(() => {
    if (canvas.current !== null && parts.length > 0) drawLayer(canvas.current, parts, frame, dark)
  }, [parts, frame, dark])
  if (state === 'failed') {
    return (
      <Text size="sm" c="dimmed">
        <Trans>The layers cannot be shown.</Trans>
      </Text>
    )
  }
  if (state === 'reading') {
    return (
      <div className="layer-preview">
        <Loader />
      </div>
    )
  }
  const height = formatNumber(parts[0]?.z ?? 0, 2)
  return (
    <figure className="layer-figure">
      <canvas
        ref={canvas}
        className="layer-preview"
        role="img"
        aria-label={t`Layer ${place + 1} of ${printed.length}, seen from above`}
      />
      <figcaption>
        <Group wrap="nowrap" gap="md">
          <Slider
            className="grow"
            min={1}
            max={Math.max(printed.length, 1)}
            value={place + 1}
            onChange={(value) => setWanted(value - 1)}
            label={null}
            thumbLabel={t`Layer`}
          />
          <Text size="sm" className="figures nowrap">
            <Trans>
              Layer {place + 1} of {printed.length}, {height} mm
            </Trans>
          </Text>
        </Group>
        <Legend dark={dark} />
      </figcaption>
    </figure>
  )
}

const Legend = ({ dark }: { dark: boolean }) => {
  const { t } = useLingui()
  const names: Record<Look, string> = {
    wall: t`Walls`,
    inside: t`Inside`,
    support: t`Supports`,
    other: t`Brim and others`,
  }
  return (
    <Group component="ul" gap="md" className="plain-list" mt={6}>
      {(Object.keys(layerColours) as Look[]).map((look) => (
        <Text component="li" size="xs" key={look}>
          <span
            className="swatch-square"
            style={{ background: layerColours[look][dark ? 'dark' : 'light'] }}
            aria-hidden
          />{' '}
          {names[look]}
        </Text>
      ))}
    </Group>
  )
}
