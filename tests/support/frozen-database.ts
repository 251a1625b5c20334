// The database of a farm as it is when its machine hangs: there, and answering nothing.
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Farm } from './farm.ts'

const familyOf = (pid: number): number[] => [
  pid,
  ...readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
]

/** Stops all of its processes where they are; call what it returns to let them go on. */
export const freezeDatabase = (farm: Farm): (() => void) => {
  const family = familyOf(farm.postgresPid())
  for (const pid of family) process.kill(pid, 'SIGSTOP')
  return () => {
    for (const pid of family.reverse()) process.kill(pid, 'SIGCONT')
  }
}

/** Kills it, and keeps it from being started again until what it returns is called. */
export const killDatabase = (farm: Farm): (() => void) => {
  // Without it, PostgreSQL takes the folder for none of its own.
  const mark = join(farm.folder, 'data/postgres/PG_VERSION')
  renameSync(mark, `${mark}.away`)
  for (const pid of familyOf(farm.postgresPid())) process.kill(pid, 'SIGKILL')
  return () => renameSync(`${mark}.away`, mark)
}
