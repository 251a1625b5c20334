// Prints that were cut off: where they stood, what would be sent to go on, and going on.
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Print } from '../contract/jobs.ts'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import type { PrintRecord } from '../contract/print-record.ts'
import type { Printer } from '../contract/printers.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import {
  type Homing,
  previewResume,
  type ResumeChoices,
  type ResumePreview,
  resumePrint,
  showResumable,
} from '../contract/resume.ts'
import { type PrintOrder, printQueue } from '../contract/work.ts'
import { checkLearnt } from '../desk/may-use.ts'
import { CommandEnds, type FilePlace, LayerStarts, LinesAfter, PlaceReader, partDone } from '../domain/place.ts'
import { hindranceToResume, resumePlan } from '../domain/resume.ts'
import { mount } from '../plugins/mount.ts'
import { printsSeen } from '../plugins/seen.ts'
import { actAs } from '../store/acting.ts'
import { readBlob } from '../store/blobs.ts'
import { brokenConstraint, type Database } from '../store/database.ts'
import * as files from '../store/files.ts'
import { lockJob } from '../store/job-standing.ts'
import { readJob } from '../store/jobs.ts'
import { readPrinter } from '../store/printers.ts'
import * as prints from '../store/prints.ts'
import type { House } from './house.ts'
import { bringAfter } from './job-standing.ts'

const SHOWN_LINES = 12

export const mountPrints = (app: FastifyInstance, { db, orders }: House): void => {
  mount(app, showResumable, async ({ params, me }) => {
    const printer = await wantedPrinter(db, params.id)
    const [print] = await prints.listPrints(db, { printerId: params.id, limit: 1 })
    const record = print ? await prints.readRecord(db, print.id) : null
    if (!print || record === null || print.fate !== 'undecided') return { resumable: null }
    const homings: Homing[] =
      printer.profile.shape === 'round' ? ['top'] : printer.profile.homeZAt ? ['edge', 'keep'] : ['keep']
    const [shown] = await printsSeen(db, me, [print])
    if (shown === undefined) return { resumable: null }
    return { resumable: { print: shown, recordedAt: record.at, homings, hindrance: hindranceToResume(printer) } }
  })

  mount(app, previewResume, async ({ params, body, me }) => {
    const { preview } = await previewOf(db, await cutOff(db, params.id, me), body)
    return preview
  })

  mount(app, resumePrint, async ({ params, body, me }) => {
    const cut = await cutOff(db, params.id, me)
    const hindrance = hindranceToResume(cut.printer)
    if (hindrance !== null) throw new Refused(refuse('print.resume', { reason: hindrance }))
    await checkLearnt(db, me.id, cut.printer.id, { use: 'start' })
    const { preview, place } = await previewOf(db, cut, body.choices)
    // What is sent is what the person has seen, to the letter.
    if (preview.mark !== body.mark) throw new Refused(refuse('print.preview-old'))
    const printId = await dispatch(db, cut, place, { lines: preview.lines, by: me.id })
    const order: PrintOrder = { printId }
    await orders.add(printQueue(cut.printer.bridge), `print-${printId}`, order)
    return { printId }
  })
}

/** A print that was cut off, with all that is known of it. */
interface CutOff {
  readonly print: Print
  readonly record: PrintRecord
  readonly printer: Printer
  readonly fileId: number
}

const wantedPrinter = async (db: Database, id: number): Promise<Printer> => {
  const printer = await readPrinter(db, id)
  if (printer === null) throw new Refused(refuse('printer.missing'))
  return printer
}

const cutOff = async (db: Database, id: number, me: Me): Promise<CutOff> => {
  const print = await prints.readPrint(db, id)
  const job = print && (await readJob(db, print.jobId))
  if (!print || !job) throw new Refused(refuse('print.missing'))
  const printer = await readPrinter(db, print.printerId)
  if (printer === null || !reaches(me, 'look', printer)) throw new Refused(refuse('printer.missing'))
  const needed = job.memberId === me.id ? 'mind-own-prints' : 'run-printers'
  if (!may(me, needed, printer)) throw new Refused(refuse('permission.missing'))
  if (print.fate !== 'undecided') throw new Refused(refuse('print.decided'))
  const record = await prints.readRecord(db, id)
  if (record === null) throw new Refused(refuse('print.no-record'))
  const fileId = await prints.fileOfPrint(db, id)
  if (fileId === null) throw new Refused(refuse('file.missing'))
  return { print, record, printer, fileId }
}

