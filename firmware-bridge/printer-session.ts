// One printer: its port, its state, its print. It opens the port, keeps it open, and obeys.
import { type CommandBody, isMeaningful } from '../server/contract/printer-commands.ts'
import type { PrinterProfile, SessionState, Telemetry } from '../server/contract/printers.ts'
import { commandLines, isSimple } from './command-lines.ts'
import { type Connection, type ConnectTiming, connect } from './connect.ts'
import { ConsoleLog } from './console-log.ts'
import type { LinkListener } from './link.ts'
import { coolDownLines } from './park.ts'
import type { OpenPort } from './port/open-port.ts'
import { hasPrint, nextState, type SessionInput } from './printer-state.ts'
import type { Reply } from './protocol/reply.ts'
import type { Temperatures } from './protocol/temperatures.ts'
import { type PrintHost, type PrintOutcome, type PrintPlan, Streamer } from './streamer.ts'

export interface SessionOptions {
  readonly printerId: number
  readonly name: string
  readonly address: string
  readonly baudRate: number
  readonly profile: PrinterProfile
  readonly timing: ConnectTiming
  readonly open: OpenPort
  /** Where the printer can be opened now, by what it is known by; null while it is not there. */
  resolve(address: string): Promise<string | null>
  /** Its state, or what is known about it, is another. */
  changed(): void
}

export type CommandAnswer = { readonly done: true } | { readonly refused: string }

const DONE: CommandAnswer = { done: true }
const RETRY_MS = { first: 500, most: 5000 }
const POLL_MS = 2000
const TICK_MS = 250
const HOT = 170

export class PrinterSession {
  readonly options: SessionOptions
  readonly console = new ConsoleLog()
  /** Set when a print of an earlier bridge was cut off: the first thing to do is to switch the heaters off. */
  coolDownFirst = false
  #state: SessionState = 'offline'
  #reason: string | null = null
  #connection: Connection | null = null
  #lastBaudRate: number | null = null
  #temperatures: Temperatures = {}
  #position: Telemetry['position'] = null
  #streamer: Streamer | null = null
  #stopped = false
  #life: Promise<void> = Promise.resolve()
  #wake: () => void = () => {}
  #tellLost: () => void = () => {}
  #ticker: NodeJS.Timeout | undefined
  #polledAt = 0
  #script: Promise<unknown> = Promise.resolve()

  constructor(options: SessionOptions) {
    this.options = options
  }

  get state(): SessionState {
    return this.#state
  }

  get streamer(): Streamer | null {
    return this.#streamer
  }

  start(): void {
    this.#ticker = setInterval(() => this.#tick(), TICK_MS)
    this.#life = this.#live()
  }

