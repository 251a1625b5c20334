// What of printers, jobs, prints and files somebody gets to see: only what his limits and the others' privacy leave.
import type { GcodeFile } from '../contract/files.ts'
import type { Job, Print } from '../contract/jobs.ts'
import type { Me } from '../contract/members.ts'
import { type PrinterPlace, reaches } from '../contract/permissions.ts'
import type { Printer } from '../contract/printers.ts'
import {
  jobSeenBy,
  type NameRules,
  printerSeenBy,
  printSeenBy,
  seesFile,
  seesJob,
  seesNames,
} from '../domain/privacy.ts'
import type { Database } from '../store/database.ts'
import { listPlaces, openNames } from '../store/places.ts'

export const printersSeen = async (db: Database, me: Me, printers: readonly Printer[]): Promise<Printer[]> => {
  const rules = await openNames(db)
  return printers.filter((printer) => reaches(me, 'look', printer)).map((printer) => printerSeenBy(me, rules, printer))
}

export const jobsSeen = async <J extends Job>(db: Database, me: Me, jobs: readonly J[]): Promise<J[]> => {
  const [rules, places] = [await openNames(db), await placesById(db)]
  return jobs.filter((job) => seesJob(me, job, places)).map((job) => jobSeenBy(me, rules, job))
}

export const printsSeen = async (db: Database, me: Me, prints: readonly Print[]): Promise<Print[]> => {
  const [rules, places] = [await openNames(db), await placesById(db)]
  return prints
    .filter(({ printerId, memberId }) => memberId === me.id || isInView(me, places.get(printerId)))
    .map((print) => printSeenBy(me, rules, print))
}

/** The file, or null where this member does not get to see it. */
export const fileSeen = async <F extends GcodeFile>(db: Database, me: Me, file: F | null): Promise<F | null> =>
  file !== null && seesFile(me, await openNames(db), file) ? file : null

/** Whose files are listed to this member; null: everyone's. */
export const ownersSeen = async (db: Database, me: Me): Promise<number[] | null> => {
  const rules: NameRules = await openNames(db)
  return seesNames(me, null, rules) ? null : [me.id, ...rules.members]
}

export const placesById = async (db: Database): Promise<Map<number, PrinterPlace>> =>
  new Map((await listPlaces(db)).map((place) => [place.id, place]))

const isInView = (me: Me, place: PrinterPlace | undefined): boolean => place === undefined || reaches(me, 'look', place)
