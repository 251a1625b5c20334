// What a printer has told of its heaters and its place, and when it is asked.
import type { SessionState, Telemetry } from '../server/contract/printers.ts'
import type { Connection } from './connect.ts'
import type { Reply } from './protocol/reply.ts'
import type { Temperatures } from './protocol/temperatures.ts'

const POLL_MS = 2000

export class Readings {
  temperatures: Temperatures = {}
  position: Telemetry['position'] = null
  #askedAt = Number.NEGATIVE_INFINITY

  take(reply: Reply): void {
    if (reply.kind === 'temperatures') this.temperatures = { ...this.temperatures, ...reply.temperatures }
    else if (reply.kind === 'position') {
      const { x, y, z } = reply.position
      this.position = { x, y, z }
    }
  }

  /** How it is brought to tell of its heaters. */
  firstLine(connection: Connection): string {
    return reportsByItself(connection) ? 'M155 S1' : 'M105'
  }

  /** Asks, where the firmware does not report by itself and it is time. */
  poll(connection: Connection, state: SessionState): void {
    const { link } = connection
    if (reportsByItself(connection) || performance.now() - this.#askedAt < POLL_MS) return
    // Never behind a command that takes minutes: polls would fill the firmware's buffer.
    if (!link.isQuiet && state !== 'printing') return
    this.#askedAt = performance.now()
    link.ask('M105').catch(() => {})
  }
}

const reportsByItself = ({ facts }: Connection): boolean => facts.capabilities['AUTOREPORT_TEMP'] ?? false
