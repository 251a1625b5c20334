// Listens to one child until it has ended, and ends it when it takes too long or too much.
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import process from 'node:process'
import type { Readable } from 'node:stream'
import type { FromBody } from './body.ts'
import { EngineFailed, type EngineTask, type FailureKind } from './engine.ts'

const LOOK_MS = 200
/** How much of what it said is told with a failure. */
const SAID_LENGTH = 2000

export interface Ended {
  readonly result: unknown
  readonly peakMegabytes: number
  readonly stdout: string
  readonly stderr: string
}

export class ChildWatch {
  /** Rejects with EngineFailed. The process and all that it started are gone by then. */
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #task: EngineTask
  #killedFor: FailureKind | null = null
  #peakMegabytes = 0
  #answer: FromBody | null = null

  constructor(child: ChildProcess, task: EngineTask, mostSaid: number) {
    this.#child = child
    this.#task = task
    const stdout = this.#hear(child.stdout, mostSaid)
    const stderr = this.#hear(child.stderr, mostSaid)
    // The fourth is its way to us; Node types only the first three.
    this.#hearAnswers(child.stdio[3] as Readable)
    const late = setTimeout(() => this.#kill('time'), task.seconds * 1000)
    const look = setInterval(() => this.#lookAtMemory(), LOOK_MS)
    const cancel = (): void => this.#kill('cancelled')
    task.signal?.addEventListener('abort', cancel)
    this.ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', (error) => reject(new EngineFailed('crashed', `It could not be started: ${error.message}`)))
      child.once('close', (code, signal) => {
        // Whatever it started and left behind.
        this.#killGroup()
        const said = { stdout: stdout(), stderr: stderr() }
        const failure = this.#failure(code, signal, `${said.stdout}\n${said.stderr}`)
        if (failure !== null) return reject(failure)
        const done = this.#answer?.kind === 'done' ? this.#answer : { result: null, peakMegabytes: 0 }
        const peakMegabytes = Math.round(Math.max(this.#peakMegabytes, done.peakMegabytes))
        resolve({ ...said, result: done.result, peakMegabytes })
      })
    }).finally(() => {
      clearTimeout(late)
      clearInterval(look)
      task.signal?.removeEventListener('abort', cancel)
    })
  }

  #kill(kind: FailureKind): void {
    this.#killedFor ??= kind
    this.#killGroup()
  }

  #killGroup(): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It is gone.
    }
  }

  /** RLIMIT_DATA does not bound everything, and not every system has it. */
  #lookAtMemory(): void {
    const megabytes = residentMegabytes(this.#child.pid)
    this.#peakMegabytes = Math.max(this.#peakMegabytes, megabytes)
    if (megabytes > this.#task.megabytes) this.#kill('memory')
  }

  #hear(stream: Readable | null, most: number): () => string {
    let said = ''
    let line = ''
    stream?.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < most) said += text.slice(0, most - said.length)
      const { progressIn, onProgress } = this.#task
      if (progressIn === undefined || onProgress === undefined) return
      const lines = (line + text).split(/[\r\n]+/)
      line = (lines.pop() ?? '').slice(-SAID_LENGTH)
      for (const one of lines) {
        const fraction = progressIn(one)
        if (fraction !== null) onProgress(fraction)
      }
    })
    return () => said
  }

  #hearAnswers(stream: Readable): void {
    let rest = ''
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.#take(line)
    })
    stream.on('error', () => {})
  }

  #take(line: string): void {
    // A body that was subverted may say anything here.
    let said: unknown
    try {
      said = JSON.parse(line)
    } catch {
      return
    }
    if (!isFromBody(said)) return
    if (said.kind === 'progress') this.#task.onProgress?.(Math.min(1, Math.max(0, said.fraction)))
    else this.#answer = said
  }

  #failure(code: number | null, signal: NodeJS.Signals | null, said: string): EngineFailed | null {
    const tail = said.trim().slice(-SAID_LENGTH)
    const answer = this.#answer
    if (this.#killedFor !== null) return new EngineFailed(this.#killedFor, this.#sentence(this.#killedFor), tail)
    if (answer?.kind === 'bad-input') return new EngineFailed('input', answer.message, tail)
    if (code === 0 && ('program' in this.#task.engine || answer?.kind === 'done')) return null
    const words = answer?.kind === 'failed' ? answer.message : tail
    const kind = kindOf(code, signal, words)
    return new EngineFailed(kind, this.#sentence(kind), words)
  }

  #sentence(kind: FailureKind): string {
    const { seconds, megabytes } = this.#task
    switch (kind) {
      case 'time':
        return `It was not done after ${seconds} seconds, and was stopped.`
      case 'memory':
        return `It needs more than the ${megabytes} MB of memory that it may take, and was stopped.`
      case 'output':
        return 'It would write more than it may, and was stopped.'
      case 'cancelled':
        return 'It was cancelled.'
      case 'crashed':
      case 'input':
        return 'The program that worked on it broke down.'
    }
  }
}

const isFromBody = (said: unknown): said is FromBody => {
  if (typeof said !== 'object' || said === null || !('kind' in said)) return false
  if (said.kind === 'progress') return 'fraction' in said && typeof said.fraction === 'number'
  if (said.kind === 'done') return 'peakMegabytes' in said && typeof said.peakMegabytes === 'number'
  return (said.kind === 'bad-input' || said.kind === 'failed') && 'message' in said && typeof said.message === 'string'
}

/** 0 where the system has no /proc. */
const residentMegabytes = (pid: number | undefined): number => {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    return (Number(kilobytes ?? 0) * 1024) / 1e6
  } catch {
    return 0
  }
}

/** How engines end that were given too little: by a signal, by a number of it (128 + n), or by a sentence. */
const kindOf = (code: number | null, signal: NodeJS.Signals | null, words: string): FailureKind => {
  const ended = (one: 'SIGXCPU' | 'SIGXFSZ'): boolean => signal === one || code === 128 + constants.signals[one]
  if (ended('SIGXCPU')) return 'time'
  if (ended('SIGXFSZ') || /EFBIG|file too large/i.test(words)) return 'output'
  if (/out of memory|allocation failed|cannot enlarge memory|memory\.grow|bad_alloc|OOM|ENOMEM/i.test(words))
    return 'memory'
  return 'crashed'
}
