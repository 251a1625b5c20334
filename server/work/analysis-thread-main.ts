// The inside of the analysis thread: bytes in, findings out.
import { parentPort } from 'node:worker_threads'
import { Analyser, readHeadAndTail, WarningCheck } from '../../gcode/index.ts'
import type { AnalysisRequest, Found, FromThread, ToThread } from './analysis-thread.ts'

interface Run {
  feed(bytes: Uint8Array): void
  end(): Found
}

const begin = ({ head, tail, sizeBytes, printers }: AnalysisRequest): Run => {
  const checks = printers.map(({ key, printer }) => ({ key, check: new WarningCheck(printer) }))
  const analyser = new Analyser({
    metadata: readHeadAndTail(head, tail, sizeBytes),
    checks: checks.map(({ check }) => check),
  })
  return {
    feed: (bytes) => analyser.feed(bytes),
    end: () => {
      const analysis = analyser.result()
      return { analysis, warnings: checks.map(({ key, check }) => ({ key, warnings: check.result() })) }
    },
  }
}

let run: Run | null = null
let failure: string | null = null

const take = (message: ToThread): FromThread => {
  try {
    if (message.kind === 'begin') run = begin(message.request)
    else if (message.kind === 'bytes' && failure === null) run?.feed(message.bytes)
    else if (message.kind === 'end' && failure === null && run !== null) return { kind: 'result', found: run.end() }
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  return failure === null ? { kind: 'taken' } : { kind: 'failed', reason: failure }
}

parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'begin') failure = null
  const answer = take(message)
  if (message.kind === 'end' || message.kind === 'drop') {
    run = null
    failure = null
  }
  if (message.kind !== 'drop') parentPort?.postMessage(answer)
})
