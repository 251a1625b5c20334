// The talk with one printer: which line goes out, what each answer means for it, and when silence is too long.
import type { Port } from './port/port.ts'
import { isLong } from './protocol/long-commands.ts'
import { fitCommand, numberedLine } from './protocol/numbered-line.ts'
import { parseReply, type Reply } from './protocol/reply.ts'
import {
  forgetProbes,
  hasRoom,
  MOST_REPEATS,
  openWindow,
  pingPong,
  type SendWindow,
  sendLine,
  sendProbe,
  settle,
  takeOk,
  takeResend,
  type WindowLimits,
} from './protocol/send-window.ts'
import { judgeSilence, type SilenceLimits, usualSilence } from './protocol/silence.ts'
import { type Asked, type Sent, SentLines } from './sent-lines.ts'
import type { LineSource, SourceLine } from './source.ts'

export interface LinkListener {
  /** What the link itself does not settle: temperatures, actions, texts, start, halted. */
  reply(reply: Reply): void
  /** A line of the file has certainly been accepted. */
  accepted(line: SourceLine): void
  /** A line of the file that this firmware cannot take was left out. */
  skipped(line: SourceLine): void
  /** The file is through: every line of it has been accepted. */
  streamed(): void
  /** Printer and host no longer understand each other; nothing more is sent. */
  lost(reason: string): void
  /** Everything that goes over the wire, for the console and the log. */
  wire(direction: 'sent' | 'file' | 'received', line: string): void
}

export interface LinkQuality {
  readonly linesSent: number
  readonly resends: number
  readonly probes: number
  /** Milliseconds from a line to its `ok`, a running mean. */
  readonly okLatency: number
}

/** A request for a line this far behind what was accepted means that the printer began anew. */
const FURTHEST_BACK = 16
const LATENCY_WEIGHT = 1 / 64

/** Thrown to who waits for a command when the link ends first. */
export class LinkEnded extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'LinkEnded'
  }
}

export class Link {
  readonly #port: Port
  readonly #listener: LinkListener
  readonly #silence: SilenceLimits
  readonly #limits: WindowLimits = pingPong
  #window: SendWindow = openWindow(0)
  readonly #sent = new SentLines()
  #queue: Asked[] = []
  #quietWaiters: { resolve(): void; reject(error: Error): void }[] = []
  #source: LineSource | null = null
  #pending: SourceLine | null = null
  #held = false
  #exhausted = false
  #ended: LinkEnded | null = null
  #heardAt = performance.now()
  #sentAt = performance.now()
  /** When an ok or a resend came last, or a line went out to which nothing was ahead. */
  #movedAt = performance.now()
  #busyAt = Number.NEGATIVE_INFINITY
  #quality = { linesSent: 0, resends: 0, probes: 0, okLatency: 0 }
  /** The tool in use: a lone `T:` is its temperature. */
  tool = 0

  constructor(port: Port, listener: LinkListener, silence: SilenceLimits = usualSilence) {
    this.#port = port
    this.#listener = listener
    this.#silence = silence
  }

  get quality(): LinkQuality {
    return this.#quality
  }

  /** Begins the numbering anew: the next line says so to the firmware. Only while nothing is on the wire. */
  renumber(): Promise<void> {
    this.#window = openWindow(0)
    this.#sent.clear()
    return this.ask('M110 N0')
  }