  /** Ends the session; a print on the printer is interrupted, its heaters are switched off first. */
  async stop(reason: string): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    clearInterval(this.#ticker)
    const connection = this.#connection
    if (connection !== null && hasPrint(this.#state)) {
      connection.link.drop()
      for (const line of coolDownLines) connection.link.shout(line)
    }
    this.#endPrint('interrupted', reason)
    connection?.link.end(reason)
    await connection?.port.close()
    this.#tellLost()
    this.#wake()
    await this.#life
  }

  telemetry(at: Date): Telemetry {
    const quality = this.#connection?.link.quality
    return {
      printerId: this.options.printerId,
      state: this.#state,
      reason: this.#reason,
      firmware: this.#connection?.facts.name ?? null,
      temperatures: this.#connection === null ? {} : { ...this.#temperatures },
      position: this.#position,
      progress: this.#streamer?.progress() ?? null,
      linesSent: quality?.linesSent ?? 0,
      resends: quality?.resends ?? 0,
      okLatency: Math.round((quality?.okLatency ?? 0) * 100) / 100,
      at: at.toISOString(),
    }
  }

  /** Prints a file from its first line. Only an idle printer takes one: then the outcome comes when the print has ended. */
  print(plan: PrintPlan): Promise<PrintOutcome> | { refused: string } {
    const connection = this.#connection
    if (connection === null || this.#state !== 'idle') return { refused: this.#cannot() }
    const streamer = new Streamer(plan, connection.link, this.#host())
    this.#streamer = streamer
    this.#enter('print', null)
    streamer.begin()
    return streamer.ended
  }

  /** Obeys, or says why not. Resolves when the printer has done it. */
  async command(body: CommandBody, askedBy: string | null): Promise<CommandAnswer> {
    if (!isMeaningful(body.kind, this.#state)) return { refused: this.#cannot() }
    const by = askedBy === null ? '' : ` by ${askedBy}`
    this.console.add('note', `${body.kind}${by}`)
    const streamer = this.#streamer
    if (body.kind === 'emergency-stop') return this.#emergencyStop(by)
    if (body.kind === 'reconnect') return this.#reconnect()
    if (isSimple(body)) {
      const commands = commandLines(body, this.options.profile)
      if ('refused' in commands) return commands
      await this.#send(commands.lines)
      return DONE
    }
    if (streamer === null) return { refused: this.#cannot() }
    if (body.kind === 'cancel') {
      await streamer.cancel(`Cancelled${by}.`)
      return DONE
    }
    const obeyed = body.kind === 'pause' ? await streamer.pause(`Paused${by}.`) : await streamer.resume()
    return obeyed ? DONE : { refused: this.#cannot() }
  }

  #cannot(): string {
    return `${this.options.name} is ${this.#state}: this cannot be done now.`
  }

  #host(): PrintHost {
    return {
      profile: this.options.profile,
      state: () => this.#state,
      enter: (input, reason) => this.#enter(input, reason),
      send: (lines) => this.#send(lines),
      isHot: () => (this.#temperatures['T0']?.actual ?? 0) > HOT,
    }
  }

  /** Moves the state machine on; false where the input has no meaning now. */
  #enter(input: SessionInput, reason: string | null): boolean {
    const next = nextState(this.#state, input)
    if (next === null) return false
    this.#state = next
    this.#reason = reason
    if (!hasPrint(next)) this.#streamer = null
    this.#streamer?.setRunning(next === 'printing')
    this.options.changed()
    return true
  }

  /** Connects, stays connected, and connects again, as long as the session lives. */
  async #live(): Promise<void> {
    let wait = RETRY_MS.first
    while (!this.#stopped) {
      const lost = new Promise<void>((resolve) => {
        this.#tellLost = resolve
      })
      try {
        this.#enter('open', this.#reason)
        await this.#connect()
        wait = RETRY_MS.first
        await lost
      } catch (error) {
        this.#enter('lost', error instanceof Error ? error.message : String(error))
      }
      if (this.#stopped) break
      // Spread out, so that sixty printers on one hub do not come back in step.
      await this.#rest(wait * (0.75 + Math.random() / 2))
      wait = Math.min(wait * 2, RETRY_MS.most)
    }
  }

  #rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #connect(): Promise<void> {
    const { options } = this
    const address = await options.resolve(options.address)
    if (address === null) throw new Error(`${options.name} is not plugged in or is switched off.`)
    const connection = await connect({
      address,
      baudRate: options.baudRate,
      lastBaudRate: this.#lastBaudRate,
      open: options.open,
      timing: options.timing,
      listener: this.#listener(),
      closed: (reason) => this.#portClosed(reason),
      wanted: () => !this.#stopped,
    })
    if (this.#stopped) return void (await connection.port.close())
    this.#connection = connection
    this.#lastBaudRate = connection.baudRate
    if (this.coolDownFirst) for (const line of coolDownLines) await connection.link.ask(line)
    this.coolDownFirst = false
    await connection.link.ask(this.#reportsByItself() ? 'M155 S1' : 'M105')
    this.#enter('ready', null)
  }

  #reportsByItself(): boolean {
    return this.#connection?.facts.capabilities['AUTOREPORT_TEMP'] ?? false
  }

  #listener(): LinkListener {
    return {
      reply: (reply) => this.#takeReply(reply),
      accepted: (line) => this.#streamer?.accepted(line),
      skipped: (line) => this.console.add('note', `Left out, too long for this firmware: ${line.text}`),
      streamed: () => this.#streamer?.finish(),
      lost: (reason) => this.#drop(reason),
      wire: (direction, line) => this.console.add(direction, line),
    }
  }

  #takeReply(reply: Reply): void {
    if (reply.kind === 'temperatures') this.#temperatures = { ...this.#temperatures, ...reply.temperatures }
    else if (reply.kind === 'position') {
      this.#position = { x: reply.position.x, y: reply.position.y, z: reply.position.z }
    } else if (reply.kind === 'halted') this.#halt(reply.reason, 'failed')
    else if (reply.kind === 'start' && this.#connection !== null) this.#drop('The printer began anew by itself.')
    else if (reply.kind === 'action') this.#takeAction(reply.action)
  }

  /** What the printer's own buttons ask of its host. */
  #takeAction(action: string): void {
    const kinds: Record<string, CommandBody> = {
      pause: { kind: 'pause' },
      paused: { kind: 'pause' },
      resume: { kind: 'resume' },
      cancel: { kind: 'cancel' },
    }
    const body = kinds[action]
    if (body) this.command(body, 'the printer').catch((error: Error) => this.console.add('note', error.message))
  }

  /** The port is gone by itself. */
  #portClosed(reason: string): void {
    this.#connection?.link.end(reason)
    this.#connection = null
    this.#endPrint('interrupted', reason)
    this.#enter('lost', reason)
    this.#tellLost()
  }

  /** The talk makes no sense any more: the port is closed and opened anew. */
  #drop(reason: string): void {
    const { port } = this.#connection ?? {}
    this.console.add('note', reason)
    this.#portClosed(reason)
    port?.close().catch((error: Error) => this.console.add('note', error.message))
  }

  #halt(reason: string, outcome: PrintOutcome['state']): void {
    this.#connection?.link.end(reason)
    this.#endPrint(outcome, reason)
    this.#enter('halt', reason)
  }

  #endPrint(state: PrintOutcome['state'], reason: string | null): void {
    this.#streamer?.end(state, reason)
  }

  #emergencyStop(by: string): CommandAnswer {
    const connection = this.#connection
    if (connection === null) return { refused: this.#cannot() }
    connection.link.shout('M112')
    // Firmware that did not take the stop at once must at least let go of its heaters.
    for (const line of coolDownLines) connection.link.shout(line)
    this.#halt(`Stopped in an emergency${by}. Look at the printer, then connect anew.`, 'cancelled')
    return DONE
  }

  async #reconnect(): Promise<CommandAnswer> {
    await this.#connection?.port.pulseReset()
    this.#drop('Connecting anew.')
    this.#wake()
    return DONE
  }

  /** Sends lines one after the other; two scripts never mix. */
  async #send(lines: readonly string[]): Promise<void> {
    const turn = this.#script.then(async () => {
      for (const line of lines) await this.#connection?.link.ask(line)
    })
    this.#script = turn.catch(() => {})
    await turn
  }

  #tick(): void {
    const connection = this.#connection
    if (connection === null || this.#state === 'halted') return
    connection.link.tick()
    if (this.#reportsByItself() || performance.now() - this.#polledAt < POLL_MS) return
    // Never behind a command that takes minutes: polls would fill the firmware's buffer.
    if (!connection.link.isQuiet && this.#state !== 'printing') return
    this.#polledAt = performance.now()
    connection.link.ask('M105').catch(() => {})
  }
}
