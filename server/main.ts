// The server's process: reads the environment, starts, tells its parent, and stops when it is told to.
import { readConfig } from './config.ts'
import { startServer } from './server.ts'

const say = (text: string): void => console.error(text)

/** What the launcher hears when the server listens. */
export interface ServerListens {
  readonly kind: 'listening'
  readonly address: string
  readonly setUp: boolean
  readonly setUpCode: string
}

const PATIENCE_MS = 40_000

/** The launcher does not try that again where it never worked. */
const WRONG_SETTINGS = 2

const fail = (error: unknown): never => {
  say(error instanceof Error ? error.message : String(error))
  process.exit(WRONG_SETTINGS)
}

const begin = (): void => {
  const starting = startServer(readConfig(), say)
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    // Something that hangs must not keep the process for ever.
    setTimeout(() => process.exit(1), PATIENCE_MS).unref()
    // Also while it still starts: what was begun is ended in order.
    starting
      .then((server) => server.close())
      .then(
        () => process.exit(0),
        (error: Error) => {
          say(error.message)
          process.exit(1)
        },
      )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // The launcher has died: whoever starts next must find the port free.
  process.on('disconnect', stop)
  starting.then(({ address, setUp, setUpCode }) => {
    if (stopping) return
    process.send?.({ kind: 'listening', address, setUp, setUpCode } satisfies ServerListens)
    if (process.send === undefined) say(`Auzolan listens at ${address}${setUp ? '' : ` (set-up code ${setUpCode})`}`)
  }, fail)
}

try {
  begin()
} catch (error) {
  fail(error)
}
