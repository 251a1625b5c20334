// One file against one printer, while the file is read: what would go wrong, line by line.
import { type Command, D, has, P, R, S, T, textOf, wordOf } from '../command.ts'
import { extendedName } from '../extended.ts'
import type { ModalState } from '../modal-state.ts'
import { compactWords } from '../rewrite/compact.ts'
import { longestText } from '../rewrite/dialect.ts'
import { isDisplayText, isTextual } from '../rewrite/line-text.ts'
import { type CommandRule, extendedRules, pauseRuleOf, ruleOf } from './command-rules.ts'
import { DialectCheck } from './dialect-check.ts'
import { checkEnding } from './ending-check.ts'
import { Findings } from './findings.ts'
import { HeatCheck } from './heat-check.ts'
import { HomingCheck } from './homing-check.ts'
import { NumberCheck } from './number-check.ts'
import type { PrinterProfile } from './profile.ts'
import { SpaceCheck } from './space-check.ts'
import type { Warning, WarningFacts } from './warning.ts'

const LETTER_G = 71
const LETTER_M = 77

/** mm of filament in one move; more is no printing. */
const ABSURD_FEED = 1e4

/** As many as have a bit. */
const MOST_TOOLS_NOTED = 31

/** Klipper's own commands that neither home, heat nor end a print; any other word may be a macro that does. */
const plainWords =
  /^(SET_|EXCLUDE_OBJECT|BED_MESH|SAVE_GCODE|RESTORE_GCODE|RESPOND|TIMELAPSE|TEMPERATURE_WAIT|ACTIVATE_|_)/

/** Tell it each command, then the moves that follow from it; at the end the facts; then ask for the result. */
export class WarningCheck {
  readonly #profile: PrinterProfile
  readonly #findings = new Findings()
  readonly #space: SpaceCheck
  readonly #heat: HeatCheck
  readonly #homing: HomingCheck
  readonly #numbers: NumberCheck
  readonly #dialect: DialectCheck
  readonly #longest: number
  #commands = 0
  #commandsWhenLaid = 0
  #lastLaid = 0
  #isEnded = false
  #toolsUsed = 0
  #hasFeedrate = false

  constructor(profile: PrinterProfile) {
    this.#profile = profile
    this.#space = new SpaceCheck(profile, this.#findings)
    this.#heat = new HeatCheck(profile, this.#findings)
    this.#homing = new HomingCheck(profile, this.#findings)
    this.#numbers = new NumberCheck(profile.dialect, this.#findings)
    this.#dialect = new DialectCheck(profile.dialect, this.#findings)
    this.#longest = longestText[profile.dialect]
  }

