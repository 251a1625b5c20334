// What benches share: rows of JSON, medians, and processes that are measured.
import { type ChildProcess, spawn } from 'node:child_process'
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

/** Processor seconds of this process while `work` runs, and what it returned. */
export const cpuOf = async <T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> => {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { result, seconds: (user + system) / 1e6 }
}
