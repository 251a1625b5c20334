// Keeps the live channel open while the workshop is on screen, and passes on what it tells.
import { useEffect, useSyncExternalStore } from 'react'
import type { LiveRequest } from '../../server/contract/signals.ts'
import { type LiveChannel, openLive } from '../api/live.ts'
import { readWaiting, takeAnswered } from './commands.ts'
import { emptyConsole, takeConsole, takeTelemetry } from './fleet.ts'
import { queries, takeChanges } from './use-endpoint.ts'

let channel: LiveChannel | null = null
let users = 0
let lostAt: number | null = null
let wasConnected = false
const listeners = new Set<() => void>()

const setLost = (at: number | null): void => {
  lostAt = at
  for (const listener of listeners) listener()
}

const open = (): LiveChannel =>
  openLive({
    message: (message) => {
      if (message.kind === 'telemetry') takeTelemetry(message.printers)
      else if (message.kind === 'change') takeChanges(message.changes)
      else if (message.kind === 'console') takeConsole(message.batch)
      else if (message.kind === 'answered') takeAnswered(message.commandId)
    },
    signedOut: () => {
      queries.resetQueries().catch(() => {})
    },
    connected: (connected) => {
      if (!connected) {
        if (lostAt === null) setLost(Date.now())
        return
      }
      const missed = wasConnected || lostAt !== null
      setLost(null)
      // What happened meanwhile was not told, or could not be asked: everything on screen is asked for anew.
      if (missed) queries.invalidateQueries().catch(() => {})
      readWaiting()
      wasConnected = true
    },
  })

/** `lostAt`: since when the picture is old; null while it is live. */
export const useLive = (): { lostAt: number | null } => {
  useEffect(() => {
    users++
    channel ??= open()
    return () => {
      users--
      if (users > 0) return
      channel?.close()
      channel = null
      wasConnected = false
    }
  }, [])
  const lost = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => lostAt,
  )
  return { lostAt: lost }
}

/** Asks for the console of a printer as long as it is shown. */
export const useConsoleOf = (request: NonNullable<LiveRequest['console']> | null): void => {
  const printerId = request?.printerId ?? null
  const everything = request?.everything ?? false
  useEffect(() => {
    if (printerId === null) return
    emptyConsole()
    channel?.request({ console: { printerId, everything } })
    return () => channel?.request({ console: null })
  }, [printerId, everything])
}
