// Which slicing programs the machine has.
import { spawn } from 'node:child_process'
import { access, constants, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PLAIN_PATH } from '../confine.ts'

/** Where programs may lie that are unpacked by hand. */
const folders = [...PLAIN_PATH.split(':'), '/opt/prusaslicer', '/opt/orcaslicer', '/opt/cura', '/snap/bin']
const ANSWER_MS = 10_000
const MOST_SAID = 20_000

/** The first of these names that can be run, by its full path; null: none. */
export const findProgram = async (names: readonly string[]): Promise<string | null> => {
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name)
      try {
        await access(path, constants.X_OK)
        return await realpath(path)
      } catch {
        // Not there; perhaps in the next one.
      }
    }
  }
  return null
}

/** What a program says of itself; empty where it does not answer. */
export const askProgram = (program: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    let said = ''
    const child = spawn(program, args, {
      cwd: tmpdir(),
      env: { PATH: PLAIN_PATH, LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: ANSWER_MS,
      killSignal: 'SIGKILL',
    })
    const hear = (text: Buffer): void => {
      if (said.length < MOST_SAID) said += text.toString('utf8')
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', () => resolve(''))
    child.once('close', () => resolve(said))
  })