  /** Before the interpreter has it: `state` is as the line before has left it. */
  command(command: Command, state: ModalState): void {
    this.#commands++
    if (command.letter === LETTER_G && command.number <= 3) this.#motion(command, state)
    else {
      this.#numbers.other(command)
      if (command.letter === LETTER_M) this.#m(command)
      else if (command.letter === LETTER_G) this.#g(command)
      else if (command.letter !== 0) this.#tool(command.number, command)
      else this.#extended(command)
    }
    if (command.to - command.from > this.#longest) this.#tooLong(command)
  }

  /** One straight piece, as the interpreter tells it: `state` stands at its end. */
  move(dx: number, dy: number, dz: number, de: number, _feedrate: number, state: ModalState, command: Command): void {
    if (de !== 0) {
      this.#heat.feed(de, command.line)
      if (de > 0 && (dx !== 0 || dy !== 0)) {
        this.#lastLaid = command.line
        this.#commandsWhenLaid = this.#commands
        this.#isEnded = false
        if (state.tool < MOST_TOOLS_NOTED) this.#toolsUsed |= 1 << state.tool
      }
      if (!(Math.abs(de) < ABSURD_FEED)) this.#findings.add('absurd-number', 'refuse', command.line, { axis: 'E' }, 'E')
    }
    if (!this.#hasFeedrate) {
      this.#hasFeedrate = true
      if (state.feedrate === 0) this.#findings.add('no-feedrate', 'note', command.line)
    }
    this.#space.move(dx, dy, dz, de, state, command)
  }

  end(facts: WarningFacts): void {
    if (facts.flavour !== undefined) this.#dialect.flavour(facts.flavour)
    const seen = {
      commands: this.#commands,
      hasExtruded: this.#lastLaid > 0,
      lastLaid: this.#lastLaid,
      isEnded: this.#isEnded,
      hasCommandsAfter: this.#commands > this.#commandsWhenLaid,
      nozzleTarget: this.#heat.target,
      toolsUsed: this.#toolsUsed,
    }
    checkEnding(this.#profile, facts, seen, this.#findings)
  }

  /** The gravest first. */
  result(): Warning[] {
    return this.#findings.result()
  }

  #motion(command: Command, state: ModalState): void {
    this.#space.motion(command, state.relative)
    this.#homing.motion(command)
    this.#numbers.motion(command)
    if (command.number >= 2 && !this.#profile.arcs) this.#findings.add('arcs', 'refuse', command.line)
  }

  #g(command: Command): void {
    switch (command.number) {
      case 10:
      case 11:
        return this.#retraction(command)
      case 28:
        this.#space.home(command)
        return this.#homing.home(command)
      case 32:
        return this.#homing.assume()
      case 92:
        return this.#homing.setPosition(command)
      default:
        return
    }
  }

  #retraction(command: Command): void {
    this.#dialect.command(command)
    if (has(command, P)) return this.#heat.nozzle(wordOf(command, P, 0), wordOf(command, S, Number.NaN), command.line)
    if (has(command, R) || this.#profile.firmwareRetraction) return
    this.#findings.add('firmware-retraction', 'warn', command.line)
  }

  #m(command: Command): void {
    const { number } = command
    this.#heat.m(command)
    this.#dialect.command(command)
    if (has(command, T) && (number === 104 || number === 109)) this.#tool(wordOf(command, T, 0), command, false)
    if (number === 200) this.#volumetric(command)
    if (number === 98) this.#assume()
    if (number === 2 || number === 18 || number === 84 || (number <= 1 && this.#lastLaid > 0)) this.#isEnded = true
    if ((number === 104 || number === 109) && wordOf(command, S, 1) === 0) this.#isEnded = true
    if (number === 42 || number === 43 || number === 226) this.#pin(command)
    this.#byRule(ruleOf(number, this.#profile.dialect), command)
    // A pause that ends by itself (P in ms, S in s) waits for nobody.
    const isTimed = number <= 1 && wordOf(command, S, wordOf(command, P, 0)) > 0
    if (this.#profile.unattended && !isTimed) this.#byRule(pauseRuleOf(number, this.#profile.dialect), command)
  }

  #byRule(rule: CommandRule | undefined, command: Command, name = ''): void {
    if (rule === undefined) return
    const called = name === '' ? `M${command.number}` : name
    this.#findings.add(rule.code, rule.severity, command.line, { command: called }, called)
  }

  #pin(command: Command): void {
    const pin = wordOf(command, P, Number.NaN)
    if (!this.#profile.reservedPins.includes(pin)) return
    const name = `M${command.number}`
    this.#findings.add('reserved-pin', 'refuse', command.line, { command: name, pin }, `${name} ${pin}`)
  }

  #volumetric(command: Command): void {
    const isOn = wordOf(command, S, wordOf(command, D, 0)) > 0 && wordOf(command, D, 1) > 0
    if (isOn && !this.#profile.volumetricExtrusion) this.#findings.add('volumetric-extrusion', 'refuse', command.line)
  }

  /** A tool that is selected, or only heated. */
  #tool(tool: number, command: Command, isSelected = true): void {
    if (isSelected) this.#heat.select(tool)
    if (tool < this.#profile.tools && tool >= 0) return
    const values = { tool, tools: this.#profile.tools }
    this.#findings.add('no-such-tool', isSelected ? 'refuse' : 'warn', command.line, values, String(tool))
  }

  #extended(command: Command): void {
    const name = extendedName(command)
    this.#dialect.extended(name, command)
    if (this.#profile.dialect !== 'klipper') return
    const rule = extendedRules[name]
    if (rule !== undefined && (rule.code !== 'waits-for-person' || this.#profile.unattended)) {
      this.#byRule(rule, command, name)
    }
    const isPlain = plainWords.test(name)
    if (!isPlain || name === 'SET_HEATER_TEMPERATURE') this.#heat.extended(name, command)
    if (isPlain) return
    this.#assume()
    this.#isEnded = true
  }

  /** After a macro, homed and heated must be taken on trust. */
  #assume(): void {
    this.#homing.assume()
    this.#heat.assume()
  }

  #tooLong(command: Command): void {
    if (isDisplayText(command)) return
    const { bytes, from, to } = command
    const length = isTextual(command) ? to - from : compactWords(bytes.slice(from, to), 0, to - from)
    if (length <= this.#longest) return
    const words = textOf({ ...command, to: from + 40 }).split(/\s/, 1)
    this.#findings.add('command-too-long', 'warn', command.line, { command: words[0] ?? '', longest: this.#longest })
  }
}
