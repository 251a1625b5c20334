import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sql from 'sql-template-tag'
import { beforeAll, describe, expect, it } from 'vitest'
import { initialState } from '../../gcode/index.ts'
import { decideJob, listJobs, queueJob } from '../../server/contract/jobs.ts'
import { type ModalRecord, modalRecordOf, type PrintRecord } from '../../server/contract/print-record.ts'
import { addPrinter, showPrinter } from '../../server/contract/printers.ts'
import { previewResume, type ResumeChoices, resumePrint, showResumable } from '../../server/contract/resume.ts'
import { becomeBridge } from '../../server/store/bridges.ts'
import { moveJobState } from '../../server/store/jobs.ts'
import { newestLog, saveLog } from '../../server/store/printer-logs.ts'
import { saveSnapshots } from '../../server/store/printers.ts'
import * as prints from '../../server/store/prints.ts'
import { followPrints } from '../../server/work/follow-prints.ts'
import { dispatchPrint } from '../support/dispatch.ts'
import { profile } from '../support/lasting-printer.ts'
import { openWorkshop, refusalOf, type Workshop } from '../support/workshop.ts'

const cube = readFileSync(fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url)))
const choices: ResumeChoices = { homing: 'keep', layers: 0, lines: 0, prime: 10, lift: 10 }
const INSTANCE = '11111111-1111-4111-8111-111111111111'

let workshop: Workshop
let printerId: number
let count = 0

const telemetry = (state: 'idle' | 'offline') => ({
  printerId,
  state,
  reason: null,
  firmware: 'Marlin 2.1',
  temperatures: {},
  position: null,
  progress: null,
  linesSent: 0,
  resends: 0,
  okLatency: 0,
  at: new Date().toISOString(),
})

beforeAll(async () => {
  workshop = await openWorkshop()
  await becomeBridge(workshop.db, { name: 'room', instance: INSTANCE, host: 'here', instead: null })
  const printer = await workshop.steward.call(addPrinter, {
    body: { name: 'Etxe', bridge: 'room', address: '/dev/ttyX', baudRate: 0, profile },
  })
  printerId = printer.id
  await saveSnapshots(workshop.db, [telemetry('idle')])
})

/** The end of a line in the middle of the file, where plastic is laid. */
const middle = (): number => {
  const text = cube.toString('latin1')
  return text.indexOf('\n', Math.floor(text.length / 2)) + 1
}

const recordOf = (
  printId: number,
  bytes: number,
  modal: ModalRecord = modalRecordOf(initialState(), 0),
): PrintRecord => ({
  printId,
  bytes,
  totalBytes: cube.length,
  modal,
  layer: null,
  object: null,
  doneSeconds: 0,
  totalSeconds: 0,
  remainingSeconds: null,
  resends: 3,
  underruns: 1,
  at: new Date().toISOString(),
})

/** A print that was cut off in the middle of its file. */
const cutOff = async (): Promise<{ printId: number; jobId: number; bytes: number }> => {
  const { db, steward } = workshop
  const file = await steward.upload(`cut-${++count}.gcode`, Buffer.concat([cube, Buffer.from(`; ${count}\n`)]))
  const job = await steward.call(queueJob, { body: { fileId: file.id } })
  await db.run(sql`UPDATE printer SET bed = 'clear' WHERE id = ${printerId}`)
  const printId = await dispatchPrint(db, job.id, printerId)
  await moveJobState(db, job.id, ['queued'], 'printing')
  expect(await prints.claimPrint(db, printId, INSTANCE)).toMatchObject({ id: printId, from: null })
  const bytes = middle()
  await prints.saveRecords(db, [recordOf(printId, bytes)])
  await prints.endPrint(db, { id: printId, state: 'interrupted', reason: 'The power went.', acceptedBytes: bytes })
  await followPrints(db)
  return { printId, jobId: job.id, bytes }
}

const decide = (jobId: number) =>
  workshop.steward.call(decideJob, { params: { id: jobId }, body: { decision: 'cancelled' } })

