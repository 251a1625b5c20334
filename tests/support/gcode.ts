// Reading G-code the plain way, so that tests do not rely on what they test.
import { readFileSync } from 'node:fs'

/** The commands of a file as they stand there: comments, blanks at both ends and empty lines left out. */
export const commandsOf = (path: string): string[] =>
  readFileSync(path, 'latin1')
    .split('\n')
    .map((line) => (line.split(';')[0] as string).trim())
    .filter((line) => line !== '')
