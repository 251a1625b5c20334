// Which part of the toolpath is shown: chosen by hand, by playing it, or by following a print.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Reach } from './look.ts'
import { playFrom, stepFrom } from './playback.ts'
import type { Place, ToolpathStore } from './toolpath-store.ts'

export interface ReachControl {
  /** Null before the first layer has come. */
  readonly reach: Reach | null
  /** Counted from 0. */
  readonly layer: number
  /** Moves of the last layer that is shown, and how many of them are. */
  readonly moves: number
  readonly move: number
  readonly playing: boolean
  readonly following: boolean
  readonly speed: number
  setLayers(from: number, to: number): void
  setMove(move: number): void
  step(moves: number): void
  play(on: boolean): void
  setSpeed(speed: number): void
  follow(on: boolean): void
}

/** What a person has chosen; `to` null: everything there is, also of what is still being read. */
interface Chosen {
  readonly fromLayer: number
  readonly to: Place | null
}

export const useReach = (store: ToolpathStore, version: number, printed: Place | null): ReachControl => {
  const [chosen, setChosen] = useState<Chosen>({ fromLayer: 0, to: null })
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(60)
  const [follows, setFollows] = useState(true)
  const following = follows && printed !== null

  // biome-ignore lint/correctness/useExhaustiveDependencies: the store grows in place, and `version` says so
  const reach = useMemo((): Reach | null => {
    if (store.parts.length === 0) return null
    const to = following ? printed : (chosen.to ?? store.endOf(store.layerCount - 1))
    return { fromLayer: chosen.fromLayer, to }
  }, [store, version, chosen, following, printed])

  const latest = useRef(reach)
  latest.current = reach
  const go = useCallback((fromLayer: number, to: Place | null) => {
    setFollows(false)
    setChosen({ fromLayer, to })
  }, [])

  useEffect(() => {
    if (!playing) return
    let frame = 0
    let before = performance.now()
    const next = (now: number): void => {
      frame = requestAnimationFrame(next)
      const at = latest.current
      if (at === null) return
      const to = playFrom(store, at.to, (Math.min(200, now - before) / 1000) * speed)
      before = now
      if (to === null) setPlaying(false)
      else setChosen((last) => ({ ...last, to }))
    }
    frame = requestAnimationFrame(next)
    return () => cancelAnimationFrame(frame)
  }, [playing, speed, store])

  const layer = reach === null ? 0 : (store.layers[reach.to.part]?.index ?? 0)
  const { moves, move } = movesOf(store, reach, layer)
  return {
    reach,
    layer,
    moves,
    move,
    playing,
    following,
    speed,
    setSpeed,
    follow: setFollows,
    setLayers: (from, to) => {
      const fromLayer = Math.max(0, Math.min(from, to, store.layerCount - 1))
      const last = Math.max(0, Math.min(to, store.layerCount - 1))
      go(fromLayer, last === store.layerCount - 1 && store.facts === null ? null : store.endOf(last))
    },
    setMove: (wanted) => go(chosen.fromLayer, placeInLayer(store, layer, wanted)),
    step: (moves) => {
      if (reach !== null) go(chosen.fromLayer, stepFrom(store, reach.to, moves))
    },
    play: (on) => {
      if (on && reach !== null) {
        // From the end it begins anew.
        const atEnd = stepFrom(store, reach.to, 1)
        const ended = atEnd.part === reach.to.part && atEnd.point === reach.to.point
        go(chosen.fromLayer, ended ? { part: store.layerParts[chosen.fromLayer] ?? 0, point: 0 } : reach.to)
      }
      setPlaying(on)
    },
  }
}

/** A layer may come in several parts: its moves are counted through. */
const movesOf = (store: ToolpathStore, reach: Reach | null, layer: number): { moves: number; move: number } => {
  if (reach === null) return { moves: 0, move: 0 }
  let moves = 0
  let move = 0
  for (let part = store.layerParts[layer] ?? 0; part <= store.lastPartOf(layer); part++) {
    if (part === reach.to.part) move = moves + reach.to.point
    moves += (store.layers[part]?.points ?? 1) - 1
  }
  return { moves, move }
}

const placeInLayer = (store: ToolpathStore, layer: number, move: number): Place => {
  let left = move
  let part = store.layerParts[layer] ?? 0
  for (; part < store.lastPartOf(layer); part++) {
    const points = (store.layers[part]?.points ?? 1) - 1
    if (left <= points) break
    left -= points
  }
  return { part, point: Math.max(0, Math.min(left, (store.layers[part]?.points ?? 1) - 1)) }
}
