// The bridge's process: reads the environment, starts, and stops when it is told to.
import { readConfig } from '../server/config.ts'
import { startBridge } from './bridge.ts'

const say = (text: string): void => console.error(`bridge: ${text}`)
const PATIENCE_MS = 20_000
const COUNT_MS = 500

/** What the launcher hears when the bridge serves its printers. */
export type FromBridge =
  | { readonly kind: 'serving'; readonly bridge: string }
  /** On how many printers a print is. */
  | { readonly kind: 'printing'; readonly count: number }

const tell = (message: FromBridge): void => void process.send?.(message)

try {
  const config = readConfig()
  const bridge = await startBridge(config, say)
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), PATIENCE_MS).unref()
    bridge.stop('The bridge was stopped.').then(
      () => process.exit(0),
      (error: Error) => {
        say(error.message)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // The launcher has died. What is being printed is printed to its end; then a new bridge may take over.
  process.on('disconnect', () => {
    bridge.drain().then(stop, stop)
  })
  bridge.usurped.then(() => {
    say(`another process has become the bridge ${config.bridge}; this one ends`)
    stop()
  }, stop)
  let told = 0
  setInterval(() => {
    const count = bridge.printing()
    if (count !== told && process.connected) tell({ kind: 'printing', count })
    told = count
  }, COUNT_MS).unref()
  tell({ kind: 'serving', bridge: config.bridge })
  if (process.send === undefined) say(`serves the ports of this machine as ${config.bridge}`)
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exit(2)
}
