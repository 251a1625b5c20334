// Reaches a printer again that was lost in mid print, asking it only what it can answer without forgetting anything.
import type { ConnectTiming } from './introduce.ts'
import type { OpenPort } from './port/open-port.ts'
import type { Port } from './port/port.ts'
import { numberedLine } from './protocol/numbered-line.ts'
import { parseReply, type Reply } from './protocol/reply.ts'
import type { Temperatures } from './protocol/temperatures.ts'
import type { Answers } from './return.ts'

export interface ReattachRequest {
  readonly address: string
  readonly baudRate: number
  /** The highest number that any line of this talk has had. */
  readonly lastNumber: number
  readonly open: OpenPort
  readonly timing: ConnectTiming
  /** Lines that come once the printer has been asked. */
  heard(lines: readonly string[]): void
  wire(direction: 'sent' | 'received', line: string): void
  closed(reason: string): void
}

export interface Reattached {
  readonly port: Port
  readonly answers: Answers
  /** From now on lines go to `heard` of the request. */
  handOver(): void
}

/** A line of this number is surely not the next one: firmware that counts then says which is. */
const FAR_AHEAD = 1_000_003
const TRIES = 3

/** Throws PortRefused where the port does not open; null where nobody answers. */
export const reattach = async (request: ReattachRequest): Promise<Reattached | null> => {
  const { timing } = request
  const replies: Reply[] = []
  let heardAt = performance.now()
  let handedOver = false
  let open = true
  const port = await request.open(request.address, request.baudRate, {
    lines: (lines) => {
      heardAt = performance.now()
      if (handedOver) return request.heard(lines)
      for (const line of lines) {
        request.wire('received', line)
        replies.push(parseReply(line))
      }
    },
    closed: (reason) => {
      open = false
      request.closed(reason)
    },
  })
  const handOver = (): void => {
    handedOver = true
  }
  const say = (text: string): void => {
    port.write(text)
    request.wire('sent', text.trim())
  }
  const until = async (holds: () => boolean, milliseconds: number): Promise<boolean> => {
    const end = performance.now() + milliseconds
    while (open && !holds() && performance.now() < end) await pause(10)
    while (open && performance.now() - heardAt < timing.quiet && performance.now() < end + timing.quiet * 8)
      await pause(10)
    return holds()
  }
  const started = (): boolean => replies.some(({ kind }) => kind === 'start')
  // A board that the opening has reset greets within this time: then nothing more is asked of it.
  await until(started, timing.greeting)
  for (let attempt = 0; attempt < TRIES && open && !started(); attempt++) {
    // An end of line first: half a line may lie in its buffer from before.
    port.write('\n')
    await until(() => false, timing.quiet)
    const from = replies.length
    say(numberedLine(request.lastNumber + FAR_AHEAD, 'M105'))
    const answered = await until(() => replies.slice(from).some(isAnswer), timing.answer)
    if (!answered) continue
    say('M114\n')
    if (!(await until(() => replies.slice(from).some(({ kind }) => kind === 'position'), timing.answer))) continue
    // Its ok comes when all that lay in the firmware's buffer is done with: none of theirs can follow later.
    const asked = replies.length
    say('M105\n')
    if (!(await until(() => replies.slice(asked).some(({ kind }) => kind === 'ok'), timing.answer))) continue
    return { port, answers: answersOf(replies, from), handOver }
  }
  if (open && started()) return { port, answers: answersOf(replies, 0), handOver }
  await port.close()
  return null
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

const isAnswer = ({ kind }: Reply): boolean =>
  kind === 'ok' || kind === 'resend' || kind === 'halted' || kind === 'start'

const temperaturesOf = (reply: Reply): Temperatures | undefined =>
  reply.kind === 'temperatures' ? reply.temperatures : reply.kind === 'ok' ? reply.detail?.temperatures : undefined

const answersOf = (replies: readonly Reply[], from: number): Answers => {
  let lastLine: number | null = null
  let position: Answers['position'] = null
  let temperatures: Temperatures = {}
  let halted: string | null = null
  for (const reply of replies.slice(from)) {
    if (reply.kind === 'resend') lastLine = reply.line - 1
    if (reply.kind === 'position') position = reply.position
    if (reply.kind === 'halted') halted = reply.reason
    temperatures = { ...temperatures, ...temperaturesOf(reply) }
  }
  return { started: replies.some(({ kind }) => kind === 'start'), lastLine, position, temperatures, halted }
}
