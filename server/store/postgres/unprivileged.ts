// PostgreSQL refuses to run as root: as whom it runs then, and whether that user can reach a folder.
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Identity {
  readonly uid: number
  readonly gid: number
}

export const isRoot = (): boolean => process.getuid?.() === 0

/**
 * The user for PostgreSQL when we are root: the owner of data that is there already, else `postgres`, else `nobody`.
 * It must have an entry in /etc/passwd: PostgreSQL looks itself up.
 */
export const identityFor = (dataFolder: string): Identity => {
  const users = readUsers()
  const owner = ownerOf(dataFolder)
  if (owner !== null && owner !== 0 && users.some(({ uid }) => uid === owner)) {
    return users.find(({ uid }) => uid === owner) as Identity
  }
  for (const name of ['postgres', 'nobody']) {
    const user = users.find((one) => one.name === name)
    if (user) return { uid: user.uid, gid: user.gid }
  }
  throw new Error('PostgreSQL cannot run as root, and this system has no user "nobody". Start Auzolan as another user.')
}

const readUsers = (): { name: string; uid: number; gid: number }[] =>
  readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((parts) => parts.length >= 4)
    .map(([name, , uid, gid]) => ({ name: name as string, uid: Number(uid), gid: Number(gid) }))

const ownerOf = (folder: string): number | null => {
  try {
    return statSync(folder).uid
  } catch {
    return null // Not made yet.
  }
}

/** The first folder on the way to `path` that this user may not enter, or null. */
export const closedFolder = (path: string, { uid, gid }: Identity): string | null => {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid: owner, gid: group } = statSync(folder)
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return folder
    if (folder === dirname(folder)) return null
  }
}
