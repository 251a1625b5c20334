// Who listens to a link, and how a link is made.
import type { Dialect } from './protocol/dialect.ts'
import type { Reply } from './protocol/reply.ts'
import type { SourceLine } from './source.ts'

export interface LinkListener {
  /** What the link itself does not settle: temperatures, actions, texts, start, halted. */
  reply(reply: Reply): void
  /** A line of the file has certainly been accepted. Each is told once, in order. */
  accepted(line: SourceLine): void
  /** A line of the file was left out; `why` ends a sentence that begins with it. */
  skipped(line: SourceLine, why: string): void
  /** The file is through: every line of it has been accepted. */
  streamed(): void
  /** The printer obeys no further line of this file; the talk goes on. `reason` is for people. */
  failed(reason: string): void
  /** Printer and host no longer understand each other; nothing more is sent. */
  lost(reason: string): void
  /** Everything that goes over the wire, for the console and the log. */
  wire(direction: 'sent' | 'file' | 'received', line: string): void
}

export interface LinkOptions {
  readonly dialect?: Dialect
  /** Lines in flight at most, whatever the firmware could bear; 1 for one at a time. */
  readonly mostInFlight?: number
}

/** Thrown to who waits for a command when the link ends first. */
export class LinkEnded extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'LinkEnded'
  }
}