const previewOf = async (
  db: Database,
  { record, printer, fileId }: CutOff,
  choices: ResumeChoices,
): Promise<{ preview: ResumePreview; place: FilePlace }> => {
  const file = await files.fileBytes(db, fileId)
  if (file === null) throw new Refused(refuse('file.missing'))
  const course = await files.readCourse(db, fileId)
  const read = (): AsyncIterable<Buffer> => readBlob(db, file.blobId)
  const { bytes, line, layers } = await wantedPlace(read, record, choices)
  const reader = new PlaceReader(bytes)
  for await (const chunk of read()) {
    reader.feed(chunk)
    if (reader.done) break
  }
  const place = reader.place()
  const dialect = /klipper/i.test(printer.telemetry?.firmware ?? '') ? 'klipper' : 'marlin'
  const plan = resumePlan(place, printer.profile, choices, dialect)
  if ('refused' in plan) throw new Refused(refuse('print.resume', { reason: plan.refused }))
  const { modal, layer, object } = place
  const preview: ResumePreview = {
    place: {
      bytes,
      line,
      layer,
      layers,
      object,
      x: modal.x,
      y: modal.y,
      z: modal.z,
      nozzle: modal.nozzleTargets[modal.tool] ?? 0,
      bed: modal.bedTarget,
      ...partDone(course, bytes, file.sizeBytes),
    },
    lines: [...plan.lines],
    after: [...(await linesFrom(read, bytes))],
    warnings: [...plan.warnings],
    mark: createHash('sha256')
      .update(`${bytes}\n${plan.lines.join('\n')}`)
      .digest('hex'),
  }
  return { preview, place }
}

/** Where the choices lead: so many layers, then so many lines from where it stood. */
const wantedPlace = async (
  read: () => AsyncIterable<Buffer>,
  record: PrintRecord,
  choices: ResumeChoices,
): Promise<{ bytes: number; line: number; layers: number | null }> => {
  const starts = new LayerStarts()
  for await (const chunk of read()) starts.feed(chunk)
  const base = choices.layers === 0 ? record.bytes : starts.from(record.bytes, choices.layers)
  if (base === null) throw new Refused(refuse('print.resume', { reason: 'The file has no such layer, or marks none.' }))
  const ends = new CommandEnds(base)
  for await (const chunk of read()) {
    ends.feed(chunk)
    if (ends.done) break
  }
  const bytes = ends.at(choices.lines)
  if (bytes === null) throw new Refused(refuse('print.resume', { reason: 'The file has no such line.' }))
  return { bytes, line: ends.passed + choices.lines, layers: starts.count }
}

const linesFrom = async (read: () => AsyncIterable<Buffer>, bytes: number): Promise<readonly string[]> => {
  const after = new LinesAfter(bytes, SHOWN_LINES)
  for await (const chunk of read()) {
    after.feed(chunk)
    if (after.done) break
  }
  return after.lines
}

const dispatch = async (
  db: Database,
  { print, record, printer }: CutOff,
  place: FilePlace,
  { lines, by }: { lines: readonly string[]; by: number },
): Promise<number> => {
  const { bytes, modal, layer, object } = place
  try {
    return await actAs(db, by, async (inside) => {
      await lockJob(inside, print.jobId)
      const printId = await prints.dispatchResume(inside, {
        printerId: printer.id,
        resumes: print.id,
        fromByte: bytes,
        lines,
        record: { ...record, bytes, modal, layer, object, resends: 0, underruns: 0 },
      })
      if (printId === null) throw new Refused(refuse('print.decided'))
      await bringAfter(inside, print.jobId)
      return printId
    })
  } catch (error) {
    if (brokenConstraint(error) === null) throw error
    throw new Refused(refuse('printer.printing', { name: printer.name }))
  }
}
