// A printer was lost in mid print: looks for it until it is there again, and for whether it has forgotten anything.
import type { ConnectTiming } from './introduce.ts'
import type { OpenPort } from './port/open-port.ts'
import type { Port } from './port/port.ts'
import type { Temperatures } from './protocol/temperatures.ts'
import { reattach } from './reattach.ts'
import { type Expected, judgeReturn } from './return.ts'
import type { LinkDoubt } from './sent-lines.ts'
import type { SourceLine } from './source.ts'

/** How a print stood when its printer was lost. */
export interface Adrift {
  /** Why it was lost, for people. */
  readonly reason: string
  /** It was paused, and stays so. */
  readonly held: boolean
  readonly doubt: LinkDoubt
  readonly temperatures: Temperatures
  readonly baudRate: number
}

export interface SeekRequest {
  readonly adrift: Adrift
  /** Where the lines in doubt lead; see `Expected`. */
  readonly positions: Expected['positions']
  readonly open: OpenPort
  readonly timing: ConnectTiming
  /** Where it can be opened now; null while it is not there. */
  resolve(): Promise<string | null>
  /** False once nobody wants the print to go on. */
  wanted(): boolean
  rest(milliseconds: number): Promise<void>
  heard(lines: readonly string[]): void
  wire(direction: 'sent' | 'received', line: string): void
  closed(reason: string): void
}

export type Sought =
  | { readonly port: Port; readonly had: readonly SourceLine[]; handOver(): void }
  /** Why the print cannot go on by itself; null: nobody wants it any more. */
  | { readonly gone: string | null }

const RETRY_MS = { first: 250, most: 2000 }

/** Minutes of standing still spoil a part less than a restart does; after more, a person must look first. */
export const PATIENCE_MS = 600_000

export const seek = async (request: SeekRequest, patience = PATIENCE_MS): Promise<Sought> => {
  const until = performance.now() + patience
  for (let wait = RETRY_MS.first; request.wanted(); wait = Math.min(wait * 2, RETRY_MS.most)) {
    const found = await tryOnce(request)
    if (found !== null) return found
    if (performance.now() > until)
      return { gone: `It was not reached again within ${Math.round(patience / 60_000)} minutes.` }
    await request.rest(wait * (0.75 + Math.random() / 2))
  }
  return { gone: null }
}

const tryOnce = async (request: SeekRequest): Promise<Sought | null> => {
  const { adrift } = request
  const address = await request.resolve()
  if (address === null) return null
  const last = adrift.doubt.lines[adrift.doubt.lines.length - 1]?.number ?? adrift.doubt.accepted
  const { open, timing } = request
  const found = await reattach({
    ...request,
    address,
    baudRate: adrift.baudRate,
    lastNumber: last,
    open,
    timing,
  }).catch(
    () => null, // Not there yet: the next try will tell.
  )
  if (found === null) return null
  const { port, answers } = found
  const { doubt, temperatures } = adrift
  const verdict = judgeReturn(answers, { doubt, temperatures, positions: request.positions })
  if ('goOn' in verdict && request.wanted()) return { port, had: verdict.goOn, handOver: found.handOver }
  await port.close()
  return { gone: 'forgot' in verdict ? verdict.forgot : null }
}
