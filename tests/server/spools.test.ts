import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { queueJob, showJob } from '../../server/contract/jobs.ts'
import {
  addFilament,
  addSpool,
  changeSpool,
  type FilamentShape,
  listLoaded,
  listSpools,
  listSpoolUses,
  loadSpool,
  removeFilament,
  retireSpool,
  showSpool,
  weighSpool,
} from '../../server/contract/spools.ts'
import { gramsByTool, gramsOfLength, lengthsTaken, partOfFile, spoolShortage } from '../../server/domain/filament.ts'
import { usesSince } from '../../server/domain/spool-use.ts'
import { followPrints } from '../../server/work/follow-prints.ts'
import { gcodeTaking, openRig } from '../support/rig.ts'
import { refusalOf } from '../support/workshop.ts'

const pla = { diameter: 1.75, density: 1.24 }
const course = { bytes: [0, 1000, 2000], seconds: [0, 0, 100] }

describe('filament', () => {
  it('weighs what its cylinder does: a metre of 1.75 mm PLA 2.98 g', () => {
    expect(gramsOfLength(1000, pla)).toBeCloseTo(2.9825, 3)
  })

  it('is counted by the motion that was done, not by the bytes before it', () => {
    const file = { course, sizeBytes: 2000 }
    expect(partOfFile(file, 0, 1000)).toBe(0)
    expect(partOfFile(file, 0, 1500)).toBe(0.5)
    expect(partOfFile(file, 1500, 2000)).toBe(0.5)
    expect(partOfFile({ course: null, sizeBytes: 2000 }, 0, 500)).toBe(0.25)
    expect(partOfFile({ course: null, sizeBytes: 0 }, 0, 500)).toBe(0)
  })

  it('of a print that went on with another counts from where it went on', () => {
    const file = { filament: [400, 0, 80], course, sizeBytes: 2000 }
    expect(lengthsTaken(file, { fromByte: 1500, acceptedBytes: 2000, completed: true })).toEqual([200, 0, 40])
    expect(lengthsTaken(file, { fromByte: 0, acceptedBytes: 10, completed: true })).toEqual([400, 0, 80])
  })

  it('comes off the spools that are loaded, less what came off before', () => {
    const run = { filament: [1000, 500], course, sizeBytes: 2000, fromByte: 0, acceptedBytes: 1500, completed: false }
    const uses = usesSince(run, new Map([[0, 100]]), [{ tool: 0, spoolId: 7, gramsLeft: 9, ...pla }])
    expect(uses).toEqual([
      { tool: 0, spoolId: 7, length: 400, grams: gramsOfLength(400, pla) },
      { tool: 1, spoolId: null, length: 250, grams: gramsOfLength(250, pla) },
    ])
  })

  it('is told by tool, with the slicer’s own sum where it says one', () => {
    expect(gramsByTool({ filament: [1000, 3000], filamentGrams: 8 })).toEqual([2, 6])
    expect(gramsByTool({ filament: [1000], filamentGrams: null })[0]).toBeCloseTo(2.9825, 3)
    expect(gramsByTool({ filament: [], filamentGrams: null })).toEqual([])
  })

  it('is short where less is loaded than is needed; of what nobody knows nothing is said', () => {
    const loaded = [
      { tool: 0, spoolId: 1, gramsLeft: 2, ...pla },
      { tool: 1, spoolId: 2, gramsLeft: 900, ...pla },
    ]
    expect(spoolShortage([1000, 1000, 1000], loaded)).toEqual([
      { tool: 0, spoolId: 1, neededGrams: gramsOfLength(1000, pla), leftGrams: 2 },
    ])
  })
})

const shape: FilamentShape = {
  vendor: 'Hari',
  material: 'PLA',
  colourName: 'Slate',
  colour: '#44504c',
  density: 1.24,
  diameter: 1.75,
  nozzleTemperature: 210,
  bedTemperature: 60,
  pricePerKg: 22.5,
}

