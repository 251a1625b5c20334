// An open connection to a printer that carries lines.

export interface PortListener {
  /** Whole lines, without their ends, in one call as they came in one read. */
  lines(lines: readonly string[]): void
  /** The port is gone: unplugged, closed by the other end, broken. Told once, and not after `close()`. */
  closed(reason: string): void
}

export interface Port {
  /** `/dev/serial/by-id/...` or `tcp://host:port`. */
  readonly address: string
  /** Text of one character a byte; goes out at once. */
  write(text: string): void
  /** Pulls DTR low and high again: most 8-bit boards begin anew. Does nothing where the port has no such line. */
  pulseReset(): Promise<void>
  close(): Promise<void>
}

/** What went wrong when a port would not open, in words for the person at the printer. */
export class PortRefused extends Error {
  readonly code: 'missing' | 'held' | 'forbidden' | 'unreachable' | 'not-a-port'

  constructor(code: PortRefused['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'PortRefused'
    this.code = code
  }
}

/** A reply that has no end after this many bytes is cut: noise must not fill the memory. */
const LONGEST_REPLY_BYTES = 4096

/** Bytes as they are read -> whole lines. Ends by LF, CR or both; empty lines are dropped. */
export class LineSplitter {
  #rest = ''

  /** One character a byte: firmware speaks ASCII, and noise must not throw. */
  split(bytes: Uint8Array): string[] {
    const text = this.#rest + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    const lines: string[] = []
    let from = 0
    for (let at = this.#rest.length; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code !== 10 && code !== 13) continue
      if (at > from) lines.push(text.slice(from, at))
      from = at + 1
    }
    this.#rest = text.slice(from)
    if (this.#rest.length > LONGEST_REPLY_BYTES) {
      lines.push(this.#rest)
      this.#rest = ''
    }
    return lines
  }
}
