// What the simulated firmware remembers, what it is built for, and the answers that every part of it gives.
import { type Heater, type HeaterModel, setTarget } from './heater.ts'

/** How this firmware was built; what is left out is as the printer's model has it. */
export interface FirmwareOptions {
  readonly advancedOk?: boolean
  readonly emergencyParser?: boolean
  /** Bytes of the receive buffer; what arrives beyond is lost without a word. */
  readonly receiveBytes?: number
  readonly commandBuffer?: number
  readonly plannerBlocks?: number
  /** Milliseconds between two `busy`; 0 switches them off. */
  readonly keepalive?: number
  /** Milliseconds between two `wait` while there is nothing to do; 0: it says none. */
  readonly idleWait?: number
  /** Seconds that a temperature must hold before a wait for it ends. */
  readonly residency?: number
  /** It tells its host what happens at the printer (`//action:`), asks it questions, and waits for a person (M0, M600). */
  readonly prompts?: boolean
  readonly sdCard?: boolean
}

export type DialectName =
  | 'marlin'
  | 'marlin1'
  | 'prusa'
  | 'buddy'
  | 'reprapfirmware'
  | 'repetier'
  | 'smoothieware'
  | 'klipper'

export type BootReason = 'power' | 'reset' | 'brown-out'

/** How a firmware speaks and counts: what differs between one and another. Pure. */
export interface Dialect {
  readonly name: DialectName
  /** Whether a line is acknowledged as it is read, or when it has been carried out. */
  readonly acknowledges: 'on-receipt' | 'when-done'
  /**
   * `checked`: only the number after the last is taken. `sixteen-bit`: the same, of its lower 16 bits (Repetier).
   * `unchecked`: only the checksum counts, a bad line vanishes (RepRapFirmware). `ignored`: neither counts (Klipper).
   */
  readonly numbers: 'checked' | 'sixteen-bit' | 'unchecked' | 'ignored'
  /** What an accepted number sent again gets, where numbers are checked. */
  readonly duplicates: 'silent' | 'resend' | 'skip'
  /** A checksum without a line number: Prusa refuses it, Marlin takes the line. */
  readonly bareChecksum: 'taken' | 'refused'
  /** Which `*` begins the checksum, where there are several. */
  readonly star: 'first' | 'last'
  /** Whether a line without a command is answered by `ok`. */
  readonly answersEmptyLines: boolean
  /** After a halt: nothing is answered until a reset, or each command is told why it is not obeyed. */
  readonly halt: 'deaf' | 'explains'
  greeting(model: PrinterModel, why: BootReason): string[]
  /** The answer to M115 before its `ok`; a line that begins with `ok` holds it already. The same for the two below. */
  identity(firmware: Firmware): string[]
  temperatureAnswer(firmware: Firmware): string[]
  positionAnswer(firmware: Firmware): string[]
  /** The report that comes by the clock or while a heater is waited for. */
  temperatures(firmware: Firmware): string
  position(firmware: Firmware): string
  ok(firmware: Firmware, command: QueuedCommand): string
  /** A line was not accepted: what is said, its `ok` included where there is one. */
  refusal(firmware: Firmware, why: Refusal): string[]
  unknown(text: string): string[]
  busy(what: string): string | null
  /** M112. */
  emergency(firmware: Firmware): string[]
  /** A fault of the machine, such as a runaway; `reason` as Marlin says it, without `Error:`. */
  fault(firmware: Firmware, reason: string): string[]
  /** What a command is told while the firmware is shut down. */
  shutDown(firmware: Firmware, text: string): string[]
}

export type Refusal = 'number' | 'checksum' | 'no-checksum' | 'no-number'

export interface PrinterModel {
  readonly name: string
  readonly dialect: Dialect
  readonly kinematics: 'cartesian' | 'delta'
  readonly width: number
  readonly depth: number
  readonly height: number
  readonly extruders: number
  readonly nozzle: HeaterModel
  readonly bed: HeaterModel
  /** mm/s and mm/s²: how fast simulated moves are, whatever the file asks. */
  readonly maxFeedrate: { readonly x: number; readonly y: number; readonly z: number; readonly e: number }
  readonly acceleration: number
  readonly homingSeconds: number
  readonly levellingSeconds: number
  /** M115 without `FIRMWARE_NAME:`. */
  readonly firmware: string
  /** The lines after `start` at boot. */
  readonly banner: readonly string[]
  /** What M503 answers; default Marlin says it at boot too. */
  readonly settings: readonly string[]
  readonly capabilities: Readonly<Record<string, boolean>>
  /** M115 tells the space it can reach. */
  readonly reportsArea: boolean
  /** Decimal places of M114. */
  readonly positionDigits: number
  /** How its firmware is built. */
  readonly build: FirmwareOptions
  /** Opening its port makes it begin anew, as 8-bit boards do. */
  readonly resetsOnOpen: boolean
}

/** A part of a command that takes time: what is said when it is over. */
export interface Stage {
  /** Milliseconds, or until a person answers. */
  readonly lasts: number | 'until-answered'
  readonly say: readonly string[]
  /** The first button of its prompt begins the stage before it anew ("purge more"). */
  readonly repeats?: boolean
}

