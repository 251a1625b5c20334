// What people ask of printers: rows of the database -> sessions, and the answers back.
import type { PrinterCommand } from '../server/contract/printer-commands.ts'
import { type Database, DatabaseAway } from '../server/store/database.ts'
import { answerCommand, type CommandEnd, type TakenCommand, takeCommands } from '../server/store/printer-commands.ts'
import { endOf } from './command-end.ts'
import type { PrinterSession } from './printer-session.ts'
import type { Stops } from './stops.ts'

const RETRY_MS = 1000

/** Takes all commands that wait for these printers. Each runs by itself: a slow printer holds up no other. */
export const takeWaiting = async (
  db: Database,
  sessions: ReadonlyMap<number, PrinterSession>,
  stops: Stops,
  failed: (error: Error) => void,
): Promise<void> => {
  for (const command of await takeCommands(db, [...sessions.keys()])) {
    carryOut(db, sessions.get(command.printerId), stops, command).catch(failed)
  }
}

const carryOut = async (
  db: Database,
  session: PrinterSession | undefined,
  stops: Stops,
  command: TakenCommand,
): Promise<void> => {
  const { wish, printerId, askedBy } = command
  const unknown: CommandEnd = { state: 'refused', answer: 'This bridge does not know the printer.' }
  if (wish !== null) return untilAnswered(db, command, await stops.carryOut({ id: wish, printerId, askedBy }))
  await untilAnswered(db, command, session ? await endOf(session, command) : unknown)
}

/** Who asked waits for the answer: the database may be away for a while. After the deadline the server gives it. */
const untilAnswered = async (db: Database, { id, deadline }: PrinterCommand, end: CommandEnd): Promise<void> => {
  for (;;) {
    try {
      return await answerCommand(db, id, end)
    } catch (error) {
      if (!(error instanceof DatabaseAway) || Date.now() > Date.parse(deadline)) throw error
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
