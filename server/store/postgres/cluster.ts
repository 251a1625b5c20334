// The embedded PostgreSQL: made, started, adopted after a crash of ours, kept alive, stopped.
import { spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, folderMark } from '../../config.ts'
import { preparePrograms } from './binaries.ts'
import { closedFolder, type Identity, identityFor, isRoot } from './unprivileged.ts'

/** Data of another major version cannot be read. */
const MAJOR = '18'
const LONGEST_SOCKET_FOLDER = 90
const BOOT_MS = 60_000
const STOP_MS = 30_000
/** Nothing of ours leaks into the database's processes. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' }

/** Small machines first: a Raspberry Pi with 1 GB runs this beside the server and a bridge. */
const tuning: Readonly<Record<string, string>> = {
  shared_buffers: '32MB',
  max_connections: '100',
  wal_buffers: '1MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  max_worker_processes: '2',
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '1',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  huge_pages: 'off',
  log_min_messages: 'fatal',
}

export interface ClusterOptions {
  readonly config: Pick<Config, 'dataFolder' | 'runtimeFolder'>
  /** What happens, for the log. */
  say(text: string): void
  /** False in tests only: what is written need not survive a power cut. */
  readonly durable?: boolean
}

export interface Cluster {
  /** The folder of its socket: `host` for a client. */
  readonly socketFolder: string
  stop(): Promise<void>
}

/** Where the socket of a data folder's database lies: a short path, the same for the server and its bridge. */
export const socketFolderOf = ({ dataFolder, runtimeFolder }: Pick<Config, 'dataFolder' | 'runtimeFolder'>): string => {
  const path = join(runtimeFolder, `auzolan-${folderMark(dataFolder)}`)
  return path.length <= LONGEST_SOCKET_FOLDER ? path : join('/tmp', `auzolan-${folderMark(dataFolder)}`)
}

/** Starts the database of a data folder, or takes over the one that still runs there, and restarts it when it dies. */
export const startCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const { dataFolder } = options.config
  const folder = join(dataFolder, 'postgres')
  const socketFolder = socketFolderOf(options.config)
  mkdirSync(dataFolder, { recursive: true })
  const identity = isRoot() ? identityFor(folder) : null
  checkReach(folder, identity)
  const programs = preparePrograms(join(dataFolder, `postgres-${MAJOR}-programs`), identity)
  makeOwnFolder(socketFolder, identity)
  if (!existsSync(join(folder, 'PG_VERSION'))) await create(programs, folder, identity, options)
  checkVersion(folder)
  const keeper = new Keeper({ programs, folder, socketFolder, identity, options })
  await keeper.start()
  return { socketFolder, stop: () => keeper.stop() }
}

interface Place {
  readonly programs: string
  readonly folder: string
  readonly socketFolder: string
  readonly identity: Identity | null
  readonly options: ClusterOptions
}

/** Holds one postmaster alive. */
class Keeper {
  readonly #place: Place
  #pid = 0
  #stopping = false
  #watch: NodeJS.Timeout | undefined

  constructor(place: Place) {
    this.#place = place
  }

