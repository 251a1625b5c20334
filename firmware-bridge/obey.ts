// What one printer is asked by people, by its own buttons and by the file it prints -> what is done about it.
import type { LabelledRanges } from '../gcode/index.ts'
import { type CommandBody, isMeaningful, patienceOf } from '../server/contract/printer-commands.ts'
import type { PlateObject, PrinterControls } from '../server/contract/printer-controls.ts'
import { scriptLines } from '../server/contract/routines.ts'
import { commandLines, type HandCommand, isByHand, whyTooHot } from './command-lines.ts'
import { type CommandAnswer, CommandQueue, DONE } from './command-queue.ts'
import { emergencyStop } from './emergency.ts'
import { FilamentDesk } from './filament-desk.ts'
import { FileStops } from './file-stop-desk.ts'
import type { ManualInput } from './manual-print.ts'
import { ManualLook } from './manual-watch.ts'
import type { ObeyHost } from './obey-host.ts'
import type { Obeying } from './obeying.ts'
import { Parking } from './parking.ts'
import { PlateObjects, readObjects } from './plate-objects.ts'
import type { PrintPlan } from './print-plan.ts'
import { actOn } from './printer-actions.ts'
import { PrinterWords } from './printer-words.ts'
import type { Reply } from './protocol/reply.ts'
import { fillScript, scriptValues } from './scripts.ts'
import type { Place } from './standing.ts'
import { answerPrompt, goOn, resumeFirmware } from './waits.ts'

/** Stopped so lately, in milliseconds, that the same wish once more is no surprise. */
const SAME_STOP_MS = 15_000
const LONGEST_NAME = 80

export class Obey implements Obeying {
  readonly host: ObeyHost
  readonly words = new PrinterWords()
  readonly parking: Parking
  readonly filament: FilamentDesk
  readonly stops: FileStops
  readonly #objects = new PlateObjects()
  readonly #queue = new CommandQueue((body, askedBy) => this.#byHand(body, askedBy))
  readonly #look: ManualLook
  #told: Place | null = null
  #unknown: string[] = []
  /** How many commands the firmware has not known. */
  unknownCount = 0
  #stoppedAt = Number.NEGATIVE_INFINITY
  /** The firmware itself has paused: it parks and comes back by its own rules. */
  firmwarePaused = false

