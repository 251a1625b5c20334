// What people ask of printers: asked by the server, taken and answered by the bridge.
import sql, { type Sql } from 'sql-template-tag'
import type { CommandBody, PrinterCommand } from '../contract/printer-commands.ts'
import type { Database } from './database.ts'
import { publish } from './notify.ts'

/** A command that nobody took for so long means nothing any more. */
const PATIENCE = '15 seconds'

const selectCommand = (where: Sql): Sql => sql`
  SELECT printer_command.id, printer_command.printer_id AS "printerId", body, state, answer,
    member.name AS "askedBy", asked_at AS "askedAt", ended_at AS "endedAt"
  FROM printer_command LEFT JOIN member ON member.id = asked_by ${where}`

/** Writes the wish down and rings at the bridge. Returns its id. */
export const askCommand = (
  db: Database,
  command: { printerId: number; bridge: string; body: CommandBody; askedBy: number },
): Promise<number> =>
  db.transaction(async (inside) => {
    const { printerId, bridge, body, askedBy } = command
    const row = await inside.row<{ id: number }>(sql`
      INSERT INTO printer_command (printer_id, body, asked_by)
      VALUES (${printerId}, ${JSON.stringify(body)}, ${askedBy}) RETURNING id`)
    const { id } = row as { id: number }
    await publish(inside, 'command', { bridge, commandId: id, printerId })
    return id
  })

export const readCommand = (db: Database, id: number): Promise<PrinterCommand | null> =>
  db.row<PrinterCommand>(selectCommand(sql`WHERE printer_command.id = ${id}`))

/** Takes the commands that wait for these printers, oldest first; each is taken once. */
export const takeCommands = async (db: Database, printerIds: readonly number[]): Promise<PrinterCommand[]> => {
  const taken = await db.rows<{ id: number }>(sql`
    UPDATE printer_command SET state = 'taken'
    WHERE id IN (
      SELECT id FROM printer_command
      WHERE printer_id = ANY(${[...printerIds]}::bigint[]) AND state = 'asked' AND asked_at > now() - ${PATIENCE}::interval
      ORDER BY id FOR UPDATE SKIP LOCKED)
    RETURNING id`)
  if (taken.length === 0) return []
  return db.rows<PrinterCommand>(
    selectCommand(
      sql`WHERE printer_command.id = ANY(${taken.map(({ id }) => id)}::bigint[]) ORDER BY printer_command.id`,
    ),
  )
}

/** `refused` says why; null: it is done. */
export const answerCommand = (db: Database, id: number, refused: string | null): Promise<void> =>
  db.transaction(async (inside) => {
    await inside.run(sql`
      UPDATE printer_command SET state = ${refused === null ? 'done' : 'refused'}, answer = ${refused}, ended_at = now()
      WHERE id = ${id} AND ended_at IS NULL`)
    await publish(inside, 'answer', { commandId: id })
  })

/** Commands that no bridge answered are closed: nobody shall be surprised by them later. */
export const closeOldCommands = (db: Database): Promise<number> =>
  db.run(sql`
    UPDATE printer_command SET state = 'timed-out', ended_at = now(), answer = 'The bridge did not answer.'
    WHERE state = 'asked' AND asked_at < now() - ${PATIENCE}::interval`)
