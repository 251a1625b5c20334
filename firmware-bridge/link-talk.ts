// What one link has sent and what the printer said to it: numbers, acknowledgements, doubts.
import { LinkPace } from './link-pace.ts'
import { LinkWatch } from './link-watch.ts'
import { classOf, isLong } from './protocol/command-class.ts'
import type { Dialect } from './protocol/dialect.ts'
import { numberedLine } from './protocol/numbered-line.ts'
import type { OkDetail } from './protocol/reply.ts'
import * as Window from './protocol/send-window.ts'
import type { SilenceLimits } from './protocol/silence.ts'
import { type Sent, SentLines } from './sent-lines.ts'
import type { SourceLine } from './source.ts'

/** A request for a line this far behind what was accepted means that the printer began anew. */
const FURTHEST_BACK = 16
/** Numbers begin anew here in mid print: a printer that was reset asks for line 1, which must be seen to be another. */
const NEW_BASE = 100
/** Where no `ok` names its line, an M105 goes between them this often: only its own answer can be taken for it. */
const SYNC_LINES = 200
/** And this often, in milliseconds: what is recorded of a print is only what is proven, and no older than a second. */
const SYNC_MS = 300
/** Where the last line took so long, nothing is lost by asking after each. */
const SLOW_MS = 200

/** So many M105 without temperatures in their `ok`, and it is believed that this firmware puts none there. */
const PLAIN_ANSWERS = 2

/** Only the answer to this carries temperatures. */
const syncLine: Sent = { text: 'M105', source: null, asked: null }

export class LinkTalk {
  readonly sent = new SentLines()
  readonly watch: LinkWatch
  readonly pace: LinkPace
  readonly #accepted: (line: SourceLine) => void
  #dialect: Dialect
  #window = Window.openWindow(0)
  /** The number of the last M105: what came before it is proven when it is answered. */
  #syncedAt = 0
  #syncedTime = 0
  /** The number of the last line that may take minutes. */
  #longAt = Number.NaN
  /** Milliseconds from the last line to its `ok`. */
  #lastLatency = 0
  /** The tool in use: a lone `T:` is its temperature. */
  tool = 0

  constructor(
    dialect: Dialect,
    mostInFlight: number | undefined,
    silence: SilenceLimits,
    accepted: (line: SourceLine) => void,
  ) {
    this.#dialect = dialect
    this.pace = new LinkPace(dialect, mostInFlight)
    this.watch = new LinkWatch(silence)
    this.#accepted = accepted
  }

  get dialect(): Dialect {
    return this.#dialect
  }

  speak(dialect: Dialect): void {
    this.#dialect = dialect
    this.pace.speak(dialect)
  }

