// What the printer asks of its host by `//action:` -> what is done.
import type { Obeying } from './obeying.ts'
import { releaseFirmware } from './waits.ts'

/** Firmware that handles an empty spool itself pauses within this time, in milliseconds. */
const RUNOUT_MS = 1500

/** `pause` asks the host to pause; `paused` says that the firmware has done so itself, and no script may run. */
export const actOn = (obey: Obeying, action: string): void => {
  const { words, host } = obey
  if (words.takePrompt(action)) return host.changed()
  const [verb = '', ...rest] = action.split(' ')
  const text = rest.join(' ').trim()
  words.watch({ kind: 'action', action: verb })
  switch (verb) {
    case 'pause':
    case 'cancel':
      return ask(obey, verb)
    case 'resume':
      return obey.firmwarePaused ? release(obey) : ask(obey, 'resume')
    case 'paused':
      return pausedByFirmware(obey, 'Paused at the printer.')
    case 'resumed':
      return release(obey)
    case 'out_of_filament':
      return outOfFilament(obey, text)
    case 'notification':
      words.say(text)
      return host.changed()
    default:
      return
  }
}

const ask = (obey: Obeying, kind: 'pause' | 'resume' | 'cancel'): void => {
  if (obey.host.streamer() === null) return
  obey.command({ kind }, 'the printer').catch((error: Error) => obey.host.note(error.message))
}

const pausedByFirmware = (obey: Obeying, reason: string): void => {
  const { host } = obey
  const link = host.link()
  if (host.state() !== 'printing' || link === null) return
  link.hold()
  obey.firmwarePaused = true
  host.enter('pause', reason)
  host.enter('paused', reason)
}

const release = (obey: Obeying): void => {
  obey.words.endWait()
  if (!obey.firmwarePaused || obey.host.state() !== 'paused') return
  releaseFirmware(obey).catch((error: Error) => obey.host.note(error.message))
}

/** The firmware may change filament by itself (M600 injected by its sensor); where it does not, the bridge does. */
const outOfFilament = (obey: Obeying, tool: string): void => {
  const { host } = obey
  const reason = `${host.name} is out of filament${tool === '' ? '' : ` (${tool})`}.`
  obey.words.say(reason)
  host.changed()
  setTimeout(() => {
    const handled = obey.words.wait() !== null || obey.words.shownPrompt() !== null
    if (host.state() !== 'printing' || handled) return
    obey.filament.lead(reason).catch((error: Error) => host.note(error.message))
  }, RUNOUT_MS).unref()
}
