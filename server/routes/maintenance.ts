// What printers need and what was done for them; printers out of service; their tags.
import type { FastifyInstance } from 'fastify'
import {
  addTask,
  changeTask,
  doTask,
  listDueTasks,
  type MaintenanceTask,
  type PrinterMaintenance,
  removeTask,
  setService,
  showMaintenance,
  type TaskShape,
} from '../contract/maintenance.ts'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import type { Printer } from '../contract/printers.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { taskStanding } from '../domain/maintenance.ts'
import { mount } from '../plugins/mount.ts'
import { placesById } from '../plugins/seen.ts'
import { actAs } from '../store/acting.ts'
import type { Database } from '../store/database.ts'
import { tellJobs } from '../store/job-events.ts'
import * as maintenance from '../store/maintenance.ts'
import { placeOf } from '../store/places.ts'
import { readPrinter } from '../store/printers.ts'
import type { House } from './house.ts'

export const mountMaintenance = (app: FastifyInstance, { db }: House): void => {
  mount(app, listDueTasks, async ({ me }) => {
    const places = await placesById(db)
    const isSeen = (id: number): boolean => reaches(me, 'look', places.get(id) ?? { id, tags: [] })
    return (await tasksOf(db)).filter(({ due, printerId }) => due && isSeen(printerId))
  })
  mount(app, showMaintenance, ({ params }) => wholeOf(db, params.id))

  mount(app, addTask, async ({ params, body }) => {
    await wantedPrinter(db, params.id)
    await maintenance.createTask(db, params.id, checked(body))
    return wholeOf(db, params.id)
  })

  mount(app, changeTask, async ({ params, body, me }) => {
    const printerId = await printerOf(db, params.id, me)
    await maintenance.changeTask(db, params.id, checked(body))
    return wholeOf(db, printerId)
  })

  mount(app, removeTask, async ({ params, me }) => {
    await printerOf(db, params.id, me)
    await maintenance.removeTask(db, params.id)
    return {}
  })

  mount(app, doTask, async ({ params, body, me }) => {
    const printerId = await printerOf(db, params.id, me)
    await maintenance.saveEntry(db, { printerId, taskId: params.id, kind: 'done', by: me.id, note: body.note.trim() })
    return wholeOf(db, printerId)
  })

  mount(app, setService, async ({ params, body, me }) => {
    const printer = await wantedPrinter(db, params.id)
    const reason = body.outOfService?.trim() || null
    if (reason === null && printer.outOfService === null) {
      throw new Refused(refuse('printer.in-service', { name: printer.name }))
    }
    await actAs(db, me.id, (inside) => changeService(inside, printer, reason, me.id))
    return wantedPrinter(db, params.id)
  })
}

/** Those who wait for it are told, in the history of their jobs. */
const changeService = async (db: Database, printer: Printer, reason: string | null, by: number): Promise<void> => {
  if (!(await maintenance.saveService(db, printer.id, reason, by))) return
  const kind = reason === null ? 'back' : 'out'
  await maintenance.saveEntry(db, { printerId: printer.id, taskId: null, kind, by, note: reason ?? '' })
  const jobs = await maintenance.jobsWaitingFor(db, printer.id)
  await tellJobs(db, jobs, `printer-${kind}`, { printerId: printer.id, printer: printer.name, reason })
}

const wantedPrinter = async (db: Database, id: number): Promise<Printer> => {
  const printer = await readPrinter(db, id)
  if (printer === null) throw new Refused(refuse('printer.missing'))
  return printer
}

/** The printer that a task is of, where this member may run it. */
const printerOf = async (db: Database, taskId: number, me: Me): Promise<number> => {
  const printerId = await maintenance.printerOfTask(db, taskId)
  const place = printerId === null ? null : await placeOf(db, printerId)
  if (printerId === null || place === null || !reaches(me, 'look', place)) throw new Refused(refuse('task.missing'))
  if (!may(me, 'run-printers', place)) throw new Refused(refuse('permission.missing'))
  return printerId
}

const checked = (task: TaskShape): TaskShape => {
  const { everyHours, everyMetres, everyPrints, everyDays } = task
  if (everyHours ?? everyMetres ?? everyPrints ?? everyDays) return task
  throw new Refused(refuse('task.interval'))
}

/** The most urgent first. */
const tasksOf = async (db: Database, printerId?: number): Promise<MaintenanceTask[]> => {
  const now = new Date()
  const rows = await maintenance.listTasks(db, printerId)
  return rows
    .map(({ last, counts, ...task }) => ({
      ...task,
      ...taskStanding(task, { ...last, at: task.lastAt }, counts, now),
    }))
    .sort((one, other) => other.share - one.share)
}

const wholeOf = async (db: Database, printerId: number): Promise<PrinterMaintenance> => {
  await wantedPrinter(db, printerId)
  const [counts, tasks, entries] = await Promise.all([
    maintenance.readCounts(db, printerId),
    tasksOf(db, printerId),
    maintenance.listEntries(db, printerId),
  ])
  return { counts, tasks, entries }
}
