// How an engine is held: which wrappers, which rights, which limits. Probed once, for what the machine has.
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { statSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import process from 'node:process'

/** Nothing of the server's environment reaches an engine. */
export const PLAIN_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'

const works = (command: string, ...args: string[]): boolean =>
  spawnSync(command, [...args, 'true'], { env: { PATH: PLAIN_PATH }, stdio: 'ignore', timeout: 5000 }).status === 0

/** Numbers that belong to nobody (systemd keeps them for services that come and go): what it owns, it owns alone. */
const UNUSED_USERS = { first: 61_184, last: 65_519 }

interface Means {
  readonly prlimit: boolean
  readonly setpriv: boolean
  /** By which a process loses the network; null: it cannot be taken away here. */
  readonly unshare: readonly string[] | null
  readonly root: boolean
  readonly mayDrop: boolean
}

let known: Means | null = null

/** What this machine offers to hold an engine. */
export const means = (): Means => {
  if (known !== null) return known
  const root = process.getuid?.() === 0
  const user = String(UNUSED_USERS.first)
  known = {
    prlimit: works('prlimit', '--core=0'),
    setpriv: works('setpriv', '--no-new-privs', '--pdeathsig', 'KILL'),
    unshare: works('unshare', '--net')
      ? ['--net']
      : works('unshare', '--user', '--map-current-user', '--net')
        ? ['--user', '--map-current-user', '--net']
        : null,
    root,
    mayDrop: root && works('setpriv', '--reuid', user, '--regid', user, '--clear-groups'),
  }
  return known
}

/** A user for one run, or null where we are not root or may not become another. */
export const userForRun = (): number | null =>
  means().mayDrop ? randomInt(UNUSED_USERS.first, UNUSED_USERS.last + 1) : null

/** Whether a user that is nobody's friend can reach each of these. */
export const everyoneReaches = (paths: readonly string[]): boolean =>
  paths.every((path) => {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      if ((statSync(folder).mode & 0o001) === 0) return false
      if (folder === dirname(folder)) return true
    }
  })

export interface Limits {
  readonly seconds: number
  readonly megabytes: number
  readonly outputMegabytes: number
  /** Whose rights it has from the beginning; null: ours. */
  readonly user: number | null
}

/** The command line that runs a program within its limits. Wrappers that the machine lacks are left out. */
export const confined = (program: string, args: readonly string[], limits: Limits): string[] => {
  const { prlimit, setpriv, unshare } = means()
  const line: string[] = []
  if (unshare !== null) line.push('unshare', ...unshare, '--')
  if (setpriv) {
    // Without us it would run on for nobody.
    line.push('setpriv', '--no-new-privs', '--pdeathsig', 'KILL')
    if (limits.user !== null) line.push('--reuid', `${limits.user}`, '--regid', `${limits.user}`, '--clear-groups')
    line.push('--')
  }
  if (prlimit) {
    // RLIMIT_DATA bounds what WebAssembly may grow to; RLIMIT_AS would keep Node from starting at all.
    const cpuSeconds = Math.ceil(limits.seconds) * cpus().length + 5
    const bytes = (megabytes: number): number => Math.round(megabytes * 1_000_000)
    line.push('prlimit', `--data=${bytes(limits.megabytes)}`, `--cpu=${cpuSeconds}`, '--core=0')
    line.push(`--fsize=${bytes(limits.outputMegabytes)}`, '--')
  }
  return [...line, program, ...args]
}

/** Node's own walls: these folders may be read, its own also written, and nothing be started. */
export const nodeFlags = (readable: readonly string[], folder: string, megabytes: number): string[] => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  // The flag lost its prefix in 22.13 and 23.5.
  const settled = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13)
  return [
    settled ? '--permission' : '--experimental-permission',
    ...[...readable, folder].map((path) => `--allow-fs-read=${path}/*`),
    `--allow-fs-write=${folder}/*`,
    `--max-old-space-size=${Math.round(megabytes * 0.8)}`,
    '--no-warnings',
  ]
}
