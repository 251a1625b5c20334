import sql from 'sql-template-tag'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askPrinter } from '../../server/contract/printer-commands.ts'
import { type CutDatabase, openCutDatabase } from '../support/cut-database.ts'
import { createDatabase } from '../support/database.ts'
import { type Farm, type FarmPrinter, openFarm } from '../support/farm.ts'
import { until } from '../support/session-rig.ts'

const moves = (count: number): string =>
  Array.from(
    { length: count },
    (_, n) => `G1 X${10 + (n % 100)} Y${20 + (n % 50)} E${(n * 0.01).toFixed(2)} F6000`,
  ).join('\n')

describe('prints while the database is away', async () => {
  const { db, connection } = await createDatabase()
  let way: CutDatabase
  let farm: Farm
  let first: FarmPrinter
  let second: FarmPrinter

  beforeAll(async () => {
    way = await openCutDatabase(String(connection.database))
    farm = await openFarm({ databaseUrl: way.url })
    first = await farm.addPrinter('first')
    second = await farm.addPrinter('second')
  }, 90_000)

  afterAll(async () => {
    await farm?.close()
    await way?.close()
  })

  const rowOf = (printerId: number) =>
    db.row<{ state: string; bytes: number; ended: boolean; bed: string }>(sql`
      SELECT state, accepted_bytes AS bytes, ended_at IS NOT NULL AS ended, bed FROM print
      JOIN printer ON printer.id = printer_id WHERE printer_id = ${printerId} ORDER BY print.id DESC LIMIT 1`)

  it('go on to their ends, and afterwards all that must be known of them is', async () => {
    const file = `G28\nG1 Z0.2 F600\n${moves(9000)}\nM117 the end`
    const job = await farm.queue('first.gcode', Buffer.from(`; first\n${file}\n`), first.id)
    const paused = `; second\nG28\nG1 Z0.2 F600\n${moves(6000)}\nM601\n${moves(300)}\nM117 the end\n`
    const other = await farm.queue('second.gcode', Buffer.from(paused), second.id)
    for (const { id } of [first, second]) {
      await farm.until(id, ({ telemetry }) => (telemetry?.linesSent ?? 0) > 200, 'it prints')
    }
    await way.cut()
    const before = await rowOf(first.id)
    expect(before).toMatchObject({ state: 'printing', ended: false })
    // The one comes to its end and the other to its pause, with nobody to tell it to.
    await until(() => first.printed().includes('M117 the end'), 'the first is printed', 60_000)
    await until(
      () => second.printed().filter((line) => line.startsWith('G1')).length > 6000,
      'the other pauses',
      60_000,
    )
    const length = second.printed().length
    expect(await rowOf(first.id)).toEqual(before)
    await way.mend()

    expect(await farm.untilJob(job, ['done'])).toBe('done')
    const ended = await rowOf(first.id)
    expect(ended).toMatchObject({ state: 'completed', ended: true, bed: 'occupied' })
    expect(ended?.bytes).toBe(Buffer.byteLength(`; first\n${file}\n`))
    await until(() => second.printed().length >= length, 'it waits')
    await farm.until(second.id, ({ telemetry }) => telemetry?.state === 'paused', 'it is seen to be paused')
    const row = async (): Promise<string | undefined> => (await rowOf(second.id))?.state
    const end = Date.now() + 10_000
    while ((await row()) !== 'paused' && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await row()).toBe('paused')
    expect(second.printed()).not.toContain('M117 the end')

    await farm.steward.call(askPrinter, { params: { id: second.id }, body: { kind: 'resume' } })
    expect(await farm.untilJob(other, ['done'])).toBe('done')
    expect(await rowOf(second.id)).toMatchObject({ state: 'completed', ended: true })
    // Each line once, in order, on both.
    expect(first.printed().filter((line) => /^G1 X.*E/.test(line))).toHaveLength(9000)
  }, 180_000)
})
