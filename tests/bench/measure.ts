// What benches share: rows of JSON, medians, and processes that are measured.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'

/** One row: a line of JSON on standard output. */
export const report = (row: Readonly<Record<string, string | number | boolean>>): void =>
  console.log(JSON.stringify(row))

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits))

/** Starts a program of this folder by tsx; resolves when it has said its first line. */
export const startBenchProgram = async (name: string, args: readonly string[]): Promise<ChildProcess> => {
  const path = fileURLToPath(new URL(name, import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve)
    child.once('exit', (code) => reject(new Error(`${name} ended (${code})`)))
  })
  return child
}

/** What else the machine does is not measured, where the system allows that: only root may. */
export const goBeforeOthers = (): void => {
  try {
    setPriority(-10)
  } catch {
    // Then rows say how long this process waited.
  }
}

/** Milliseconds that this process was ready to run and had to wait for a core; null where the system does not tell. */
export const waitedForCore = (): number | null => {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]) / 1e6
  } catch {
    return null
  }
}

/** Processor seconds of this process while `work` runs, and what it returned. */
export const cpuOf = async <T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> => {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { result, seconds: (user + system) / 1e6 }
}
