// From bytes to commands: which line the simulated firmware takes, and what it says to one that it does not take.

import { writeToCard } from './commands/card.ts'
import { quickStop } from './commands/motion.ts'
import { answerPrompt, endWait } from './commands/people.ts'
import { emergencyStop, type Firmware, type Output, type QueuedCommand, type Refusal } from './firmware-state.ts'

/** MAX_CMD_SIZE without its end (Marlin, Prusa, Repetier); what is longer is cut there. */
const LONGEST_COMMAND = 95
/** After a request, Repetier passes over so many wrong lines without another (gcode.cpp, checkAndPushCommand). */
const SKIPPED = 14
/** And takes a number so far behind for a line that it has. */
const REPEATED = 40

/** A line without its end -> a command in the buffer, or a refusal. */
export const takeLine = (firmware: Firmware, output: Output, raw: string): void => {
  const { dialect } = firmware.model
  if (dialect.name === 'klipper') return takeUnchecked(firmware, output, raw)
  const comment = raw.indexOf(';')
  const bare = comment < 0 ? raw : raw.slice(0, comment)
  const kept = dialect.numbers === 'unchecked' ? bare : bare.slice(0, LONGEST_COMMAND)
  const line = kept.replace(/^ +/, '')
  if (kept === '' || (line === '' && dialect.name !== 'marlin')) {
    if (dialect.answersEmptyLines) output.lines.push('ok')
    return
  }
  const star = dialect.star === 'last' ? line.lastIndexOf('*') : line.indexOf('*')
  if (line.startsWith('N')) return takeNumbered(firmware, output, line, star)
  if (star >= 0 && dialect.bareChecksum === 'refused') return refuse(firmware, output, 'no-number')
  if (firmware.card.writing !== null && !line.includes('M29')) return refuse(firmware, output, 'no-checksum')
  const text = (star < 0 ? line : line.slice(0, star)).trimEnd()
  // Without the emergency parser these are noticed as the line leaves the receive buffer, if it is not numbered.
  if (!firmware.options.emergencyParser && hurry(firmware, output, text)) return
  enqueue(firmware, output, { text, number: -1 })
}

/** Klipper drops number and checksum unread (gcode.py, get_raw_command_parameters). */
const takeUnchecked = (firmware: Firmware, output: Output, raw: string): void => {
  const line = (raw.split(';')[0] ?? '').trim()
  const number = /^N(\d+) ?/.exec(line)
  const text = line
    .slice(number?.[0].length ?? 0)
    .replace(/\*\d*$/, '')
    .trim()
  enqueue(firmware, output, { text, number: number === null ? -1 : Number(number[1]) })
}

/** Orders that do not wait for those before them. True where nothing is left to be done. */
const hurry = (firmware: Firmware, output: Output, text: string): boolean => {
  if (/^M112\b/.test(text)) {
    emergencyStop(firmware, output)
    return firmware.halted
  }
  if (/^M108\b/.test(text)) endWait(firmware)
  else if (/^M410\b/.test(text)) quickStop(firmware)
  return false
}

/** The emergency parser reads along as bytes arrive; the line itself is taken later as any other. */
export const readAlong = (firmware: Firmware, output: Output, line: string): void => {
  const order = /^(?:N\d+ ?)?(M108|M112|M410|M524|M876 S\d)\b/.exec(line)?.[1]
  if (order === undefined) return
  if (order.startsWith('M876')) answerPrompt(firmware, Number(order.slice(6)))
  else if (order === 'M524') firmware.card = { ...firmware.card, printing: false }
  else hurry(firmware, output, order)
}

const checksumFits = (line: string, star: number): boolean => {
  let sum = 0
  for (let at = 0; at < star; at++) sum ^= line.charCodeAt(at)
  return Number.parseInt(line.slice(star + 1), 10) === (sum & 0xff)
}

