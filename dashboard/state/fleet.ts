// Printers as last heard: the stream of telemetry, kept outside of React so that one card redraws and not the page.
import { useSyncExternalStore } from 'react'
import { type Printer, type PrinterState, shownState, type Telemetry } from '../../server/contract/printers.ts'
import type { ConsoleBatch, ConsoleLine } from '../../server/contract/signals.ts'

/** After so long without news, what was said last is no longer so. */
const SILENCE_MS = 6000
const KEPT_LINES = 400

interface Heard {
  readonly telemetry: Telemetry
  readonly receivedAt: number
}

type Listener = () => void

const heard = new Map<number, Heard>()
const listeners = new Map<number, Set<Listener>>()
const streamListeners = new Set<(telemetry: Telemetry) => void>()

export const takeTelemetry = (telemetry: readonly Telemetry[]): void => {
  const receivedAt = Date.now()
  for (const one of telemetry) {
    heard.set(one.printerId, { telemetry: one, receivedAt })
    for (const listener of listeners.get(one.printerId) ?? []) listener()
    for (const listener of streamListeners) listener(one)
  }
}

/** A bridge that falls silent says nothing of it: so it is noticed here. */
setInterval(() => {
  const oldest = Date.now() - SILENCE_MS
  for (const [printerId, { receivedAt }] of heard) {
    if (receivedAt >= oldest) continue
    heard.delete(printerId)
    for (const listener of listeners.get(printerId) ?? []) listener()
  }
}, 1000)

const subscribe = (printerId: number, listener: Listener): (() => void) => {
  const set = listeners.get(printerId) ?? new Set()
  set.add(listener)
  listeners.set(printerId, set)
  return () => set.delete(listener)
}

/** Hears each telemetry of each printer as it comes. */
export const onTelemetry = (listener: (telemetry: Telemetry) => void): (() => void) => {
  streamListeners.add(listener)
  return () => streamListeners.delete(listener)
}

/** The newest telemetry of a printer: heard live, else as it was when the page asked. */
export const useTelemetry = (printer: Printer): Telemetry | null => {
  const live = useSyncExternalStore(
    (listener) => subscribe(printer.id, listener),
    () => heard.get(printer.id)?.telemetry ?? null,
  )
  return live ?? printer.telemetry
}

export const stateOf = (printer: Printer, telemetry: Telemetry | null): PrinterState =>
  shownState(telemetry?.state ?? 'offline', printer.bed)

/** The console that is looked at: at most one in a browser tab. */
export interface ConsoleLines {
  readonly lines: readonly (ConsoleLine & { readonly key: number })[]
  /** Lines that came too fast to be passed on. */
  readonly left: number
}

let shown: ConsoleLines = { lines: [], left: 0 }
let nextKey = 0
const consoleListeners = new Set<Listener>()

const show = (next: ConsoleLines): void => {
  shown = next
  for (const listener of consoleListeners) listener()
}

export const takeConsole = (batch: ConsoleBatch): void => {
  const fresh = batch.lines.map((line) => ({ ...line, key: nextKey++ }))
  show({ lines: [...shown.lines, ...fresh].slice(-KEPT_LINES), left: shown.left + batch.left })
}

export const emptyConsole = (): void => show({ lines: [], left: 0 })

export const useConsoleLines = (): ConsoleLines =>
  useSyncExternalStore(
    (listener) => {
      consoleListeners.add(listener)
      return () => consoleListeners.delete(listener)
    },
    () => shown,
  )
