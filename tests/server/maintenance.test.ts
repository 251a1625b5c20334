import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { listJobEvents } from '../../server/contract/job-events.ts'
import { queueJob } from '../../server/contract/jobs.ts'
import {
  addTask,
  changeTask,
  doTask,
  listDueTasks,
  removeTask,
  setService,
  showMaintenance,
  type TaskShape,
} from '../../server/contract/maintenance.ts'
import { changePrinter } from '../../server/contract/printers.ts'
import type { Change } from '../../server/contract/signals.ts'
import { taskStanding } from '../../server/domain/maintenance.ts'
import { listen } from '../../server/store/notify.ts'
import { gcodeTaking, openRig } from '../support/rig.ts'
import { refusalOf } from '../support/workshop.ts'

const task = (changes: Partial<TaskShape> = {}): TaskShape => ({
  name: 'Grease the rods',
  note: '',
  everyHours: null,
  everyMetres: null,
  everyPrints: null,
  everyDays: null,
  ...changes,
})
const at = (days: number): Date => new Date(Date.UTC(2026, 0, 1) + days * 86_400_000)

describe('a task', () => {
  const last = { hours: 100, metres: 1000, prints: 50, at: at(0).toISOString() }

  it('is due when as much is over as its interval says', () => {
    expect(taskStanding(task({ everyHours: 50 }), last, { ...last, hours: 149 }, at(1))).toEqual({
      share: 0.98,
      due: false,
      nearest: 'hours',
      left: 1,
    })
    expect(taskStanding(task({ everyHours: 50 }), last, { ...last, hours: 155 }, at(1))).toMatchObject({
      due: true,
      left: -5,
    })
  })

  it('goes by the interval of which most is over', () => {
    const both = task({ everyPrints: 10, everyDays: 30 })
    expect(taskStanding(both, last, { ...last, prints: 55 }, at(6))).toMatchObject({ nearest: 'prints', left: 5 })
    expect(taskStanding(both, last, { ...last, prints: 55 }, at(31))).toMatchObject({ nearest: 'days', due: true })
  })
})

describe('maintenance', async () => {
  const { steward, join, db, add, upload, startAll, end, makeReady } = await openRig()
  const left = await add('Left')
  const kepa = await join('Kepa', 'operator')
  const ane = await join('Ane', 'member')
  const params = { id: left }

  it('counts hours, metres and prints of a printer from its prints', async () => {
    const file = await upload(ane, 'metre', gcodeTaking('metre', 4000))
    await ane.call(queueJob, { body: { fileId: file.id } })
    const [print] = await startAll()
    await db.run(sql`UPDATE print SET started_at = now() - interval '3 hours' WHERE id = ${print?.id}`)
    await end(print?.id as number, 'completed', file.sizeBytes)
    const { counts } = await ane.call(showMaintenance, { params })
    expect(counts.hours).toBeCloseTo(3, 2)
    expect(counts.metres).toBeCloseTo(4, 2)
    expect(counts.prints).toBe(1)
  })

  it('is due by what was printed since it was done last, and is written down when it is done', async () => {
    expect(await refusalOf(ane.call(addTask, { params, body: task({ everyDays: 1 }) }))).toMatchObject({ status: 403 })
    expect(await refusalOf(kepa.call(addTask, { params, body: task() }))).toMatchObject({ code: 'task.interval' })
    const { tasks } = await kepa.call(addTask, { params, body: task({ everyPrints: 1, everyDays: 90 }) })
    const id = tasks[0]?.id as number
    expect(await ane.call(listDueTasks, {})).toEqual([])
    await makeReady(left)
    const file = await upload(ane, 'second', gcodeTaking('second', 100))
    await ane.call(queueJob, { body: { fileId: file.id } })
    for (const print of await startAll()) await end(print.id, 'failed', 1)
    expect(await ane.call(listDueTasks, {})).toMatchObject([
      { id, printerName: 'Left', due: true, nearest: 'prints', left: 0 },
    ])
    const done = await kepa.call(doTask, { params: { id }, body: { note: 'with PTFE' } })
    expect(done.entries).toMatchObject([
      { kind: 'done', task: 'Grease the rods', by: 'Kepa', note: 'with PTFE', prints: 2 },
    ])
    expect(done.tasks).toMatchObject([{ id, due: false }])
    await kepa.call(changeTask, { params: { id }, body: task({ everyHours: 200 }) })
    await kepa.call(removeTask, { params: { id } })
    expect(await refusalOf(kepa.call(doTask, { params: { id }, body: { note: '' } }))).toMatchObject({ status: 404 })
    expect((await ane.call(showMaintenance, { params })).entries).toHaveLength(1)
  })

  it('of a printer out of service tells those who wait for it, at once and in the history of their jobs', async () => {
    const right = await add('Right')
    await steward.call(changePrinter, { params, body: { tags: ['large'] } })
    const queue = async (name: string, body: object): Promise<number> => {
      const file = await upload(ane, name)
      return (await ane.call(queueJob, { body: { fileId: file.id, held: true, ...body } })).id
    }
    const wanted = await queue('wanted', { printerId: left })
    const tagged = await queue('tagged', { printerTags: ['large'] })
    const anywhere = await queue('anywhere', {})
    const rung: Change[] = []
    const listening = await listen(
      db.connection,
      { change: (change) => rung.push(change) },
      () => {},
      () => {},
    )
    const set = (outOfService: string | null, id = left) =>
      kepa.call(setService, { params: { id }, body: { outOfService } })
    expect(await refusalOf(ane.call(setService, { params, body: { outOfService: 'x' } }))).toMatchObject({
      status: 403,
    })
    expect(await set('The nozzle is blocked.')).toMatchObject({
      outOfService: 'The nozzle is blocked.',
      takesJobs: false,
    })
    await expect
      .poll(() =>
        rung
          .filter(({ of }) => of === 'job')
          .map(({ id }) => id)
          .toSorted(),
      )
      .toEqual([wanted, tagged])
    const events = async (id: number) =>
      (await ane.call(listJobEvents, { params: { id } })).filter(({ kind }) => kind.startsWith('printer-'))
    expect(await events(wanted)).toMatchObject([
      { kind: 'printer-out', by: 'Kepa', values: { printer: 'Left', reason: 'The nozzle is blocked.' } },
    ])
    expect(await events(tagged)).toHaveLength(1)
    expect(await events(anywhere)).toEqual([])
    await set('Dusty.', right)
    expect(await events(anywhere)).toHaveLength(1)
    expect(await set(null)).toMatchObject({ outOfService: null, takesJobs: true })
    expect((await events(wanted)).map(({ kind }) => kind)).toEqual(['printer-out', 'printer-back'])
    expect(await refusalOf(set(null))).toMatchObject({ code: 'printer.in-service' })
    const { entries } = await ane.call(showMaintenance, { params })
    expect(entries.slice(0, 2).map(({ kind }) => kind)).toEqual(['back', 'out'])
    await listening.close()
  })

  it('starts nothing on a printer out of service', async () => {
    await makeReady(left)
    await kepa.call(setService, { params, body: { outOfService: 'Being cleaned.' } })
    const file = await upload(ane, 'waits')
    await ane.call(queueJob, { body: { fileId: file.id } })
    expect(await startAll()).toEqual([])
    await kepa.call(setService, { params, body: { outOfService: null } })
    expect(await startAll()).toHaveLength(1)
  })
}, 60_000)
