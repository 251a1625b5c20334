// Models as the server has read them, and what is made of them while somebody waits.
import { type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type ModelWork, showModelWork } from '../../server/contract/model-work.ts'
import { askModel, type Model, modelKindOf, showModel } from '../../server/contract/models.ts'
import { CallFailed, call } from '../api/call.ts'
import { type ArrivedMesh, fetchMesh } from '../api/mesh.ts'

const POLL_MS = 700

/** The model of a stored file; asked for where nobody did yet. Null hash: nothing is asked. */
export const useModel = (hash: string | null, name: string, mayAsk: boolean): UseQueryResult<Model, CallFailed> =>
  useQuery<Model, CallFailed>({
    queryKey: [showModel.url, hash],
    enabled: hash !== null,
    queryFn: async ({ signal }) => {
      const params = { hash: hash ?? '' }
      try {
        return await call(showModel, { params }, signal)
      } catch (error) {
        const isUnread = error instanceof CallFailed && error.code === 'model.missing'
        if (!isUnread || !mayAsk || modelKindOf(name) === null) throw error
        return call(askModel, { body: { hash: params.hash, name } }, signal)
      }
    },
    refetchInterval: ({ state }) => {
      const now = state.data?.state
      return now === 'waiting' || now === 'reading' ? POLL_MS : false
    },
  })

export type WorkResult = NonNullable<ModelWork['result']>

export interface Work {
  /** Asks; what was asked before by this is overtaken. */
  run(ask: () => Promise<ModelWork>): void
  stop(): void
  readonly isBusy: boolean
  readonly progress: number
  readonly reason: string | null
  readonly notes: ModelWork['notes']
}

const WORK_POLL_MS = 250

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

interface WorkState {
  readonly isBusy: boolean
  readonly progress: number
  readonly reason: string | null
  readonly notes: ModelWork['notes']
}

const idle: WorkState = { isBusy: false, progress: 0, reason: null, notes: [] }

/** Work at the server for which one waits here; only the newest answer counts. */
export const useWork = (done: (result: WorkResult) => void): Work => {
  const [state, setState] = useState<WorkState>(idle)
  const round = useRef(0)
  const take = useRef(done)
  take.current = done
  const stop = useCallback((): void => {
    round.current++
    setState((before) => ({ ...before, isBusy: false }))
  }, [])
  useEffect(
    () => () => {
      round.current++
    },
    [],
  )
  const run = useCallback((ask: () => Promise<ModelWork>): void => {
    const mine = ++round.current
    const isMine = (): boolean => mine === round.current
    setState({ ...idle, isBusy: true })
    const follow = async (): Promise<void> => {
      let work = await ask()
      while (isMine() && (work.state === 'waiting' || work.state === 'working')) {
        const { progress } = work
        setState((before) => ({ ...before, progress }))
        await pause(WORK_POLL_MS)
        if (isMine()) work = await call(showModelWork, { params: { id: work.id } })
      }
      if (!isMine() || work.state === 'overtaken') return
      setState({ isBusy: false, progress: 1, reason: work.reason, notes: work.notes })
      if (work.result !== null) take.current(work.result)
    }
    follow().catch((error: unknown) => {
      if (isMine()) setState({ ...idle, reason: error instanceof Error ? error.message : String(error) })
    })
  }, [])
  return { run, stop, ...state }
}

/** A word by which this page's next request overtakes its last. */
export const newEditor = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Meshes by hash, those that are there by now; and why one of them is not. */
export const useMeshes = (
  hashes: readonly string[],
): { readonly meshes: ReadonlyMap<string, ArrivedMesh>; readonly reason: string | null } => {
  const wanted = [...new Set(hashes)]
  return useQueries({
    queries: wanted.map((hash) => ({
      queryKey: ['mesh', hash],
      staleTime: Number.POSITIVE_INFINITY,
      structuralSharing: false,
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchMesh(hash, signal),
    })),
    combine: (results) => ({
      meshes: new Map(
        results.flatMap(({ data }, at) => (data === undefined ? [] : [[wanted[at] ?? '', data] as const])),
      ),
      reason: results.find(({ error }) => error !== null)?.error?.message ?? null,
    }),
  })
}
