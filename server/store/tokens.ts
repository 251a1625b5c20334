// Secrets for cookies, links and keys: 256 random bits, of which only the hash is kept.
import { createHash, randomBytes } from 'node:crypto'

export const newToken = (): string => randomBytes(32).toString('base64url')

/** Such a secret cannot be guessed, so a fast hash is enough; it also makes looking it up one index access. */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()
