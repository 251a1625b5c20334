// One print of the campaign: session, link and simulated printer in memory, on virtual time, and what came of it.
import { defaultConnectTiming } from '../../firmware-bridge/introduce.ts'
import type { Port, PortListener } from '../../firmware-bridge/port/port.ts'
import { PrinterSession } from '../../firmware-bridge/printer-session.ts'
import type { FaultPlan } from '../../firmware-bridge/simulator/faults.ts'
import type { PrinterModel } from '../../firmware-bridge/simulator/firmware-state.ts'
import { type MemoryBoard, memoryBoard } from '../../firmware-bridge/simulator/memory-port.ts'
import type { PrintOutcome } from '../../firmware-bridge/streamer.ts'
import { Judge } from './judge.ts'
import type { PrintFile } from './print-files.ts'
import { VirtualTime } from './virtual-time.ts'

export interface RunReport {
  readonly outcome: PrintOutcome['state'] | 'stuck' | 'no-connection'
  readonly reason: string | null
  readonly taken: number
  readonly resends: number
  readonly faults: Readonly<Partial<Record<string, number>>>
  readonly violation: string | null
  /** The last of what went over the wire. */
  readonly talk: readonly string[]
}

const DAY = 86_400_000
/** With a window of several lines the host may know of so many less than were taken. */
const SLACK = 40
const HELP_MS = 5000

export const runPrint = async (
  model: PrinterModel,
  file: PrintFile,
  faults: FaultPlan,
  seed: number,
): Promise<RunReport> => {
  const time = new VirtualTime()
  time.install(seed)
  try {
    return await print(time, model, file, faults)
  } finally {
    time.restore()
  }
}

const print = async (
  time: VirtualTime,
  model: PrinterModel,
  file: PrintFile,
  faults: FaultPlan,
): Promise<RunReport> => {
  const judge = new Judge(file.commands, model.dialect.numbers === 'unchecked' || model.dialect.numbers === 'ignored')
  const talk = new Talk(time)
  let judging = false
  const board = memoryBoard({
    model,
    // A question that was garbled into M125 would make it wait for a person, and none is there.
    firmware: { prompts: false },
    faults,
    speed: 1,
    resetAfterHalt: HELP_MS,
    accepted: (commands) => {
      if (!judging) return
      if (session.state === 'cancelling') judge.giveUp()
      for (const command of commands) judge.take(command)
    },
  })
  const session = new PrinterSession({
    printerId: 1,
    name: 'Trial printer',
    address: 'memory',
    baudRate: 115200,
    profile: {
      shape: 'rectangular',
      width: model.width,
      depth: model.depth,
      height: model.height,
      originX: 0,
      originY: 0,
      nozzleDiameter: 0.4,
      maxNozzleTemperature: 280,
      maxBedTemperature: 110,
    },
    timing: defaultConnectTiming,
    open: async (_address, _baud, listener) => talk.open(board, listener),
    resolve: async (address) => address,
    changed: () => {},
  })
  session.start()
  const report = (outcome: RunReport['outcome'], reason: string | null): RunReport => ({
    outcome,
    reason,
    taken: judge.taken,
    resends: session.telemetry(new Date(0)).resends,
    faults: board.printer.faultCounts,
    violation: judge.violation,
    talk: talk.lines,
  })
  let ended: RunReport
  if (!(await time.until(() => session.state === 'idle', DAY / 24))) ended = report('no-connection', null)
  else {
    judging = true
    const outcome = await follow(time, session, file, judge)
    judging = false
    ended = report(outcome?.state ?? 'stuck', outcome?.reason ?? null)
  }
  let stopped = false
  session.stop('The trial is over.').then(
    () => {
      stopped = true
    },
    () => {},
  )
  await time.until(() => stopped, DAY / 24)
  board.stop()
  return ended
}

/** Prints, and compares once a second what the host believes with what is true. */
const follow = async (
  time: VirtualTime,
  session: PrinterSession,
  file: PrintFile,
  judge: Judge,
): Promise<PrintOutcome | null> => {
  const last = file.ends[file.ends.length - 1] ?? 0
  const begun = session.print({ printId: 1, totalBytes: last, course: null, fetch: async () => file.path })
  if ('refused' in begun) return null
  let outcome: PrintOutcome | null = null
  begun.then(
    (told) => {
      outcome = told
    },
    () => {},
  )
  const end = time.now + 2 * DAY
  while (outcome === null && time.now < end && judge.violation === null) {
    await time.until(() => outcome !== null, 1000)
    const progress = session.streamer?.progress()
    if (outcome === null && progress) judge.compare(linesOf(file, progress.acceptedBytes), Number.POSITIVE_INFINITY)
  }
  const told = outcome as PrintOutcome | null
  if (told === null) return null
  judge.compare(linesOf(file, told.acceptedBytes), SLACK)
  if (told.state === 'completed') judge.complete()
  return told
}

/** How many commands are done with so many bytes. */
const linesOf = ({ ends }: PrintFile, bytes: number): number => {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ends[middle] ?? 0) <= bytes) low = middle + 1
    else high = middle
  }
  return low
}

const KEPT_TALK = 60

/** The last that went over the wire, with the time of the trial in milliseconds. */
class Talk {
  readonly #time: VirtualTime
  #lines: string[] = []

  constructor(time: VirtualTime) {
    this.#time = time
  }

  get lines(): readonly string[] {
    return this.#lines.slice(-KEPT_TALK)
  }

  open(board: MemoryBoard, listener: PortListener): Port {
    const port = board.open({
      lines: (lines) => {
        for (const line of lines) this.#add('<', line)
        listener.lines(lines)
      },
      closed: (reason) => {
        this.#add('#', reason)
        listener.closed(reason)
      },
    })
    return {
      ...port,
      write: (text) => {
        this.#add('>', text.trimEnd())
        port.write(text)
      },
    }
  }

  #add(way: string, text: string): void {
    // Reports by the clock would drown everything else.
    if (way === '<' && /^\s*T:/.test(text) && !text.includes('ok')) return
    this.#lines.push(`${Math.round(this.#time.now)} ${way} ${text}`)
    if (this.#lines.length > 2 * KEPT_TALK) this.#lines = this.#lines.slice(-KEPT_TALK)
  }
}
