// How things stand, as rows tell it -> as the scheduler wants to be told.
import type { Findings } from '../../contract/files.ts'
import type { Approval } from '../../contract/jobs.ts'
import { type Holder, may, type PrinterPlace } from '../../contract/permissions.ts'
import type { Printer } from '../../contract/printers.ts'
import type { PrinterRule, Priority, ScheduleSettings } from '../../contract/scheduling.ts'
import { profileKey } from '../check-file.ts'
import { gramsByTool } from '../filament.ts'
import { estimateOf, materialOf } from './need.ts'
import type {
  Claim,
  LoadedSpool,
  MemberUse,
  PowerCircuit,
  Promised,
  RunningPrint,
  SchedulePrinter,
  Snapshot,
  WaitingJob,
} from './snapshot.ts'
import { type Learning, unlearntBy } from './unlearnt.ts'

/** A heater this far below its target still warms up. °C */
const WARM_WITHIN = 5

export interface QueuedJob {
  readonly id: number
  readonly memberId: number | null
  readonly printerId: number | null
  readonly printerTags: readonly string[]
  readonly fileId: number
  readonly queuedAt: string
  /** Prints of the file that may begin. */
  readonly toStart: number
  readonly materialWanted: string | null
  readonly colourWanted: string | null
  readonly nozzleWanted: number | null
  readonly earliestStart: string | null
  readonly wantedBy: string | null
  readonly priority: Priority
  readonly held: boolean
  readonly approval: Approval
  /** The member who is there when it starts. */
  readonly attendStart: number | null
}

export interface QueuedFile {
  readonly id: number
  readonly findings: Findings | null
  readonly failure: string | null
}

export interface OpenPrint {
  readonly printerId: number
  readonly memberId: number | null
  readonly findings: Findings | null
  readonly startedAt: string | null
}

/** Rows of one moment. */
export interface Standing {
  readonly timeZone: string
  readonly settings: ScheduleSettings
  /** In the order of the queue. */
  readonly jobs: readonly QueuedJob[]
  readonly files: readonly QueuedFile[]
  readonly printers: readonly Printer[]
  /** What the owners of jobs may, by their id; who may nothing is not among them. */
  readonly holders: ReadonlyMap<number, Holder>
  /** Those whose smart plug is off. */
  readonly off: ReadonlySet<number>
  readonly loaded: readonly (LoadedSpool & { readonly printerId: number })[]
  readonly rules: readonly PrinterRule[]
  readonly openPrints: readonly OpenPrint[]
  /** Why bridges have just refused a print, by printer. */
  readonly refusals: ReadonlyMap<number, string>
  readonly claims: readonly Claim[]
  /** What is asked for, and who has learnt what; where nothing is asked for, nothing is told. */
  readonly learning?: Learning
  readonly promises: readonly Promised[]
  readonly circuits: readonly PowerCircuit[]
  readonly use: readonly MemberUse[]
  /** Newest first; seconds. */
  readonly completed: readonly {
    readonly printerId: number
    readonly filamentType: string | null
    readonly estimate: number
    readonly actual: number
  }[]
}

/** `now` in seconds since 1970. */
export const assemble = (standing: Standing, now: number): Snapshot => {
  const { timeZone, settings, claims, promises, circuits, use } = standing
  const moment = { now, heatMinutes: settings.heatMinutes }
  const files = new Map(standing.files.map((file) => [file.id, file]))
  const open = new Map(standing.openPrints.map((print) => [print.printerId, print]))
  const rules = new Map(standing.rules.map((rule) => [rule.printerId, rule]))
  const unlearnt = unlearntBy(standing, now)
  const models = new Map(standing.printers.map(({ id, profile }) => [id, profileKey(profile)]))
  return {
    timeZone,
    settings,
    claims,
    promises,
    circuits,
    use,
    jobs: standing.jobs.map((job) => ({
      ...toWaitingJob(job, files.get(job.fileId)),
      barred: barredTo(job.memberId, standing.holders, standing.printers),
      unlearnt: unlearnt(job, files.get(job.fileId)?.findings ?? null),
    })),
    printers: standing.printers.map((printer) => {
      const { id } = printer
      const refusal = standing.refusals.get(id) ?? null
      const spools = standing.loaded.filter(({ printerId }) => printerId === id)
      const told = { rule: rules.get(id), open: open.get(id), refusal, off: standing.off.has(id), spools }
      return toSchedulePrinter(printer, told, moment)
    }),
    finished: standing.completed.map(({ printerId, filamentType, estimate, actual }) => ({
      model: models.get(printerId) ?? '',
      material: materialOf(filamentType),
      estimate,
      actual,
    })),
  }
}

