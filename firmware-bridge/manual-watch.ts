// Looks at a printer that has nothing to print for the bridge, whether somebody prints on it by hand.
import type { SessionState } from '../server/contract/printers.ts'
import type { SessionInput } from './printer-state.ts'
import type { PrinterWords } from './printer-words.ts'
import type { Temperatures } from './protocol/temperatures.ts'
import type { Place } from './standing.ts'

export interface ManualHost {
  state(): SessionState
  enter(input: SessionInput, reason: string | null): boolean
  temperatures(): Temperatures
  /** Whether it may be asked something now: nothing waits, and nobody's command runs. */
  isFree(): boolean
  askPlace(): Promise<Place | null>
  send(lines: readonly string[]): Promise<void>
  /** Whether the firmware prints from a card and says so when it is asked by M27. */
  hasCard(): boolean
  note(text: string): void
}

const LOOK_MS = 4000
const CARD_MS = 8000
/** °C: nobody heats a nozzle so far for anything but plastic. */
const PRINTING_HEAT = 150
const MOVED = 0.05

export class ManualLook {
  readonly #host: ManualHost
  readonly #words: PrinterWords
  /** Nozzle targets that the bridge has set itself. */
  #ours: Record<string, number> = {}
  #place: Place | null = null
  #lookedAt = Number.NEGATIVE_INFINITY
  #cardAt = Number.NEGATIVE_INFINITY
  #looking = false

  constructor(host: ManualHost, words: PrinterWords) {
    this.#host = host
    this.#words = words
  }

  forget(): void {
    this.#ours = {}
    this.#place = null
  }

  /** The bridge has sent this line itself: what follows from it is nobody's hand. */
  sent(line: string, tool: number): void {
    this.#place = null
    const heats = /^M10[49]\b/.test(line) ? /\sS(\d+(?:\.\d+)?)/.exec(line) : null
    if (heats === null) return
    const named = /\sT(\d+)/.exec(line)?.[1]
    this.#ours[`T${named ?? tool}`] = Number(heats[1])
  }

  /** What was heated for a print is the bridge's own until somebody changes it. */
  own(temperatures: Temperatures): void {
    for (const [heater, { target = 0 }] of Object.entries(temperatures)) this.#ours[heater] = target
    this.#place = null
  }

  tick(): void {
    const { state, isFree } = this.#host
    if (state() !== 'idle' && state() !== 'manual') return
    const hot = this.#isHotByHand()
    this.#words.watch({ kind: 'hot', hot })
    this.#settle()
    if (this.#looking || !isFree()) return
    const now = performance.now()
    const look = (hot || state() === 'manual') && now - this.#lookedAt > LOOK_MS
    const card = this.#host.hasCard() && now - this.#cardAt > CARD_MS
    if (!look && !card) return
    if (look) this.#lookedAt = now
    if (card) this.#cardAt = now
    this.#looking = true
    this.#look(look, card)
      .catch(() => {}) // The link has ended: whoever ended it has told.
      .finally(() => {
        this.#looking = false
      })
  }

  async #look(place: boolean, card: boolean): Promise<void> {
    if (card) await this.#host.send(['M27'])
    if (!place) return this.#settle()
    const before = this.#place
    const now = await this.#host.askPlace()
    this.#place = now
    if (before !== null && now !== null) {
      const moved = Math.hypot(now.x - before.x, now.y - before.y, now.z - before.z) > MOVED
      this.#words.watch({ kind: 'looked', moved })
    }
    this.#settle()
  }

  #isHotByHand(): boolean {
    return Object.entries(this.#host.temperatures()).some(
      ([heater, { target = 0 }]) =>
        heater.startsWith('T') && target >= PRINTING_HEAT && target !== (this.#ours[heater] ?? 0),
    )
  }

  /** Brings the printer's state after what is known. */
  #settle(): void {
    const { print } = this.#words.manual
    const { enter, state, note } = this.#host
    if (print !== null && state() === 'idle') {
      note('Somebody prints on it by hand.')
      enter('began-by-hand', null)
    } else if (print === null && state() === 'manual') {
      note('The print by hand has ended.')
      enter('ended-by-hand', null)
    }
  }
}
