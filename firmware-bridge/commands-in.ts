// What people ask of printers: rows of the database -> sessions, and the answers back.
import { type PrinterCommand, patienceOf } from '../server/contract/printer-commands.ts'
import { type Database, DatabaseAway } from '../server/store/database.ts'
import { answerCommand, type CommandEnd, takeCommands } from '../server/store/printer-commands.ts'
import type { PrinterSession } from './printer-session.ts'

const RETRY_MS = 1000

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
  const end: CommandEnd = session
    ? await endOf(session, command)
    : { state: 'refused', answer: 'This bridge does not know the printer.' }
  await untilAnswered(db, command, end)
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

/** Its answer; where the deadline passes first, what it began may still happen. `seconds` are those of its kind. */
export const endOf = async (
  session: PrinterSession,
  { body, askedBy }: Pick<PrinterCommand, 'body' | 'askedBy'>,
  seconds = patienceOf(body.kind),
): Promise<CommandEnd> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<CommandEnd>((resolve) => {
    const answer = `${session.options.name} has not answered within ${seconds} seconds. Look whether it still does it.`
    timer = setTimeout(() => resolve({ state: 'timed-out', answer }), seconds * 1000)
  })
  const done = session
    .command(body, askedBy)
    .then((answer): CommandEnd => ('refused' in answer ? { state: 'refused', answer: answer.refused } : DONE))
  const end = await Promise.race([done, late])
  clearTimeout(timer)
  return end
}

const DONE: CommandEnd = { state: 'done', answer: null }
