// A printer, or its file, waits for a person: what is done when the person has answered.
import { type CommandAnswer, DONE } from './command-queue.ts'
import type { Obeying } from './obeying.ts'

/** Frees what waits for a person: the firmware, or the file. */
export const goOn = (obey: Obeying): CommandAnswer => {
  const { host, words } = obey
  if (words.shownPrompt() !== null) return answerPrompt(obey, 0)
  if (words.wait() !== null) {
    const { free } = host.dialect().say
    if (free === null) return { refused: `${host.name} waits to be answered at its own buttons.` }
    host.link()?.interject(free)
    words.endWait()
    return DONE
  }
  if (obey.stops.wait() === null) return { refused: `${host.name} waits for nobody.` }
  obey.resume().catch((error: Error) => host.note(error.message))
  return DONE
}

/** `choice` is the place of the button, from 0. */
export const answerPrompt = ({ host, words }: Obeying, choice: number): CommandAnswer => {
  const { shown } = words.prompt
  if (shown === null) return { refused: `${host.name} asks nothing.` }
  const button = shown.buttons[choice]
  if (button === undefined && shown.buttons.length > 0) return { refused: 'There is no such answer.' }
  // Klipper names what to send; elsewhere it is the place of the button.
  const line = button?.gcode ?? host.dialect().say.answerPrompt(choice, host.capabilities()) ?? `M876 S${choice}`
  host.link()?.interject(line)
  words.takePrompt('prompt_end')
  words.endWait()
  host.changed()
  return DONE
}

/** The firmware has paused itself: it goes on by its own rules, and the file when it has. */
export const resumeFirmware = async (obey: Obeying): Promise<CommandAnswer> => {
  if (obey.words.wait() !== null || obey.words.shownPrompt() !== null) {
    const freed = goOn(obey)
    if ('refused' in freed) return freed
  }
  return obey.answer(await releaseFirmware(obey))
}

/** False where the printer was told otherwise meanwhile. */
export const releaseFirmware = async (obey: Obeying): Promise<boolean> => {
  const { host } = obey
  if (!obey.firmwarePaused || !host.enter('resume', null)) return false
  await host.link()?.whenQuiet()
  obey.firmwarePaused = false
  if (!host.enter('resumed', null)) return false
  host.link()?.release()
  return true
}
