// Who was let in lately: an emergency stop is listened to also while the database cannot be asked who comes.
import { may } from '../contract/permissions.ts'
import type { Database } from './database.ts'
import { type Caller, callersNow } from './sessions.ts'
import { hashOf } from './tokens.ts'

/**
 * So long after the database has last confirmed a caller he is believed, in milliseconds. While the database is there,
 * all are asked for anew every few seconds: this is how long it may be away. Nothing else than a stop is opened by it.
 */
export const BELIEVED_MS = 2 * 3600_000
const MOST = 2000

interface Known {
  readonly caller: Caller
  /** By performance.now(). */
  readonly confirmedAt: number
}

export class KnownCallers {
  /** By the hash of the secret; who came last stands last. */
  readonly #known = new Map<string, Known>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** The database has just said who comes with this secret. */
  remember(secret: string, caller: Caller): void {
    const hash = keyOf(secret)
    this.#known.delete(hash)
    if (!may(caller.me, 'emergency-stop')) return
    this.#known.set(hash, { caller, confirmedAt: this.#now() })
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest)
  }

  forget(secret: string): void {
    this.#known.delete(keyOf(secret))
  }

  /** Null: not known, or confirmed too long ago. */
  recall(secret: string): Caller | null {
    const known = this.#known.get(keyOf(secret))
    return known !== undefined && this.#now() - known.confirmedAt <= BELIEVED_MS ? known.caller : null
  }

  /** Asks the database for all anew. Throws where it is away; who was known stays known then. */
  async recheck(db: Database): Promise<void> {
    const asked = [...this.#known]
    if (asked.length === 0) return
    const confirmedAt = this.#now()
    const still = await callersNow(
      db,
      asked.map(([, { caller }]) => caller.credential),
    )
    for (const [hash, { caller }] of asked) {
      const { kind, id } = caller.credential
      const me = still.get(`${kind} ${id}`)
      // Who has signed out meanwhile stays out.
      if (!this.#known.has(hash)) continue
      if (me === undefined || !may(me, 'emergency-stop')) this.#known.delete(hash)
      else this.#known.set(hash, { caller: { ...caller, me }, confirmedAt })
    }
  }
}

const keyOf = (secret: string): string => hashOf(secret).toString('base64')
