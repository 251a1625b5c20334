// The programs of the house as processes of their own, to be started and killed.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const dist = (program: string): string => fileURLToPath(new URL(`../../dist/${program}`, import.meta.url))

export interface Program {
  readonly pid: number
  /** All that it has said. */
  said(): string
  /** Ends it politely and waits. */
  stop(): Promise<void>
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>
}

export type Environment = Readonly<Record<string, string>>

const own = (environment: Environment): Record<string, string> => ({ PATH: process.env['PATH'] ?? '', ...environment })

const wrap = (child: ChildProcess): Program => {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await ended
  }
  return { pid: child.pid ?? 0, said: () => text, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

/** Starts a program that tells by a message when it is ready; resolves with that message. */
export const startProgram = async <M>(
  program: string,
  environment: Environment,
): Promise<{ program: Program; message: M }> => {
  const child = fork(dist(program), [], { env: own(environment), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const wrapped = wrap(child)
  const message = await new Promise<M>((resolve, reject) => {
    child.once('message', (told) => resolve(told as M))
    child.once('exit', (code) => reject(new Error(`${program} ended (${code}): ${wrapped.said()}`)))
  })
  return { program: wrapped, message }
}

export interface SimulatorOptions {
  readonly link?: string
  readonly model?: string
  readonly speed?: number
  readonly faults?: string
  readonly record?: string
  readonly tcp?: number
}

/** Starts a simulated printer; resolves when it listens, with where. */
export const startSimulator = async (options: SimulatorOptions): Promise<{ program: Program; address: string }> => {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const child = spawn(process.execPath, [dist('firmware-bridge/simulator/main.js'), ...args], {
    env: own({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const program = wrap(child)
  for (;;) {
    const listens = /listens on (\S+)/.exec(program.said())
    if (listens) return { program, address: listens[1] as string }
    if (child.exitCode !== null) throw new Error(`The simulator ended: ${program.said()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
