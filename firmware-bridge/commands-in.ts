// What people ask of printers: rows of the database -> sessions, and the answers back.
import type { PrinterCommand } from '../server/contract/printer-commands.ts'
import type { Database } from '../server/store/database.ts'
import { answerCommand, takeCommands } from '../server/store/printer-commands.ts'
import type { PrinterSession } from './printer-session.ts'

/** A command that the printer has not obeyed by then is answered as refused; what it began may still happen. */
const DEADLINE_MS = 60_000

/** Takes all commands that wait for these printers. Each runs by itself: a slow printer holds up no other. */
export const takeWaiting = async (
  db: Database,
  sessions: ReadonlyMap<number, PrinterSession>,
  failed: (error: Error) => void,
): Promise<void> => {
  for (const command of await takeCommands(db, [...sessions.keys()])) {
    carryOut(db, sessions.get(command.printerId), command).catch(failed)
  }
}

const carryOut = async (db: Database, session: PrinterSession | undefined, command: PrinterCommand): Promise<void> => {
  const answer = session ? await inTime(session, command) : 'This bridge does not know the printer.'
  await answerCommand(db, command.id, answer)
}

/** Null when it was done; otherwise why not. */
const inTime = async (session: PrinterSession, command: PrinterCommand): Promise<string | null> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('The printer has not answered within a minute.'), DEADLINE_MS)
  })
  const done = session.command(command.body, command.askedBy).then(
    (answer) => ('refused' in answer ? answer.refused : null),
    (error: Error) => error.message,
  )
  const result = await Promise.race([done, late])
  clearTimeout(timer)
  return result
}
