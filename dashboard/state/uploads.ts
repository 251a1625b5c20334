// Files on their way to the server: they go on while one looks at other pages.
import { useSyncExternalStore } from 'react'
import type { GcodeFile } from '../../server/contract/files.ts'
import { type Taken, type Upload, upload } from '../api/upload.ts'
import { queries } from './use-endpoint.ts'

/** One file on its way. */
export interface Sending {
  readonly key: number
  readonly name: string
  readonly sizeBytes: number
  readonly sentBytes: number
  readonly state: 'sending' | 'done' | 'failed'
  /** Why it failed. */
  readonly reason: string | null
}

let sendings: readonly Sending[] = []
let nextKey = 0
const running = new Map<number, Upload>()
const listeners = new Set<() => void>()
const DONE_SHOWN_MS = 6000

const set = (next: readonly Sending[]): void => {
  sendings = next
  for (const listener of listeners) listener()
}

const change = (key: number, changed: Partial<Sending>): void =>
  set(sendings.map((one) => (one.key === key ? { ...one, ...changed } : one)))

/** Sends one after the other; `arrived` is told of each that the server has taken. */
export const sendFiles = async (
  files: readonly File[],
  arrived: (file: GcodeFile) => void = () => {},
): Promise<void> => {
  const queued = files.map((file) => ({ file, key: nextKey++ }))
  const rows = queued.map(
    ({ file, key }): Sending => ({
      key,
      name: file.name,
      sizeBytes: file.size,
      sentBytes: 0,
      state: 'sending',
      reason: null,
    }),
  )
  set([...sendings, ...rows])
  for (const { file, key } of queued) {
    if (!sendings.some((one) => one.key === key)) continue
    try {
      const taken = await sendPlates(file, key, arrived)
      change(key, { state: 'done', sentBytes: file.size })
      setTimeout(() => dismiss(key), DONE_SHOWN_MS)
      arrived(taken)
    } catch (error) {
      change(key, { state: 'failed', reason: error instanceof Error ? error.message : String(error) })
    }
    running.delete(key)
    queries.invalidateQueries({ queryKey: ['/api/files'] }).catch(() => {})
  }
}

/** An archive holds several plates: each becomes a file of its own. Resolves with the last of them. */
const sendPlates = async (file: File, key: number, arrived: (file: GcodeFile) => void): Promise<GcodeFile> => {
  const send = (plate?: number): Promise<Taken> => {
    const sending = upload(file, plate, (sentBytes) => change(key, { sentBytes }))
    running.set(key, sending)
    return sending.done
  }
  let taken = await send()
  for (const plate of taken.plates.slice(1)) {
    arrived(taken)
    taken = await send(plate)
  }
  return taken
}

/** Cancels one that is on its way, or takes an ended one off the list. */
export const dismiss = (key: number): void => {
  running.get(key)?.cancel()
  set(sendings.filter((one) => one.key !== key))
}

export const useSendings = (): readonly Sending[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => sendings,
  )
