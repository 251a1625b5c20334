// G-code read into a toolpath, for tests.
import type { ToolpathOptions, ToolpathSummary } from '../../gcode/toolpath/hand-out.ts'
import { readPoint, type ToolpathLayer, type ToolpathPoint } from '../../gcode/toolpath/toolpath-layer.ts'
import { ToolpathReader } from '../../gcode/toolpath/toolpath-reader.ts'

export interface Toolpath {
  readonly layers: ToolpathLayer[]
  readonly summary: ToolpathSummary
}

export const readToolpath = (
  gcode: string | Uint8Array,
  options: Omit<ToolpathOptions, 'layer'> = {},
  chunkBytes = 1 << 16,
): Toolpath => {
  const bytes = typeof gcode === 'string' ? Buffer.from(gcode, 'latin1') : gcode
  const layers: ToolpathLayer[] = []
  const reader = new ToolpathReader({ ...options, layer: (layer) => layers.push(layer) })
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.feed(bytes.subarray(at, at + chunkBytes))
  return { layers, summary: reader.end() }
}

export const pointsOf = (layer: ToolpathLayer | undefined): ToolpathPoint[] =>
  layer ? Array.from({ length: layer.points }, (_, n) => readPoint(layer, n)) : []
