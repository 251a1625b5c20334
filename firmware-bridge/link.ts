// The talk with one printer: which line goes out, what each answer means for it, and when silence is too long.
import { LinkEnded, type LinkListener, type LinkOptions } from './link-listener.ts'
import type { LinkQuality } from './link-quality.ts'
import { LinkTalk } from './link-talk.ts'
import { Outbox } from './outbox.ts'
import type { Port } from './port/port.ts'
import type { Dialect } from './protocol/dialect.ts'
import { dialects } from './protocol/dialects.ts'
import { fitCommand } from './protocol/numbered-line.ts'
import { losesPosition, type OkDetail, parseReply, type Reply } from './protocol/reply.ts'
import { type SilenceLimits, usualSilence } from './protocol/silence.ts'
import type { LinkDoubt, Sent } from './sent-lines.ts'
import type { LineSource } from './source.ts'

const positionLost = (complaint: string): string =>
  `The printer does not know where its nozzle is ("${complaint}"). Look at the part before you home it.`

export class Link {
  readonly #port: Port
  readonly #listener: LinkListener
  readonly #outbox: Outbox
  readonly #talk: LinkTalk
  #quietWaiters: { resolve(): void; reject(error: Error): void }[] = []
  #ended: LinkEnded | null = null
  #doubt: LinkDoubt | null = null
  /** Lines that go out in one write: a system call costs more than all else together. */
  #outgoing = ''

