// The wire between host and simulated printer: it passes on what it is given, damaged after a plan.
import { type FaultPlan, type Happening, noFaults, randomFrom } from './faults.ts'

/** A piece of what the printer says, and how many milliseconds later it comes than it should. */
export interface Piece {
  readonly text: string
  readonly late: number
  /** It waits for what is said next, to be read together with it. */
  readonly joins: boolean
}

/** As many refused lines in a row make a storm. */
const STORM_LINES = 6
const LONG_DELAY_MS = 8000
const SHORT_DELAY_MS = 300

/** Things that firmware says in between, some of them with an `ok` that is none. */
const chatter = [
  'echo:SD card ok',
  '//ok',
  '// probe at 10.000,12.000 is z=0.012500',
  'echo:  M92 X80.00 Y80.00 Z400.00 E500.00',
  'DEBUG_PIN:ok?',
  ' T:203.12 /205.00 B:59.98 /60.00 @:64 B@:18',
  'X:10.00 Y:20.00 Z:0.30 E:1.20 Count X:800 Y:1600 Z:120',
  'Not SD printing',
  'okay',
  '\u0000\u00ff~\u0007',
] as const

export class Wire {
  readonly #plan: FaultPlan
  readonly #random: () => number
  /** How often each fault was played. */
  readonly counts: Partial<Record<string, number>> = {}
  #lines = 0
  #storm = 0
  #swallowNext = false
  #doubleNext = false
  #lateNext = false

  constructor(plan: FaultPlan) {
    this.#plan = plan
    this.#random = randomFrom(plan.seed)
  }

  /** Text on its way to the printer, and what else happens at this moment. */
  toPrinter(text: string): { text: string; happens: Happening[] } {
    if (this.#plan === noFaults) return { text, happens: [] }
    const happens: Happening[] = []
    let damaged = ''
    for (const line of text.split(/(?<=\n)/)) {
      if (!line.endsWith('\n')) damaged += line
      else damaged += this.#damage(line, this.#due(happens))
    }
    return { text: damaged, happens }
  }

  /** What is planned for this line. Most of it happens to the printer; the rest is done to the line. */
  #due(happens: Happening[]): boolean {
    this.#lines++
    let garbles = false
    for (const { line, fault } of this.#plan.at) {
      if (line !== this.#lines) continue
      this.#count(fault)
      if (fault === 'swallow-ok') this.#swallowNext = true
      else if (fault === 'double-ok') this.#doubleNext = true
      else if (fault === 'late') this.#lateNext = true
      else if (fault === 'garble') garbles = true
      else if (fault === 'storm') this.#storm = STORM_LINES
      else happens.push(fault)
    }
    if (this.#storm === 0) return garbles
    this.#storm--
    return true
  }

  #damage(line: string, garbles: boolean): string {
    const plan = this.#plan
    if (garbles) return this.#flipBit(line, line.length - 1)
    if (this.#hits('garble', plan.garble)) return this.#flipBit(line, line.length)
    if (this.#hits('lose-line', plan.loseLine)) return ''
    if (this.#hits('lose-byte', plan.loseByte)) {
      const at = Math.floor(this.#random() * line.length)
      return line.slice(0, at) + line.slice(at + 1)
    }
    // A line that no firmware takes, so that each asks in its own words.
    if (this.#hits('resend', plan.spuriousResend)) return `${line}N~*0\n`
    return line
  }

  /** Lines on their way to the host. */
  toHost(lines: readonly string[]): Piece[] {
    if (this.#plan === noFaults) return [{ text: lines.map((line) => `${line}\n`).join(''), late: 0, joins: false }]
    return lines.flatMap((line) => this.#answer(line))
  }

  #answer(line: string): Piece[] {
    const plan = this.#plan
    const pieces: Piece[] = []
    const say = (text: string): void => void pieces.push(...this.#read(text))
    if (this.#hits('noise', plan.noise)) say(`${this.#pick(chatter)}\n`)
    let text = `${line}\n`
    if (line.startsWith('ok')) {
      if (this.#swallowNext || this.#hits('swallow-ok', plan.swallowOk)) {
        this.#swallowNext = false
        return pieces
      }
      if (this.#hits('glue', plan.glue)) text = ` T:203.12 /205.00 B:59.98 /60.00 @:64 B@:18${text}`
      if (this.#doubleNext || this.#hits('double-ok', plan.doubleOk)) {
        this.#doubleNext = false
        say(text)
      }
    }
    if (this.#hits('garble-reply', plan.garbleReply)) text = this.#flipBit(text, text.length - 1)
    say(text)
    return pieces
  }

  /** As the host's reads cut it. */
  #read(text: string): Piece[] {
    const plan = this.#plan
    let late = 0
    if (this.#hits('delay', plan.delay)) late = this.#random() * SHORT_DELAY_MS
    if (this.#lateNext || this.#hits('late', plan.late)) {
      this.#lateNext = false
      late = LONG_DELAY_MS
    }
    if (this.#hits('split', plan.split)) {
      const at = 1 + Math.floor(this.#random() * (text.length - 1))
      return [
        { text: text.slice(0, at), late, joins: false },
        { text: text.slice(at), late: 1, joins: false },
      ]
    }
    return [{ text, late, joins: this.#hits('join', plan.join) }]
  }

  #hits(name: string, rate: number): boolean {
    if (rate === 0 || this.#random() >= rate) return false
    this.#count(name)
    return true
  }

  #count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1
  }

  #pick(texts: readonly string[]): string {
    return texts[Math.floor(this.#random() * texts.length)] ?? ''
  }

  #flipBit(line: string, length: number): string {
    const at = Math.floor(this.#random() * length)
    const code = line.charCodeAt(at) ^ (1 << Math.floor(this.#random() * 7))
    return line.slice(0, at) + String.fromCharCode(code) + line.slice(at + 1)
  }
}
