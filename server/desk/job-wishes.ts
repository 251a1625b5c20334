// What may be wished of a job, checked when it is wished.
import type { EventValue } from '../contract/job-events.ts'
import type { Job, JobWishes } from '../contract/jobs.ts'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import type { Printer } from '../contract/printers.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { obstacles } from '../domain/match.ts'
import { seesFile } from '../domain/privacy.ts'
import type { Database } from '../store/database.ts'
import { readFile } from '../store/files.ts'
import { isMember } from '../store/members.ts'
import { openNames } from '../store/places.ts'
import { listPrinters } from '../store/printers.ts'
import { checkLicences } from './licences.ts'

/** One copy on any printer, as soon as its turn comes. */
export const noWishes: JobWishes = {
  copies: 1,
  materialWanted: null,
  colourWanted: null,
  nozzleWanted: null,
  printerId: null,
  printerTags: [],
  earliestStart: null,
  wantedBy: null,
  note: '',
  attendStart: null,
  priority: 'normal',
}

export interface Wished {
  readonly fileIds: readonly number[]
  readonly held: boolean
  /** Whether a person has said something of material, colour or nozzle. */
  readonly said: boolean
  readonly wishes: JobWishes
}

export const wishesOf = (job: Job): JobWishes => ({
  copies: job.copies,
  materialWanted: job.materialWanted,
  colourWanted: job.colourWanted,
  nozzleWanted: job.nozzleWanted,
  printerId: job.printerId,
  printerTags: job.printerTags,
  earliestStart: job.earliestStart,
  wantedBy: job.wantedBy,
  note: job.note,
  attendStart: job.attendStart,
  priority: job.priority,
})

/** What differs from before. */
export const newWishes = (before: JobWishes, said: Partial<JobWishes>): Partial<JobWishes> =>
  Object.fromEntries(
    Object.entries(said).filter(([wish, value]) => {
      const old = before[wish as keyof JobWishes]
      const isInstant = wish === 'earliestStart' || wish === 'wantedBy'
      if (isInstant && typeof value === 'string' && typeof old === 'string')
        return Date.parse(value) !== Date.parse(old)
      return String(value) !== String(old)
    }),
  )

/** Wishes as an event tells them. */
export const eventValues = (wishes: Partial<JobWishes>): Record<string, EventValue> =>
  Object.fromEntries(
    Object.entries(wishes).map(([wish, value]) => [wish, Array.isArray(value) ? value.join(', ') : (value ?? null)]),
  )

/** `said`: those of the wishes that are new. What nobody could ever print is refused now and not after hours of waiting. */
export const checkWishes = async (
  db: Database,
  me: Me,
  fileIds: readonly number[],
  wishes: JobWishes,
  said: Partial<JobWishes>,
): Promise<void> => {
  const { printerId, printerTags } = wishes
  if (printerId !== null && printerTags.length > 0) throw new Refused(refuse('job.one-or-tags'))
  if (said.priority === 'high' && !may(me, 'run-printers', 'everywhere')) throw new Refused(refuse('job.priority'))
  if (said.attendStart != null && !(await isMember(db, said.attendStart))) throw new Refused(refuse('job.attends'))
  // Where it may go was settled when that was wished; whether its member still may, the scheduler asks at each pass.
  if (said.printerId === undefined && said.printerTags === undefined) return
  const all = (await listPrinters(db)).filter((printer) => reaches(me, 'look', printer))
  const named = all.filter(({ id, tags }) =>
    printerId === null ? printerTags.every((tag) => tags.includes(tag)) : id === printerId,
  )
  const wanted = named.filter((printer) => may(me, 'queue', printer))
  if (named.length > 0 && wanted.length === 0) throw new Refused(refuse('permission.missing'))
  if (printerId !== null && wanted.length === 0) throw new Refused(refuse('printer.missing'))
  if (printerTags.length > 0 && wanted.length === 0) {
    throw new Refused(refuse('job.no-tag', { tags: printerTags.join(', ') }))
  }
  for (const fileId of fileIds) await checkPrintable(db, me, fileId, wanted)
}

const checkPrintable = async (db: Database, me: Me, fileId: number, wanted: readonly Printer[]): Promise<void> => {
  const file = await readFile(db, fileId)
  if (file === null || !seesFile(me, await openNames(db), file)) throw new Refused(refuse('file.missing'))
  if (file.state === 'failed') throw new Refused(refuse('file.unread', { name: file.name, reason: file.reason ?? '' }))
  await checkLicences(db, [{ fileId }])
  const { findings } = file
  if (findings === null || wanted.length === 0) return
  const each = wanted.map(({ name, profile }) => ({ name, found: obstacles(findings, profile) }))
  if (each.some(({ found }) => found.length === 0)) return
  const detail = each.map(({ name, found }) => `${name}: ${found.join(', ')}`).join('; ')
  throw new Refused(refuse('job.never-fits', { name: file.name, detail }))
}
