// From an address to a printer that answers: opens the port, finds the baud rate, asks who is there.
import { Link, type LinkListener } from './link.ts'
import type { OpenPort } from './port/open-port.ts'
import type { Port, PortListener } from './port/port.ts'
import type { Reply } from './protocol/reply.ts'
import { type SilenceLimits, usualSilence } from './protocol/silence.ts'

/** What M115 told. */
export interface FirmwareFacts {
  readonly name: string
  readonly machine: string | null
  readonly extruders: number
  readonly capabilities: Readonly<Record<string, boolean>>
}

export interface Connection {
  readonly port: Port
  readonly link: Link
  readonly baudRate: number
  readonly facts: FirmwareFacts
}

/** How long to wait for a board, in milliseconds. */
export interface ConnectTiming extends SilenceLimits {
  /** For `start` after opening: boot loaders take up to two seconds. */
  readonly greeting: number
  /** For the answer to one question. */
  readonly answer: number
  /** Without a line, before the greeting counts as over. */
  readonly quiet: number
}

export const defaultConnectTiming: ConnectTiming = { ...usualSilence, greeting: 2000, answer: 2000, quiet: 250 }

/** In the order in which boards are met. */
const usualBaudRates = [115200, 250000, 230400, 57600, 38400, 19200, 9600, 500000, 1000000]
const TRIES = 3

/** Nothing at the port speaks G-code. */
export class NoAnswer extends Error {
  constructor(address: string, baudRates: readonly number[]) {
    const rates = baudRates.length === 1 ? `at ${baudRates[0]} baud` : 'at any of the usual baud rates'
    super(`The port ${address} is open, but no printer answers ${address.startsWith('tcp://') ? 'there' : rates}.`)
    this.name = 'NoAnswer'
  }
}

export interface ConnectRequest {
  readonly address: string
  /** 0: find it out. */
  readonly baudRate: number
  /** The rate that worked last time is tried first. */
  readonly lastBaudRate: number | null
  readonly open: OpenPort
  readonly timing: ConnectTiming
  readonly listener: LinkListener
  closed(reason: string): void
  /** False once nobody wants the connection any more. */
  wanted(): boolean
}

/** Throws PortRefused where the port does not open, NoAnswer where nobody answers. */
export const connect = async (request: ConnectRequest): Promise<Connection> => {
  const { address, baudRate, lastBaudRate } = request
  const network = address.startsWith('tcp://')
  const first = lastBaudRate !== null && lastBaudRate > 0 ? [lastBaudRate] : []
  const rates = network ? [0] : baudRate > 0 ? [baudRate] : [...new Set([...first, ...usualBaudRates])]
  for (const rate of rates) {
    if (!request.wanted()) break
    const connection = await tryRate(request, rate, rates.length === 1 ? TRIES : 1)
    if (connection !== null) return connection
  }
  throw new NoAnswer(address, rates)
}

const tryRate = async (request: ConnectRequest, baudRate: number, tries: number): Promise<Connection | null> => {
  const heard: Reply[] = []
  let link: Link | undefined
  let talking = true
  let heardAt = performance.now()
  let open = true
  const portListener: PortListener = {
    lines: (lines) => {
      heardAt = performance.now()
      link?.hear(lines)
    },
    closed: (reason) => {
      open = false
      link?.end(reason)
      request.closed(reason)
    },
  }
  const port = await request.open(request.address, baudRate, portListener)
  const listener: LinkListener = {
    ...request.listener,
    reply: (reply) => {
      if (talking) heard.push(reply)
      request.listener.reply(reply)
    },
    // While greetings are exchanged, a lost link only means: another try.
    lost: (reason) => {
      if (!talking) request.listener.lost(reason)
    },
  }
  const { timing } = request
  for (let attempt = 0; attempt < tries && open && request.wanted(); attempt++) {
    link = new Link(port, listener, timing)
    if (attempt === 0)
      await untilGreeted(
        () => heard,
        timing,
        () => heardAt,
      )
    // An end of line, so that half a line from before cannot spoil ours.
    if (attempt === 0) port.write('\n')
    if (await within(link.renumber(), timing.answer)) {
      await untilQuiet(timing.quiet, () => heardAt)
      if (await within(link.ask('M115'), timing.answer * 2)) {
        talking = false
        return { port, link, baudRate, facts: factsOf(heard) }
      }
    }
    link.end('No answer.')
  }
  await port.close()
  return null
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

const within = async (promise: Promise<void>, milliseconds: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const done = promise.then(
    () => true,
    () => false,
  )
  const answered = await Promise.race([done, late])
  clearTimeout(timer)
  return answered
}

/** Until `start` has come and its banner is over, or the time for it. Boards that do not reset never greet. */
const untilGreeted = async (
  heard: () => readonly Reply[],
  timing: ConnectTiming,
  heardAt: () => number,
): Promise<void> => {
  const until = performance.now() + timing.greeting
  while (performance.now() < until && !heard().some(({ kind }) => kind === 'start')) await pause(20)
  await untilQuiet(timing.quiet, heardAt)
}

const untilQuiet = async (milliseconds: number, heardAt: () => number): Promise<void> => {
  const most = performance.now() + milliseconds * 8
  while (performance.now() - heardAt() < milliseconds && performance.now() < most) await pause(20)
}

const factsOf = (heard: readonly Reply[]): FirmwareFacts => {
  const fields: Record<string, string> = {}
  const capabilities: Record<string, boolean> = {}
  for (const reply of heard) {
    if (reply.kind === 'firmware') Object.assign(fields, reply.fields)
    if (reply.kind === 'capability') capabilities[reply.name] = reply.on
  }
  return {
    name: (fields['FIRMWARE_NAME'] ?? 'unknown firmware').replace(/\s*\(.*$/, '').slice(0, 80),
    machine: fields['MACHINE_TYPE'] ?? null,
    extruders: Math.max(1, Math.min(16, Number.parseInt(fields['EXTRUDER_COUNT'] ?? '1', 10) || 1)),
    capabilities,
  }
}
