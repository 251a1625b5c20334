// When a printer's maintenance is due.
import type { Counts, MaintenanceTask, TaskShape } from '../contract/maintenance.ts'

const DAY_SECONDS = 86_400

/** Its counts when the task was done last, or when it was added. */
export interface LastDone extends Counts {
  readonly at: string
}

export type TaskStanding = Pick<MaintenanceTask, 'share' | 'due' | 'nearest' | 'left'>

/** Of several intervals the one counts of which most is over. */
export const taskStanding = (task: TaskShape, last: LastDone, counts: Counts, now: Date): TaskStanding => {
  const days = (now.getTime() - Date.parse(last.at)) / 1000 / DAY_SECONDS
  const intervals = [
    { nearest: 'hours', every: task.everyHours, used: counts.hours - last.hours },
    { nearest: 'metres', every: task.everyMetres, used: counts.metres - last.metres },
    { nearest: 'prints', every: task.everyPrints, used: counts.prints - last.prints },
    { nearest: 'days', every: task.everyDays, used: days },
  ] as const
  let standing: TaskStanding = { share: 0, due: false, nearest: 'days', left: 0 }
  let found = false
  for (const { nearest, every, used } of intervals) {
    if (every === null || (found && used / every <= standing.share)) continue
    found = true
    standing = { share: used / every, due: used >= every, nearest, left: every - used }
  }
  return standing
}
