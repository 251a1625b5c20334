// A print whose printer is lost: whether it waits, and its way back when the printer is there again.
import type { Connection } from './connect.ts'
import type { ConnectTiming } from './introduce.ts'
import { Link } from './link.ts'
import type { LinkListener } from './link-listener.ts'
import type { OpenPort } from './port/open-port.ts'
import type { Port } from './port/port.ts'
import type { Temperatures } from './protocol/temperatures.ts'
import { type Adrift, seek } from './seek.ts'
import type { Streamer } from './streamer.ts'

/** A print that is lost so often without a further line is not gone on with by itself. */
const MOST_RETURNS = 3

export interface WayBackHost {
  readonly timing: ConnectTiming
  readonly open: OpenPort
  resolve(): Promise<string | null>
  listener(): LinkListener
  /** False once nobody wants the print to go on. */
  wanted(): boolean
  rest(milliseconds: number): Promise<void>
  wire(direction: 'sent' | 'received', line: string): void
  closed(reason: string): void
}

/** `back`: over this connection it goes on, when `go` is called. `gone`: why it cannot. */
export type Return =
  | { readonly back: Connection; readonly held: boolean; go(back: () => void): Promise<void> }
  | { readonly gone: string }

export class WayBack {
  readonly #host: WayBackHost
  #lost: { readonly adrift: Adrift; readonly connection: Connection; readonly streamer: Streamer } | null = null
  #returns = { bytes: -1, count: 0 }

  constructor(host: WayBackHost) {
    this.#host = host
  }

  /** The link is lost: false where the print cannot go on by itself. `held`: it was paused. */
  leave(
    connection: Connection,
    streamer: Streamer | null,
    how: { reason: string; held: boolean; temperatures: Temperatures },
  ): boolean {
    if (!streamer?.mayReturn) return false
    const bytes = streamer.progress().acceptedBytes
    this.#returns = { bytes, count: bytes === this.#returns.bytes ? this.#returns.count + 1 : 0 }
    if (this.#returns.count >= MOST_RETURNS) return false
    const { baudRate, link } = connection
    this.#lost = { adrift: { ...how, doubt: link.doubt, baudRate }, connection, streamer }
    return true
  }

  /** Looks for the printer, and asks it what it remembers. */
  async find(): Promise<Return> {
    const lost = this.#lost
    if (lost === null) return { gone: 'There is no print to go on with.' }
    const { adrift, connection, streamer } = lost
    let link: Link | null = null
    let port: Port | null = null
    const sources = adrift.doubt.lines.flatMap(({ source }) => (source === null ? [] : [source]))
    const sought = await seek({
      ...this.#host,
      adrift,
      positions: streamer.placesAfter(sources),
      heard: (lines) => link?.hear(lines),
      closed: (reason) => port !== null && this.#host.closed(reason),
    })
    if ('gone' in sought) return { gone: `${adrift.reason} ${sought.gone ?? ''}`.trim() }
    port = sought.port
    const next = new Link(port, this.#host.listener(), this.#host.timing, { dialect: connection.link.dialect })
    link = next
    sought.handOver()
    return {
      back: { ...connection, port, link },
      held: adrift.held,
      go: (back) => streamer.goOn(next, sought.had, adrift.held, back),
    }
  }
}
