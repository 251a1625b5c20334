// npm run backup and npm run restore: the whole workshop in one file, and back.
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { readConfig } from './config.ts'
import { readBackup, writeBackup } from './store/backup.ts'
import { openPool } from './store/database.ts'
import { connectionOf, openDatabase } from './store/open-database.ts'

const say = (text: string): void => console.error(text)

/** Uses the database that runs, or starts the embedded one for as long as `work` takes. */
const withDatabase = async (work: (connection: ReturnType<typeof connectionOf>) => Promise<void>): Promise<void> => {
  const config = readConfig()
  const connection = connectionOf(config)
  const probe = openPool(connection, 1)
  const runs = await probe.transaction(async () => true).catch(() => false)
  await probe.close()
  if (runs) return work(connection)
  const { close } = await openDatabase(config, say)
  await work(connection).finally(close)
}

const backUp = async (path: string): Promise<void> => {
  if (existsSync(path)) throw new Error(`${path} is there already, and is not written over.`)
  const half = `${path}.part`
  try {
    const output = createWriteStream(half, { mode: 0o600 })
    await once(output, 'open')
    await withDatabase((connection) => writeBackup(connection, output))
    renameSync(half, path)
  } finally {
    rmSync(half, { force: true })
  }
  say(
    `The workshop is in ${path} (${Math.ceil(statSync(path).size / 1e6)} MB). Keep it like a key: it holds everything.`,
  )
}

const restore = async (path: string): Promise<void> => {
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`)
  await withDatabase((connection) => readBackup(connection, createReadStream(path)))
  say('The workshop is restored. Start it with npm start.')
}

const [what, path] = process.argv.slice(2)
const works: Readonly<Record<string, (path: string) => Promise<void>>> = { backup: backUp, restore }
const work = works[what ?? '']
if (work === undefined || path === undefined) {
  say('npm run backup -- FILE.auzolan      npm run restore -- FILE.auzolan')
  process.exit(2)
}
work(path).then(
  () => process.exit(0),
  (error: Error) => {
    say(error.message)
    process.exit(1)
  },
)
