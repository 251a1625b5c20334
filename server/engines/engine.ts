// What is asked of an engine, what comes back, and how it fails. An engine runs in a process of its own.

/** Engines that are modules of ours, run by Node in the child: WASM programs and what reads hostile files. */
export const bodyNames = ['mesh', 'openscad', 'cura'] as const
export type BodyName = (typeof bodyNames)[number]

export interface EngineTask {
  /** A module in `bodies/`, or a program of the machine by its full path. */
  readonly engine: { readonly body: BodyName } | { readonly program: string }
  /** For a program: its arguments. It runs in its folder, so the files below are named without a path. */
  readonly args?: readonly string[]
  /** For a body: what it is to do, as JSON. */
  readonly job?: unknown
  /** Files to begin with, by their name in the folder. Folders in names are made; nothing climbs out. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Files that are read back when it has ended well, by their names. Those that are not there are left out. */
  readonly outputs: readonly string[]
  /** How long it may take. It is killed after that. */
  readonly seconds: number
  /** How much memory it may take. Less where the machine has less. */
  readonly megabytes: number
  /** The most that one file it writes, and what it says, may hold. */
  readonly outputMegabytes?: number
  /** Somebody waits for it: it goes before others that wait for their turn. */
  readonly urgent?: boolean
  readonly signal?: AbortSignal | undefined
  /** From 0 to 1, as often as the engine tells. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  /** For a program: how far a line that it says tells it has come, or null. */
  readonly progressIn?: (line: string) => number | null
}

export interface EngineUsage {
  /** From its start to its end. */
  readonly seconds: number
  /** The most memory it held, where the system tells; otherwise 0. */
  readonly peakMegabytes: number
}

export interface EngineResult {
  readonly files: ReadonlyMap<string, Buffer>
  /** What a body returned; null of a program. */
  readonly result: unknown
  readonly stdout: string
  readonly stderr: string
  readonly usage: EngineUsage
}

/**
 * `input`: the engine says what is wrong with what it was given. `time`, `memory`, `output`: it took more than it may.
 * `cancelled`: by its signal. `crashed`: anything else.
 */
export type FailureKind = 'input' | 'time' | 'memory' | 'output' | 'cancelled' | 'crashed'

/** An engine did not come to its end. The message is for people. */
export class EngineFailed extends Error {
  readonly kind: FailureKind
  /** The end of what it said, for the log and for curious people. */
  readonly said: string

  constructor(kind: FailureKind, message: string, said = '') {
    super(message)
    this.name = 'EngineFailed'
    this.kind = kind
    this.said = said
  }
}
