// Which process is the bridge of this name: one at a time, also when several are started.
import { mkdir, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { becomeBridge, holderOf } from '../server/store/bridges.ts'
import type { Database } from '../server/store/database.ts'

/** A holder on another machine that has shown no sign of life for so long is gone. */
const SILENCE_MS = 10_000
const LOOK_MS = 500

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/**
 * Waits until this machine has no other process of the bridge: each holds a socket that dies with it.
 * Returns what holds it for us; `waiting` is told once when it has to wait.
 */
export const holdName = async (socketPath: string, waiting: () => void): Promise<Server> => {
  await mkdir(dirname(socketPath), { recursive: true, mode: 0o700 })
  for (let told = false; ; ) {
    const server = await tryHold(socketPath)
    if (server !== null) return server
    if (!told) waiting()
    told = true
    await pause(LOOK_MS)
  }
}

const tryHold = async (path: string): Promise<Server | null> => {
  if (await answers(path)) return null
  // Nobody is behind it: what lies there is left from a process that was killed.
  await rm(path, { force: true })
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.end())
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen(path, () => resolve(server))
    server.unref()
  })
}

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/**
 * Becomes the bridge of this name in the database. A holder on this machine is known to be dead (`holdName`); one on
 * another is waited for until it has been silent for a while by our own clock.
 */
export const claimName = async (
  db: Database,
  name: string,
  instance: string,
  waiting: (host: string) => void,
  wanted: () => boolean,
): Promise<void> => {
  const host = hostname()
  let seenAt: string | null = null
  let since = performance.now()
  let told = false
  while (wanted()) {
    const holder = await holderOf(db, name)
    if (holder?.seenAt !== seenAt) {
      seenAt = holder?.seenAt ?? null
      since = performance.now()
    }
    const gone = holder === null || holder.host === host || performance.now() - since > SILENCE_MS
    if (gone && (await becomeBridge(db, { name, instance, host, instead: holder?.instance ?? null }))) return
    if (!gone && !told) {
      waiting(holder.host)
      told = true
    }
    await pause(LOOK_MS)
  }
}
