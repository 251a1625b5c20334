// One printer: its port, its state, its print. It opens the port, keeps it open, and obeys.
import type { CommandBody } from '../server/contract/printer-commands.ts'
import type { SessionState, Telemetry } from '../server/contract/printers.ts'
import { type Routines, usualRoutines } from '../server/contract/routines.ts'
import { type CommandAnswer, DONE } from './command-queue.ts'
import { type Connection, connect } from './connect.ts'
import { ConsoleLog } from './console-log.ts'
import { Guard } from './guard.ts'
import { Life } from './life.ts'
import type { LinkListener } from './link-listener.ts'
import { connectionTold, talkOf } from './link-report.ts'
import { Obey } from './obey.ts'
import type { ObeyHost } from './obey-host.ts'
import { coolDownLines } from './park.ts'
import type { PrintPlan } from './print-plan.ts'
import { hasPrint, nextState, type SessionInput } from './printer-state.ts'
import { dialects } from './protocol/dialects.ts'
import type { Reply } from './protocol/reply.ts'
import { Readings } from './readings.ts'
import { ScriptQueue } from './script-queue.ts'
import type { SessionOptions } from './session-options.ts'
import { type PrintHost, type PrintOutcome, Streamer } from './streamer.ts'
import { UnmetPort } from './unmet-port.ts'
import { WayBack, type WayBackHost } from './way-back.ts'

const TICK_MS = 250
const MINUTE_MS = 60_000

