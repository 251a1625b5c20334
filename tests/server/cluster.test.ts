import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sql from 'sql-template-tag'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPool, untilAnswers } from '../../server/store/database.ts'
import { type Cluster, startCluster } from '../../server/store/postgres/cluster.ts'
import { closedFolder } from '../../server/store/postgres/unprivileged.ts'

describe('the embedded database', () => {
  let folder = ''
  let said: string[] = []
  let cluster: Cluster | null = null

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'auzolan-cluster-'))
    chmodSync(folder, 0o755)
    said = []
  })
  afterEach(async () => {
    await cluster?.stop()
    cluster = null
    rmSync(folder, { recursive: true, force: true })
  })

  const start = async (durable = false): Promise<Cluster> => {
    const config = { dataFolder: folder, runtimeFolder: folder }
    cluster = await startCluster({ config, say: (text) => said.push(text), durable })
    return cluster
  }
  const ask = async <T extends object>(
    statement: Parameters<ReturnType<typeof openPool>['row']>[0],
  ): Promise<T | null> => {
    const db = openPool({ host: (cluster as Cluster).socketFolder, user: 'postgres', database: 'postgres' }, 1)
    try {
      await untilAnswers(db, () => {})
      return await db.row<T>(statement)
    } finally {
      await db.close()
    }
  }
  const pidFile = (): string => join(folder, 'postgres', 'postmaster.pid')
  const pid = (): number => Number(readFileSync(pidFile(), 'utf8').split('\n')[0])

  it('is made once, answers on its socket only, and is gone when it is stopped', async () => {
    await start()
    expect(await ask(sql`SELECT current_setting('listen_addresses') AS addresses`)).toEqual({ addresses: '' })
    await cluster?.stop()
    expect(existsSync(pidFile())).toBe(false)
    await start()
    expect(said.filter((text) => text.includes('Making the database'))).toHaveLength(1)
  })

  it('is taken over when its keeper was killed', async () => {
    const program = `
      import { startCluster } from ${JSON.stringify(fileURLToPath(new URL('../../dist/server/store/postgres/cluster.js', import.meta.url)))}
      const config = { dataFolder: ${JSON.stringify(folder)}, runtimeFolder: ${JSON.stringify(folder)} }
      await startCluster({ config, say: () => {}, durable: false })
      console.log('up')
      setInterval(() => {}, 1000)`
    const keeper = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise((resolve) => keeper.stdout.once('data', resolve))
    const before = pid()
    keeper.kill('SIGKILL')
    await start()
    expect(pid()).toBe(before)
    expect(said.join()).toContain('it is taken over')
    expect(await ask(sql`SELECT 1 AS one`)).toEqual({ one: 1 })
  })

  it('comes back by itself when it is killed, with all that was committed', async () => {
    await start(true)
    await ask(sql`CREATE TABLE kept AS SELECT 42 AS answer`)
    const before = pid()
    process.kill(before, 'SIGKILL')
    await expect.poll(() => (existsSync(pidFile()) ? pid() : before), { timeout: 15_000 }).not.toBe(before)
    expect(await ask(sql`SELECT answer FROM kept`)).toEqual({ answer: 42 })
  })

  it('is not kept from starting by a stale file that names a living process', async () => {
    await start()
    await cluster?.stop()
    writeFileSync(pidFile(), `${process.pid}\n${join(folder, 'postgres')}\n1\n5432\n${folder}\n\n1 1\nready\n`)
    await start()
    expect(pid()).not.toBe(process.pid)
    expect(await ask(sql`SELECT 1 AS one`)).toEqual({ one: 1 })
  })

  it('is made anew when the first making was cut off', async () => {
    mkdirSync(join(folder, 'postgres.new', 'base'), { recursive: true })
    await start()
    expect(await ask(sql`SELECT 1 AS one`)).toEqual({ one: 1 })
  })

  it('does not touch data of another version', async () => {
    mkdirSync(join(folder, 'postgres'), { recursive: true })
    writeFileSync(join(folder, 'postgres', 'PG_VERSION'), '17\n')
    await expect(start()).rejects.toThrow('was written by PostgreSQL 17, and this program brings 18')
  })

  it('has its programs where its user can reach them', () => {
    const closed = join(folder, 'closed')
    mkdirSync(join(closed, 'inside'), { recursive: true })
    chmodSync(closed, 0o700)
    const stranger = { uid: 65_534, gid: 65_534 }
    expect(closedFolder(join(closed, 'inside', 'postgres'), stranger)).toBe(closed)
    chmodSync(closed, 0o755)
    expect(closedFolder(join(closed, 'inside', 'postgres'), stranger)).toBeNull()
  })
})
