// Whose turn it is: engines run side by side only as far as cores and memory go.
import { cpus, totalmem } from 'node:os'
import process from 'node:process'

const limitOfContainer = (): number => {
  const bytes = process.constrainedMemory?.() ?? 0
  // Without a limit, systems answer 0 or a number beyond any memory.
  return bytes > 0 && bytes < totalmem() ? bytes : totalmem()
}

/** Half of the memory is for engines: printing goes on beside them. */
export const engineMegabytes = Math.floor(limitOfContainer() / 2 / 1_000_000)
/** One core stays for the printers where there is one to spare; a preview does not wait behind a long slice. */
const MOST_AT_ONCE = Math.max(2, cpus().length - 1)

interface Waiting {
  readonly megabytes: number
  readonly urgent: boolean
  begin(): void
}

let running = 0
let heldMegabytes = 0
const waiting: Waiting[] = []

const fits = (megabytes: number): boolean =>
  running === 0 || (running < MOST_AT_ONCE && heldMegabytes + megabytes <= engineMegabytes)

const next = (): void => {
  for (let first = waiting[0]; first !== undefined && fits(first.megabytes); first = waiting[0]) {
    waiting.shift()
    running += 1
    heldMegabytes += first.megabytes
    first.begin()
  }
}

/** Runs `work` when there is room for it. Rejects at once where it is cancelled before its turn. */
export const inTurn = async <T>(
  { megabytes, urgent, signal }: { megabytes: number; urgent: boolean; signal: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> => {
  await new Promise<void>((resolve, reject) => {
    const turn: Waiting = { megabytes, urgent, begin: resolve }
    const ahead = urgent ? waiting.findIndex((one) => !one.urgent) : -1
    if (ahead >= 0) waiting.splice(ahead, 0, turn)
    else waiting.push(turn)
    signal?.addEventListener('abort', () => {
      const at = waiting.indexOf(turn)
      if (at < 0) return
      waiting.splice(at, 1)
      reject(signal.reason)
    })
    next()
  })
  try {
    return await work()
  } finally {
    running -= 1
    heldMegabytes -= megabytes
    next()
  }
}
