// The emergency stop: what it says to a printer, wherever the talk with it stands, and what becomes of its print.
import { type CommandAnswer, DONE } from './command-queue.ts'
import type { ObeyHost } from './obey-host.ts'
import { coolDownLines } from './park.ts'
import { hasPrint } from './printer-state.ts'

/** It has no number, so nobody asks for it again when a bad cable has garbled it; in milliseconds. */
const AGAIN_MS = [150, 600]

/** `by`: who asked, as the end of a sentence. */
export const emergencyStop = (host: ObeyHost, by: string): CommandAnswer => {
  const stopped = `Stopped in an emergency${by}. Look at the printer, then connect anew.`
  const link = host.link()
  const shout = host.voice()
  if (shout === null) return notReached(host, stopped)
  shout('M112')
  // Firmware that did not take the stop at once must at least let go of its heaters.
  for (const line of coolDownLines) shout(line)
  const isStill = (): boolean => host.state() === 'halted' && host.link() === link
  for (const after of AGAIN_MS) setTimeout(() => isStill() && shout('M112'), after).unref()
  host.halt(stopped, 'cancelled')
  return DONE
}

/** A print that waits for its printer does not go on by itself when that is there again. */
const notReached = (host: ObeyHost, stopped: string): CommandAnswer => {
  const gaveUpPrint = hasPrint(host.state())
  host.streamer()?.end('cancelled', stopped)
  if (gaveUpPrint) host.enter('lost', stopped)
  const away = `${host.name} cannot be reached, so the stop has not arrived: switch it off at its plug.`
  const later = ' Its print is given up, and its heaters go off when it is there again.'
  return { refused: gaveUpPrint ? away + later : away }
}
