// Guessing at passwords and codes is slow, and does not shut out those at whom it is aimed.
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Refused, refuse } from '../contract/refusals.ts'
import type { Database } from '../store/database.ts'
import { type Allowance, forgiveTry, noteTry } from '../store/guesses.ts'
import { isKnownDevice } from '../store/sessions.ts'
import { deviceOf } from './session.ts'

const QUARTER = 15 * 60
const HOUR = 3600

/** Names as typed are not kept: some are passwords in the wrong field. */
const mark = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** An IPv6 customer has a whole /64 to guess from: it counts as one place. */
export const neighbourhood = (address: string): string => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after]
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')
}

/**
 * Tries at a member's password. A browser in which he has signed in before has tries of its own: however many
 * strangers guess at his name, he still comes in there (the device cookies of OWASP).
 */
const signInAllowances = async (db: Database, request: FastifyRequest, name: string): Promise<Allowance[]> => {
  const device = deviceOf(request)
  if (device !== null && (await isKnownDevice(db, device, name))) {
    return [{ bucket: `device ${mark(device + name.toLowerCase())}`, tries: 10, seconds: QUARTER }]
  }
  const place = neighbourhood(request.ip)
  const named = mark(name.toLowerCase())
  return [
    { bucket: `pair ${named} ${place}`, tries: 8, seconds: QUARTER },
    { bucket: `place ${place}`, tries: 40, seconds: QUARTER },
    { bucket: `name ${named}`, tries: 60, seconds: HOUR },
  ]
}

/** Carries out a try; `work` throws Refused where it was wrong, and then it counts. */
const limited = async <T>(db: Database, allowances: readonly Allowance[], work: () => Promise<T>): Promise<T> => {
  const wait = await noteTry(db, allowances)
  if (wait !== null) throw new Refused(refuse('rate.limited', { seconds: wait }))
  const buckets = allowances.map(({ bucket }) => bucket)
  try {
    const result = await work()
    await forgiveTry(db, buckets)
    return result
  } catch (error) {
    // The password was right, and the second factor is asked for only now: this was no guess either.
    if (error instanceof Refused && error.refusal.code === 'session.second-factor') await forgiveTry(db, buckets)
    throw error
  }
}

export const limitedSignIn = async <T>(
  db: Database,
  request: FastifyRequest,
  name: string,
  work: () => Promise<T>,
): Promise<T> => limited(db, await signInAllowances(db, request, name), work)

/** Tries of who is signed in at his own password or code: a stolen session shall not find them out. */
export const limitedOwn = <T>(db: Database, memberId: number, work: () => Promise<T>): Promise<T> =>
  limited(db, [{ bucket: `own ${memberId}`, tries: 10, seconds: QUARTER }], work)

/** Asking for e-mails: every one counts, right or wrong. Null, or how long to wait. */
export const mayAskMail = async (db: Database, request: FastifyRequest, who: string): Promise<boolean> =>
  (await noteTry(db, [
    { bucket: `mail-for ${mark(who.toLowerCase())}`, tries: 3, seconds: HOUR },
    { bucket: `mail-from ${neighbourhood(request.ip)}`, tries: 20, seconds: HOUR },
  ])) === null
