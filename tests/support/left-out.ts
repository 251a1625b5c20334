// Tests that need a program which npm cannot bring: they say so, and how to have them.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Set where everything must run: there, a missing program is a failure. */
const nothingMayBeLeftOut = process.env['AUZOLAN_TEST_ALL'] === '1'

/** Whether a program is there; otherwise one line says what is left out. */
export const isInstalled = (program: string, what: string): boolean => {
  const found = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
  if (!found) leaveOut(`The tests with ${what} are left out: there is no ${program} (apt-get install ${program}).`)
  return found
}

/** The folder of shared test data beside the project, or null with one line that says so. */
export const sharedData = (folder: string): string | null => {
  const path = fileURLToPath(new URL(`../../../shared/data/${folder}`, import.meta.url))
  if (existsSync(path)) return path
  console.warn(`${path} is not there: small samples of our own are used instead.`)
  return null
}

const leaveOut = (sentence: string): void => {
  if (nothingMayBeLeftOut) throw new Error(sentence)
  console.warn(sentence)
}
