// What the scheduler is told: how things stand at one moment. Instants are seconds since 1970.
import type { Findings } from '../../contract/files.ts'
import type { Approval } from '../../contract/jobs.ts'
import type { BedState, PrinterProfile, SessionState } from '../../contract/printers.ts'
import type { Priority, ScheduleSettings } from '../../contract/scheduling.ts'
import type { FinishedPrint, Progressed } from './runtime.ts'

export interface WaitingJob {
  readonly id: number
  readonly memberId: number | null
  readonly queuedAt: number
  /** Null until its file has been analysed. */
  readonly findings: Findings | null
  /** Why its file could not be read, or null. */
  readonly failure: string | null
  readonly copies: number
  readonly copiesDone: number
  readonly copiesUnderWay: number
  /** Null: as the file has it. */
  readonly materialWanted: string | null
  readonly colourWanted: string | null
  readonly nozzleWanted: number | null
  /** The only printer it may go to, or null. */
  readonly printerId: number | null
  /** Printers at which its member may not print. */
  readonly barred?: ReadonlySet<number>
  /** Printers for which its member lacks a qualification, and what is said of it; empty where nothing. */
  readonly unlearnt?: ReadonlyMap<number, string>
  /** It goes only to printers with all of these. */
  readonly printerTags: readonly string[]
  readonly earliestStart: number | null
  readonly wantedBy: number | null
  readonly priority: Priority
  readonly held: boolean
  readonly approval: Approval
  /** Somebody must be there when it starts. */
  readonly attendStart: boolean
  /** Empty where it is not known. */
  readonly gramsByTool: readonly number[]
}

export interface LoadedSpool {
  readonly tool: number
  readonly material: string
  readonly colour: string | null
  /** Null where nobody weighed it. */
  readonly gramsLeft: number | null
}

export interface RunningPrint extends Progressed {
  readonly memberId: number | null
  readonly material: string
  /** By the estimate, in seconds. */
  readonly estimate: number
}

export interface SchedulePrinter {
  readonly id: number
  readonly name: string
  /** Printers of one model run alike. */
  readonly model: string
  readonly state: SessionState
  readonly bed: BedState
  readonly takesJobs: boolean
  /** Its smart plug is off. */
  readonly switchedOff?: boolean
  /** A script takes the part off. */
  readonly ejects: boolean
  readonly failedInRow: number
  /** Why its bridge has just refused a print, or null. */
  readonly refusal: string | null
  /** A print that has not ended, with what is known of it. */
  readonly running: RunningPrint | null
  readonly profile: PrinterProfile
  readonly tags: readonly string[]
  /** Null: nobody has said. */
  readonly enclosed: boolean | null
  /** Null where nobody has said what is loaded. */
  readonly loaded: readonly LoadedSpool[] | null
  /** °C as last measured; none where it is not known. */
  readonly bedNow?: number
  readonly nozzleNow?: number
  readonly circuitId: number | null
  readonly heatingWatts: number
  readonly holdingWatts: number
  readonly heating: 'no' | 'warming' | 'holding'
}

/** A time in which a printer is somebody's. */
export interface Claim {
  readonly printerId: number
  readonly from: number
  readonly to: number
  /** Whose own jobs may print in it; null: nobody's. */
  readonly memberId: number | null
  readonly kind: 'booking' | 'hold' | 'maintenance' | 'event'
}

/** When a job was told that it would start at the latest, and where. */
export interface Promised {
  readonly jobId: number
  readonly printerId: number
  readonly startsAt: number
  /** How often it was put off by more than half an hour. */
  readonly slips: number
  /** Nothing else is given its time any more. */
  readonly hard: boolean
}

export interface PowerCircuit {
  readonly id: number
  readonly name: string
  readonly limitWatts: number
}

export interface MemberUse {
  readonly memberId: number
  /** Machine time held, each second counting half after each half-life. */
  readonly heldSeconds: number
  /** How long jobs that have begun had waited, each second counting half after each half-life. */
  readonly waitedSeconds?: number
}

export interface Snapshot {
  readonly timeZone: string
  readonly settings: ScheduleSettings
  /** In the order that people gave the queue. */
  readonly jobs: readonly WaitingJob[]
  readonly printers: readonly SchedulePrinter[]
  readonly claims: readonly Claim[]
  readonly promises: readonly Promised[]
  readonly circuits: readonly PowerCircuit[]
  readonly use: readonly MemberUse[]
  /** Newest first. */
  readonly finished: readonly FinishedPrint[]
}
