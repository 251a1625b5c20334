// Runs an engine in a process of its own: an empty folder, no environment, limits on time, memory and output.
import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { setPriority, tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { ChildWatch } from './child-watch.ts'
import { confined, everyoneReaches, nodeFlags, PLAIN_PATH, userForRun } from './confine.ts'
import { EngineFailed, type EngineResult, type EngineTask } from './engine.ts'
import { engineMegabytes, inTurn } from './slots.ts'

const OUTPUT_MEGABYTES = 512
/** What a process may say at most; what it says beyond that is let go. */
const MOST_SAID = 1 << 20
/** Behind everything that moves a printer. */
const NICE = 10

const here = dirname(fileURLToPath(import.meta.url))
/** As source this file lies in server/engines/, as built in dist/server/engines/. A child runs as it was built. */
const root = existsSync(join(here, '../../package.json')) ? join(here, '../..') : join(here, '../../..')
const built = join(root, 'dist')

/** Throws EngineFailed with a sentence for people, whatever the engine does. */
export const runEngine = async (task: EngineTask): Promise<EngineResult> => {
  const megabytes = Math.min(task.megabytes, engineMegabytes)
  const cancelled = (): EngineFailed => new EngineFailed('cancelled', 'It was cancelled.')
  if (task.signal?.aborted) throw cancelled()
  const turn = { megabytes, urgent: task.urgent ?? false, signal: task.signal }
  return await inTurn(turn, async () => {
    if (task.signal?.aborted) throw cancelled()
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'auzolan-engine-')))
    try {
      return await runIn(folder, { ...task, megabytes })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }).catch((error: unknown) => {
    throw task.signal?.aborted && !(error instanceof EngineFailed) ? cancelled() : error
  })
}

const runIn = async (folder: string, task: EngineTask): Promise<EngineResult> => {
  const user = userForRun()
  fill(folder, task, user)
  const began = performance.now()
  const child = start(folder, task, user)
  const watch = new ChildWatch(child, task, MOST_SAID)
  if (child.pid !== undefined) {
    try {
      setPriority(child.pid, NICE)
    } catch {
      // It has ended already, or the system keeps its order.
    }
  }
  const { result, peakMegabytes, stdout, stderr } = await watch.ended
  const files = collect(folder, task)
  return { files, result, stdout, stderr, usage: { seconds: (performance.now() - began) / 1000, peakMegabytes } }
}

/** Writes what it begins with. Everything in there is the user's that it runs as. */
const fill = (folder: string, { engine, job, files }: EngineTask, user: number | null): void => {
  const own = (path: string): void => {
    if (user !== null) chownSync(path, user, user)
  }
  own(folder)
  const write = (name: string, bytes: Uint8Array | string): void => {
    const path = join(folder, name)
    if (relative(folder, path).startsWith('..')) throw new EngineFailed('input', `${name} lies outside of its folder.`)
    const parents: string[] = []
    for (let parent = dirname(path); parent !== folder; parent = dirname(parent)) parents.unshift(parent)
    for (const parent of parents) {
      mkdirSync(parent, { recursive: true })
      own(parent)
    }
    writeFileSync(path, bytes)
    own(path)
  }
  for (const [name, bytes] of files) write(name, bytes)
  if ('body' in engine) write('job.json', JSON.stringify(job ?? null))
}

const start = (folder: string, task: EngineTask, user: number | null): ChildProcess => {
  const { engine, seconds, megabytes, outputMegabytes = OUTPUT_MEGABYTES } = task
  const limits = { seconds, megabytes, outputMegabytes, user }
  const line = 'program' in engine ? confined(engine.program, task.args ?? [], limits) : bodyLine(folder, task, user)
  const [command = '', ...args] = line
  return spawn(command, args, {
    cwd: folder,
    env: { PATH: PLAIN_PATH, HOME: folder, TMPDIR: folder, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    // A group of its own: what it starts ends with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
}

const bodyLine = (folder: string, task: EngineTask, user: number | null): string[] => {
  const { seconds, megabytes, outputMegabytes = OUTPUT_MEGABYTES } = task
  const body = 'body' in task.engine ? task.engine.body : ''
  const modules = join(root, 'node_modules')
  const program = join(built, 'server/engines/child-main.js')
  // Below a closed folder the program can only be loaded with our rights: it then gives them up itself.
  const reached = everyoneReaches([process.execPath, program, join(modules, 'package')])
  const flags = nodeFlags([built, modules, join(root, 'package.json')], folder, megabytes)
  const inside = user !== null && !reached ? String(user) : ''
  const limits = { seconds, megabytes, outputMegabytes, user: reached ? user : null }
  return confined(process.execPath, [...flags, program, body, folder, inside], limits)
}

const collect = (folder: string, { outputs, outputMegabytes = OUTPUT_MEGABYTES }: EngineTask): Map<string, Buffer> => {
  const files = new Map<string, Buffer>()
  for (const name of outputs) {
    const path = join(folder, name)
    // Not through a link: it would show what the engine itself may not read.
    const facts = lstatSync(path, { throwIfNoEntry: false })
    if (facts === undefined || !facts.isFile()) continue
    if (facts.size > outputMegabytes * 1e6) throw new EngineFailed('output', tooMuchOutput(outputMegabytes))
    files.set(name, readFileSync(path))
  }
  return files
}

const tooMuchOutput = (megabytes: number): string => `It wrote more than the ${megabytes} MB it may.`
