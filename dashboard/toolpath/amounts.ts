// How much of each role and tool a toolpath lays: lengths and volumes by its points, times and grams by the analysis.
import { type Analysis, roles, toolpath } from '../../gcode/index.ts'
import type { Amount } from './messages.ts'

interface Sums {
  length: number
  seconds: number
  volume: number
}

const TOOLS = 64
const KINDS = 32

export class AmountCount {
  retractions = 0
  /** By kind and tool: a row of 64 tools for each kind. */
  readonly #sums: (Sums | undefined)[] = Array.from({ length: KINDS * TOOLS })

  /** Counts a part. Travels that thinning has left out are not in it. */
  take(layer: toolpath.ToolpathLayer): void {
    const { positions, measures, points } = layer
    let x = 0
    let y = 0
    let z = 0
    for (let n = 0; n < points; n++) {
      const first = positions[n * 2] as number
      const second = positions[n * 2 + 1] as number
      const nextX = (first & toolpath.MOST_STEP) / toolpath.STEPS.perMm
      const nextY = (second & toolpath.MOST_STEP) / toolpath.STEPS.perMm
      const nextZ = ((first >>> 22) | ((second >>> 22) << 10)) / toolpath.STEPS.perMmOfZ
      const kind = (measures[n * 4] as number) >>> 11
      if (kind === toolpath.RETRACT) this.retractions++
      else if (kind < toolpath.RETRACT || kind === toolpath.TRAVEL || kind === toolpath.WIPE) {
        const tool = (measures[n * 4 + 1] as number) >>> 10
        const length = Math.hypot(nextX - x, nextY - y, nextZ - z)
        this.#add(
          kind * TOOLS + tool,
          length,
          (measures[n * 4 + 2] as number) / 10,
          (measures[n * 4 + 3] as number) / 100,
        )
      }
      x = nextX
      y = nextY
      z = nextZ
    }
  }

  #add(at: number, length: number, speed: number, flow: number): void {
    let sums = this.#sums[at]
    if (sums === undefined) {
      sums = { length: 0, seconds: 0, volume: 0 }
      this.#sums[at] = sums
    }
    sums.length += length
    if (speed > 0) {
      sums.seconds += length / speed
      sums.volume += (flow / speed) * length
    }
  }

  /**
   * By kind and by tool. The planner knows what a role takes, and the slicer what a volume weighs: where they say so,
   * the sums of the points only share it out.
   */
  result({ secondsByRole, usage }: Pick<Analysis, 'secondsByRole' | 'usage'>): {
    byKind: Map<number, Amount>
    byTool: Map<number, Amount>
  } {
    const byKind = new Map<number, Amount>()
    const byTool = new Map<number, Amount>()
    const laid = this.#laidByTool()
    const travelled = this.#secondsOf(toolpath.TRAVEL) + this.#secondsOf(toolpath.WIPE)
    this.#sums.forEach((sums, at) => {
      if (sums === undefined) return
      const kind = Math.floor(at / TOOLS)
      const tool = at % TOOLS
      const role = kind < toolpath.RETRACT ? roles[kind] : undefined
      const planned = role === undefined ? secondsByRole.travel : secondsByRole[role]
      const counted = role === undefined ? travelled : this.#secondsOf(kind)
      const seconds = planned === undefined || counted === 0 ? sums.seconds : (sums.seconds / counted) * planned
      const mass = usage[tool]?.massGrams ?? 0
      const grams = (laid[tool] ?? 0) > 0 ? (sums.volume / (laid[tool] as number)) * mass : 0
      const amount = { length: sums.length, seconds, volume: sums.volume, grams }
      byKind.set(kind, plus(byKind.get(kind), amount))
      if (kind < toolpath.RETRACT) byTool.set(tool, plus(byTool.get(tool), amount))
    })
    return { byKind, byTool }
  }

  #secondsOf(kind: number): number {
    let seconds = 0
    for (let tool = 0; tool < TOOLS; tool++) seconds += this.#sums[kind * TOOLS + tool]?.seconds ?? 0
    return seconds
  }

  #laidByTool(): number[] {
    return Array.from({ length: TOOLS }, (_, tool) => {
      let volume = 0
      for (let kind = 0; kind < toolpath.RETRACT; kind++) volume += this.#sums[kind * TOOLS + tool]?.volume ?? 0
      return volume
    })
  }
}

const plus = (one: Amount | undefined, other: Amount): Amount =>
  one === undefined
    ? other
    : {
        length: one.length + other.length,
        seconds: one.seconds + other.seconds,
        volume: one.volume + other.volume,
        grams: one.grams + other.grams,
      }
