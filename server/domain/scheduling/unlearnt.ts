// At which printers a job waits because its member has not learnt what is asked for there.
import type { Findings } from '../../contract/files.ts'
import type { Printer } from '../../contract/printers.ts'
import type { ScheduleSettings } from '../../contract/scheduling.ts'
import { profileKey } from '../check-file.ts'
import { type Attended, type Granted, type LastUse, missingFor, type Required } from '../qualifications.ts'
import { calendarOf } from './calendar.ts'
import { estimateOf } from './need.ts'
import { firstBelief } from './runtime.ts'
import { endOf, isIn } from './windows.ts'

/** Of those who have jobs, and of those who will be there at a start. */
export interface Learning {
  readonly required: readonly Required[]
  readonly granted: readonly (Granted & { readonly memberId: number })[]
  readonly uses: readonly (LastUse & { readonly memberId: number })[]
}

interface Standing {
  readonly timeZone: string
  readonly settings: ScheduleSettings
  readonly printers: readonly Printer[]
  readonly learning?: Learning
}

interface Job {
  readonly memberId: number | null
  readonly materialWanted: string | null
  readonly attendStart: number | null
}

const nothing: ReadonlyMap<number, string> = new Map()

/**
 * Asks for one job after the other. Where somebody else will be there at the start, that one starts it: he is asked, not
 * the job's member. `now` in seconds since 1970.
 */
export const unlearntBy = (
  { timeZone, settings, printers, learning }: Standing,
  now: number,
): ((job: Job, findings: Findings | null) => ReadonlyMap<number, string>) => {
  if (learning === undefined || learning.required.length === 0) return () => nothing
  const calendar = calendarOf(settings, timeZone, now)
  const known = printers.map((printer) => ({ ...printer, model: profileKey(printer.profile) }))
  const attendedFor = (seconds: number): Attended => {
    if (!isIn(calendar.attended, now)) return 'no'
    if (endOf(calendar.attended, now) >= now + seconds) return 'whole'
    return isIn(calendar.attended, now + seconds) ? 'ends' : 'start'
  }
  return (job, findings) => {
    const starter = job.attendStart ?? job.memberId
    if (starter === null) return nothing
    const learnt = {
      required: learning.required,
      granted: learning.granted.filter(({ memberId }) => memberId === starter),
      uses: learning.uses.filter(({ memberId }) => memberId === starter),
      printers: known,
    }
    const attended = attendedFor(findings === null ? 0 : estimateOf(findings) * firstBelief.p90)
    const material = job.materialWanted ?? findings?.filamentType ?? null
    const unlearnt = new Map<number, string>()
    for (const printer of known) {
      const [first] = missingFor({ use: 'start', printer, material, attended }, learnt, now)
      if (first === undefined) continue
      const level = first.needed === 'learner' ? '' : ` at the level ${first.needed}`
      const who = job.attendStart === null ? 'its member lacks' : 'who would start it lacks'
      unlearnt.set(printer.id, `${who} "${first.name}"${level}; somebody who has it must be there at its start`)
    }
    return unlearnt
  }
}
