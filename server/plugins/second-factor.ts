// The second factor: numbers of an app (TOTP, RFC 6238), and recovery codes for when the phone is lost.
import { Secret, TOTP } from 'otpauth'
import * as accounts from '../store/accounts.ts'
import type { Database } from '../store/database.ts'
import type { Sealer } from '../store/secrets.ts'
import { hashOf } from '../store/tokens.ts'

const PERIOD_SECONDS = 30
/** RFC 4226 asks for 128 bits at least and recommends 160. */
const SECRET_BYTES = 20
/** Clocks of phones are off by some seconds, and people type slowly: the numbers beside the present one count too. */
const STEPS_BESIDE = 1
const RECOVERY_CODES = 10
const RECOVERY_BYTES = 10

const purposeFor = (memberId: number): string => `totp ${memberId}`

const totpOf = (secret: Secret, issuer = '', label = ''): TOTP =>
  new TOTP({ issuer, label, secret, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS })

/** Offers a new secret; null where a second factor is in force. */
export const offerSecondFactor = async (
  db: Database,
  sealer: Sealer,
  { memberId, memberName, site }: { memberId: number; memberName: string; site: string },
): Promise<{ secret: string; uri: string } | null> => {
  const secret = new Secret({ size: SECRET_BYTES })
  if (!(await accounts.offerSecret(db, memberId, sealer.seal(purposeFor(memberId), secret.base32)))) return null
  return { secret: secret.base32, uri: totpOf(secret, site, memberName).toString() }
}

/** Whether it is the number of the app now, or a recovery code; either counts once. */
export const isSecondFactor = async (
  db: Database,
  sealer: Sealer,
  memberId: number,
  code: string,
): Promise<boolean> => {
  const plain = code.replace(/[\s-]/g, '').toUpperCase()
  if (!/^\d{6}$/.test(plain)) return accounts.spendRecoveryCode(db, memberId, hashOf(plain))
  const kept = await accounts.readSecret(db, memberId)
  const secret = kept && sealer.open(purposeFor(memberId), kept.sealed)
  // Restored without its key file: the recovery codes still open.
  if (secret === null) return false
  const now = Date.now()
  const delta = totpOf(Secret.fromBase32(secret)).validate({ token: plain, timestamp: now, window: STEPS_BESIDE })
  return delta !== null && accounts.spendStep(db, memberId, Math.floor(now / 1000 / PERIOD_SECONDS) + delta)
}

/** New recovery codes, of 80 bits each; the old ones are worth nothing any more. Only their hashes are kept. */
export const newRecoveryCodes = async (db: Database, memberId: number): Promise<string[]> => {
  const codes = Array.from({ length: RECOVERY_CODES }, () => new Secret({ size: RECOVERY_BYTES }).base32)
  await accounts.replaceRecoveryCodes(db, memberId, codes.map(hashOf))
  return codes.map((code) => code.match(/.{4}/g)?.join('-') ?? code)
}
