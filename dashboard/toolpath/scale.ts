// What the ends of a colour ramp stand for: the least and the most of what is coloured.
import type { Colouring } from './colours.ts'
import type { ToolpathStore } from './toolpath-store.ts'

export interface Scale {
  readonly least: number
  readonly most: number
}

/** Null where colours are not those of a ramp, or nothing is known yet. In mm/s, mm³/s, mm, s, °C. */
export const scaleOf = (store: ToolpathStore, colouring: Colouring): Scale | null => {
  switch (colouring) {
    case 'role':
    case 'tool':
      return null
    case 'layer-time':
      return extent(store.facts === null ? [] : [...store.facts.layerSeconds].filter((seconds) => seconds > 0))
    case 'temperature':
      return extent(store.temperatures.filter((target) => target > 0))
    default: {
      const { least, most } = store.ranges[colouring]
      return Number.isFinite(least) ? { least, most } : null
    }
  }
}

const extent = (values: readonly number[]): Scale | null =>
  values.length === 0
    ? null
    : values.reduce((sum, value) => ({ least: Math.min(sum.least, value), most: Math.max(sum.most, value) }), {
        least: Number.POSITIVE_INFINITY,
        most: 0,
      })

/** Where a value lies on its scale, from 0 to 1; the middle where there is but one value. */
export const partOf = ({ least, most }: Scale, value: number): number =>
  most > least ? (value - least) / (most - least) : 0.5
