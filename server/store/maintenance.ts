// What printers have done and need, what was done for them, and whether they are in service.
import sql, { type Sql } from 'sql-template-tag'
import type { Counts, MaintenanceEntry, TaskShape } from '../contract/maintenance.ts'
import type { Database } from './database.ts'

/** Counted from the prints: time on the printer, filament that was pushed out, prints that began. */
const counts = (printerId: Sql): Sql => sql`
  SELECT coalesce(sum(extract(epoch FROM coalesce(print.ended_at, now()) - print.started_at)) / 3600, 0)::float8 AS hours,
    coalesce((SELECT sum(length) / 1000 FROM print_use JOIN print one ON one.id = print_use.print_id
      WHERE one.printer_id = ${printerId}), 0)::float8 AS metres,
    count(*)::integer AS prints
  FROM print WHERE print.printer_id = ${printerId} AND print.started_at IS NOT NULL`

export const readCounts = async (db: Database, printerId: number): Promise<Counts> =>
  (await db.row<Counts>(counts(sql`${printerId}::bigint`))) ?? { hours: 0, metres: 0, prints: 0 }

/** A task with the counts of its printer, now and when it was done last. */
export interface TaskRow extends TaskShape {
  readonly id: number
  readonly printerId: number
  readonly printerName: string
  readonly lastAt: string
  readonly last: Counts
  readonly counts: Counts
}

/** Of one printer, or of all. */
export const listTasks = (db: Database, printerId?: number): Promise<TaskRow[]> =>
  db.rows<TaskRow>(sql`
    SELECT task.id, task.printer_id AS "printerId", printer.name AS "printerName", task.name, task.note,
      task.every_hours AS "everyHours", task.every_metres AS "everyMetres", task.every_prints AS "everyPrints",
      task.every_days AS "everyDays", task.last_at AS "lastAt",
      jsonb_build_object('hours', task.last_hours, 'metres', task.last_metres, 'prints', task.last_prints) AS last,
      to_jsonb(now_) AS counts
    FROM maintenance_task task JOIN printer ON printer.id = task.printer_id
      CROSS JOIN LATERAL (${counts(sql`task.printer_id`)}) now_
    WHERE task.removed_at IS NULL AND printer.removed_at IS NULL
      AND (${printerId ?? null}::bigint IS NULL OR printer.id = ${printerId ?? null})
    ORDER BY task.id`)

/** The printer of a task; null where there is no such task. */
export const printerOfTask = async (db: Database, id: number): Promise<number | null> =>
  (
    await db.row<{ printerId: number }>(sql`
      SELECT printer_id AS "printerId" FROM maintenance_task WHERE id = ${id} AND removed_at IS NULL`)
  )?.printerId ?? null

export const createTask = async (db: Database, printerId: number, task: TaskShape): Promise<void> => {
  const { hours, metres, prints } = await readCounts(db, printerId)
  await db.run(sql`
    INSERT INTO maintenance_task (printer_id, name, note, every_hours, every_metres, every_prints, every_days,
      last_hours, last_metres, last_prints)
    VALUES (${printerId}, ${task.name}, ${task.note}, ${task.everyHours}, ${task.everyMetres}, ${task.everyPrints},
      ${task.everyDays}, ${hours}, ${metres}, ${prints})`)
}

export const changeTask = async (db: Database, id: number, task: TaskShape): Promise<void> => {
  await db.run(sql`
    UPDATE maintenance_task SET name = ${task.name}, note = ${task.note}, every_hours = ${task.everyHours},
      every_metres = ${task.everyMetres}, every_prints = ${task.everyPrints}, every_days = ${task.everyDays}
    WHERE id = ${id}`)
}

export const removeTask = async (db: Database, id: number): Promise<void> => {
  await db.run(sql`UPDATE maintenance_task SET removed_at = now() WHERE id = ${id}`)
}

export interface NewEntry {
  readonly printerId: number
  readonly taskId: number | null
  readonly kind: MaintenanceEntry['kind']
  readonly by: number
  readonly note: string
}

/** Writes down what was done; of a task, it counts anew from now. */
export const saveEntry = (db: Database, entry: NewEntry): Promise<void> =>
  db.transaction(async (inside) => {
    const { hours, metres, prints } = await readCounts(inside, entry.printerId)
    await inside.run(sql`
      INSERT INTO maintenance_entry (printer_id, task_id, kind, by_id, note, hours, metres, prints)
      VALUES (${entry.printerId}, ${entry.taskId}, ${entry.kind}, ${entry.by}, ${entry.note}, ${hours}, ${metres}, ${prints})`)
    if (entry.taskId === null) return
    await inside.run(sql`
      UPDATE maintenance_task SET last_at = now(), last_hours = ${hours}, last_metres = ${metres}, last_prints = ${prints}
      WHERE id = ${entry.taskId}`)
  })

export const listEntries = (db: Database, printerId: number): Promise<MaintenanceEntry[]> =>
  db.rows<MaintenanceEntry>(sql`
    SELECT entry.id, entry.kind, task.name AS task, member.name AS by, entry.note, entry.at, entry.hours, entry.metres,
      entry.prints
    FROM maintenance_entry entry LEFT JOIN maintenance_task task ON task.id = entry.task_id
      LEFT JOIN member ON member.id = entry.by_id
    WHERE entry.printer_id = ${printerId} ORDER BY entry.id DESC LIMIT 100`)

/** False where it is so already. */
export const saveService = async (
  db: Database,
  printerId: number,
  outOfService: string | null,
  memberId: number,
): Promise<boolean> =>
  (await db.run(sql`
    UPDATE printer SET out_of_service = ${outOfService}, out_since = ${outOfService === null ? null : sql`now()`},
      out_by = ${outOfService === null ? null : memberId}
    WHERE id = ${printerId} AND out_of_service IS DISTINCT FROM ${outOfService}`)) === 1

/**
 * Jobs that wait for this printer: it is the one they want, it has the tags they want, or it is the last one in service
 * for those who want any.
 */
export const jobsWaitingFor = async (db: Database, printerId: number): Promise<number[]> =>
  (
    await db.rows<{ id: number }>(sql`
      SELECT job.id FROM job JOIN printer ON printer.id = ${printerId}
      WHERE job.state NOT IN ('done', 'cancelled') AND job.to_start > 0 AND (
        job.printer_id = printer.id
        OR (job.printer_id IS NULL AND job.printer_tags <> '{}' AND job.printer_tags <@ printer.tags)
        OR (job.printer_id IS NULL AND job.printer_tags = '{}' AND NOT EXISTS (
          SELECT FROM printer other
          WHERE other.id <> printer.id AND other.removed_at IS NULL AND other.takes_jobs AND other.out_of_service IS NULL)))
      ORDER BY job.rank`)
  ).map(({ id }) => id)
