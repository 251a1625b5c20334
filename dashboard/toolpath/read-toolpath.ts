// Starts the worker that reads a file, and stops it.
import type { FromWorker, ReadRequest } from './messages.ts'

/** Points that this browser's memory bears: 20 bytes each in the page and as many on the graphics card. */
export const pointBudgetOf = (): number => {
  const gigabytes = (navigator as { deviceMemory?: number }).deviceMemory ?? 4
  if (gigabytes >= 4) return 3_000_000
  return gigabytes >= 1 ? 1_200_000 : 400_000
}

/** Returns how to stop it; after that nothing is heard any more. */
export const readToolpath = (request: ReadRequest, hear: (message: FromWorker) => void): (() => void) => {
  const worker = new Worker(new URL('./toolpath-worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    hear(data)
    // What it has kept is given back.
    if (data.kind !== 'parts') worker.terminate()
  }
  worker.onerror = () => hear({ kind: 'failed', status: 0, message: '' })
  worker.postMessage(request)
  return () => {
    worker.onmessage = null
    worker.onerror = null
    worker.terminate()
  }
}