  constructor(
    port: Port,
    listener: LinkListener,
    silence: SilenceLimits = usualSilence,
    { dialect = dialects.unknown, mostInFlight }: LinkOptions = {},
  ) {
    this.#port = port
    this.#listener = listener
    this.#outbox = new Outbox((line, why) => listener.skipped(line, why))
    this.#talk = new LinkTalk(dialect, mostInFlight, silence, (line) => {
      if (this.#ended === null) listener.accepted(line)
    })
  }

  get quality(): LinkQuality {
    return this.#talk.pace.quality
  }

  get dialect(): Dialect {
    return this.#talk.dialect
  }

  /** The tool in use: a lone `T:` is its temperature. */
  get tool(): number {
    return this.#talk.tool
  }

  set tool(tool: number) {
    this.#talk.tool = tool
  }

  /** Lines of which it is not known whether the printer has them; of a link that ended, as it was then. */
  get doubt(): LinkDoubt {
    return this.#doubt ?? this.#talk.sent.doubt
  }

  /** Free places are told with each `ok` (ADVANCED_OK). */
  get hasAdvancedOk(): boolean {
    return this.#talk.pace.hasAdvancedOk
  }

  /** From now on the printer is spoken to in this dialect. */
  speak(dialect: Dialect): void {
    this.#talk.speak(dialect)
  }

  /** Begins the numbering anew: the next line says so to the firmware. Only while nothing is on the wire. */
  renumber(): Promise<void> {
    this.#talk.renumber(0)
    return this.ask('M110 N0')
  }

  /** Sends a command before all that waits; resolves when the firmware has accepted it, throws LinkEnded. */
  ask(command: string): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended)
    const text = /^M110 N\d+$/.test(command) ? command : fitCommand(command, this.dialect)
    if (!text) return Promise.reject(new Error(`"${command}" cannot be sent to this firmware.`))
    return new Promise((resolve, reject) => {
      this.#outbox.ask({ text, resolve, reject })
      this.#pump()
    })
  }

  /** Goes out at once, past everything, without a number. For M112, and when nothing else helps. */
  shout(text: string): void {
    this.#port.write(`${text}\n`)
    this.#listener.wire('sent', text)
  }

  /** `shout`, for who must not know the link. */
  get voice(): (line: string) => void {
    return (line) => this.shout(line)
  }

  /** Goes out at once and without a number, but its `ok` is waited for. For M108, which frees a printer that waits. */
  interject(text: string): void {
    if (this.#ended) return
    this.#talk.interject(text)
    this.shout(text)
  }

  /** Resolves when nothing is on the wire, no command waits and all that went out is known to have arrived; throws LinkEnded. */
  whenQuiet(): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended)
    if (this.isQuiet && this.#talk.isProven()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#quietWaiters.push({ resolve, reject })
      this.#pump()
    })
  }

  /** Whether nothing is on the wire and no command waits to go. */
  get isQuiet(): boolean {
    return this.#talk.isSilent && !this.#outbox.hasCommand
  }

  /** Streams the lines of a print; `streamed` is told at the end. */
  stream(source: LineSource): void {
    this.#outbox.stream(source)
    this.#pump()
  }

  /** The source has lines again. */
  ready(): void {
    this.#pump()
  }

  /** No further line of the file goes out until `release`. */
  hold(): void {
    this.#outbox.hold()
  }

  release(): void {
    this.#outbox.release()
    this.#pump()
  }

  /** The file is given up: its lines that have not gone out never will. */
  drop(): void {
    this.#outbox.drop()
  }

  /** Ends the talk: who waits for an answer is told. Of what the printer still says, only a new `start` is heard. */
  end(reason: string): void {
    if (this.#ended) return
    const ended = new LinkEnded(reason)
    this.#ended = ended
    this.#doubt = this.#talk.sent.doubt
    this.drop()
    const waiting = [...this.#outbox.clear(), ...this.#talk.sent.clear(), ...this.#quietWaiters]
    this.#quietWaiters = []
    for (const asked of waiting) asked.reject(ended)
  }

  /** Lines from the printer, in order. */
  hear(lines: readonly string[]): void {
    this.#talk.watch.hear()
    for (const line of lines) {
      this.#listener.wire('received', line)
      const reply = parseReply(line, this.tool)
      if (this.#ended === null) this.#take(reply)
      else if (reply.kind === 'start') this.#listener.reply(reply)
    }
    this.#pump()
  }

  /** Call it a few times a second: notices silence. */
  tick(): void {
    if (this.#ended) return
    this.#talk.pace.meter.tick(performance.now())
    const gluedOk = this.#talk.watch.takeGluedOk()
    if (gluedOk !== null) {
      this.#takeOk(gluedOk)
      return this.#pump()
    }
    const verdict = this.#talk.judgeSilence()
    if (verdict === 'dead') this.#lose('The printer has stopped answering.')
    else if (verdict === 'probe') this.#probe()
    else if (verdict === 'settle') {
      this.#talk.settle()
      this.#pump()
    }
  }

  /** An un-numbered M105 shows that the link lives, and whether the ok before it is lost. */
  #probe(): void {
    const how = this.#talk.probe()
    if (how === 'asked') this.interject('M105')
    else if (how === 'again') this.#pump()
    else this.#lose('The printer does not answer a line, however often it is sent.')
  }

  #take(reply: Reply): void {
    switch (reply.kind) {
      case 'ok':
        return this.#takeOk(reply.detail)
      case 'resend':
        return this.#loseIf(this.#talk.takeResend(reply.line))
      case 'skip':
        return this.#loseIf(this.#talk.takeSkip(reply.line))
      case 'wait':
        return this.#talk.watch.wait()
      case 'line-error':
        return
      case 'busy':
        this.#talk.watch.busy()
        return this.#listener.reply(reply)
      case 'tool':
        this.tool = reply.tool
        return this.#listener.reply(reply)
      case 'error':
        this.#listener.reply(reply)
        if (this.#outbox.isStreaming && losesPosition(reply.text)) this.#listener.failed(positionLost(reply.text))
        return
      case 'temperatures':
      case 'position':
      case 'text':
        if (reply.gluedOk !== undefined && this.#talk.mayTakeGluedOk(reply.gluedOk)) this.#takeOk(reply.gluedOk)
        return this.#listener.reply(reply)
      default:
        this.#listener.reply(reply)
    }
  }

  #takeOk(detail: OkDetail | undefined): void {
    const lost = this.#talk.takeOk(detail, this.#outbox.hasLines)
    const { temperatures, position, fields } = detail ?? {}
    if (temperatures !== undefined) this.#listener.reply({ kind: 'temperatures', temperatures })
    if (position !== undefined) this.#listener.reply({ kind: 'position', position })
    if (fields !== undefined) this.#listener.reply({ kind: 'firmware', fields })
    this.#loseIf(lost)
  }

  #loseIf(reason: string | null): void {
    if (reason !== null) this.#lose(reason)
  }

  #lose(reason: string): void {
    if (this.#ended) return
    this.end(reason)
    this.#listener.lost(reason)
  }

  #pump(): void {
    this.#fill()
    if (this.#outgoing === '') return
    const text = this.#outgoing
    this.#outgoing = ''
    this.#port.write(text)
  }

  /** Sends as much as the window takes: lines asked for again, then commands, then the file. */
  #fill(): void {
    while (this.#ended === null && this.#talk.hasRoom) {
      const again = this.#talk.again
      if (again === null) return this.#lose('A line that the printer asks for is no longer at hand.')
      const next = again ?? this.#upcoming()
      if (next === null) break
      if (this.#write(next)) continue
      if (again === undefined) this.#outbox.giveBack(next)
      return
    }
    if (this.#ended === null && this.isQuiet) this.#settleQuiet()
  }

  #upcoming(): Sent | null {
    const between = this.#talk.between(this.#outbox.isStreaming, this.#outbox.hasLines)
    if (between !== null) return between === 'wait' ? null : between
    if (!this.#outbox.hasCommand && this.#talk.isInLongCommand) return null
    const next = this.#outbox.take(this.dialect)
    if (next?.text === 'M105' && this.#talk.isAsking) {
      this.#outbox.giveBack(next)
      return null
    }
    const before = next?.source == null ? null : this.#talk.before(next)
    if (before === null || next === null) return next
    this.#outbox.giveBack(next)
    return before
  }

  #write(sent: Sent): boolean {
    const line = this.#talk.write(sent)
    if (line === null) return false
    this.#outgoing += line
    this.#listener.wire(sent.source === null ? 'sent' : 'file', sent.text)
    return true
  }

  #settleQuiet(): void {
    // Somebody may wait for a command whose `ok` was lost, with nothing behind it that would bring that out.
    if (!this.#outbox.exhausted && this.#quietWaiters.length === 0 && !this.#talk.isInDoubt) return
    if (!this.#talk.isProven()) {
      // Whether the last lines arrived is not certain: one more numbered line brings it out.
      this.ask('M105').catch(() => {})
      return
    }
    const waiters = this.#quietWaiters
    this.#quietWaiters = []
    for (const waiter of waiters) waiter.resolve()
    if (!this.#outbox.exhausted) return
    this.drop()
    this.#listener.streamed()
  }
}
