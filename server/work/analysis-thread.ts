// A thread of its own for analysis, so that reading a large file never delays an emergency stop.
import { Worker } from 'node:worker_threads'
import type { Analysis, CheckedPrinter, Warning } from '../../gcode/index.ts'

/** What is known before the first byte, and against which printers the file is checked. */
export interface AnalysisRequest {
  /** The first and the last part of the file, up to 1 MiB each. */
  readonly head: Uint8Array
  readonly tail: Uint8Array
  readonly sizeBytes: number
  readonly printers: readonly { readonly key: string; readonly printer: CheckedPrinter }[]
}

export interface Found {
  readonly analysis: Analysis
  readonly warnings: readonly { readonly key: string; readonly warnings: readonly Warning[] }[]
}

export type ToThread =
  | { readonly kind: 'begin'; readonly request: AnalysisRequest }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' | 'drop' }
/** Each message but `drop` is answered once. */
export type FromThread =
  | { readonly kind: 'taken' }
  | { readonly kind: 'result'; readonly found: Found }
  | { readonly kind: 'failed'; readonly reason: string }

/** Analyses one file after the other; stays warm in between. */
export class AnalysisThread {
  #worker: Worker | null = null
  #turn: Promise<unknown> = Promise.resolve()

  /** Throws with a sentence for people where the file cannot be read. */
  analyse(chunks: AsyncIterable<Uint8Array>, request: AnalysisRequest): Promise<Found> {
    const result = this.#turn.then(() => this.#run(chunks, request))
    this.#turn = result.catch(() => {})
    return result
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = null
  }

  async #run(chunks: AsyncIterable<Uint8Array>, request: AnalysisRequest): Promise<Found> {
    const worker = this.#start()
    try {
      await this.#ask(worker, { kind: 'begin', request })
      for await (const chunk of chunks) {
        const bytes = new Uint8Array(chunk)
        await this.#ask(worker, { kind: 'bytes', bytes }, [bytes.buffer])
      }
    } catch (error) {
      // What came so far must not be taken for the beginning of the next file.
      worker.postMessage({ kind: 'drop' } satisfies ToThread)
      throw error
    }
    const answer = await this.#ask(worker, { kind: 'end' })
    if (answer.kind === 'result') return answer.found
    throw new Error(answer.kind === 'failed' ? answer.reason : 'The analysis ended without a result.')
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker
    const worker = openThread()
    worker.unref()
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = null
    })
    this.#worker = worker
    return worker
  }

  #ask(worker: Worker, message: ToThread, transfer: ArrayBuffer[] = []): Promise<FromThread> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('The file made the analysis stop.'))
      const failed = (error: Error): void => reject(error)
      worker.once('exit', ended)
      worker.once('error', failed)
      worker.once('message', (answer: FromThread) => {
        worker.off('exit', ended)
        worker.off('error', failed)
        resolve(answer)
      })
      worker.postMessage(message, transfer)
    })
  }
}

/** As built, a thread is plain JavaScript. In development and tests the sources run as they are, by tsx. */
const openThread = (): Worker => {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./analysis-thread-main.js', import.meta.url))
  const source = JSON.stringify(new URL('./analysis-thread-main.ts', import.meta.url).href)
  const begin = `import('tsx/esm/api').then(({ register }) => { register(); return import(${source}) })`
  return new Worker(begin, { eval: true })
}
