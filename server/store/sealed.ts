// Secrets at rest: sealed with a key that lies in the data folder and not in the database, nor in its backups.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

/** What was sealed cannot be opened: with another key, or it was tampered with. */
export class NotOpened extends Error {
  constructor(cause: unknown) {
    super('A password that is kept cannot be opened any more: the key in the data folder is another. Enter it again.', {
      cause,
    })
    this.name = 'NotOpened'
  }
}

/** The key of this workshop; made at its first use, readable by its owner only. */
export const readKey = async (dataFolder: string): Promise<Buffer> => {
  const path = join(dataFolder, 'secret.key')
  const there = await readFile(path).catch(() => null)
  if (there?.length === KEY_BYTES) return there
  if (there !== null)
    throw new Error(`${path} is damaged. Restore it from a copy, or remove it and enter all passwords again.`)
  await mkdir(dataFolder, { recursive: true })
  const half = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(half, randomBytes(KEY_BYTES), { mode: 0o600 })
  await chmod(half, 0o600)
  // Of two processes that make it at once, the first counts for both.
  await link(half, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') return rename(half, path)
  })
  await rm(half, { force: true })
  return readFile(path)
}

/** `context` says whose secret it is: sealed for one thing it opens for no other. */
export const seal = (key: Buffer, text: string, context: string): Buffer => {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(context))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

/** Throws NotOpened. */
export const unseal = (key: Buffer, sealed: Buffer, context: string): string => {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES))
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    return decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch (error) {
    throw new NotOpened(error)
  }
}
