// The inside of the analysis thread: bytes in, findings out.
import { parentPort } from 'node:worker_threads'
import { Analyser } from '../../gcode/index.ts'
import type { FromThread, ToThread } from './analysis-thread.ts'

let analyser: Analyser | null = null
let failure: string | null = null

const take = (message: ToThread): FromThread => {
  try {
    if (message.kind === 'bytes') {
      analyser ??= new Analyser()
      if (failure === null) analyser.feed(message.bytes)
      return { kind: 'taken' }
    }
    if (message.kind === 'end' && failure === null)
      return { kind: 'result', analysis: (analyser ?? new Analyser()).result() }
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  return failure === null ? { kind: 'taken' } : { kind: 'failed', reason: failure }
}

parentPort?.on('message', (message: ToThread) => {
  const answer = take(message)
  if (message.kind !== 'bytes') {
    analyser = null
    failure = null
  }
  if (message.kind !== 'drop') parentPort?.postMessage(answer)
})
