import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LateWrites } from '../../firmware-bridge/late-writes.ts'
import { DatabaseAway, DiskFull, isAway, mayPass } from '../../server/store/database.ts'

const HOUR_S = 3600

describe('what the database must know while it is away', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is kept for an hour, of each thing the newest, and written when it is back', async () => {
    let away: Error | null = new DatabaseAway('gone')
    const written: string[] = []
    const said: string[] = []
    const late = new LateWrites(mayPass, ({ message }) => said.push(message))
    late.start()
    let tries = 0
    const write = (text: string) => async () => {
      tries++
      if (away) throw away
      written.push(text)
    }
    // Fifty printers change their minds each second: that is no growing heap.
    for (let second = 0; second < HOUR_S; second++) {
      for (let printer = 0; printer < 50; printer++) late.put(`pause ${printer}`, write(`${printer} at ${second}`))
      if (second === 10) late.put('bed 7', write('bed 7'))
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(late.count).toBe(51)
    expect(said).toHaveLength(1)
    expect(tries).toBeGreaterThan(HOUR_S / 2)
    away = null
    await vi.advanceTimersByTimeAsync(1000)
    expect(late.count).toBe(0)
    expect(written).toHaveLength(51)
    expect(written).toContain('bed 7')
    expect(written).toContain(`49 at ${HOUR_S - 1}`)
    await late.stop()
  })

  it('waits for room as well, and what is refused for good holds up nothing', async () => {
    const said: string[] = []
    const written: string[] = []
    const late = new LateWrites(mayPass, ({ message }) => said.push(message))
    let full = true
    late.put('one', async () => {
      if (full) throw new DiskFull('53100')
      written.push('one')
    })
    late.put('bad', async () => {
      throw new Error('no such column')
    })
    late.put('two', async () => void written.push('two'))
    await late.write()
    expect(written).toEqual([])
    full = false
    await late.write()
    expect(written).toEqual(['one', 'two'])
    expect(said).toEqual(['The disk of the database is full.', 'no such column'])
    expect(late.count).toBe(0)
  })
})

describe('whether the database is away', () => {
  it.each(['ECONNREFUSED', 'ENETUNREACH', 'EHOSTDOWN', 'ECONNABORTED', 'ETIMEDOUT', 'EAI_AGAIN', '57P03', '57P05'])(
    '%s says so',
    (code) => {
      expect(isAway(Object.assign(new Error('connect'), { code }))).toBe(true)
    },
  )

  it('a deadlock passes, a wrong statement does not', () => {
    expect(mayPass(Object.assign(new Error('deadlock detected'), { code: '40P01' }))).toBe(true)
    expect(mayPass(Object.assign(new Error('syntax error'), { code: '42601' }))).toBe(false)
  })
})
