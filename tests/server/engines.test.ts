import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import type { EngineFailed, EngineTask } from '../../server/engines/engine.ts'
import { runEngine } from '../../server/engines/run-engine.ts'

const run = (script: string, more: Partial<EngineTask> = {}) =>
  runEngine({
    engine: { program: '/bin/sh' },
    args: ['-c', script],
    files: new Map(),
    outputs: ['out'],
    seconds: 10,
    megabytes: 400,
    ...more,
  })

const failureOf = async (work: Promise<unknown>): Promise<EngineFailed> => {
  try {
    await work
  } catch (error) {
    return error as EngineFailed
  }
  throw new Error('It did not fail.')
}

const isRoot = process.getuid?.() === 0
const canUnshare = spawnSync('unshare', ['--net', 'true']).status === 0

describe('an engine', () => {
  it('begins in a folder with its files and nothing else, and its results come back', async () => {
    const files = new Map([['a/b.txt', Buffer.from('hello')]])
    const { files: written, stdout } = await run('ls; cat a/b.txt > out', { files })
    expect(stdout).toBe('a\n')
    expect(written.get('out')?.toString()).toBe('hello')
  })

  it('sees nothing of the environment of the server', async () => {
    process.env['SECRET_OF_TEST'] = 'secret'
    const { stdout } = await run('env')
    expect(stdout).not.toContain('SECRET_OF_TEST')
    expect(
      stdout.split('\n').filter((line) => line !== '' && !/^(PATH|HOME|TMPDIR|LC_ALL|TZ|PWD|_)=/.test(line)),
    ).toEqual([])
  })

  it.runIf(isRoot)('is nobody, where the server is root', async () => {
    const { stdout } = await run('id -u; id -G')
    const [user, groups] = stdout.trim().split('\n')
    expect(Number(user)).toBeGreaterThan(1000)
    expect(groups).toBe(user)
  })

  it.runIf(canUnshare)('reaches no network', async () => {
    const { stdout } = await run('tail -n +3 /proc/net/dev | cut -d: -f1')
    expect(stdout.trim()).toBe('lo')
  })

  it('is stopped with all that it started when its time is over', async () => {
    const failure = await failureOf(run('sleep 60 & echo $! > out; wait', { seconds: 0.5 }))
    expect(failure.kind).toBe('time')
    expect(failure.message).toBe('It was not done after 0.5 seconds, and was stopped.')
  })

  it('is stopped when it is cancelled, also while it waits for its turn', async () => {
    const stop = new AbortController()
    const works = Array.from({ length: 5 }, () => failureOf(run('sleep 60', { signal: stop.signal })))
    stop.abort()
    for (const failure of await Promise.all(works)) expect(failure.kind).toBe('cancelled')
  })

  it('is stopped when it writes more than it may', async () => {
    const failure = await failureOf(run('head -c 30000000 /dev/zero > out', { outputMegabytes: 10 }))
    expect(['output', 'crashed']).toContain(failure.kind)
  })

  it('cannot show a file that it may not read by a link', async () => {
    const { files } = await run('ln -s /etc/passwd out')
    expect(files.has('out')).toBe(false)
  })

  it('tells how far it has come', async () => {
    const heard: number[] = []
    await run('echo 25%; echo nothing; echo 75%', {
      progressIn: (line) => (/^(\d+)%$/.test(line) ? Number(line.slice(0, -1)) / 100 : null),
      onProgress: (fraction) => heard.push(fraction),
    })
    expect(heard).toEqual([0.25, 0.75])
  })

  it('is refused a file beside its folder', async () => {
    const failure = await failureOf(run('true', { files: new Map([['../beside', Buffer.from('x')]]) }))
    expect(failure.kind).toBe('input')
  })

  it('leaves no folder behind', async () => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('auzolan-engine-')).length
    const before = folders()
    await run('touch left')
    await failureOf(run('exit 3'))
    expect(folders()).toBeLessThanOrEqual(before)
  })
})
