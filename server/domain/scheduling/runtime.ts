// How long prints really take, learnt from those that ended well.

/** As a factor on the estimate, or in seconds. */
export interface Quantiles {
  readonly p10: number
  readonly p50: number
  readonly p90: number
}

/** A print that ended well. Seconds. */
export interface FinishedPrint {
  /** Printers of one model run alike. */
  readonly model: string
  readonly material: string
  readonly estimate: number
  readonly actual: number
}

/** What is believed before anything is known: the estimate, with the spread that estimates of slicers show. */
export const firstBelief: Quantiles = { p10: 0.92, p50: 1, p90: 1.25 }

/** So many prints weigh as much as the first belief. */
const PRIOR_PRINTS = 10
const MOST_PRINTS = 30
/** A print paused over the weekend, or one that printed nothing, tells nothing about pace. */
const BELIEVABLE = { least: 0.25, most: 4 }

export const ratioKey = (model: string, material: string): string => `${model}|${material}`

/**
 * Ratios of real to estimated time by `ratioKey`, newest prints first. Quantiles of the logarithms of the last 30, drawn
 * towards the first belief by n / (n + 10).
 */
export const learnRatios = (prints: readonly FinishedPrint[]): Map<string, Quantiles> => {
  const logs = new Map<string, number[]>()
  for (const { model, material, estimate, actual } of prints) {
    const ratio = actual / estimate
    if (!(ratio >= BELIEVABLE.least && ratio <= BELIEVABLE.most)) continue
    for (const key of [ratioKey(model, material), ratioKey(model, '')]) {
      const list = logs.get(key) ?? []
      if (list.length < MOST_PRINTS) list.push(Math.log(ratio))
      logs.set(key, list)
    }
  }
  return new Map([...logs].map(([key, list]) => [key, believed(list)]))
}

const believed = (logs: readonly number[]): Quantiles => {
  const sorted = [...logs].sort((one, other) => one - other)
  const trust = sorted.length / (sorted.length + PRIOR_PRINTS)
  const blend = (fraction: number, prior: number): number =>
    Math.exp(trust * quantile(sorted, fraction) + (1 - trust) * Math.log(prior))
  const p50 = blend(0.5, firstBelief.p50)
  return { p10: Math.min(blend(0.1, firstBelief.p10), p50), p50, p90: Math.max(blend(0.9, firstBelief.p90), p50) }
}

/** Between two neighbours in proportion. */
const quantile = (sorted: readonly number[], fraction: number): number => {
  const place = fraction * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? 0
  return low + ((sorted[Math.ceil(place)] ?? low) - low) * (place - Math.floor(place))
}

/** Of the model with this material; else with any; else the first belief. */
export const ratiosOf = (learnt: ReadonlyMap<string, Quantiles>, model: string, material: string): Quantiles =>
  learnt.get(ratioKey(model, material)) ?? learnt.get(ratioKey(model, '')) ?? firstBelief

export const times = (seconds: number, ratios: Quantiles): Quantiles => ({
  p10: seconds * ratios.p10,
  p50: seconds * ratios.p50,
  p90: seconds * ratios.p90,
})

/** A print under way. Seconds. */
export interface Progressed {
  readonly elapsed: number
  /** By its own pace so far; null where nothing is known. */
  readonly remaining: number | null
  /** 0 to 1 */
  readonly done: number
}

/**
 * What is left of a print that was expected to take `whole`: its own pace counts the more, the further it is. One that
 * takes longer than it ever should is expected to take another tenth of what it took (Tsafrir, Etsion, Feitelson 2007:
 * predictions are corrected as they fail, and never end a job).
 */
export const remainingOf = (whole: Quantiles, { elapsed, remaining, done }: Progressed): Quantiles => {
  const left = (expected: number, spread: number): number => {
    const planned = Math.max(expected - elapsed, 0)
    return remaining === null ? planned : done * remaining * spread + (1 - done) * Math.max(planned, remaining * 0.5)
  }
  const overdue = elapsed > whole.p90 && remaining === null ? elapsed * 0.1 : 0
  const p50 = Math.max(left(whole.p50, 1), overdue * 0.5)
  return {
    p10: Math.min(left(whole.p10, 0.95), p50),
    p50,
    p90: Math.max(left(whole.p90, 1.1), p50, overdue),
  }
}
