// What became of a command: done, refused, or not answered in time.
import { type PrinterCommand, patienceOf } from '../server/contract/printer-commands.ts'
import type { CommandEnd } from '../server/store/printer-commands.ts'
import type { PrinterSession } from './printer-session.ts'

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