describe('spools', async () => {
  const { steward, join, add, db, upload, startAll, end, makeReady } = await openRig()
  const left = await add('Left')
  const kepa = await join('Kepa', 'operator')
  const ane = await join('Ane', 'member')
  const filament = await kepa.call(addFilament, { body: shape })
  const newSpool = (gramsLeft = 1000) =>
    kepa.call(addSpool, {
      body: {
        filamentId: filament.id,
        fullGrams: 1000,
        emptyGrams: 240,
        gramsLeft,
        lot: 'L7',
        location: 'Shelf 2',
        openedAt: null,
      },
    })
  const load = (spoolId: number | null, tool = 0, printerId = left) =>
    kepa.call(loadSpool, { params: { printerId, tool }, body: { spoolId } })
  const left_ = async (id: number): Promise<number> => (await ane.call(showSpool, { params: { id } })).gramsLeft
  const queue = async (name: string, millimetres: number): Promise<{ job: number; sizeBytes: number }> => {
    const file = await upload(ane, name, gcodeTaking(name, millimetres))
    return { job: (await ane.call(queueJob, { body: { fileId: file.id } })).id, sizeBytes: file.sizeBytes }
  }

  it('are added, loaded and weighed by who runs the machines', async () => {
    const spool = await newSpool()
    expect(spool).toMatchObject({ gramsLeft: 1000, filament: { vendor: 'Hari', colour: '#44504c' }, printerName: null })
    const member = ane.call(loadSpool, { params: { printerId: left, tool: 0 }, body: { spoolId: spool.id } })
    expect(await refusalOf(member)).toMatchObject({ status: 403 })
    expect(await load(spool.id)).toMatchObject([{ tool: 0, spool: { id: spool.id, printerName: 'Left' } }])
    const weigh = (body: { gross: number } | { net: number }) =>
      kepa.call(weighSpool, { params: { id: spool.id }, body })
    expect(await weigh({ gross: 740 })).toMatchObject({ gramsLeft: 500, weighedAt: expect.any(String) })
    expect(await refusalOf(weigh({ gross: 100 }))).toMatchObject({ code: 'spool.lighter' })
    expect(await weigh({ net: 1000 })).toMatchObject({ gramsLeft: 1000 })
    expect(await refusalOf(weigh({ net: -5 }))).toMatchObject({ status: 400 })
    await kepa.call(changeSpool, { params: { id: spool.id }, body: { emptyGrams: null } })
    expect(await refusalOf(weigh({ gross: 500 }))).toMatchObject({ code: 'spool.no-tare' })
    expect(await refusalOf(kepa.call(removeFilament, { params: { id: filament.id } }))).toMatchObject({
      code: 'filament.in-use',
    })
  })

  it('are in one place at a time', async () => {
    const spool = await newSpool()
    await load(spool.id, 1)
    await load(spool.id, 2)
    const loaded = await ane.call(listLoaded, {})
    expect(loaded.filter((one) => one.spool.id === spool.id).map(({ tool }) => tool)).toEqual([2])
    await load(null, 2)
    expect((await ane.call(listSpools, { query: {} })).find(({ id }) => id === spool.id)).toMatchObject({
      printerId: null,
    })
  })

  it('lose what a complete print took, once, however often it is looked at', async () => {
    const spool = await newSpool(500)
    await load(spool.id)
    const { sizeBytes } = await queue('whole', 10_000)
    const [print] = await startAll()
    await end(print?.id as number, 'completed', sizeBytes)
    await Promise.all([followPrints(db), followPrints(db), followPrints(db)])
    expect(await left_(spool.id)).toBeCloseTo(500 - gramsOfLength(10_000, pla), 1)
    expect(await ane.call(listSpoolUses, { params: { id: spool.id } })).toMatchObject([
      { fileName: 'whole.gcode', printerName: 'Left', state: 'completed', grams: expect.closeTo(29.8, 0) },
    ])
  })

  it.each(['failed', 'cancelled', 'interrupted'] as const)('lose the part that a print took that %s', async (state) => {
    const spool = await newSpool(500)
    await load(spool.id)
    await makeReady(left)
    const { sizeBytes } = await queue(`half ${state}`, 10_000)
    const [print] = await startAll()
    await end(print?.id as number, state, Math.round(sizeBytes / 2))
    const taken = 500 - (await left_(spool.id))
    expect(taken).toBeGreaterThan(10)
    expect(taken).toBeLessThan(20)
  })

  it('that are changed in the middle of a print each lose their part', async () => {
    const [one, other] = [await newSpool(500), await newSpool(500)]
    await load(one.id)
    await makeReady(left)
    const { sizeBytes } = await queue('long', 10_000)
    const [print] = await startAll()
    await db.run(sql`UPDATE print SET accepted_bytes = ${Math.round(sizeBytes * 0.75)} WHERE id = ${print?.id}`)
    await load(other.id)
    await end(print?.id as number, 'completed', sizeBytes)
    const [first, second] = [500 - (await left_(one.id)), 500 - (await left_(other.id))]
    expect(first + second).toBeCloseTo(gramsOfLength(10_000, pla), 1)
    expect(first).toBeGreaterThan(second)
    expect(second).toBeGreaterThan(3)
  })

  it('that hold too little are named before the job starts', async () => {
    await load((await newSpool(20)).id)
    const { job } = await queue('large', 10_000)
    expect((await ane.call(showJob, { params: { id: job } })).shortages).toMatchObject([
      { printerName: 'Left', tool: 0, leftGrams: 20, neededGrams: expect.closeTo(29.8, 0) },
    ])
  })

  it('that are put away leave their printer and are not loaded again', async () => {
    const spool = await newSpool()
    await load(spool.id, 3)
    expect(await kepa.call(retireSpool, { params: { id: spool.id }, body: { retired: true } })).toMatchObject({
      printerId: null,
    })
    expect(await refusalOf(load(spool.id, 3))).toMatchObject({ code: 'spool.retired' })
    expect((await ane.call(listSpools, { query: { retired: true } })).map(({ id }) => id)).toEqual([spool.id])
    await kepa.call(retireSpool, { params: { id: spool.id }, body: { retired: false } })
    expect(await load(spool.id, 3)).toHaveLength(2)
    expect(await refusalOf(load(999_999))).toMatchObject({ status: 404 })
    expect(await refusalOf(load(spool.id, 99))).toMatchObject({ status: 400 })
    expect(await refusalOf(steward.call(showSpool, { params: { id: 999 } }))).toMatchObject({ code: 'spool.missing' })
  })
}, 60_000)
