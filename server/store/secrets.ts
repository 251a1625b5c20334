// Secrets that the program must read again (unlike passwords): sealed by a key that lies beside the database, not in it.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** The key file is there and is no key. */
export class WrongKeyFile extends Error {
  constructor(path: string) {
    super(`${path} is no key file of Auzolan: it must hold ${KEY_BYTES} bytes. Put the right one back.`)
    this.name = 'WrongKeyFile'
  }
}

/** AES-256-GCM. What is sealed for one purpose opens for no other. */
export interface Sealer {
  seal(purpose: string, text: string): Buffer
  /** Null where it was sealed by another key or for another purpose, or was changed. */
  open(purpose: string, sealed: Uint8Array): string | null
}

/** The key of this file, read when it is first needed; a new one where there is none. Sealing and opening throw WrongKeyFile. */
export const openSealer = (path: string): Sealer => {
  let kept: Buffer | undefined
  const key = (): Buffer => {
    kept ??= readKey(path)
    return kept
  }
  return {
    seal: (purpose, text) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key(), nonce).setAAD(Buffer.from(purpose))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
    },
    open: (purpose, sealed) => {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return null
      const decipher = createDecipheriv('aes-256-gcm', key(), sealed.subarray(0, NONCE_BYTES))
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      try {
        const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
        return text.toString('utf8')
      } catch {
        return null
      }
    },
  }
}

const readKey = (path: string): Buffer => {
  const found = contentOf(path)
  if (found !== null) return checked(path, found)
  mkdirSync(dirname(path), { recursive: true })
  // Written whole under another name first: who starts at the same time finds no half key, and the first one wins.
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx' })
  chmodSync(draft, 0o600)
  try {
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return checked(path, readFileSync(path))
}

const checked = (path: string, key: Buffer): Buffer => {
  if (key.length !== KEY_BYTES) throw new WrongKeyFile(path)
  return key
}

const contentOf = (path: string): Buffer | null => {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