  /** Sends a command before all that waits; resolves when the firmware has accepted it, throws LinkEnded. */
  ask(text: string): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      this.#queue.push({ text, resolve, reject })
      this.#pump()
    })
  }

  /** Goes out at once, past everything, without a number. For M112, and when nothing else helps. */
  shout(text: string): void {
    this.#port.write(`${text}\n`)
    this.#listener.wire('sent', text)
  }

  /** Goes out at once and without a number, but its `ok` is waited for. For M108, which frees a printer that waits. */
  interject(text: string): void {
    if (this.#ended) return
    this.#window = sendProbe(this.#window, text.length + 1)
    this.shout(text)
  }

  /** Resolves when nothing is on the wire and no command waits; throws LinkEnded. */
  whenQuiet(): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended)
    if (this.isQuiet) return Promise.resolve()
    return new Promise((resolve, reject) => this.#quietWaiters.push({ resolve, reject }))
  }

  /** Whether nothing is on the wire and no command waits to go. */
  get isQuiet(): boolean {
    return this.#window.waiting.length === 0 && this.#window.cursor === this.#window.next && this.#queue.length === 0
  }

  /** Streams the lines of a print; `streamed` is told at the end. */
  stream(source: LineSource): void {
    this.drop()
    this.#source = source
    this.#pump()
  }

  /** The source has lines again. */
  ready(): void {
    this.#pump()
  }

  /** No further line of the file goes out until `release`. */
  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
    this.#pump()
  }

  /** The file is given up: its lines that have not gone out never will. */
  drop(): void {
    this.#source = null
    this.#pending = null
    this.#held = false
    this.#exhausted = false
  }

  /** Ends the talk: who waits for an answer is told. Of what the printer still says, only a new `start` is heard. */
  end(reason: string): void {
    if (this.#ended) return
    const ended = new LinkEnded(reason)
    this.#ended = ended
    this.drop()
    for (const asked of [...this.#queue, ...this.#sent.clear(), ...this.#quietWaiters]) asked.reject(ended)
    this.#queue = []
    this.#quietWaiters = []
  }

  /** Lines from the printer, in order. */
  hear(lines: readonly string[]): void {
    this.#heardAt = performance.now()
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
    const now = performance.now()
    const { waiting } = this.#window
    const verdict = judgeSilence(
      {
        awaiting: this.#awaiting(),
        probing: waiting.some(({ kind }) => kind === 'probe'),
        keepalive: this.#busyAt > 0,
        sinceTraffic: now - Math.max(this.#heardAt, this.#sentAt),
        sinceProgress: now - Math.max(this.#movedAt, this.#busyAt),
      },
      this.#silence,
    )
    if (verdict === 'dead') this.#lose('The printer has stopped answering.')
    else if (verdict === 'probe') this.#probe()
    else if (verdict === 'settle') {
      this.#window = settle(this.#window)
      this.#pump()
    }
  }

  #awaiting(): 'nothing' | 'resend' | 'short' | 'long' {
    const first = this.#window.waiting[0]
    if (first?.kind === 'resend' || this.#window.stale > 0) return 'resend'
    if (first === undefined) return 'nothing'
    const sent = first.kind === 'line' ? this.#sent.get(first.number) : undefined
    return sent !== undefined && isLong(sent.text) ? 'long' : 'short'
  }

  /** Asks by an un-numbered M105: its answer shows that the link lives, and whether the ok before it is lost. */
  #probe(): void {
    this.#window = forgetProbes(this.#window)
    this.#quality.probes++
    this.#movedAt = performance.now()
    this.interject('M105')
  }

  #take(reply: Reply): void {
    switch (reply.kind) {
      case 'ok':
        return this.#takeOk(reply)
      case 'resend':
        return this.#takeResend(reply.line)
      case 'busy':
        this.#busyAt = this.#heardAt
        return
      case 'line-error':
      case 'wait':
        return
      default:
        this.#listener.reply(reply)
    }
  }

  #takeOk({ detail }: Extract<Reply, { kind: 'ok' }>): void {
    const before = this.#window.accepted
    const fromProbe = detail?.temperatures !== undefined && !this.#firstAsksTemperatures()
    const { window, was } = takeOk(this.#window, detail?.line, fromProbe)
    this.#window = window
    if (was !== 'spurious') this.#movedAt = this.#heardAt
    if (was === 'line') {
      this.#quality.okLatency += (this.#heardAt - this.#sentAt - this.#quality.okLatency) * LATENCY_WEIGHT
    }
    if (detail?.temperatures) this.#listener.reply({ kind: 'temperatures', temperatures: detail.temperatures })
    for (let number = before + 1; number <= window.accepted; number++) this.#accept(number)
  }

  #firstAsksTemperatures(): boolean {
    const first = this.#window.waiting[0]
    return first?.kind === 'line' && (this.#sent.get(first.number)?.text.startsWith('M105') ?? false)
  }

  #accept(number: number): void {
    const sent = this.#sent.get(number)
    if (sent === undefined) return
    if (sent.source !== null) this.#listener.accepted(sent.source)
    sent.asked?.resolve()
  }

  #takeResend(line: number): void {
    const { window, was } = takeResend(this.#window, line, Math.max(0, this.#window.accepted - FURTHEST_BACK))
    this.#window = window
    this.#quality.resends++
    this.#movedAt = this.#heardAt
    if (was === 'lost') {
      this.#lose(`The printer asked for line ${line} although ${window.accepted} were accepted: it lost its count.`)
    } else if (window.repeats > MOST_REPEATS) {
      this.#lose(`The printer refuses line ${line} again and again. The cable may be bad.`)
    }
  }

  #lose(reason: string): void {
    if (this.#ended) return
    this.end(reason)
    this.#listener.lost(reason)
  }

  /** Sends as much as the window takes: lines asked for again, then commands, then the file. */
  #pump(): void {
    while (this.#ended === null && hasRoom(this.#window, this.#limits, 0)) {
      if (this.#window.cursor < this.#window.next) {
        const again = this.#sent.get(this.#window.cursor)
        if (again === undefined) return this.#lose('A line that the printer asks for is no longer at hand.')
        if (!this.#write(again)) return
        continue
      }
      const next = this.#upcoming()
      if (next === null) break
      if (!this.#write(next)) return this.#giveBack(next)
    }
    if (this.#ended === null && this.isQuiet) this.#settleQuiet()
  }

  #upcoming(): Sent | null {
    const asked = this.#queue.shift()
    if (asked !== undefined) return { text: asked.text, source: null, asked }
    while (this.#source !== null && !this.#held && !this.#exhausted) {
      const line = this.#pending ?? this.#source.take()
      this.#pending = null
      if (line === 'later') return null
      if (line === 'end') {
        this.#exhausted = true
        return null
      }
      const text = fitCommand(line.text)
      if (text !== null) return { text, source: line, asked: null }
      this.#listener.skipped(line)
    }
    return null
  }

  #giveBack(sent: Sent): void {
    if (sent.asked !== null) this.#queue.unshift(sent.asked)
    else this.#pending = sent.source
  }

  /** Writes the line at the cursor; false where the window has no room for its bytes. */
  #write(sent: Sent): boolean {
    const number = this.#window.cursor
    const line = numberedLine(number, sent.text)
    if (!hasRoom(this.#window, this.#limits, line.length)) return false
    this.#sent.put(number, sent)
    this.#window = sendLine(this.#window, line.length)
    this.#sentAt = performance.now()
    if (this.#window.waiting.length === 1) this.#movedAt = this.#sentAt
    this.#quality.linesSent++
    this.#port.write(line)
    this.#listener.wire(sent.source === null ? 'sent' : 'file', sent.text)
    return true
  }

  #settleQuiet(): void {
    for (const waiter of this.#quietWaiters) waiter.resolve()
    this.#quietWaiters = []
    if (!this.#exhausted) return
    if (this.#window.accepted < this.#window.next - 1) {
      // Whether the last line arrived is not known: one more numbered line brings it out.
      this.ask('M105').catch(() => {})
      return
    }
    this.drop()
    this.#listener.streamed()
  }
}
