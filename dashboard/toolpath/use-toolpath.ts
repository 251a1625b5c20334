// The toolpath of a file while it is being read, for React: a store that grows, and how far it is.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { FromWorker } from './messages.ts'
import { pointBudgetOf, readToolpath } from './read-toolpath.ts'
import { ToolpathStore } from './toolpath-store.ts'

export interface Reading {
  readonly store: ToolpathStore
  /** Rises with each piece of the file that has been read. */
  readonly version: number
  readonly state: 'reading' | 'done' | 'failed' | 'stopped'
  readonly readBytes: number
  /** What the server said, when `failed`; empty where the connection broke. */
  readonly message: string
  stop(): void
  again(): void
}

const open = () => ({
  store: new ToolpathStore(),
  version: 0,
  state: 'reading' as Reading['state'],
  readBytes: 0,
  message: '',
})

export const useToolpath = (url: string, sizeBytes: number): Reading => {
  const [now, setNow] = useState(open)
  const { store } = now
  const stopped = useRef(() => {})

  useEffect(() => {
    const hear = (message: FromWorker): void => {
      if (message.kind === 'failed') {
        setNow((before) => ({ ...before, state: 'failed', message: message.message }))
        return
      }
      if (message.kind === 'end') store.end(message.facts)
      else {
        store.addTemperatures(message.temperatures)
        for (const part of message.parts) store.add(part)
      }
      setNow((before) => ({
        ...before,
        version: before.version + 1,
        ...(message.kind === 'end'
          ? { state: 'done' as const, readBytes: sizeBytes }
          : { readBytes: message.readBytes }),
      }))
    }
    const stop = readToolpath({ url, sizeBytes, pointBudget: pointBudgetOf() }, hear)
    stopped.current = () => {
      stop()
      setNow((before) => (before.state === 'reading' ? { ...before, state: 'stopped' } : before))
    }
    return stop
  }, [url, sizeBytes, store])

  const stop = useCallback(() => stopped.current(), [])
  const again = useCallback(() => setNow(open()), [])
  return { ...now, stop, again }
}