  constructor(host: ObeyHost) {
    this.host = host
    const send = (lines: readonly string[]): Promise<void> => this.send(lines)
    const askPlace = (): Promise<Place | null> => this.askPlace()
    const shared = { routines: () => host.routines(), send, changed: () => host.changed() }
    this.parking = new Parking({
      ...shared,
      profile: host.profile,
      minute: host.minute,
      temperatures: () => host.temperatures(),
      askPlace,
    })
    this.filament = new FilamentDesk(this)
    this.stops = new FileStops(this)
    this.#look = new ManualLook(
      {
        state: () => host.state(),
        enter: (input, reason) => host.enter(input, reason),
        temperatures: () => host.temperatures(),
        isFree: () => host.link()?.isQuiet ?? false,
        hasCard: () => host.dialect().tellsCardPrints && host.capabilities()['SDCARD'] === true,
        askPlace,
        send,
        note: (text) => host.note(text),
      },
      this.words,
    )
  }

  /** A firmware was reached that knows of no print. */
  connected(cardPrint: { readonly done: number; readonly total: number } | null): void {
    this.words.forget()
    this.#look.forget()
    this.parking.forget()
    this.filament.forget()
    this.stops.forget()
    this.firmwarePaused = false
    if (cardPrint !== null) this.hear({ kind: 'card', state: 'printing', ...cardPrint })
  }

  /** The plan of a print that begins, its file looked through for objects as soon as it is near. */
  begin(plan: PrintPlan): PrintPlan {
    this.parking.begin()
    this.filament.forget()
    this.stops.forget()
    this.#objects.take([])
    this.firmwarePaused = false
    return {
      ...plan,
      fetch: async () => {
        const path = await plan.fetch()
        const looked = this.#lookThrough(plan, path)
        // What was given up before a print was cut off is known before its first line goes out.
        if (plan.givenUp !== undefined && plan.givenUp.length > 0) await looked
        return path
      },
    }
  }

  async #lookThrough({ printId, givenUp = [] }: PrintPlan, path: string): Promise<void> {
    try {
      this.#objects.take(await readObjects(path))
    } catch (error) {
      return this.host.note(`The objects of the plate are not known: ${(error as Error).message}`)
    }
    const left = givenUp
      .map((name) => this.#objects.exclude(name))
      .flatMap((one) => ('object' in one ? [one.object] : []))
    if (left.length > 0) this.host.streamer()?.exclude(left)
    if (this.#objects.list.length > 0) this.host.objectsFound(printId, this.#objects.list)
  }

  /** Obeys, or says why not; never rejects. Resolves when the printer has done it. */
  async command(body: CommandBody, askedBy: string | null): Promise<CommandAnswer> {
    if (!isMeaningful(body.kind, this.host.state())) {
      const again = body.kind === 'emergency-stop' && performance.now() - this.#stoppedAt < SAME_STOP_MS
      return again ? DONE : { refused: this.cannot() }
    }
    if (isByHand(body) || body.kind === 'macro') {
      return this.#queue.ask(body, askedBy, performance.now() + patienceOf(body.kind) * 1000)
    }
    const by = askedBy === null ? '' : ` by ${askedBy}`
    this.host.note(`${body.kind}${by}`)
    try {
      return await this.#atOnce(body, by)
    } catch (error) {
      return { refused: error instanceof Error ? error.message : String(error) }
    }
  }

  cannot(): string {
    return `${this.host.name} is ${this.host.state()}: this cannot be done now.`
  }

  /** What waits for nothing else: it changes what the printer does, or answers it. */
  async #atOnce(body: Exclude<CommandBody, HandCommand | { kind: 'macro' }>, by: string): Promise<CommandAnswer> {
    const { host } = this
    switch (body.kind) {
      case 'emergency-stop':
        this.#stoppedAt = performance.now()
        host.abandon()
        return emergencyStop(host, by)
      case 'reconnect':
        return host.reconnect()
      case 'pause':
        return this.answer(await host.streamer()?.pause(`Paused${by}.`))
      case 'resume':
        return this.resume()
      case 'cancel':
        return this.#cancel(by)
      case 'continue':
        return goOn(this)
      case 'answer-prompt':
        return answerPrompt(this, body.choice)
      case 'change-filament':
        return this.filament.begin(`Filament change asked${by}.`)
      case 'filament-step':
        return this.filament.step(body.step)
      case 'exclude-object':
        return this.#exclude(body.name)
    }
  }

  answer(obeyed: boolean | undefined): CommandAnswer {
    return obeyed ? DONE : { refused: this.cannot() }
  }

  async resume(): Promise<CommandAnswer> {
    const { host } = this
    const streamer = host.streamer()
    if (streamer === null) return { refused: this.cannot() }
    if (this.filament.state !== null)
      return { refused: `The filament of ${host.name} is being changed: finish that first.` }
    if (this.firmwarePaused) return resumeFirmware(this)
    this.stops.goOn()
    const obeyed = await streamer.resume()
    if (obeyed) {
      this.filament.forget()
      this.stops.takePending()
    }
    return this.answer(obeyed)
  }

  async #cancel(by: string): Promise<CommandAnswer> {
    const streamer = this.host.streamer()
    if (streamer === null) return { refused: this.cannot() }
    // What is being sent for a pause, a change of filament or a macro would go on over the part.
    this.host.abandon()
    this.filament.forget()
    this.stops.forget()
    this.firmwarePaused = false
    await streamer.cancel(`Cancelled${by}.`)
    return DONE
  }

  #exclude(name: string): CommandAnswer {
    const streamer = this.host.streamer()
    const found: { object: LabelledRanges } | { refused: string } = this.#objects.exclude(name)
    if ('refused' in found) return found
    if (streamer === null) return { refused: this.cannot() }
    streamer.exclude([found.object])
    this.host.note(`${name} is no longer printed.`)
    this.host.objectsFound(streamer.plan.printId, this.#objects.list)
    return DONE
  }

  async #byHand(body: CommandBody, askedBy: readonly string[]): Promise<CommandAnswer> {
    const { host } = this
    if (!isMeaningful(body.kind, host.state())) return { refused: this.cannot() }
    host.note(askedBy.length > 0 ? `${body.kind} by ${askedBy.join(' and ')}` : body.kind)
    if (body.kind !== 'heat' && body.kind !== 'fan') this.parking.moved()
    if (body.kind === 'macro') return this.#macro(body.name)
    if (!isByHand(body)) return { refused: this.cannot() }
    const position = body.kind === 'jog' && this.words.homed ? await this.askPlace() : null
    const lines = commandLines(body, {
      name: host.name,
      profile: host.profile,
      dialect: host.dialect(),
      capabilities: host.capabilities(),
      temperatures: host.temperatures(),
      position,
      tool: this.tool,
      babyStep: this.words.values.babyStep,
    })
    if ('refused' in lines) return lines
    const answer = await this.#try(lines.lines)
    if ('done' in answer) this.#remember(body)
    return answer
  }

  #remember(body: HandCommand): void {
    if (body.kind === 'heat') this.parking.choose(body.heater, body.target)
    // Klipper has no M290 that would be followed as it is sent.
    else if (body.kind === 'baby-step' && this.host.dialect().name === 'klipper') this.words.step(body.z)
  }

  #macro(name: string): Promise<CommandAnswer> | CommandAnswer {
    const { host } = this
    const macro = host.routines().macros.find((one) => one.name === name)
    if (macro === undefined) return { refused: `${host.name} has no macro ${name}.` }
    if (host.state() === 'printing' && !macro.whilePrinting) {
      return { refused: `${name} is not for a printer that prints.` }
    }
    if (scriptLines(macro.gcode).length === 0) return { refused: `${name} holds no commands.` }
    const lines = fillScript(macro.gcode, scriptValues(this.parking.standing, host.profile))
    for (const line of lines) {
      const refused = whyTooHot(line, host.profile)
      if (refused !== null) return { refused }
    }
    return this.#try(lines)
  }

  /** Sends what a person asks; what the firmware does not know is refused in its name. */
  async #try(lines: readonly string[]): Promise<CommandAnswer> {
    this.#unknown = []
    await this.send(lines)
    const [unknown] = this.#unknown
    if (unknown === undefined) return DONE
    return { refused: `The firmware of ${this.host.name} does not know ${unknown.split(' ')[0]}.` }
  }

  get tool(): number {
    return this.host.link()?.tool ?? 0
  }

  async send(lines: readonly string[]): Promise<void> {
    for (const line of lines) this.#look.sent(line, this.tool)
    await this.host.send(lines, (line) => this.words.follow(line))
  }

  async askPlace(): Promise<Place | null> {
    this.#told = null
    await this.host.send(['M114'], () => {})
    return this.#told
  }

  /** A line of the file was accepted. */
  follow(line: string): void {
    this.parking.follow(line)
    this.words.follow(line)
  }

  /** What the link does not settle itself. */
  hear(reply: Reply): void {
    if (reply.kind === 'position') this.#told = reply.position
    else if (reply.kind === 'text') this.words.hearText(reply.text)
    else if (reply.kind === 'card') this.words.watch(toManual(reply))
    else if (reply.kind === 'unknown-command') {
      this.unknownCount++
      this.#unknown = [...this.#unknown.slice(-9), reply.command]
    } else if (reply.kind === 'action') actOn(this, reply.action.trim())
  }

  tick(): void {
    const due = this.host.state() === 'paused' && !this.filament.isBusy ? this.parking.takeDue() : []
    if (due.length > 0) {
      this.host.note('The nozzle goes cold: the pause is long. It is heated again before the print goes on.')
      this.send(due).catch((error: Error) => this.host.note(error.message))
    }
    this.stops.tick()
    this.#look.tick()
  }

  /** The printer has printed for the bridge: what is still warm is nobody's hand. */
  printEnded(): void {
    this.#look.own(this.host.temperatures())
    this.parking.forget()
    this.filament.forget()
    this.stops.forget()
    this.firmwarePaused = false
  }

  controls(): PrinterControls {
    const { words } = this
    const off = this.parking.nozzleOffIn()
    return {
      ...words.values,
      homed: words.homed,
      prompt: words.shownPrompt(),
      wait: words.wait() ?? this.stops.wait(),
      filament: this.filament.state,
      manual: words.manual.print,
      nozzleOffAt: off === null ? null : new Date(Date.now() + off).toISOString(),
    }
  }

  get plate(): readonly PlateObject[] {
    return this.#objects.list
  }
}

const toManual = (card: Extract<Reply, { kind: 'card' }>): ManualInput => {
  switch (card.state) {
    case 'printing':
      return { kind: 'card', doneBytes: card.done, totalBytes: card.total }
    case 'opened':
      return { kind: 'file', name: card.name.slice(0, LONGEST_NAME) }
    case 'idle':
      return { kind: 'no-card' }
    case 'done':
      return { kind: 'card-done' }
  }
}
