// A way to the database of the tests that can be cut, as when its machine or the network is gone.
import { connect, createServer, type Socket } from 'node:net'
import { inject } from 'vitest'

export interface CutDatabase {
  /** The same database by this way. */
  readonly url: string
  /** Breaks every connection and takes no new one. */
  cut(): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

/** `name`: the database. */
export const openCutDatabase = async (name: string): Promise<CutDatabase> => {
  const path = `${inject('postgres')}/.s.PGSQL.5432`
  const open = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    return socket
  }
  let server = createServer()
  const listen = (port: number): Promise<number> =>
    new Promise((resolve) => {
      server = createServer((client) => {
        const database = keep(connect(path))
        keep(client).pipe(database).pipe(client)
        client.on('close', () => database.destroy())
        database.on('close', () => client.destroy())
      })
      server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
  const cut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of open) socket.destroy()
    await closed
  }
  const port = await listen(0)
  return {
    url: `postgres://postgres@127.0.0.1:${port}/${name}`,
    cut,
    mend: async () => void (await listen(port)),
    close: cut,
  }
}
