// How a body looks: the module that the child runs. It shares nothing with the server but its folder.

/** Thrown by a body: what it was given cannot be used, with a sentence for people that says why. */
export class BadInput extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadInput'
  }
}

/** What a body is given. */
export interface BodyTask {
  /** As the caller wrote it: JSON. */
  readonly job: unknown
  /** Reads a file of its folder. Throws where it is not there. */
  read(name: string): Uint8Array
  write(name: string, bytes: Uint8Array): void
  /** From 0 to 1. */
  progress(fraction: number): void
}

/** Does the work; what it returns goes back as JSON. */
export type Body = (task: BodyTask) => Promise<unknown>

/** Loads what it needs from the disk, before the process gives up its rights. */
export interface BodyModule {
  readonly open: () => Promise<Body>
}

/** What the child says, a line of JSON each. */
export type FromBody =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'done'; readonly result: unknown; readonly peakMegabytes: number }
  | { readonly kind: 'bad-input'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string }
