// Who may do what with jobs, spools, maintenance and the rules of the queue: further rows of the table of permissions.
import { answerApproval, askApproval, changeJobSettings } from '../../server/contract/approvals.ts'
import { stopPrinter } from '../../server/contract/emergency-stop.ts'
import { listJobEvents } from '../../server/contract/job-events.ts'
import { arrangeJob, changeJob, holdJob, repeatJob, showJob } from '../../server/contract/jobs.ts'
import {
  addTask,
  changeTask,
  doTask,
  removeTask,
  setService,
  showMaintenance,
  type TaskShape,
} from '../../server/contract/maintenance.ts'
import {
  dropSecondFactor,
  makeResetLink,
  removeMember,
  revokeInvitation,
  signMemberOut,
} from '../../server/contract/members.ts'
import type { Permission } from '../../server/contract/permissions.ts'
import {
  addCircuit,
  changeCircuit,
  changeRule,
  changeSettings,
  removeCircuit,
  showReasons,
  showShares,
  trustPrinter,
  usualSettings,
} from '../../server/contract/scheduling.ts'
import { linkSpoolman, unlinkSpoolman } from '../../server/contract/spoolman.ts'
import {
  addFilament,
  addSpool,
  changeFilament,
  changeSpool,
  loadSpool,
  removeFilament,
  retireSpool,
  weighSpool,
} from '../../server/contract/spools.ts'
import type { Person } from '../support/workshop.ts'

/** What an action is tried on. */
export interface Scene {
  /** At this printer everything happens. */
  readonly printerId: number
  /** A job that waits for this printer, a job that needs a decision, a print on it, and a file. */
  readonly waiting: number
  readonly undecided: number
  readonly fileId: number
  readonly filamentId: number
  readonly spoolId: number
  readonly taskId: number
  readonly circuitId: number
  /** A member who is nobody else here, and an invitation. */
  readonly memberId: number
  readonly invitationId: number
}

export interface Row {
  readonly action: string
  /** What it is tried on is of who tries, of another, or of nobody. */
  readonly whose: 'own' | 'other' | 'none'
  /** v: visitor, m: member, o: operator, s: steward. */
  readonly allowed: string
  /** By which permission; this is what limits and keys are tried with. */
  readonly by: Permission
  /** False where it is of no printer, or of one's own: then a limit changes nothing, or forbids it (`whole`). */
  readonly bound: boolean | 'whole'
  /** Another permission by which it is allowed as well. */
  readonly also?: Permission
  /** Where it is not his to know of, who may not do it is told that it is not there. */
  readonly hidden?: boolean
  /** What the door itself asks for besides. */
  readonly door?: Permission
  /** What must be there besides the scene. */
  readonly prepare?: (scene: Scene) => Promise<void>
  readonly run: (person: Person, scene: Scene) => Promise<unknown>
}

const task: TaskShape = { name: 'Oil', note: '', everyHours: 50, everyMetres: null, everyPrints: null, everyDays: null }
const filament = {
  vendor: 'V',
  material: 'PLA',
  colourName: '',
  colour: null,
  density: 1.24,
  diameter: 1.75,
  nozzleTemperature: null,
  bedTemperature: null,
  pricePerKg: null,
}
const spool = { fullGrams: 1000, emptyGrams: null, lot: '', location: '', openedAt: null }
const rule = { ejects: false, enclosed: null, circuitId: null, heatingWatts: 0, holdingWatts: 0 }

type Rule = Pick<Row, 'allowed' | 'by' | 'bound' | 'whose'>
/** Somebody's own job is his wherever it waits; another's is that of who runs the printer. */
const ownJob: Rule = { whose: 'own', allowed: 'mos', by: 'queue', bound: false }
const othersJob: Rule = { whose: 'other', allowed: 'os', by: 'run-printers', bound: true }
const atPrinter: Rule = { whose: 'none', allowed: 'os', by: 'run-printers', bound: true }
const ofFilament: Rule = { whose: 'none', allowed: 'os', by: 'run-printers', bound: false }
const ofSteward: Rule = { whose: 'none', allowed: 's', by: 'steward', bound: false }
const row = (action: string, kept: Rule, run: Row['run']): Row => ({ action, ...kept, run })
const both = (action: string, run: Row['run']): Row[] => [row(action, ownJob, run), row(action, othersJob, run)]
const waiting = (scene: Scene) => ({ params: { id: scene.waiting } })

