import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const isRoot = process.getuid?.() === 0
const NOBODY = 65_534

interface Started {
  readonly child: ChildProcess
  said(): string
  /** The first address that answers, and after how many milliseconds its page came. */
  readonly address: string
  readonly pageAfter: number
}

const running: ChildProcess[] = []
const folders: string[] = []
afterEach(async () => {
  for (const child of running.splice(0)) await stop(child)
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // As Ctrl-C does it: to npm and to what it has started.
  process.kill(-(child.pid ?? 0), 'SIGINT')
  await ended
  // npm is gone first; what it has started takes a moment more.
  await expect.poll(() => folders.flatMap(runningBelow), { timeout: 20_000 }).toEqual([])
}

/** Process number and command line of what names this folder. Not by `ps`: a bare Debian has none. */
const runningBelow = (folder: string): string[] => {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n')
    return lines.filter((line) => line.includes(folder))
  }
  const commandLine = (pid: string): string => {
    try {
      return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`
    } catch {
      // It has ended meanwhile.
      return ''
    }
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(commandLine).filter((line) => line.includes(folder))
}

/** The project as a clone would hold it, in a folder that only its owner may enter; packages as npm has installed them. */
const cloneFor = (uid: number): { clone: string; data: string } => {
  const home = mkdtempSync(join(tmpdir(), 'auzolan-clone-'))
  folders.push(home)
  const clone = join(home, 'private', 'auzolan')
  mkdirSync(clone, { recursive: true })
  const made = ['node_modules', 'dist', '.git', 'tests']
  for (const name of readdirSync(root).filter((one) => !made.includes(one))) {
    cpSync(join(root, name), join(clone, name), { recursive: true })
  }
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(clone, 'node_modules')])
  if (uid !== process.getuid?.()) {
    // The packages' files are shared with our own by hard links: their owner must stay.
    const shared = ['(', '-path', '*/node_modules/*', '-not', '-type', 'd', ')']
    execFileSync('find', [clone, ...shared, '-prune', '-o', '-exec', 'chown', '-h', `${uid}`, '{}', '+'])
  }
  const data = join(home, 'data')
  mkdirSync(data)
  chmodSync(home, 0o755)
  chmodSync(join(home, 'private'), 0o700)
  for (const folder of [join(home, 'private'), data]) chownSync(folder, uid, uid)
  return { clone, data }
}

const start = async (clone: string, data: string, uid: number): Promise<Started> => {
  const from = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: {
      PATH: process.env['PATH'],
      HOME: data,
      AUZOLAN_DATA: join(data, 'auzolan'),
      AUZOLAN_PORT: '0',
      AUZOLAN_LOG: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(uid === process.getuid?.() ? {} : { uid, gid: uid }),
  })
  running.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
  }
  for (;;) {
    const address = /On this computer: +(http:\S+)/.exec(text)?.[1]?.replace('localhost', '127.0.0.1')
    if (address !== undefined) {
      const page = await fetch(address)
      expect(page.status).toBe(200)
      expect(await page.text()).toContain('<div id="root">')
      return { child, said: () => text, address, pageAfter: performance.now() - from }
    }
    if (child.exitCode !== null) throw new Error(`npm start ended (${child.exitCode}): ${text}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const who: [string, number][] = isRoot
  ? [
      ['root', 0],
      ['an ordinary user', NOBODY],
    ]
  : [['an ordinary user', process.getuid?.() ?? 0]]

describe.each(who)('npm start as %s, in a clone below a folder that only its owner may enter', (_, uid) => {
  it('builds, opens, says where; opens quickly the second time; stops cleanly', async () => {
    const { clone, data } = cloneFor(uid)
    const first = await start(clone, data, uid)
    expect(first.said()).toContain('Open it to name the workshop')
    expect(await (await fetch(`${first.address}/api/site`)).json()).toMatchObject({ setUp: false, needsCode: false })
    await stop(first.child)
    expect(existsSync(join(data, 'auzolan/postgres/postmaster.pid'))).toBe(false)

    let second = await start(clone, data, uid)
    expect(second.said()).not.toContain('Building')
    // Other tests have this machine too: how quick a start can be, the quickest of a few tells.
    const taken = [second.pageAfter]
    while (Math.min(...taken) >= 3000 && taken.length < 4) {
      await stop(second.child)
      second = await start(clone, data, uid)
      taken.push(second.pageAfter)
    }
    expect(Math.min(...taken)).toBeLessThan(3000)

    const third = spawn('npm', ['start'], {
      cwd: clone,
      env: { PATH: process.env['PATH'], HOME: data, AUZOLAN_DATA: join(data, 'auzolan') },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(uid === process.getuid?.() ? {} : { uid, gid: uid }),
    })
    let complaint = ''
    third.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      complaint += piece
    })
    await new Promise((resolve) => third.once('exit', resolve))
    expect(complaint).toContain('Auzolan runs already')
    expect(complaint).toContain(new URL(second.address).port)
  }, 120_000)
})

describe('npm start', () => {
  it('starts the server again when it dies, and finds the database that has lived on', async () => {
    const uid = process.getuid?.() ?? 0
    const { clone, data } = cloneFor(uid)
    const { said, address } = await start(clone, data, uid)
    const postmaster = readFileSync(join(data, 'auzolan/postgres/postmaster.pid'), 'utf8').split('\n')[0]
    const [server] = runningBelow(join(clone, 'dist/server/main.js'))
    process.kill(Number(server?.trim().split(' ')[0]), 'SIGKILL')
    await expect.poll(() => said(), { timeout: 10_000 }).toContain('The server ended (SIGKILL); it is started again.')
    expect(address).toMatch(/^http/)
    await expect.poll(() => said(), { timeout: 10_000 }).toContain(`(process ${postmaster}); it is taken over`)
  }, 120_000)

  it('says plainly which setting it cannot use', () => {
    const run = (environment: Record<string, string>): string => {
      try {
        execFileSync(process.execPath, [join(root, 'launch/start.mjs')], {
          env: { PATH: process.env['PATH'] ?? '', ...environment },
          stdio: 'pipe',
        })
        return 'It started.'
      } catch (error) {
        return String((error as { stderr: Buffer }).stderr)
      }
    }
    expect(run({ AUZOLAN_PORT: 'http' })).toContain('AUZOLAN_PORT=http cannot be used: write a number from 0 to 65535')
    expect(run({ DATABASE_URL: 'mysql://user:secret@host/db' })).toContain('DATABASE_URL=... cannot be used')
    expect(run({ DATABASE_URL: 'mysql://user:secret@host/db' })).not.toContain('secret')
  }, 30_000)
})
