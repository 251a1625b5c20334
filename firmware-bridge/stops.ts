// Emergency stops: each may come by several ways, and is carried out once, by whichever comes first.
import type { StopAnswer, StopCall } from '../server/contract/emergency-stop.ts'
import { endOf } from './command-end.ts'
import type { PrinterSession } from './printer-session.ts'

/** So many are remembered; a way that was blocked for an hour may bring one again. */
const REMEMBERED = 1000

export class Stops {
  readonly #session: (printerId: number) => PrinterSession | undefined
  readonly #answers = new Map<string, Promise<StopAnswer>>()

  constructor(session: (printerId: number) => PrinterSession | undefined) {
    this.#session = session
  }

  /** What became of it; of one that came before, the same answer. */
  carryOut({ id, printerId, askedBy }: Omit<StopCall, 'askedBy'> & { askedBy: string | null }): Promise<StopAnswer> {
    const known = this.#answers.get(id)
    if (known !== undefined) return known
    const session = this.#session(printerId)
    const answer: Promise<StopAnswer> =
      session === undefined
        ? Promise.resolve({ state: 'refused', answer: 'This bridge does not know the printer.' })
        : endOf(session, { body: { kind: 'emergency-stop' }, askedBy })
    this.#answers.set(id, answer)
    const [oldest] = this.#answers.keys()
    if (this.#answers.size > REMEMBERED && oldest !== undefined) this.#answers.delete(oldest)
    return answer
  }
}
