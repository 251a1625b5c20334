// A Redis of its own for a test file, where redis-server is installed.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { isInstalled } from './left-out.ts'

export const hasRedis = isInstalled('redis-server', 'Redis')

/** Starts one that keeps nothing; returns its address. */
export const startRedis = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'auzolan-redis-'))
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--maxmemory-policy', 'noeviction'],
    { stdio: 'ignore' },
  )
  afterAll(() => {
    server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (open) return `redis://127.0.0.1:${port}`
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
