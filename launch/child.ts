// A process of ours that is started again when it dies.
import { type ChildProcess, fork } from 'node:child_process'

export interface ChildOptions {
  readonly name: string
  readonly program: string
  readonly environment: NodeJS.ProcessEnv
  message(message: unknown): void
  say(text: string): void
  /** It has never been ready, and will not be as things are: its settings are wrong. */
  gaveUp(): void
}

export interface Child {
  /** Tells it to stop, and waits until it has. */
  stop(): Promise<void>
}

const RESTART_MS = { first: 300, most: 10_000 }
/** After so long a life, a death is the first of a new series. */
const SETTLED_MS = 60_000
const WRONG_SETTINGS = 2
const PATIENCE_MS = 60_000

export const keepAlive = (options: ChildOptions): Child => {
  let child: ChildProcess | null = null
  let stopping = false
  let wait = RESTART_MS.first
  let wasReady = false
  let timer: NodeJS.Timeout | undefined
  const begin = (): void => {
    const bornAt = Date.now()
    child = fork(options.program, [], {
      env: options.environment,
      // Of its own group: Ctrl-C is for the launcher, which stops things in order.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child.on('message', (message) => {
      wasReady = true
      options.message(message)
    })
    child.once('exit', (code, signal) => {
      child = null
      if (stopping) return
      // What has worked once will work again: prints under way must not pay for a bad moment.
      if (code === WRONG_SETTINGS && !wasReady) return options.gaveUp()
      if (Date.now() - bornAt > SETTLED_MS) wait = RESTART_MS.first
      options.say(`The ${options.name} ended (${signal ?? `exit ${code}`}); it is started again.`)
      timer = setTimeout(begin, wait)
      wait = Math.min(wait * 2, RESTART_MS.most)
    })
  }
  begin()
  return {
    stop: async () => {
      stopping = true
      clearTimeout(timer)
      const ending = child
      if (ending === null) return
      const ended = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
      ending.kill('SIGTERM')
      const late = setTimeout(() => ending.kill('SIGKILL'), PATIENCE_MS)
      await ended
      clearTimeout(late)
    },
  }
}