  async start(): Promise<void> {
    const running = runningPostmaster(this.#place.folder)
    if (running !== null) {
      this.#place.options.say(`The database still runs (process ${running}); it is taken over.`)
      this.#pid = running
      await untilReady(this.#place.folder, running)
    } else await this.#boot()
    this.#watch = setInterval(() => this.#look(), 500)
    this.#watch.unref()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#watch)
    if (!isAlive(this.#pid)) return
    // Fast shutdown: clients are cut off, what is committed is kept.
    process.kill(this.#pid, 'SIGINT')
    await until(() => !isAlive(this.#pid), STOP_MS, 'The database does not stop.')
  }

  async #boot(): Promise<void> {
    const { programs, folder, socketFolder, identity, options } = this.#place
    // What a postmaster that was killed left behind: it is known to be dead.
    for (const left of [join(folder, 'postmaster.pid'), ...socketFiles(socketFolder)]) rmSync(left, { force: true })
    const settings = {
      ...tuning,
      listen_addresses: '',
      unix_socket_directories: socketFolder,
      unix_socket_permissions: '0700',
      ...(options.durable === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
    }
    const assignments = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = spawn(join(programs, 'bin', 'postgres'), ['-D', folder, ...assignments], {
      ...(identity ?? {}),
      cwd: '/',
      // A group of its own: Ctrl-C in the terminal is for us, not for the database.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: ENVIRONMENT,
    })
    let said = ''
    child.stderr.setEncoding('utf8')
    child.stderr.on('data', (text: string) => {
      said = (said + text).slice(-4000)
      options.say(text.trimEnd())
    })
    const failure = new Promise<never>((_, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`The database did not start (exit ${code}): ${said}`)))
    })
    failure.catch(() => {})
    await Promise.race([failure, untilReady(folder, child.pid ?? 0)])
    this.#pid = child.pid ?? 0
    child.unref()
    // The pipe must not keep our process alive when everything else has ended.
    if ('unref' in child.stderr && typeof child.stderr.unref === 'function') child.stderr.unref()
  }

  #look(): void {
    if (this.#stopping || isAlive(this.#pid)) return
    clearInterval(this.#watch)
    this.#place.options.say('The database has died; it is started again.')
    this.#boot().then(
      () => {
        this.#watch = setInterval(() => this.#look(), 500)
        this.#watch.unref()
      },
      (error: Error) => {
        this.#place.options.say(error.message)
        // Its children may still be ending, or the disk is full: try again.
        this.#watch = setInterval(() => this.#look(), 1000)
        this.#watch.unref()
      },
    )
  }
}

const socketFiles = (folder: string): string[] =>
  ['.s.PGSQL.5432', '.s.PGSQL.5432.lock'].map((name) => join(folder, name))

const checkReach = (folder: string, identity: Identity | null): void => {
  if (identity === null) return
  const closed = closedFolder(folder, identity)
  if (closed === null) return
  throw new Error(
    `Started by root, the database runs as another user, and that user may not enter ${closed}. ` +
      'Set AUZOLAN_DATA to a folder such as /var/lib/auzolan, or start Auzolan as an ordinary user.',
  )
}

const makeOwnFolder = (folder: string, identity: Identity | null): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const facts = lstatSync(folder)
  const wanted = identity?.uid ?? process.getuid?.() ?? facts.uid
  if (!facts.isDirectory() || (facts.uid !== wanted && facts.uid !== process.getuid?.())) {
    throw new Error(`${folder} belongs to somebody else. Remove it, then start again.`)
  }
  if (identity) chownSync(folder, identity.uid, identity.gid)
  chmodSync(folder, 0o700)
}

const create = async (
  programs: string,
  folder: string,
  identity: Identity | null,
  options: ClusterOptions,
): Promise<void> => {
  options.say('Making the database (once).')
  const half = `${folder}.new`
  rmSync(half, { recursive: true, force: true })
  makeOwnFolder(half, identity)
  const child = spawn(
    join(programs, 'bin', 'initdb'),
    [
      ...['-D', half, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'],
      ...['--locale-provider=builtin', '--locale=C.UTF-8', '--no-instructions'],
      ...(options.durable === false ? ['--no-sync'] : []),
    ],
    { ...(identity ?? {}), cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], env: ENVIRONMENT },
  )
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`The database could not be made: ${said}`)
  renameSync(half, folder)
}

const checkVersion = (folder: string): void => {
  const found = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()
  if (found === MAJOR) return
  throw new Error(
    `The data in ${folder} was written by PostgreSQL ${found}, and this program brings ${MAJOR}. ` +
      'Make a backup with the version that wrote it, move the folder away, and restore the backup here.',
  )
}

/** The process that holds this data folder; a pid file that names another process is stale. */
const runningPostmaster = (folder: string): number | null => {
  const pid = pidIn(folder)
  if (pid === null || !isAlive(pid)) return null
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return command.some((part) => part.endsWith('postgres')) && command.includes(folder) ? pid : null
  } catch {
    return process.platform === 'linux' ? null : pid
  }
}

const pidIn = (folder: string): number | null => {
  try {
    const pid = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0])
    return Number.isInteger(pid) && pid > 1 ? pid : null
  } catch {
    return null
  }
}

/** A zombie answers to signals but serves nobody. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return process.platform !== 'linux'
  }
}

/** Line 8 of the pid file says `ready`, and line 1 names this very process. */
const untilReady = (folder: string, pid: number): Promise<void> =>
  until(
    () => {
      try {
        const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
        return lines[7]?.trim() === 'ready' && Number(lines[0]) === pid
      } catch {
        return false
      }
    },
    BOOT_MS,
    'The database does not become ready.',
  )

const until = async (holds: () => boolean, milliseconds: number, otherwise: string): Promise<void> => {
  const end = Date.now() + milliseconds
  while (!holds()) {
    if (Date.now() > end) throw new Error(otherwise)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
