// From an address to a printer that answers: opens the port, finds the baud rate, asks who is there.
import type { FirmwareFacts } from './firmware-facts.ts'
import { type ConnectTiming, Introducer } from './introduce.ts'
import type { Link } from './link.ts'
import type { LinkListener } from './link-listener.ts'
import type { OpenPort } from './port/open-port.ts'
import type { Port } from './port/port.ts'
import type { DialectName } from './protocol/dialect.ts'

export interface Connection {
  readonly port: Port
  readonly link: Link
  readonly baudRate: number
  readonly facts: FirmwareFacts
}

/** In the order in which boards are met. */
const usualBaudRates = [115200, 250000, 230400, 57600, 38400, 19200, 9600, 500000, 1000000]
const TRIES = 3

/** Nothing at the port speaks G-code. */
export class NoAnswer extends Error {
  constructor(address: string, baudRates: readonly number[], busy = false) {
    const rates = baudRates.length === 1 ? `at ${baudRates[0]} baud` : 'at any of the usual baud rates'
    const where = address.startsWith('tcp://') ? 'there' : rates
    super(
      busy
        ? `The printer at ${address} is busy with something that it was not asked for from here, and answers nothing until that is done.`
        : `The port ${address} is open, but no printer answers ${where}.`,
    )
    this.name = 'NoAnswer'
  }
}

export interface ConnectRequest {
  readonly address: string
  /** 0: find it out. */
  readonly baudRate: number
  /** The rate that worked last time is tried first. */
  readonly lastBaudRate: number | null
  /** What people say that the firmware is; `auto`, or absent: find it out. */
  readonly dialect?: DialectName | 'auto'
  /** Lines in flight at most; absent: as many as the firmware can bear. */
  readonly mostInFlight?: number
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
  let busy = false
  for (const rate of rates) {
    if (!request.wanted()) break
    const tried = await tryRate(request, rate, rates.length === 1 ? TRIES : 1)
    if (tried !== 'busy' && tried !== 'silent') return tried
    busy = tried === 'busy'
    // Somebody is there and at this rate: the others would only disturb him.
    if (busy) break
  }
  throw new NoAnswer(address, rates, busy)
}

const tryRate = async (
  request: ConnectRequest,
  baudRate: number,
  tries: number,
): Promise<Connection | 'busy' | 'silent'> => {
  const { address, listener, timing, dialect = 'auto', mostInFlight } = request
  let introducer: Introducer | null = null
  const early: string[] = []
  const port = await request.open(address, baudRate, {
    lines: (lines) => (introducer === null ? void early.push(...lines) : introducer.hear(lines)),
    closed: (reason) => {
      introducer?.close(reason)
      request.closed(reason)
    },
  })
  const limit = mostInFlight === undefined ? {} : { mostInFlight }
  introducer = new Introducer({ port, listener, timing, dialect, tries, wanted: () => request.wanted(), ...limit })
  if (early.length > 0) introducer.hear(early)
  const met = await introducer.introduce()
  if (met !== null) return { port, baudRate, ...met }
  await port.close()
  return introducer.isBusy && introducer.heardPrinter ? 'busy' : 'silent'
}
