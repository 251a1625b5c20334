// One layer of a toolpath, from above, on a flat canvas.
import { roles, toolpath } from '../../gcode/index.ts'

type Layer = toolpath.ToolpathLayer

export interface Frame {
  /** mm */
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
}

/** What roles are drawn as, by what somebody asks of a layer. */
export const layerColours = {
  wall: { light: '#2f705a', dark: '#67a991' },
  inside: { light: '#d2622d', dark: '#e7834d' },
  support: { light: '#3f7cc0', dark: '#6fa5de' },
  other: { light: '#8a9691', dark: '#7f8c87' },
} as const
export type Look = keyof typeof layerColours

const lookOf = (kind: number): Look => {
  const role = roles[kind] ?? 'unknown'
  if (role.includes('perimeter') || role === 'overhang' || role === 'thin-wall') return 'wall'
  if (role.includes('infill') || role === 'bridge' || role === 'gap-fill' || role === 'ironing') return 'inside'
  return role.startsWith('support') ? 'support' : 'other'
}

const X_BITS = 0x3fffff

const xAt = (layer: Layer, at: number): number =>
  (((layer.positions[at * 2] ?? 0) & X_BITS) - toolpath.STEPS.zero) / toolpath.STEPS.perMm
const yAt = (layer: Layer, at: number): number =>
  (((layer.positions[at * 2 + 1] ?? 0) & X_BITS) - toolpath.STEPS.zero) / toolpath.STEPS.perMm

const KIND_SHIFT = 11

/** Room for a brim (mm). */
const AROUND = 9

/** Of the part, not of the line that a printer draws at the edge before it begins. */
export const frameOf = (layers: readonly Layer[]): Frame => {
  const laid = layers.filter(({ box }) => box !== null)
  const first = Math.min(...laid.map(({ index }) => index))
  const later = laid.filter(({ index }) => index > first)
  const boxes = (later.length > 0 ? later : laid).flatMap(({ box }) => (box === null ? [] : [box]))
  return {
    minX: Math.min(...boxes.map(({ minX }) => minX)) - AROUND,
    minY: Math.min(...boxes.map(({ minY }) => minY)) - AROUND,
    maxX: Math.max(...boxes.map(({ maxX }) => maxX)) + AROUND,
    maxY: Math.max(...boxes.map(({ maxY }) => maxY)) + AROUND,
  }
}

const MARGIN = 12

/** The parts of one layer, within a frame that stays the same for all layers. */
export const drawLayer = (canvas: HTMLCanvasElement, parts: readonly Layer[], frame: Frame, dark: boolean): void => {
  const context = canvas.getContext('2d')
  const ratio = Math.min(globalThis.devicePixelRatio, 2)
  const [width, height] = [canvas.clientWidth, canvas.clientHeight]
  if (context === null || width === 0) return
  canvas.width = width * ratio
  canvas.height = height * ratio
  const scale = Math.min(
    (width - 2 * MARGIN) / Math.max(frame.maxX - frame.minX, 1),
    (height - 2 * MARGIN) / Math.max(frame.maxY - frame.minY, 1),
  )
  const [middleX, middleY] = [(frame.minX + frame.maxX) / 2, (frame.minY + frame.maxY) / 2]
  const toX = (x: number): number => width / 2 + (x - middleX) * scale
  const toY = (y: number): number => height / 2 - (y - middleY) * scale
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  context.lineWidth = Math.max(0.6, 0.4 * scale)
  context.lineCap = 'round'
  for (const look of ['other', 'support', 'inside', 'wall'] as const) {
    context.strokeStyle = layerColours[look][dark ? 'dark' : 'light']
    context.beginPath()
    for (const part of parts) {
      for (let at = 1; at < part.points; at++) {
        const kind = (part.measures[at * 4] ?? 0) >> KIND_SHIFT
        if (!toolpath.laysPlastic(kind) || lookOf(kind) !== look) continue
        context.moveTo(toX(xAt(part, at - 1)), toY(yAt(part, at - 1)))
        context.lineTo(toX(xAt(part, at)), toY(yAt(part, at)))
      }
    }
    context.stroke()
  }
}
