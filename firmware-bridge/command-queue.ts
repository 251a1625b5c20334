// What people ask of one printer, one after the other; what comes faster than the printer obeys is put together.
import type { CommandBody } from '../server/contract/printer-commands.ts'

export type CommandAnswer = { readonly done: true } | { readonly refused: string }

export const DONE: CommandAnswer = { done: true }

/** Kinds of which only the last wish counts. */
const lastCounts: readonly CommandBody['kind'][] = ['fan', 'feedrate', 'flow', 'motors-off']
/** They may be told in any order among themselves. */
const commuting: readonly CommandBody['kind'][] = ['heat', 'fan', 'feedrate', 'flow', 'baby-step']

/** One command that does what both would have done, or null where there is none. Pure. */
export const mergeCommands = (first: CommandBody, second: CommandBody): CommandBody | null => {
  if (first.kind === 'jog' && second.kind === 'jog') {
    return { kind: 'jog', x: sum(first.x, second.x), y: sum(first.y, second.y), z: sum(first.z, second.z) }
  }
  if (first.kind === 'extrude' && second.kind === 'extrude') {
    return { kind: 'extrude', length: sum(first.length, second.length) }
  }
  if (first.kind === 'baby-step' && second.kind === 'baby-step') {
    return { kind: 'baby-step', z: sum(first.z, second.z) }
  }
  if (first.kind === 'heat' && second.kind === 'heat') return first.heater === second.heater ? second : null
  if (first.kind === 'home' && second.kind === 'home') {
    return [...first.axes].sort().join() === [...second.axes].sort().join() ? second : null
  }
  return first.kind === second.kind && lastCounts.includes(first.kind) ? second : null
}

/** Clicks add up to what is written on the buttons, not to 0.30000000000000004. */
const sum = (one: number, other: number): number => Math.round((one + other) * 10_000) / 10_000

interface Entry {
  body: CommandBody
  readonly askedBy: (string | null)[]
  /** By performance.now(); later it is not begun any more. */
  deadline: number
  readonly answer: Promise<CommandAnswer>
  tell(answer: CommandAnswer): void
}

export class CommandQueue {
  readonly #obey: (body: CommandBody, askedBy: readonly string[]) => Promise<CommandAnswer>
  #waiting: Entry[] = []
  #busy = false

  constructor(obey: (body: CommandBody, askedBy: readonly string[]) => Promise<CommandAnswer>) {
    this.#obey = obey
  }

  /** Resolves when it is done or refused, and never rejects. */
  ask(body: CommandBody, askedBy: string | null, deadline: number): Promise<CommandAnswer> {
    for (const entry of this.#waiting.toReversed()) {
      const merged = mergeCommands(entry.body, body)
      if (merged !== null) {
        entry.body = merged
        entry.askedBy.push(askedBy)
        entry.deadline = Math.max(entry.deadline, deadline)
        return entry.answer
      }
      if (!commuting.includes(entry.body.kind) || !commuting.includes(body.kind)) break
    }
    let tell: (answer: CommandAnswer) => void = () => {}
    const answer = new Promise<CommandAnswer>((resolve) => {
      tell = resolve
    })
    this.#waiting.push({ body, askedBy: [askedBy], deadline, answer, tell })
    this.#next()
    return answer
  }

  #next(): void {
    if (this.#busy) return
    const entry = this.#waiting.shift()
    if (entry === undefined) return
    this.#busy = true
    this.#begin(entry)
      .then(entry.tell, (error: Error) => entry.tell({ refused: error.message }))
      .finally(() => {
        this.#busy = false
        this.#next()
      })
  }

  async #begin({ body, askedBy, deadline }: Entry): Promise<CommandAnswer> {
    if (performance.now() > deadline) return { refused: 'It waited too long for its turn and was not begun.' }
    const names = [...new Set(askedBy.filter((name) => name !== null))]
    return this.#obey(body, names)
  }
}
