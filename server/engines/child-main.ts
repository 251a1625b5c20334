// The child's inside: opens a body, gives up its rights, does one job, and tells its parent by lines of JSON.
import { readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { BadInput, type BodyModule, type FromBody } from './body.ts'
import type { BodyName } from './engine.ts'

/** Where the parent listens. */
const TO_PARENT = 3

const bodies: Readonly<Record<BodyName, () => Promise<BodyModule>>> = {
  mesh: () => import('./bodies/mesh-body.ts'),
  cura: () => import('./bodies/cura-body.ts'),
  openscad: () => import('./bodies/openscad-body.ts'),
}

const tell = (message: FromBody): void => {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`)
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(TO_PARENT, bytes, from)
    } catch (error) {
      // The parent reads more slowly than we write.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

const isBody = (name: string | undefined): name is BodyName => name !== undefined && Object.hasOwn(bodies, name)

/** `node child-main.js BODY FOLDER [USER]`: as whom it goes on after loading, where it began with more rights. */
const begin = async ([name, folder = '', user]: readonly string[]): Promise<void> => {
  if (!isBody(name)) throw new Error(`There is no engine ${name}.`)
  const body = await (await bodies[name]()).open()
  if (user !== undefined && user !== '') {
    process.setgroups?.([])
    process.setgid?.(Number(user))
    process.setuid?.(Number(user))
  }
  const result = await body({
    job: JSON.parse(readFileSync(join(folder, 'job.json'), 'utf8')),
    read: (file) => readFileSync(join(folder, file)),
    write: (file, bytes) => writeFileSync(join(folder, file), bytes),
    progress: (fraction) => tell({ kind: 'progress', fraction }),
  })
  // ru_maxrss counts in KiB.
  tell({ kind: 'done', result: result ?? null, peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6 })
}

const fail = (error: unknown): void => {
  if (error instanceof BadInput) tell({ kind: 'bad-input', message: error.message })
  else tell({ kind: 'failed', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
}

// Emscripten's glue listens for errors of its own and would end the process without a word.
begin(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    fail(error)
    process.exit(1)
  },
)