  /** Nothing is on the wire and nothing is to be sent again. */
  get isSilent(): boolean {
    return Window.isSilent(this.#window)
  }

  get hasRoom(): boolean {
    return Window.hasRoom(this.#window, this.pace.limits, 0)
  }

  /**
   * Something that may take minutes is under way. Lines of a file behind it would lie in the firmware's buffer, where
   * neither a pause nor a cancelled print could take them back.
   */
  get isInLongCommand(): boolean {
    return this.#window.waiting.some(({ kind, number }) => kind === 'line' && number === this.#longAt)
  }

  /** Whether a question after the temperatures is out, with its answer to come. */
  get isAsking(): boolean {
    return Window.isAsking(this.#window)
  }

  /** Numbers begin at `base`. Only while nothing is on the wire. */
  renumber(base: number): void {
    this.#window = Window.openWindow(base, this.#window)
    this.sent.clear(base)
    this.#syncedAt = base
  }

  /** The line that is to be sent again; undefined: none, null: one that is no longer at hand. */
  get again(): Sent | null | undefined {
    const { cursor, next } = this.#window
    return cursor < next ? (this.sent.get(cursor) ?? null) : undefined
  }

  /** What must go out before further lines of a print do: `wait` until nothing is on the wire. */
  between(isStreaming: boolean, hasLines: boolean): Sent | 'wait' | null {
    const { next, named, temperaturesInOk } = this.#window
    if (next >= this.#dialect.renumberAfter && isStreaming) return this.#renumberSafely()
    if (named || !temperaturesInOk || !hasLines || next - 1 <= this.#syncedAt) return null
    const isDue =
      next - this.#syncedAt > SYNC_LINES ||
      this.#lastLatency > SLOW_MS ||
      performance.now() - this.#syncedTime > SYNC_MS
    return isDue ? syncLine : null
  }

  /** What must go out before this line: one that takes minutes would leave those before it unproven for as long. */
  before({ text }: Sent): Sent | null {
    const { next, named, temperaturesInOk } = this.#window
    if (named || !temperaturesInOk || next - 1 <= this.#syncedAt || text === 'M105') return null
    return isLong(text) ? syncLine : null
  }

  /** Only when all that went out has arrived: after an M110 nothing can be asked for again. */
  #renumberSafely(): Sent | 'wait' {
    if (!this.isSilent) return 'wait'
    if (!this.isProven()) return syncLine
    this.renumber(NEW_BASE)
    return { text: `M110 N${NEW_BASE}`, source: null, asked: null }
  }

  /** The line at the cursor as it goes over the wire; null where the window has no room for its bytes. */
  write(sent: Sent): string | null {
    const number = this.#window.cursor
    const line = numberedLine(number, sent.text)
    if (!Window.hasRoom(this.#window, this.pace.limits, line.length)) return null
    const asksTemperatures = sent.text === 'M105'
    if (asksTemperatures) {
      this.#syncedAt = number
      this.#syncedTime = performance.now()
    }
    this.#window = Window.sendLine(this.#window, line.length, asksTemperatures)
    if (isLong(sent.text)) this.#longAt = number
    this.sent.put(number, sent, this.watch.send(this.#window.waiting.length === 1))
    this.pace.meter.linesSent++
    return line
  }

  /** An un-numbered command goes out, for which an `ok` is owed. */
  interject(text: string): void {
    this.#window = Window.sendProbe(this.#window, text.length + 1, text === 'M105')
  }

  /** Returns why the talk makes no sense any more, or null. `linesReady`: there is more to send. */
  takeOk(detail: OkDetail | undefined, linesReady: boolean): string | null {
    const { temperatures, line } = detail ?? {}
    const seen = temperatures !== undefined ? { temperatures: true } : line !== undefined ? { line } : {}
    const step = Window.takeOk(this.#window, seen)
    this.#window = step.window
    if (step.was === 'spurious') this.pace.meter.spuriousOks++
    else this.watch.move()
    if (step.was === 'line' || step.was === 'probe') this.watch.answer()
    if (step.was === 'line') {
      this.#lastLatency = this.watch.heardAt - this.sent.sentAt(step.number)
      this.pace.acknowledge(this.#lastLatency, detail, {
        isMove: detail?.plannerFree !== undefined && classOf(this.sent.get(step.number)?.text ?? '') === 'move',
        inFlight: this.#window.waiting.length,
        linesReady,
      })
    }
    // Lines before the one that was answered got no answer of their own.
    this.pace.meter.lostOks += step.unanswered
    if (step.unanswered > 0 && this.#dialect.unanswered === 'never') {
      return 'The printer did not confirm a line, and this firmware cannot say whether it has it.'
    }
    if (step.unanswered > 0 && this.#dialect.unanswered === 'arrived') this.#window = Window.vouch(this.#window)
    this.#tell()
    return null
  }

  /** An `ok` stood at the end of another line. True where it must be the one that is waited for. */
  mayTakeGluedOk(detail: OkDetail): boolean {
    const first = this.#window.waiting[0]
    if (first === undefined) return false
    if (detail.line !== undefined && detail.line === first.number) return true
    this.watch.glue(detail)
    return false
  }

  /** Returns why the talk makes no sense any more, or null. */
  takeResend(line: number): string | null {
    const oldest = Math.max(this.#window.base, this.#window.accepted - FURTHEST_BACK)
    const { window, was } = Window.takeResend(this.#window, line, oldest, this.#dialect.okAfterResend)
    this.#window = window
    this.pace.meter.resends++
    this.watch.move()
    this.watch.answer()
    if (was === 'lost') {
      return `The printer asked for line ${line} although ${window.accepted} were accepted: it lost its count.`
    }
    return was === 'again' ? this.#sendAgain(line) : null
  }

  /** Returns why the talk makes no sense any more, or null. */
  takeSkip(line: number): string | null {
    const { window, was } = Window.takeSkip(this.#window, line)
    this.#window = window
    this.watch.move()
    this.#tell()
    if (was === 'had') return null
    this.pace.meter.resends++
    return this.#sendAgain(line)
  }

  #sendAgain(line: number): string | null {
    this.pace.resend()
    if (this.#window.repeats <= Window.MOST_REPEATS) return null
    return `The printer refuses line ${line} again and again. The cable may be bad.`
  }

  judgeSilence(): ReturnType<LinkWatch['judge']> {
    return this.watch.judge(this.#window, (number) => this.sent.get(number)?.text)
  }

  /** What is owed will not come. */
  settle(): void {
    this.#window = Window.settle(this.#window)
  }

  /** How to find out what became of a line without an answer: sent `again` it does no harm, or the link is to be `asked`. */
  probe(): 'again' | 'asked' | 'hopeless' {
    this.pace.meter.probes++
    this.watch.probe()
    if (this.#dialect.unanswered !== 'same-line') {
      this.#window = Window.forgetProbes(this.#window)
      return 'asked'
    }
    this.#window = Window.sendAgain(this.#window)
    return this.#window.repeats > Window.MOST_REPEATS ? 'hopeless' : 'again'
  }

  /** A line on whose `ok` nobody waits any more, and of which nobody knows whether it arrived. */
  get isInDoubt(): boolean {
    return this.#window.accepted < this.#window.next - 1
  }

  /** Whether all that went out is known to have arrived. Where nothing can prove it, the `ok` of the last line must do. */
  isProven(): boolean {
    const { certain, accepted, next, named, temperaturesInOk, plainAnswers } = this.#window
    if (certain >= next - 1) return true
    if (accepted < next - 1 || named || temperaturesInOk) return false
    if (this.#dialect.temperaturesInOk && plainAnswers < PLAIN_ANSWERS) return false
    this.#window = Window.vouch(this.#window)
    this.#tell()
    return true
  }

  /** Tells who asked, and of lines of the file that have certainly been accepted. Each once. */
  #tell(): void {
    const { accepted, certain } = this.#window
    this.sent.answer(accepted, ({ text, asked }) => {
      if (text.charCodeAt(0) === 84) this.tool = Number(/^T(\d+)/.exec(text)?.[1] ?? this.tool)
      asked?.resolve()
    })
    this.sent.tell(certain, this.#accepted)
  }
}
