// Who is at the other end of an open port: waits for the greeting, begins the numbering, asks M115 and how things stand.
import { type FirmwareFacts, factsOf } from './firmware-facts.ts'
import { Link } from './link.ts'
import type { LinkListener } from './link-listener.ts'
import type { Port } from './port/port.ts'
import type { DialectName } from './protocol/dialect.ts'
import { dialects } from './protocol/dialects.ts'
import type { Reply } from './protocol/reply.ts'
import { type SilenceLimits, usualSilence } from './protocol/silence.ts'

/** How long to wait for a board, in milliseconds. */
export interface ConnectTiming extends SilenceLimits {
  /** For `start` after opening: boot loaders take up to two seconds. */
  readonly greeting: number
  /** For the answer to one question. */
  readonly answer: number
  /** Without a line, before the greeting counts as over. */
  readonly quiet: number
}

export const defaultConnectTiming: ConnectTiming = { ...usualSilence, greeting: 2000, answer: 2000, quiet: 250 }

export interface Introduction {
  readonly port: Port
  readonly listener: LinkListener
  readonly timing: ConnectTiming
  readonly dialect: DialectName | 'auto'
  readonly mostInFlight?: number
  readonly tries: number
  wanted(): boolean
}

/** What the port hears goes here while greetings are exchanged, and to the link from then on. */
export class Introducer {
  readonly #about: Introduction
  readonly #replies: Reply[] = []
  readonly #lines: string[] = []
  #link: Link | null = null
  #talking = true
  #open = true
  #heardAt = performance.now()
  /** When the firmware said last that it is at work. */
  #busyAt = Number.NEGATIVE_INFINITY

  constructor(about: Introduction) {
    this.#about = about
  }

  /** Whether the firmware is at work on something that nobody here asked for, and answers nothing meanwhile. */
  get isBusy(): boolean {
    return performance.now() - this.#busyAt < BUSY_MS
  }

  /** Whether anything was heard that a printer says. */
  get heardPrinter(): boolean {
    return this.#replies.some(({ kind }) => kind !== 'text')
  }

  hear(lines: readonly string[]): void {
    this.#heardAt = performance.now()
    if (this.#talking && this.#lines.length < MOST_LINES) this.#lines.push(...lines)
    this.#link?.hear(lines)
  }

  close(reason: string): void {
    this.#open = false
    this.#link?.end(reason)
  }

  /** The link to whoever answers, or null. */
  async introduce(): Promise<{ link: Link; facts: FirmwareFacts } | null> {
    const { port, listener, timing, mostInFlight } = this.#about
    const { wanted } = this.#about
    let greetings = this.#greetings
    let tries = this.#about.tries
    for (let attempt = 0; attempt < tries && this.#open && wanted(); attempt++) {
      const dialect = dialects[this.#about.dialect === 'auto' ? 'unknown' : this.#about.dialect]
      const link = new Link(port, this.#listen(listener), timing, {
        dialect,
        ...(mostInFlight === undefined ? {} : { mostInFlight }),
      })
      this.#link = link
      if (attempt === 0) await this.#greeted()
      else await this.#quiet()
      // An end of line, so that half a line from before cannot spoil ours. Some firmware says `ok` to it.
      if (attempt === 0 && this.#open) port.write('\n')
      if (await this.#ask(link)) {
        const facts = await this.#settle(link)
        this.#talking = false
        return { link, facts }
      }
      link.end('No answer.')
      // A boot loader was still at work, or the board began anew: that attempt does not count.
      if (this.#greetings > greetings && tries < this.#about.tries + MOST_GREETINGS) tries++
      greetings = this.#greetings
      await this.#awaken()
    }
    return null
  }

  async #ask(link: Link): Promise<boolean> {
    const { answer } = this.#about.timing
    if (!(await this.#answered(link.renumber(), answer))) return false
    await this.#quiet()
    if (!(await this.#answered(link.ask('M115'), answer * 2))) return false
    // By its answer the link learns whether the `ok` of an M105 carries temperatures.
    return this.#answered(link.ask('M105'), answer)
  }

  async #settle(link: Link): Promise<FirmwareFacts> {
    const facts = factsOf(this.#heard, this.#about.dialect, link.hasAdvancedOk)
    link.speak(dialects[facts.dialect])
    if (!dialects[facts.dialect].tellsCardPrints) return facts
    // A firmware that is at work all the same has answered all that matters.
    await this.#answered(link.ask('M27'), this.#about.timing.answer)
    return factsOf(this.#heard, this.#about.dialect, link.hasAdvancedOk)
  }

  get #heard(): { replies: readonly Reply[]; lines: readonly string[] } {
    return { replies: this.#replies, lines: this.#lines }
  }

  get #greetings(): number {
    return this.#replies.reduce((count, { kind }) => count + (kind === 'start' ? 1 : 0), 0)
  }

  /** RepRapFirmware says no `ok` before it is told to speak as Marlin does. */
  async #awaken(): Promise<void> {
    if (!this.#open) return
    const { port, timing } = this.#about
    if (this.#lines.length > 0 && !this.#replies.some(({ kind }) => kind === 'ok')) {
      port.write('M115\n')
      await pause(timing.answer)
    }
    if (this.#lines.some((line) => /FIRMWARE_NAME:\s*RepRapFirmware/i.test(line))) port.write('M555 P2\n')
  }

  #listen(listener: LinkListener): LinkListener {
    return {
      ...listener,
      reply: (reply) => {
        if (reply.kind === 'busy') this.#busyAt = performance.now()
        if (this.#talking && this.#replies.length < MOST_LINES) this.#replies.push(reply)
        listener.reply(reply)
      },
      // While greetings are exchanged, a lost link only means: another try.
      lost: (reason) => {
        if (!this.#talking) listener.lost(reason)
      },
    }
  }

  /** Until `start` has come and its banner is over, or the time for it. Boards that do not reset never greet. */
  async #greeted(): Promise<void> {
    const until = performance.now() + this.#about.timing.greeting
    while (this.#open && performance.now() < until && this.#greetings === 0) await pause(20)
    await this.#quiet()
  }

  async #quiet(): Promise<void> {
    const { quiet } = this.#about.timing
    const most = performance.now() + quiet * 8
    while (this.#open && performance.now() - this.#heardAt < quiet && performance.now() < most) await pause(20)
  }

  /** Whether it came in time. A firmware that says that it is busy is given more. */
  async #answered(promise: Promise<void>, milliseconds: number): Promise<boolean> {
    let state: 'waiting' | 'answered' | 'ended' = 'waiting'
    const done = promise.then(
      () => {
        state = 'answered'
      },
      () => {
        state = 'ended'
      },
    )
    const patience = performance.now() + BUSY_PATIENCE_MS
    for (let until = performance.now() + milliseconds; state === 'waiting'; ) {
      await Promise.race([done, pause(Math.min(50, milliseconds))])
      const now = performance.now()
      if (this.isBusy && now < patience) until = now + milliseconds
      if (now > until) break
    }
    return (state as string) === 'answered'
  }
}

/** `busy` comes every two seconds. */
const BUSY_MS = 3000
/** Levelling a bed takes minutes; after more, the printer counts as not reachable, and is tried again later. */
const BUSY_PATIENCE_MS = 120_000
const MOST_LINES = 2000
const MOST_GREETINGS = 2

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
