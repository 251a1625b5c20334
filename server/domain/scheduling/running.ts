// When a print that runs will end, as a range.
import { learnRatios, type Quantiles, ratiosOf, remainingOf, times } from './runtime.ts'
import type { SchedulePrinter, Snapshot } from './snapshot.ts'

/** Instants, seconds since 1970; null where nothing prints on it. */
export const finishOf = ({ finished }: Snapshot, printer: SchedulePrinter, now: number): Quantiles | null => {
  const { running, model } = printer
  if (running === null) return null
  const whole = times(running.estimate, ratiosOf(learnRatios(finished), model, running.material))
  const { p10, p50, p90 } = remainingOf(whole, running)
  return { p10: now + p10, p50: now + p50, p90: now + p90 }
}