const takeNumbered = (firmware: Firmware, output: Output, line: string, star: number): void => {
  const { dialect } = firmware.model
  const renumbers = line.includes('M110')
  // The parameter counts, where there is one: both are the same unless somebody means mischief.
  const second = renumbers ? line.indexOf('N', 4) : -1
  const number = Number.parseInt(line.slice((second > 0 ? second : 0) + 1), 10)
  const fits = star >= 0 && checksumFits(line, star)
  const wrong: Refusal = star < 0 ? 'no-checksum' : 'checksum'
  // Smoothieware looks at the checksum only afterwards; both take the line's own number.
  if (renumbers && (dialect.name === 'smoothieware' || (dialect.name === 'repetier' && fits))) {
    return renumber(firmware, output, star < 0 ? line : line.slice(0, star))
  }
  if (dialect.numbers === 'unchecked') {
    // A bad line vanishes (StringParser.cpp).
    if (fits || star < 0) pushNumbered(firmware, output, line, star, number)
    return
  }
  if (dialect.numbers === 'sixteen-bit') {
    if (!fits) return refuse(firmware, output, wrong)
    if (skips(firmware, output, number)) return
    firmware.skipping = -1
  } else if (dialect.name === 'smoothieware') {
    if (!fits || number !== firmware.lastLine + 1) return refuse(firmware, output, wrong)
  } else {
    const { lastLine } = firmware
    if (!renumbers && number !== lastLine + 1) {
      const again = number === lastLine || number === lastLine - 1
      if (again && dialect.duplicates === 'silent') return
      return refuse(firmware, output, 'number')
    }
    if (!fits) return refuse(firmware, output, wrong)
  }
  pushNumbered(firmware, output, line, star, number)
}

/** Both obey it as they read it. */
const renumber = (firmware: Firmware, output: Output, line: string): void => {
  const number = Number.parseInt(line.slice(1), 10) || 0
  firmware.lastLine = number
  firmware.skipping = -1
  output.accepted.push({ text: line.replace(/^N-?\d+ ?/, ''), number })
  output.lines.push('ok')
}

/** Repetier: a line that it has, or one behind a line that is asked for. */
const skips = (firmware: Firmware, output: Output, number: number): boolean => {
  if (((firmware.lastLine + 1) & 0xffff) === (number & 0xffff)) return false
  const behind = (firmware.lastLine - number) & 0xffff
  if (behind < REPEATED) output.lines.push(`skip ${number}`, 'ok')
  else if (firmware.skipping < 0) refuse(firmware, output, 'number')
  else {
    firmware.skipping--
    output.lines.push(`skip ${number}`, 'ok')
  }
  return true
}

const pushNumbered = (firmware: Firmware, output: Output, line: string, star: number, number: number): void => {
  firmware.lastLine = number
  const body = star < 0 ? line : line.slice(0, star)
  const own = /^N-?\d+ ?/.exec(body)?.[0].length ?? 0
  enqueue(firmware, output, { text: body.slice(own).trimEnd(), number })
}

const enqueue = (firmware: Firmware, output: Output, command: QueuedCommand): void => {
  const { dialect } = firmware.model
  if (firmware.card.writing !== null) {
    writeToCard(firmware, output, command.text)
    output.lines.push(dialect.ok({ ...firmware, queue: [...firmware.queue, command] }, command))
    return
  }
  firmware.queue = [...firmware.queue, command]
  if (dialect.acknowledges === 'on-receipt') {
    output.accepted.push(command)
    output.lines.push(dialect.ok(firmware, command))
  }
}

/** Empties the receive buffer and asks for the line after the last good one; its `ok`, if any, acknowledges nothing. */
const refuse = (firmware: Firmware, output: Output, why: Refusal): void => {
  const { dialect } = firmware.model
  if (dialect.name !== 'smoothieware') firmware.received = ''
  if (dialect.numbers === 'sixteen-bit') firmware.skipping = SKIPPED
  output.lines.push(...dialect.refusal(firmware, why))
}
