// Opens the house: one server, one bridge for the ports of this machine; both are kept alive until it is closed.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FromBridge } from '../firmware-bridge/main.ts'
import { type Config, folderMark, readConfig } from '../server/config.ts'
import type { ServerListens } from '../server/main.ts'
import { type Child, keepAlive } from './child.ts'

export interface House {
  readonly address: string
  readonly setUp: boolean
  close(): Promise<void>
}

const dist = join(dirname(fileURLToPath(import.meta.url)), '..')
const SECOND_THOUGHT_MS = 10_000

const say = (text: string): void => console.log(text)

/** Resolves when the first page can be opened. Ends the process where it cannot be. */
export const openHouse = async (environment: NodeJS.ProcessEnv, quiet = false): Promise<House> => {
  const config = settingsOrEnd(environment)
  mkdirSync(config.dataFolder, { recursive: true })
  const release = await holdFolder(config)
  let printing = 0
  let children: Child[] = []
  const close = async (): Promise<void> => {
    // The bridge first: it writes down how its prints ended while the database still lives.
    for (const child of children) await child.stop()
    release()
  }
  // It has said why it will not start.
  const gaveUp = (): void => void close().finally(() => process.exit(2))
  const listens = new Promise<ServerListens>((resolve) => {
    const start = (name: string, program: string, message: (message: unknown) => void): Child =>
      keepAlive({ name, program: join(dist, program), environment, message, say, gaveUp })
    children = [
      start('bridge', 'firmware-bridge/main.js', (message) => {
        const told = message as FromBridge
        if (told.kind === 'printing') printing = told.count
      }),
      start('server', 'server/main.js', (message) => resolve(message as ServerListens)),
    ]
  })
  endWithSignals(close, () => printing)
  const { address, setUp, setUpCode } = await listens
  writeFileSync(addressFile(config), address)
  if (!quiet) welcome(config, address, setUp, setUpCode)
  return { address, setUp, close }
}

const settingsOrEnd = (environment: NodeJS.ProcessEnv): Config => {
  try {
    return readConfig(environment)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(2)
  }
}

/** One house to a data folder: a socket that dies with us says that we live. */
const holdFolder = async (config: Config): Promise<() => void> => {
  const path = join(config.runtimeFolder, `auzolan-house-${folderMark(config.dataFolder)}.sock`)
  const lives = await new Promise<boolean>((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
  if (lives) {
    console.error(`Auzolan runs already with the data in ${config.dataFolder}. Open ${addressIn(config)}`)
    process.exit(1)
  }
  rmSync(path, { force: true })
  const server = createServer((socket) => socket.end())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  server.unref()
  return () => rmSync(path, { force: true })
}

/** Where it can be opened, for who starts it a second time. */
const addressFile = (config: Config): string => join(config.dataFolder, 'address')

const addressIn = (config: Config): string => {
  try {
    return readFileSync(addressFile(config), 'utf8')
  } catch {
    return `http://localhost:${config.port}` // It has only just begun to start.
  }
}

const endWithSignals = (close: () => Promise<void>, printing: () => number): void => {
  let closing = false
  let warnedAt = Number.NEGATIVE_INFINITY
  const stop = (): void => {
    if (closing) return
    closing = true
    close().then(
      () => process.exit(0),
      (error: Error) => {
        console.error(error.message)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
  process.on('SIGINT', () => {
    const count = printing()
    if (count === 0 || !process.stdin.isTTY || Date.now() - warnedAt < SECOND_THOUGHT_MS) return stop()
    warnedAt = Date.now()
    say(
      `${count === 1 ? 'A print is' : `${count} prints are`} running and would be interrupted, the heaters switched off. ` +
        'Press Ctrl-C again within 10 seconds to stop all the same.',
    )
  })
}

const welcome = (config: Config, address: string, setUp: boolean, setUpCode: string): void => {
  const { port } = new URL(address)
  const others = Object.values(networkInterfaces())
    .flat()
    .filter((one) => one !== undefined && one.family === 'IPv4' && !one.internal)
    .map((one) => `http://${one?.address}:${port}`)
  const reachable = config.host === '::' || config.host === '0.0.0.0'
  say('')
  say('Auzolan is ready.')
  say(`  On this computer:  ${address}`)
  if (reachable) for (const other of others) say(`  In the network:    ${other}`)
  if (!setUp) {
    say('')
    say('  Open it to name the workshop and create the first steward.')
    say(`  From another computer you will be asked for this code: ${setUpCode}`)
  }
  say('')
  say(`  Data: ${config.dataFolder}   Stop: Ctrl-C`)
}
