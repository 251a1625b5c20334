// Where this bridge takes emergency stops past the database, and nothing else: a socket for a server on the same
// computer, and where it is told to, an address for a server on another. Who knocks must prove that he knows the key.
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import * as Value from 'typebox/value'
import { type StopAnswer, StopCall } from '../server/contract/emergency-stop.ts'
import { nextLine, proveLine, readLine } from '../server/store/stop-line.ts'

/** Who has not said by then what he wants is let go. */
const PATIENCE_MS = 3000
/** Connections at once; one that is too many costs the one that has been silent longest. */
const MOST_AT_ONCE = 32
/** The longest path that a socket can have on Linux and macOS. */
const LONGEST_SOCKET = 100

export interface StopDoor {
  /** Null: this system has no such socket here. */
  readonly socket: string | null
  readonly key: Buffer
  close(): Promise<void>
}

export interface StopDoorOptions {
  /** Where the socket lies, and where it lies instead if that is too long a path for one. */
  readonly folder: string
  readonly otherwise: string
  /** Where a server on another computer finds it; null: nowhere. */
  readonly address: { readonly host: string; readonly port: number } | null
  carryOut(call: StopCall): Promise<StopAnswer>
  say(text: string): void
}

/** Throws where the address is not to be had. Without the socket it goes on: the database is the other way. */
export const openStopDoor = async (options: StopDoorOptions): Promise<StopDoor> => {
  const { folder, otherwise, address, carryOut, say } = options
  const key = randomBytes(32)
  const callers = new Set<Socket>()
  const take = (socket: Socket): void => {
    const [oldest] = callers
    if (callers.size >= MOST_AT_ONCE) oldest?.destroy()
    callers.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => callers.delete(socket))
    // Whoever breaks off has said nothing.
    socket.on('error', () => {})
    const late = setTimeout(() => socket.destroy(), PATIENCE_MS)
    answer(socket, key, carryOut)
      .catch(() => socket.destroy())
      .finally(() => clearTimeout(late))
  }
  const near = join(folder, 'stop.sock')
  const path = Buffer.byteLength(near) <= LONGEST_SOCKET ? near : otherwise
  const onSocket = await listenOnSocket(path, take).catch((error: Error) => {
    say(`Emergency stops come by the database only: ${error.message}`)
    return null
  })
  const onAddress = address === null ? null : await listen(address, take)
  return {
    socket: onSocket === null ? null : path,
    key,
    close: async () => {
      for (const socket of callers) socket.destroy()
      await Promise.all([onSocket, onAddress].map((server) => server && close(server)))
    },
  }
}

const answer = async (socket: Socket, key: Buffer, carryOut: StopDoorOptions['carryOut']): Promise<void> => {
  const nonce = randomBytes(32).toString('hex')
  socket.write(`${nonce}\n`)
  const call = readLine(key, 'call', nonce, await nextLine(socket))
  if (!Value.Check(StopCall, call)) return void socket.destroy()
  socket.end(proveLine(key, 'answer', nonce, await carryOut(call)))
}

/** For this user only: below a folder that nobody else may enter. */
const listenOnSocket = async (path: string, take: (socket: Socket) => void): Promise<Server> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // It is left from a process that was killed: two processes of one bridge are kept apart before this.
  await rm(path, { force: true })
  const server = await listen({ path }, take)
  await chmod(path, 0o600)
  return server
}

const listen = (where: ListenOptions, take: (socket: Socket) => void): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(take)
    server.once('error', (error: NodeJS.ErrnoException) => {
      const place = where.path ?? `${where.host}:${where.port}`
      reject(new Error(`Emergency stops cannot be taken at ${place} (${error.code ?? error.message}).`))
    })
    server.listen(where, () => resolve(server))
    server.unref()
  })

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))
