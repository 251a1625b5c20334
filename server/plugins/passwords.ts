// Passwords: only their argon2id hashes are kept.
import { hash, verify } from '@node-rs/argon2'

/** RFC 9106's second choice, for small machines: 19 MiB, two passes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password, COST)

/** Takes as long for a member that does not exist, so that names cannot be found out. */
export const isPassword = async (passwordHash: string | null, password: string): Promise<boolean> => {
  const known = passwordHash ?? (await nobody())
  const fits = await verify(known, password)
  return fits && passwordHash !== null
}

let nobodysHash: Promise<string> | undefined
const nobody = (): Promise<string> => {
  nobodysHash ??= hashPassword('nobody has this password')
  return nobodysHash
}