describe('a print that was cut off', () => {
  it('is offered to be gone on with, shown line by line, and goes on as it was shown', async () => {
    const { steward, db } = workshop
    const { printId, jobId, bytes } = await cutOff()
    const { resumable } = await steward.call(showResumable, { params: { id: printerId } })
    expect(resumable).toMatchObject({
      print: { id: printId, resends: 3, underruns: 1 },
      homings: ['keep'],
      hindrance: null,
    })
    const preview = await steward.call(previewResume, { params: { id: printId }, body: choices })
    expect(preview.place.bytes).toBe(bytes)
    expect(preview.lines).toContain('G28 X Y')
    expect(preview.after.length).toBeGreaterThan(5)

    const resumed = await steward.call(resumePrint, { params: { id: printId }, body: { choices, mark: preview.mark } })
    expect(await prints.readPrint(db, resumed.printId)).toMatchObject({
      state: 'dispatched',
      resumes: printId,
      acceptedBytes: bytes,
    })
    // The bed is not clear, and must not be: the part lies on it.
    const claimed = await prints.claimPrint(db, resumed.printId, INSTANCE)
    expect(claimed?.from).toEqual({ bytes, lines: preview.lines })
    expect(await prints.claimPrint(db, resumed.printId, INSTANCE)).toBeNull()
    expect((await steward.call(showResumable, { params: { id: printerId } })).resumable).toBeNull()
    await prints.endPrint(db, { id: resumed.printId, state: 'completed', reason: null, acceptedBytes: cube.length })
    await followPrints(db)
    expect((await steward.call(listJobs, { query: { ended: true } })).find(({ id }) => id === jobId)?.state).toBe(
      'done',
    )
  })

  it('goes on from lines and layers around the one where it stood', async () => {
    const { steward } = workshop
    const { printId, jobId, bytes } = await cutOff()
    const params = { id: printId }
    const back = await steward.call(previewResume, { params, body: { ...choices, lines: -3 } })
    const on = await steward.call(previewResume, { params, body: { ...choices, lines: 3 } })
    const here = await steward.call(previewResume, { params, body: choices })
    expect(back.place.bytes).toBeLessThan(bytes)
    expect(on.place.bytes).toBeGreaterThan(bytes)
    expect([back.place.line, on.place.line]).toEqual([here.place.line - 3, here.place.line + 3])
    expect(back.after[3]).toBe(here.after[0])
    await decide(jobId)
  })

  it('is not gone on with twice, nor after it was decided otherwise, nor as nobody has seen it', async () => {
    const { steward, db } = workshop
    const { printId, jobId } = await cutOff()
    const params = { id: printId }
    const { mark } = await steward.call(previewResume, { params, body: choices })
    expect(
      await refusalOf(steward.call(resumePrint, { params, body: { choices: { ...choices, prime: 11 }, mark } })),
    ).toMatchObject({
      code: 'print.preview-old',
    })
    const asked = await Promise.allSettled(
      [1, 2, 3].map(() => steward.call(resumePrint, { params, body: { choices, mark } })),
    )
    const done = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value.printId] : []))
    expect(done).toHaveLength(1)
    // The bridge cannot take it: then a person decides anew; from its beginning it would run into its own part.
    await prints.refusePrint(db, done[0] as number, 'The printer is offline.')
    await followPrints(db)
    expect((await steward.call(listJobs, { query: {} })).find(({ id }) => id === jobId)?.state).toBe('undecided')
    await decide(jobId)
    expect(await refusalOf(steward.call(resumePrint, { params, body: { choices, mark } }))).toMatchObject({
      code: 'print.decided',
    })
  })

  it('waits for its printer, and for somebody who may', async () => {
    const { steward, db, join } = workshop
    const { printId, jobId } = await cutOff()
    const stranger = await join('Jon', 'member')
    expect(await refusalOf(stranger.call(previewResume, { params: { id: printId }, body: choices }))).toMatchObject({
      code: 'permission.missing',
    })
    const { mark } = await steward.call(previewResume, { params: { id: printId }, body: choices })
    await saveSnapshots(db, [telemetry('offline')])
    expect(
      await refusalOf(steward.call(resumePrint, { params: { id: printId }, body: { choices, mark } })),
    ).toMatchObject({
      code: 'print.resume',
      message: 'Etxe is not connected. Switch it on and plug it in.',
    })
    await saveSnapshots(db, [telemetry('idle')])
    await decide(jobId)
    expect((await steward.call(showPrinter, { params: { id: printerId } })).print).toBeNull()
  })

  it('has the youngest record that any disk has kept, and never an older one', async () => {
    const { db } = workshop
    const { printId, jobId, bytes } = await cutOff()
    await decide(jobId)
    await prints.saveKept(db, [{ instance: INSTANCE, record: recordOf(printId, bytes + 50), outcome: null }])
    expect((await prints.readPrint(db, printId))?.acceptedBytes).toBe(bytes)
    expect((await prints.readRecord(db, printId))?.bytes).toBe(bytes)
  })

  it('is complete when the disk knows that it was, although the database had never heard of it', async () => {
    const { db, steward } = workshop
    const file = await steward.upload(`kept-${++count}.gcode`, Buffer.concat([cube, Buffer.from(`; ${count}\n`)]))
    const job = await steward.call(queueJob, { body: { fileId: file.id } })
    const printId = await dispatchPrint(db, job.id, printerId)
    await moveJobState(db, job.id, ['queued'], 'printing')
    await db.run(sql`UPDATE printer SET bed = 'clear' WHERE id = ${printerId}`)
    await prints.claimPrint(db, printId, INSTANCE)
    await prints.saveRecords(db, [recordOf(printId, 500)])
    await prints.saveRecords(db, [recordOf(printId, 400)])
    expect((await prints.readRecord(db, printId))?.bytes).toBe(500)
    const outcome = { state: 'completed', reason: null, acceptedBytes: cube.length } as const
    const stranger = '22222222-2222-4222-8222-222222222222'
    await prints.saveKept(db, [{ instance: stranger, record: recordOf(printId, 900), outcome }])
    expect((await prints.readPrint(db, printId))?.state).toBe('printing')
    await prints.saveKept(db, [{ instance: INSTANCE, record: recordOf(printId, cube.length), outcome }])
    expect(await prints.readPrint(db, printId)).toMatchObject({ state: 'completed', acceptedBytes: cube.length })
    expect(await prints.interruptOrphans(db, 'room', stranger)).toEqual([])
    expect(await prints.readRecord(db, printId)).toBeNull()
  })
})

describe('the log of a printer', () => {
  it('is downloaded as text, with what failed last; only the last ones are kept', async () => {
    const { db, app, steward } = workshop
    await saveLog(db, { printerId, failure: 'RangeError: nobody foresaw it', lines: '> G1\n< ok\0\n' })
    for (let n = 0; n < 15; n++) await saveLog(db, { printerId, failure: null, lines: `> M105 ${n}\n` })
    const response = await app.inject({ url: `/api/printers/${printerId}/log`, headers: { cookie: steward.cookie } })
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toContain('text/plain')
    expect(response.headers['content-disposition']).toContain('Etxe')
    expect(response.body).toContain('> M105 14')
    expect(response.body).toContain('nobody foresaw it')
    expect(await newestLog(db, printerId)).toMatchObject({ failure: null, lines: '> M105 14\n' })
  })
})
