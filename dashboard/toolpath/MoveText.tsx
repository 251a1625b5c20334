// Where the nozzle is in what is shown, and the line of the file that sent it there.
import { Trans } from '@lingui/react/macro'
import { Code, Group, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { formatNumber } from '../format.ts'
import { laysPlastic } from './kinds.ts'
import { bytesForLine, type FileLine, lineIn } from './line-at.ts'
import { pointAtPlace } from './playback.ts'
import type { Place, ToolpathStore } from './toolpath-store.ts'
import { useKindNames } from './use-kind-names.ts'

/** ms that one stays at a move before its line is fetched. */
const PAUSE_MS = 250

export type ReadBytes = (from: number, to: number, signal: AbortSignal) => Promise<Uint8Array>

export const MoveText = ({
  store,
  at,
  layer,
  read,
}: {
  store: ToolpathStore
  at: Place
  layer: number
  read: ReadBytes
}) => {
  const nameOf = useKindNames()
  const point = pointAtPlace(store, at)
  const offset = point?.offset ?? 0
  const line = useLine(store, offset, read)
  if (point === null) return null
  const known = laysPlastic(point.kind) || point.kind === 30 || point.kind === 29
  return (
    <Group gap="xs" className="move-text">
      <Text size="sm" className="figures">
        <Trans>
          Layer {formatNumber(layer + 1)} of {formatNumber(store.layerCount)}
        </Trans>
        {` · X ${formatNumber(point.x, 2)} Y ${formatNumber(point.y, 2)} Z ${formatNumber(point.z, 2)}`}
        {known && ` · ${nameOf(point.kind)}`}
        {point.speed > 0 && ` · ${formatNumber(point.speed)} mm/s`}
      </Text>
      <Text size="sm" c="dimmed" className="figures">
        {line === null ? (
          <Trans>byte {formatNumber(offset)}</Trans>
        ) : (
          <Trans>
            line {formatNumber(line.number)}, byte {formatNumber(offset)}
          </Trans>
        )}
      </Text>
      {line !== null && <Code className="break-anywhere">{line.text.slice(0, 200)}</Code>}
    </Group>
  )
}

/** The line that ends at a byte; null while it is not known. */
const useLine = (store: ToolpathStore, offset: number, read: ReadBytes): FileLine | null => {
  const [found, setFound] = useState<{ readonly offset: number; readonly line: FileLine } | null>(null)
  const { facts } = store
  useEffect(() => {
    if (facts === null || offset === 0) return
    const control = new AbortController()
    const waiting = setTimeout(() => {
      const { from, to } = bytesForLine(offset)
      read(from, to, control.signal).then(
        (bytes) => setFound({ offset, line: lineIn(bytes, offset, facts.linesBefore) }),
        // The place itself is shown; its text comes when the server answers again.
        () => {},
      )
    }, PAUSE_MS)
    return () => {
      clearTimeout(waiting)
      control.abort()
    }
  }, [offset, facts, read])
  return found !== null && found.offset === offset ? found.line : null
}