export const jobRows: readonly Row[] = [
  row('stop at once', { whose: 'other', allowed: 'mos', by: 'emergency-stop', bound: true }, (p, s) =>
    p.call(stopPrinter, { params: { id: s.printerId } }),
  ),
  row('see a job', { whose: 'other', allowed: 'vmos', by: 'look', bound: true }, (p, s) => p.call(showJob, waiting(s))),
  row('see what happened to a job', { whose: 'other', allowed: 'vmos', by: 'look', bound: true }, (p, s) =>
    p.call(listJobEvents, waiting(s)),
  ),
  row('ask why a job waits', { whose: 'other', allowed: 'vmos', by: 'look', bound: true }, (p, s) =>
    p.call(showReasons, waiting(s)),
  ),
  row('see the shares', { whose: 'none', allowed: 'mos', by: 'queue', bound: false }, (p) => p.call(showShares, {})),
  ...both('change a job', (p, s) => p.call(changeJob, { ...waiting(s), body: { note: 'changed' } })),
  ...both('hold a job', (p, s) => p.call(holdJob, { ...waiting(s), body: { held: true } })),
  ...both('arrange jobs', (p, s) => p.call(arrangeJob, { ...waiting(s), body: { position: 1 } })),
  ...both('ask again for a yes', (p, s) => p.call(askApproval, waiting(s))),
  row('print a job again', { ...ownJob, bound: true }, (p, s) =>
    p.call(repeatJob, { ...waiting(s), body: { held: true } }),
  ),
  row('say yes to a job', othersJob, (p, s) => p.call(answerApproval, { ...waiting(s), body: { approved: true } })),
  row('see what a printer needs', { whose: 'none', allowed: 'vmos', by: 'look', bound: true }, (p, s) =>
    p.call(showMaintenance, { params: { id: s.printerId } }),
  ),
  row('add a task', atPrinter, (p, s) => p.call(addTask, { params: { id: s.printerId }, body: task })),
  row('change a task', atPrinter, (p, s) => p.call(changeTask, { params: { id: s.taskId }, body: task })),
  row('do a task', atPrinter, (p, s) => p.call(doTask, { params: { id: s.taskId }, body: { note: '' } })),
  row('remove a task', atPrinter, (p, s) => p.call(removeTask, { params: { id: s.taskId } })),
  row('take a printer out of service', atPrinter, (p, s) =>
    p.call(setService, { params: { id: s.printerId }, body: { outOfService: 'Worn' } }),
  ),
  row('load a spool', atPrinter, (p, s) =>
    p.call(loadSpool, { params: { printerId: s.printerId, tool: 0 }, body: { spoolId: s.spoolId } }),
  ),
  row('say that a printer was looked after', atPrinter, (p, s) =>
    p.call(trustPrinter, { params: { id: s.printerId } }),
  ),
  row('add a filament', ofFilament, (p) => p.call(addFilament, { body: filament })),
  row('change a filament', ofFilament, (p, s) =>
    p.call(changeFilament, { params: { id: s.filamentId }, body: { pricePerKg: 20 } }),
  ),
  row('remove a filament', ofFilament, (p, s) => p.call(removeFilament, { params: { id: s.filamentId } })),
  row('add a spool', ofFilament, (p, s) => p.call(addSpool, { body: { ...spool, filamentId: s.filamentId } })),
  row('change a spool', ofFilament, (p, s) =>
    p.call(changeSpool, { params: { id: s.spoolId }, body: { location: 'the dry box' } }),
  ),
  row('weigh a spool', ofFilament, (p, s) => p.call(weighSpool, { params: { id: s.spoolId }, body: { net: 100 } })),
  row('put a spool away', ofFilament, (p, s) =>
    p.call(retireSpool, { params: { id: s.spoolId }, body: { retired: true } }),
  ),
  row('set a printer’s circuit', { whose: 'none', allowed: 's', by: 'set-up-printers', bound: true }, (p, s) =>
    p.call(changeRule, { params: { id: s.printerId }, body: rule }),
  ),
  row('choose whose jobs wait for a yes', ofSteward, (p) => p.call(changeJobSettings, { body: {} })),
  row('set the rules of the queue', ofSteward, (p) => p.call(changeSettings, { body: usualSettings })),
  row('add a circuit', ofSteward, (p) => p.call(addCircuit, { body: { name: 'West', limitWatts: 2000 } })),
  row('change a circuit', ofSteward, (p, s) =>
    p.call(changeCircuit, { params: { id: s.circuitId }, body: { name: 'East', limitWatts: 2000 } }),
  ),
  row('remove a circuit', ofSteward, (p, s) => p.call(removeCircuit, { params: { id: s.circuitId } })),
  row('share spools with Spoolman', ofSteward, (p) => p.call(linkSpoolman, { body: { address: 'nowhere' } })),
  row('remove a member', ofSteward, (p, s) => p.call(removeMember, { params: { id: s.memberId } })),
  row('make a link for a new password', ofSteward, (p, s) => p.call(makeResetLink, { params: { id: s.memberId } })),
  row('drop a second factor', ofSteward, (p, s) => p.call(dropSecondFactor, { params: { id: s.memberId } })),
  row('sign a member out', ofSteward, (p, s) => p.call(signMemberOut, { params: { id: s.memberId } })),
  row('take an invitation back', ofSteward, (p, s) => p.call(revokeInvitation, { params: { id: s.invitationId } })),
  row('leave Spoolman', ofSteward, (p) => p.call(unlinkSpoolman, {})),
]