const toWaitingJob = (job: QueuedJob, file: QueuedFile | undefined): WaitingJob => ({
  id: job.id,
  memberId: job.memberId,
  queuedAt: Date.parse(job.queuedAt) / 1000,
  findings: file?.findings ?? null,
  failure: file?.failure ?? null,
  copies: job.toStart,
  copiesDone: 0,
  copiesUnderWay: 0,
  materialWanted: job.materialWanted,
  colourWanted: job.colourWanted,
  nozzleWanted: job.nozzleWanted,
  printerId: job.printerId,
  printerTags: job.printerTags,
  earliestStart: secondsOf(job.earliestStart),
  wantedBy: secondsOf(job.wantedBy),
  priority: job.priority,
  held: job.held,
  approval: job.approval,
  attendStart: job.attendStart !== null,
  gramsByTool: file?.findings ? gramsByTool(file.findings) : [],
})

const secondsOf = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant) / 1000)

/** Where a member may not print; nowhere may one whose account does not work. A job without a member may anywhere. */
const barredTo = (
  memberId: number | null,
  holders: ReadonlyMap<number, Holder>,
  printers: readonly PrinterPlace[],
): ReadonlySet<number> => {
  if (memberId === null) return new Set()
  const holder = holders.get(memberId)
  return new Set(printers.filter((place) => holder === undefined || !may(holder, 'queue', place)).map(({ id }) => id))
}

interface Moment {
  readonly now: number
  readonly heatMinutes: number
}

interface Told {
  readonly rule: PrinterRule | undefined
  readonly open: OpenPrint | undefined
  readonly refusal: string | null
  readonly off: boolean
  readonly spools: readonly LoadedSpool[]
}

const toSchedulePrinter = (
  printer: Printer,
  { rule, open, refusal, off, spools }: Told,
  moment: Moment,
): SchedulePrinter => ({
  id: printer.id,
  name: printer.name,
  model: profileKey(printer.profile),
  state: printer.telemetry?.state ?? 'offline',
  bed: printer.bed,
  takesJobs: printer.takesJobs,
  switchedOff: off,
  ejects: rule?.ejects ?? false,
  failedInRow: rule?.failedInRow ?? 0,
  refusal,
  running: open === undefined ? null : toRunning(printer, open, moment.now),
  profile: printer.profile,
  tags: printer.tags,
  enclosed: rule?.enclosed ?? null,
  // Where nobody keeps book of spools, nothing is known of what is loaded.
  loaded: spools.length === 0 ? null : spools,
  ...heatNow(printer),
  circuitId: rule?.circuitId ?? null,
  heatingWatts: rule?.heatingWatts ?? 0,
  holdingWatts: rule?.holdingWatts ?? 0,
  heating: heatingOf(printer, open, moment),
})

const heatNow = ({ telemetry }: Printer): Pick<SchedulePrinter, 'bedNow' | 'nozzleNow'> => {
  const { B: bed, T0: nozzle } = telemetry?.temperatures ?? {}
  return { ...(bed && { bedNow: bed.actual }), ...(nozzle && { nozzleNow: nozzle.actual }) }
}

const toRunning = ({ telemetry }: Printer, open: OpenPrint, now: number): RunningPrint => {
  const progress = telemetry?.progress ?? null
  return {
    memberId: open.memberId,
    material: materialOf(open.findings?.filamentType ?? null),
    estimate: open.findings === null ? 3600 : estimateOf(open.findings),
    elapsed: open.startedAt === null ? 0 : Math.max(0, now - Date.parse(open.startedAt) / 1000),
    remaining: progress?.remainingSeconds ?? null,
    done: progress && progress.totalBytes > 0 ? Math.min(1, progress.acceptedBytes / progress.totalBytes) : 0,
  }
}

/** A print that has just been sent off is about to warm up, also before its heaters have been told to. */
const heatingOf = (
  { telemetry }: Printer,
  open: OpenPrint | undefined,
  { now, heatMinutes }: Moment,
): SchedulePrinter['heating'] => {
  const wanted = Object.values(telemetry?.temperatures ?? {}).filter(({ target }) => (target ?? 0) > 0)
  if (wanted.some(({ actual, target }) => actual < (target ?? 0) - WARM_WITHIN)) return 'warming'
  if (wanted.length > 0) return 'holding'
  if (open === undefined) return 'no'
  const begun = open.startedAt === null ? now : Date.parse(open.startedAt) / 1000
  return now - begun < heatMinutes * 60 ? 'warming' : 'holding'
}
