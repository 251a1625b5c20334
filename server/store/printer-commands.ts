// What people ask of printers: asked by the server, taken and answered by the bridge.
import sql, { type Sql } from 'sql-template-tag'
import type { StopCall } from '../contract/emergency-stop.ts'
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
  /** By what the bridge knows an emergency stop that comes to it by another way as well. */
  readonly wish?: string
}

/** Writes the wish down and rings at the bridge. Returns its id. */
export const askCommand = (db: Database, command: AskedCommand): Promise<number> =>
  db.transaction(async (inside) => {
    const { printerId, bridge, body, askedBy, askedByName = null, wish = null } = command
    // Nobody waits for the disk in an emergency; the row is lost only if the database's computer goes down right then.
    if (body.kind === 'emergency-stop') await inside.run(sql`SET LOCAL synchronous_commit = off`)
    const row = await inside.row<{ id: number }>(sql`
      INSERT INTO printer_command (printer_id, body, asked_by, wish, deadline)
      VALUES (${printerId}, ${JSON.stringify(body)}, ${askedBy}, ${wish}, now() + make_interval(secs => ${patienceOf(body.kind)}))
      RETURNING id`)
    const { id } = row as { id: number }
    const stop = wish === null ? {} : { stop: { wish, askedBy: askedByName } }
    await publish(inside, 'command', { bridge, commandId: id, printerId, ...stop })
    return id
  })

export const readCommand = (db: Database, id: number): Promise<PrinterCommand | null> =>
  db.row<PrinterCommand>(selectCommand(sql`WHERE printer_command.id = ${id}`))

/** An emergency stop that went past the database, with what became of it. */
export const recordStop = async (
  db: Database,
  stop: { call: StopCall; askedBy: number; askedAt: string; end: CommandEnd },
): Promise<void> => {
  const { call, askedBy, askedAt, end } = stop
  await db.run(sql`
    INSERT INTO printer_command (printer_id, body, asked_by, wish, state, answer, asked_at, deadline, ended_at)
    VALUES (${call.printerId}, '{"kind": "emergency-stop"}', ${askedBy}, ${call.id}, ${end.state}, ${end.answer},
      ${askedAt}, now(), now())
    ON CONFLICT (wish) DO UPDATE SET state = excluded.state, answer = excluded.answer, ended_at = now()
      WHERE printer_command.ended_at IS NULL`)
}

/** A command with what its other way, if it has one, is known by. */
export interface TakenCommand extends PrinterCommand {
  readonly wish: string | null
}

/** Takes the commands that wait for these printers, oldest first; each is taken once. */
export const takeCommands = async (db: Database, printerIds: readonly number[]): Promise<TakenCommand[]> => {
  const taken = await db.rows<{ id: number; wish: string | null }>(sql`
    UPDATE printer_command SET state = 'taken'
    WHERE id IN (
      SELECT id FROM printer_command
      WHERE printer_id = ANY(${[...printerIds]}::bigint[]) AND state = 'asked' AND asked_at > now() - ${PATIENCE}::interval
      ORDER BY id FOR UPDATE SKIP LOCKED)
    RETURNING id, wish`)
  if (taken.length === 0) return []
  const wishes = new Map(taken.map(({ id, wish }) => [id, wish]))
  const commands = await db.rows<PrinterCommand>(
    selectCommand(
      sql`WHERE printer_command.id = ANY(${taken.map(({ id }) => id)}::bigint[]) ORDER BY printer_command.id`,
    ),
  )
  return commands.map((command) => ({ ...command, wish: wishes.get(command.id) ?? null }))
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
