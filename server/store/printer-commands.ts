// What people ask of printers: asked by the server, taken and answered by the bridge.
import sql, { type Sql } from 'sql-template-tag'
import { type CommandBody, type PrinterCommand, patienceOf } from '../contract/printer-commands.ts'
import type { Database } from './database.ts'
import { publish } from './notify.ts'

/** A command that nobody took for so long means nothing any more. */
const PATIENCE = '15 seconds'

const selectCommand = (where: Sql): Sql => sql`
  SELECT printer_command.id, printer_command.printer_id AS "printerId", body, state, answer,
    member.name AS "askedBy", asked_at AS "askedAt", deadline, ended_at AS "endedAt"
  FROM printer_command LEFT JOIN member ON member.id = asked_by ${where}`

interface AskedCommand {
  readonly printerId: number
  readonly bridge: string
  readonly body: CommandBody
  readonly askedBy: number
  /** The member's name: an emergency stop is carried out before anything is read. */
  readonly askedByName?: string
}

/** Writes the wish down and rings at the bridge. Returns its id. */
export const askCommand = (db: Database, command: AskedCommand): Promise<number> =>
  db.transaction(async (inside) => {
    const { printerId, bridge, body, askedBy, askedByName = null } = command
    // Nobody waits for the disk in an emergency; the row is lost only if the database's computer goes down right then.
    if (body.kind === 'emergency-stop') await inside.run(sql`SET LOCAL synchronous_commit = off`)
    const row = await inside.row<{ id: number }>(sql`
      INSERT INTO printer_command (printer_id, body, asked_by, deadline)
      VALUES (${printerId}, ${JSON.stringify(body)}, ${askedBy}, now() + make_interval(secs => ${patienceOf(body.kind)}))
      RETURNING id`)
    const { id } = row as { id: number }
    const stop = body.kind === 'emergency-stop' ? { stop: { askedBy: askedByName } } : {}
    await publish(inside, 'command', { bridge, commandId: id, printerId, ...stop })
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

/** What became of a command; `answer` says why where it is not done. */
export interface CommandEnd {
  readonly state: 'done' | 'refused' | 'timed-out'
  readonly answer: string | null
}

export const answerCommand = (db: Database, id: number, end: CommandEnd): Promise<void> =>
  db.transaction(async (inside) => {
    await inside.run(sql`
      UPDATE printer_command SET state = ${end.state}, answer = ${end.answer}, ended_at = now()
      WHERE id = ${id} AND ended_at IS NULL`)
    const command = await inside.row<{ printerId: number }>(sql`
      SELECT printer_id AS "printerId" FROM printer_command WHERE id = ${id}`)
    if (command !== null) await publish(inside, 'answer', { commandId: id, printerId: command.printerId })
  })

/**
 * Commands that no bridge took, and those that one took and never answered because it was stopped: they are closed, so
 * that nobody is surprised by them later.
 */
export const closeOldCommands = async (db: Database): Promise<number> => {
  const closed = await db.rows<{ id: number; printerId: number }>(sql`
    UPDATE printer_command SET state = 'timed-out', ended_at = now(), answer =
      CASE state WHEN 'asked' THEN 'The bridge of this printer did not take it. Is its computer on?'
      ELSE 'The bridge was started anew before the printer answered. Look at the printer, then ask again.' END
    WHERE (state = 'asked' AND asked_at < now() - ${PATIENCE}::interval)
      OR (state = 'taken' AND deadline < now() - ${PATIENCE}::interval)
    RETURNING id, printer_id AS "printerId"`)
  for (const { id, printerId } of closed) await publish(db, 'answer', { commandId: id, printerId })
  return closed.length
}