export class PrinterSession {
  readonly options: SessionOptions
  readonly console = new ConsoleLog()
  /** Set when a print of an earlier bridge was cut off: the first thing to do is to switch the heaters off. */
  coolDownFirst = false
  #state: SessionState = 'offline'
  #reason: string | null = null
  #connection: Connection | null = null
  #lastBaudRate: number | null = null
  readonly #unmet: UnmetPort
  readonly #readings = new Readings()
  #streamer: Streamer | null = null
  readonly #life = new Life(
    () => this.#open(),
    (reason) => void this.#enter('lost', reason),
  )
  readonly #scripts = new ScriptQueue(
    () => this.#connection?.link ?? null,
    () => `${this.options.name} is ${this.#state}: it has not done this.`,
  )
  #ticker: NodeJS.Timeout | undefined
  #routines: Routines
  readonly #obey: Obey
  readonly #wayBack: WayBack
  readonly #guard: Guard

  constructor(options: SessionOptions) {
    this.options = options
    this.#guard = new Guard(options.failed && ((error) => options.failed?.(error)))
    this.#unmet = new UnmetPort(this.#guard.port(options.open), (line) => this.console.add('sent', line))
    this.#routines = options.routines ?? usualRoutines
    this.#obey = new Obey(this.#obeyHost())
    this.#wayBack = new WayBack(this.#wayBackHost())
  }

  /** The workshop has taught it something else; that needs no new connection. */
  learn(routines: Routines): void {
    this.#routines = routines
  }

  get state(): SessionState {
    return this.#state
  }

  get streamer(): Streamer | null {
    return this.#streamer
  }

  start(): void {
    this.#ticker = setInterval(() => this.#guard.run(() => this.#tick()), TICK_MS)
    this.#life.start((error) => this.#guard.fail(error))
  }

  /** Ends the session; a print on the printer is interrupted, its heaters are switched off first. */
  async stop(reason: string): Promise<void> {
    if (this.#life.stopped) return
    this.#life.stop()
    clearInterval(this.#ticker)
    const connection = this.#connection
    if (connection !== null && hasPrint(this.#state)) {
      connection.link.drop()
      for (const line of coolDownLines) connection.link.shout(line)
    }
    this.#endPrint('interrupted', reason)
    connection?.link.end(reason)
    await connection?.port.close()
    this.#life.lost()
    this.#life.wake()
    await this.#life.ended()
  }

  telemetry(at: Date): Telemetry {
    return {
      printerId: this.options.printerId,
      state: this.#state,
      reason: this.#reason,
      temperatures: this.#connection === null ? {} : { ...this.#readings.temperatures },
      position: this.#readings.position,
      progress: this.#streamer?.progress() ?? null,
      ...connectionTold(this.#connection),
      controls: this.#obey.controls(),
      at: at.toISOString(),
    }
  }

  /** Prints a file from its first line. Only an idle printer takes one: then the outcome comes when the print has ended. */
  print(plan: PrintPlan): Promise<PrintOutcome> | { refused: string } {
    const connection = this.#connection
    if (connection === null || this.#state !== 'idle') return { refused: this.#cannot() }
    const streamer = new Streamer(this.#obey.begin(plan), connection.link, this.#host())
    this.#streamer = streamer
    this.#enter('print', null)
    streamer.begin()
    return streamer.ended
  }

  /** Obeys, or says why not; never rejects. Resolves when the printer has done it. */
  command(body: CommandBody, askedBy: string | null): Promise<CommandAnswer> {
    return this.#obey.command(body, askedBy)
  }

  #cannot(): string {
    return `${this.options.name} is ${this.#state}: this cannot be done now.`
  }

  #host(): PrintHost {
    return {
      profile: this.options.profile,
      state: () => this.#state,
      enter: (input, reason) => this.#enter(input, reason),
      send: (lines) => this.#scripts.send(lines, () => {}),
      park: (state) => this.#obey.parking.park(state),
      unpark: () => this.#obey.parking.unpark(),
      leave: (state) => this.#obey.parking.leave(state),
      guard: (source) => this.#obey.stops.guard(source),
    }
  }

  #obeyHost(): ObeyHost {
    const { name, profile, minute = MINUTE_MS } = this.options
    return {
      name,
      profile,
      minute,
      routines: () => this.#routines,
      state: () => this.#state,
      enter: (input, reason) => this.#enter(input, reason),
      link: () => this.#connection?.link ?? null,
      streamer: () => this.#streamer,
      dialect: () => dialects[this.#connection?.facts.dialect ?? 'unknown'],
      capabilities: () => this.#connection?.facts.capabilities ?? {},
      temperatures: () => this.#readings.temperatures,
      send: (lines, accepted) => this.#scripts.send(lines, accepted),
      abandon: () => this.#scripts.abandon(),
      note: (text) => this.console.add('note', text),
      changed: () => this.options.changed(),
      objectsFound: (printId, objects) => this.options.objectsFound?.(printId, objects),
      voice: () => this.#connection?.link.voice ?? this.#unmet.voice,
      halt: (reason, outcome) => this.#halt(reason, outcome),
      reconnect: () => this.#reconnect(),
    }
  }

  /** Moves the state machine on; false where the input has no meaning now. */
  #enter(input: SessionInput, reason: string | null): boolean {
    const next = nextState(this.#state, input)
    if (next === null) return false
    // It may still be hot when it is reached again, and nobody prints on it any more.
    if (hasPrint(this.#state) && next === 'offline') this.coolDownFirst = true
    if (hasPrint(this.#state) && !hasPrint(next)) this.#obey.printEnded()
    this.#state = next
    this.#reason = reason
    if (!hasPrint(next)) this.#streamer = null
    this.#streamer?.setRunning(next === 'printing')
    this.options.changed()
    return true
  }

  async #open(): Promise<void> {
    try {
      if (this.#state === 'reconnecting') return await this.#return()
      this.#enter('open', this.#reason)
      await this.#connect()
    } catch (error) {
      // Stopped before it was met: it stays so until a person connects anew.
      if (this.#state !== 'halted') throw error
    } finally {
      this.#unmet.forget()
    }
  }

  async #connect(): Promise<void> {
    const { options } = this
    const address = await options.resolve(options.address)
    if (address === null) throw new Error(`${options.name} is not plugged in or is switched off.`)
    const connection = await connect({
      address,
      baudRate: options.baudRate,
      ...talkOf(options.profile),
      lastBaudRate: this.#lastBaudRate,
      open: this.#unmet.open,
      timing: options.timing,
      listener: this.#listener(),
      closed: (reason) => this.#portClosed(reason),
      wanted: () => !this.#life.stopped && this.#state === 'connecting',
    })
    if (this.#life.stopped) return void (await connection.port.close())
    this.#connection = connection
    if (this.#state === 'halted') return connection.link.end('It was stopped.')
    this.#obey.connected(connection.facts.cardPrint)
    this.#lastBaudRate = connection.baudRate
    if (this.coolDownFirst) for (const line of coolDownLines) await connection.link.ask(line)
    this.coolDownFirst = false
    await connection.link.ask(this.#readings.firstLine(connection))
    this.#enter('ready', null)
  }

  /** Goes on with the print when the printer is there again and has forgotten nothing. Throws why it cannot. */
  async #return(): Promise<void> {
    const found = await this.#wayBack.find()
    if ('gone' in found) {
      this.#endPrint('interrupted', found.gone)
      throw new Error(found.gone)
    }
    this.#connection = found.back
    this.console.add('note', 'The printer is there again and has forgotten nothing: the print goes on.')
    await found.go(() => this.#enter(found.held ? 'back-paused' : 'back-printing', null))
  }

  #wayBackHost(): WayBackHost {
    const { options } = this
    return {
      timing: options.timing,
      open: this.#unmet.open,
      resolve: () => options.resolve(options.address),
      listener: () => this.#listener(),
      wanted: () => !this.#life.stopped && this.#state === 'reconnecting',
      rest: (milliseconds) => this.#life.rest(milliseconds),
      wire: (direction, line) => {
        this.console.add(direction, line)
        if (direction === 'received') this.#obey.words.hearLine(line)
      },
      closed: (reason) => this.#portClosed(reason),
    }
  }

  #listener(): LinkListener {
    return {
      reply: (reply) => this.#takeReply(reply),
      accepted: (line) => {
        this.#streamer?.accepted(line)
        this.#obey.follow(line.text)
      },
      skipped: (line, why) => this.console.add('note', `Left out of the file: ${line.text} ${why}.`),
      streamed: () => this.#streamer?.finish(),
      failed: (reason) => this.#streamer?.fail(reason),
      lost: (reason) => this.#drop(reason),
      wire: (direction, line) => {
        this.console.add(direction, line)
        if (direction === 'received') this.#obey.words.hearLine(line)
      },
    }
  }

  #takeReply(reply: Reply): void {
    this.#obey.hear(reply)
    this.#readings.take(reply)
    if (reply.kind === 'halted') this.#halt(reply.reason, 'failed')
    else if (reply.kind === 'start' && this.#connection !== null) this.#beganAnew()
  }

  #beganAnew(): void {
    const reason = 'The printer began anew by itself.'
    this.#endPrint('interrupted', reason)
    this.#drop(reason)
  }

  /** The port is gone by itself. A print waits until it is known whether the firmware has forgotten it. */
  #portClosed(reason: string): void {
    const connection = this.#connection
    if (connection === null && this.#state === 'reconnecting') return this.#life.wake()
    connection?.link.end(reason)
    this.#connection = null
    if (connection === null || !this.#setAdrift(connection, reason)) {
      this.#endPrint('interrupted', reason)
      this.#enter('lost', reason)
    }
    this.#life.lost()
  }

  /** False where the print cannot go on by itself. Firmware that lives on keeps its heaters as they were. */
  #setAdrift(connection: Connection, reason: string): boolean {
    const how = { reason, held: this.#state === 'paused', temperatures: this.#readings.temperatures }
    const waits = `${reason} The print waits until ${this.options.name} is there again; its heaters stay as they were.`
    if (this.#life.stopped || nextState(this.#state, 'adrift') === null) return false
    return this.#wayBack.leave(connection, this.#streamer, how) && this.#enter('adrift', waits)
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

  async #reconnect(): Promise<CommandAnswer> {
    await this.#connection?.port.pulseReset()
    this.#drop('Connecting anew.')
    this.#life.wake()
    return DONE
  }

  #tick(): void {
    const connection = this.#connection
    if (connection === null || this.#state === 'halted') return
    connection.link.tick()
    this.#obey.tick()
    this.#readings.poll(connection, this.#state)
  }
}
