// Commands that this browser has asked and that take longer than a request: their answers are told when they come.
import { type PrinterCommand, showCommand } from '../../server/contract/printer-commands.ts'
import { call } from '../api/call.ts'

const waiting = new Set<number>()
let tell: (command: PrinterCommand) => void = () => {}

/** `told` hears of each command that ends; set once, by the frame of the pages. */
export const onAnswer = (told: (command: PrinterCommand) => void): void => {
  tell = told
}

const isOpen = ({ state }: PrinterCommand): boolean => state === 'asked' || state === 'taken'

/** Takes what the server has answered: if it is no answer yet, it is waited for. */
export const takeCommand = (command: PrinterCommand): void => {
  if (!isOpen(command)) return tell(command)
  waiting.add(command.id)
  // It may have been answered between the reply and this line.
  read(command.id)
}

/** The server says that this command has an answer. */
export const takeAnswered = (id: number): void => {
  if (waiting.has(id)) read(id)
}

/** The live channel was away: answers may have been told meanwhile. */
export const readWaiting = (): void => {
  for (const id of waiting) read(id)
}

const read = (id: number): void => {
  call(showCommand, { params: { id } }).then(
    (command) => {
      if (!isOpen(command) && waiting.delete(id)) tell(command)
    },
    // Still away: the channel asks again when it is back.
    () => {},
  )
}