/** What holds up the next command. Times in milliseconds of the printer's clock. */
export type Wait =
  | { readonly kind: 'heater'; readonly heater: string; readonly until: number; readonly reportAt: number }
  | {
      readonly kind: 'stages'
      readonly stages: readonly Stage[]
      /** Which is under way, and when it ends; infinite while a person is waited for. */
      readonly stage: number
      readonly until: number
    }
  | { readonly kind: 'planner-room' }
  | { readonly kind: 'planner-empty' }

export interface QueuedCommand {
  readonly text: string
  /** Line number, or -1 for a line that came without. */
  readonly number: number
  /** It comes from the card or the buttons of the printer: nobody is told `ok`. */
  readonly own?: boolean
}

export interface Position {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly e: number
}

/** A planned move. */
export interface Block {
  readonly endsAt: number
  readonly from: Position
}

export interface Card {
  readonly selected: string | null
  /** Bytes of the selected file that have been read. */
  readonly at: number
  readonly printing: boolean
  /** A file that is being written, and how much of it. */
  readonly writing: string | null
  readonly files: Readonly<Record<string, string>>
  readonly reportInterval: number
  readonly reportAt: number
}

/** Everything the firmware remembers. Values only: a copy is a snapshot. */
export interface Firmware {
  readonly model: PrinterModel
  readonly options: Required<FirmwareOptions>
  now: number
  received: string
  queue: readonly QueuedCommand[]
  lastLine: number
  /** Repetier: how many more wrong lines after a request are skipped without another. -1: none is outstanding. */
  skipping: number
  wait: Wait | null
  busyAt: number
  idleSince: number
  planner: readonly Block[]
  position: Position
  homed: boolean
  relative: boolean
  relativeE: boolean
  feedrate: number
  /** M220 and M221, as factors. */
  feedFactor: number
  flowFactor: number
  tool: number
  fan: number
  heaters: Readonly<Record<string, Heater>>
  /** A heater that was told to heat must be warmer by then, or the firmware stops (Marlin WATCH_TEMP). */
  watch: { readonly heater: string; readonly at: number; readonly least: number } | null
  probeBroken: boolean
  reportInterval: number
  reportAt: number
  positionInterval: number
  positionAt: number
  /** M111's flags. */
  debug: number
  card: Card
  /** Dead until it is reset. */
  halted: boolean
  /** Klipper, Smoothieware, RepRapFirmware: why nothing is obeyed, though everything is answered. */
  shutDown: string | null
}

/** What one step gave: lines to send, and commands that the firmware took upon itself. */
export interface Output {
  readonly lines: string[]
  readonly accepted: QueuedCommand[]
}

export const ok = (firmware: Firmware, output: Output, command: QueuedCommand): void => {
  const { dialect } = firmware.model
  if (command.own || dialect.acknowledges === 'on-receipt') return
  output.lines.push(dialect.ok(firmware, command))
}

/** The firmware switches everything off and stops obeying; `lines` tell why. */
export const shutDown = (firmware: Firmware, output: Output, lines: readonly string[], reason: string): void => {
  output.lines.push(...lines)
  if (firmware.model.dialect.halt === 'deaf') {
    firmware.halted = true
    firmware.queue = []
    firmware.wait = null
  } else firmware.shutDown = reason
  firmware.planner = []
  firmware.watch = null
  firmware.card = { ...firmware.card, printing: false }
  firmware.heaters = Object.fromEntries(
    Object.entries(firmware.heaters).map(([name, heater]) => [name, setTarget(heater, 0, firmware.now)]),
  )
}

/** A letter's number in the command, or undefined. */
export const word = (text: string, letter: string): number | undefined => {
  const at = text.indexOf(letter, 1)
  if (at < 0) return undefined
  const value = Number.parseFloat(text.slice(at + 1))
  return Number.isNaN(value) ? undefined : value
}

/** The command's text after its code: a message, a file's name. */
export const argument = (text: string): string => text.replace(/^[GMT]\d+\s*/, '')

/** `null`: done, say ok. `silent`: the command answered for itself. A wait: say ok when it is over. */
export type Handler = (
  firmware: Firmware,
  output: Output,
  text: string,
  command: QueuedCommand,
) => Wait | null | 'silent'

/** Stages from the first on; null where there are none. */
export const inStages = (firmware: Firmware, stages: readonly Stage[]): Wait | null => {
  const first = stages[0]
  if (first === undefined) return null
  return { kind: 'stages', stages, stage: 0, until: endOf(firmware, first) }
}

export const endOf = (firmware: Firmware, { lasts }: Stage): number =>
  lasts === 'until-answered' ? Number.POSITIVE_INFINITY : firmware.now + lasts

/** M112, however it came. */
export const emergencyStop = (firmware: Firmware, output: Output): void => {
  if (firmware.halted || firmware.shutDown !== null) return
  shutDown(firmware, output, firmware.model.dialect.emergency(firmware), 'Shutdown due to M112 command')
}
