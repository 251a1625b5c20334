// One layer from above on a plain canvas, where nothing better can draw.
import { toolpath } from '../../gcode/index.ts'
import { type Bed, edgeOf } from './bed-edge.ts'
import { colourAt, cssOf, kindColours, rampOf, toolColours } from './colours.ts'
import { laysPlastic } from './kinds.ts'
import type { Look, Reach } from './look.ts'
import { partOf, scaleOf } from './scale.ts'
import type { ToolpathStore } from './toolpath-store.ts'

const MARGIN = 12

/** Of a move, as its look says. */
export const colourOfMove = (store: ToolpathStore, look: Look, move: toolpath.ToolpathPoint, layer: number): string => {
  const { colouring } = look
  if (!laysPlastic(move.kind) || colouring === 'role') return cssOf(kindColours[move.kind] ?? [128, 128, 128])
  if (colouring === 'tool') return cssOf(toolColours[move.tool] ?? [128, 128, 128])
  const scale = scaleOf(store, colouring)
  if (scale === null) return cssOf(kindColours[move.kind] ?? [128, 128, 128])
  const value =
    colouring === 'layer-time'
      ? (store.facts?.layerSeconds[layer] ?? 0)
      : colouring === 'temperature'
        ? scale.most
        : move[colouring]
  return cssOf(colourAt(rampOf(colouring), partOf(scale, value)))
}

/** Draws the topmost layer of what is shown; `width` and `height` in pixels. */
export const drawLayer = (
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number; readonly line: string },
  store: ToolpathStore,
  look: Look,
  reach: Reach | null,
  bed: Bed | null,
): void => {
  const { width, height } = size
  context.clearRect(0, 0, width, height)
  const corners = bed === null ? [] : edgeOf(bed.volume)
  const box = store.box
  const xs = [...corners.map(([x]) => x), ...(box === null ? [] : [box.minX, box.maxX])]
  const ys = [...corners.map(([, y]) => y), ...(box === null ? [] : [box.minY, box.maxY])]
  if (xs.length === 0) return
  const [left, right, front, back] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const scale = Math.min(
    (width - 2 * MARGIN) / Math.max(1, right - left),
    (height - 2 * MARGIN) / Math.max(1, back - front),
  )
  const toX = (x: number): number => width / 2 + (x - (left + right) / 2) * scale
  const toY = (y: number): number => height / 2 - (y - (front + back) / 2) * scale
  context.strokeStyle = size.line
  context.lineWidth = 1
  context.beginPath()
  for (const [x, y] of corners) context.lineTo(toX(x), toY(y))
  context.closePath()
  context.stroke()
  if (reach === null) return
  const index = store.layers[reach.to.part]?.index ?? 0
  context.lineCap = 'round'
  for (let part = store.layerParts[index] ?? 0; part <= reach.to.part; part++) {
    const layer = store.layers[part]
    if (layer === undefined) continue
    const end = part === reach.to.part ? reach.to.point : layer.points - 1
    let before = toolpath.readPoint(layer, 0)
    for (let n = 1; n <= end; n++) {
      const move = toolpath.readPoint(layer, n)
      if (isShown(look, move)) {
        context.strokeStyle = colourOfMove(store, look, move, index)
        context.lineWidth = laysPlastic(move.kind) ? Math.max(0.7, move.width * scale * 0.9) : 0.7
        context.beginPath()
        context.moveTo(toX(before.x), toY(before.y))
        context.lineTo(toX(move.x), toY(move.y))
        context.stroke()
      }
      before = move
    }
  }
}

const isShown = (look: Look, { kind, tool }: toolpath.ToolpathPoint): boolean => {
  if (look.hiddenKinds.has(kind)) return false
  if (laysPlastic(kind)) return !look.hiddenTools.has(tool)
  return look.travels && (kind === toolpath.TRAVEL || kind === toolpath.WIPE)
}
