import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { makeKey } from '../../../server/contract/account.ts'
import { changeJobSettings } from '../../../server/contract/approvals.ts'
import {
  type Design,
  designFileUrl,
  publishAdaptation,
  searchDesigns,
  showDesign,
  takeGcode,
} from '../../../server/contract/commons.ts'
import { queueJob, repeatJob, showJob } from '../../../server/contract/jobs.ts'
import { decideApproval, withdrawApproval } from '../../../server/contract/licences.ts'
import { forgetDerived, keepDerived, listDerived, showLineage } from '../../../server/contract/lineage.ts'
import { recordMake } from '../../../server/contract/makes.ts'
import { askPlate, askRender, type ModelWork, showModelWork } from '../../../server/contract/model-work.ts'
import { modelPictureUrl } from '../../../server/contract/models.ts'
import { listNotices } from '../../../server/contract/notices.ts'
import { addPrinter, type PrinterProfile } from '../../../server/contract/printers.ts'
import { queueSlice, requestSlice, type Slice, type SliceRequest, showSlice } from '../../../server/contract/slicing.ts'
import { sweepBlobs } from '../../../server/store/blobs.ts'
import { sweepWork } from '../../../server/store/model-work.ts'
import { sweepModels } from '../../../server/store/models.ts'
import { AnalysisThread } from '../../../server/work/analysis-thread.ts'
import { Slicing } from '../../../server/work/slicing.ts'
import { fetchBytes, okh, uploadDesign } from '../../support/commons.ts'
import { boxStl, plateScad, readyGcode, workOff } from '../../support/shapes.ts'
import { openWorkshop, type Person, refusalOf } from '../../support/workshop.ts'

const workshop = await openWorkshop()
const { db, steward, join } = workshop
const ana = await join('Ana', 'member')
const berta = await join('Berta', 'member')
const thread = new AnalysisThread()
const slicing = new Slicing(db, thread)

const profile: PrinterProfile = {
  shape: 'rectangular',
  width: 220,
  depth: 220,
  height: 250,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 260,
  maxBedTemperature: 100,
  dialect: 'marlin-2',
}
const add = (name: string, tags: string[] = [], changes: Partial<PrinterProfile> = {}) =>
  steward.call(addPrinter, {
    body: { name, bridge: 'b', address: `/dev/tty${name}`, baudRate: 0, profile: { ...profile, ...changes }, tags },
  })
const large = await add('Large', ['hall'])
const tiny = await add('Tiny', [], { width: 15, depth: 15, height: 15 })

const folder = (name: string, license: string, stl: Buffer) => ({
  'okh.toml': okh({ name, license, licensor: 'Jane Doe', function: 'Carries something.' }),
  'part.stl': stl,
})
const show = (id: number): Promise<Design> => ana.call(showDesign, { params: { id }, query: {} })
const bring = async (name: string, license: string, stl: Buffer, more: Record<string, string | Buffer> = {}) => {
  const id = await uploadDesign(workshop, ana, { ...folder(name, license, stl), ...more })
  await workOff(db)
  return show(id)
}
const fileOf = (design: Design, path: string) => {
  const file = design.files.find((one) => one.path === path)
  if (file === undefined) throw new Error(`${design.name} has no ${path}.`)
  return file
}
const done = async (person: Person, work: ModelWork): Promise<ModelWork> => {
  await workOff(db)
  return person.call(showModelWork, { params: { id: work.id } })
}
const wish = (hash: string, more: Partial<SliceRequest> = {}): SliceRequest => ({
  parts: [{ hash, name: 'part.stl' }],
  printerId: large.id,
  material: 'pla',
  quality: 'draft',
  choices: { infill: null, supports: 'off', brim: false },
  ...more,
})
const sliced = async (person: Person, body: SliceRequest): Promise<Slice> => {
  const { id } = await person.call(requestSlice, { body })
  await slicing.slice(id)
  return person.call(showSlice, { params: { id } })
}
const walk = (person: Person, kind: 'derived' | 'print' | 'gcode-file' | 'design-file', id: number | null) =>
  person.call(showLineage, { params: { kind, id: id ?? 0 } })
const plateOf = (hash: string) => ({
  objects: [{ hash, copies: 2, scale: [1, 1, 1], rotation: [0, 0, 0, 1], layOn: null, position: null }],
  bed: { width: 200, depth: 200, height: 200, round: false },
  clearance: 5,
  mayTurn: false,
})

describe('a design that has come', async () => {
  const design = await bring('Plate', 'CC-BY-SA-4.0', boxStl(20, 20, 4), {
    'plate.scad': plateScad,
    'broken.scad': 'module only() { cube(3); }\n',
    'ready.gcode': readyGcode,
  })

  it('has its shapes read and its scripts drawn, with pictures, facts and reasons', async () => {
    expect(fileOf(design, 'part.stl')).toMatchObject({
      model: { state: 'ready', hasThumbnail: true, triangles: 12, watertight: true, repair: 'needless', reason: null },
      size: { x: 20, y: 20, z: 4 },
      tree: null,
    })
    const script = fileOf(design, 'plate.scad')
    expect(script).toMatchObject({
      model: { state: 'ready', hasThumbnail: true, watertight: true },
      size: { x: 12, z: 4 },
    })
    expect(script.tree).toMatch(/^[0-9a-f]{64}$/)
    expect(fileOf(design, 'broken.scad').model).toMatchObject({ state: 'failed', reason: expect.stringMatching(/\w/) })
    expect(fileOf(design, 'ready.gcode').model).toBeNull()
    const picture = await fetchBytes(ana, modelPictureUrl(script.model?.hash ?? '', 256))
    expect(picture.bytes.subarray(1, 4).toString()).toBe('PNG')
    expect(design.thumbnailHash).toBe(fileOf(design, 'part.stl').hash)
  })

  it('is found by the printers that it fits', async () => {
    const found = async (fitsPrinter: number) =>
      (await ana.call(searchDesigns, { query: { fitsPrinter } })).designs.map(({ id }) => id)
    expect(await found(large.id)).toContain(design.id)
    // The plate that the script draws with its own values fits even there.
    expect(await found(tiny.id)).toContain(design.id)
    const big = await bring('Big', 'CC-BY-SA-4.0', boxStl(30, 30, 4))
    expect(await found(tiny.id)).not.toContain(big.id)
  })

  it('gives its ready G-code into the list of files, once for each member, with its lineage', async () => {
    const file = fileOf(design, 'ready.gcode')
    const taken = await ana.call(takeGcode, { params: { id: file.id }, query: {} })
    expect(taken).toMatchObject({ name: 'ready.gcode', uploadedBy: 'Ana' })
    expect((await ana.call(takeGcode, { params: { id: file.id }, query: {} })).id).toBe(taken.id)
    const { edges } = await walk(ana, 'gcode-file', taken.id)
    expect(edges.some(({ from }) => from === `design-file-${file.id}`)).toBe(true)
    expect((await ana.call(queueJob, { body: { fileId: taken.id } })).fileName).toBe('ready.gcode')
    const stl = fileOf(design, 'part.stl')
    expect(await refusalOf(ana.call(takeGcode, { params: { id: stl.id }, query: {} }))).toMatchObject({
      code: 'design.no-gcode',
    })
  })

  it('tells the whole way from its script to the print and how that went; others see no values of it', async () => {
    const script = fileOf(design, 'plate.scad')
    const work = await done(
      ana,
      await ana.call(askRender, {
        body: { tree: script.tree ?? '', entry: 'plate.scad', values: { width: 30, label: 'For my mother' } },
      }),
    )
    const hash = work.result?.rendered ?? ''
    const kept = await ana.call(keepDerived, { body: { hash, name: 'Wide plate' } })
    expect(kept).toMatchObject({
      kind: 'render',
      name: 'Wide plate.stl',
      licence: 'CC-BY-SA-4.0',
      creators: ['Jane Doe'],
      parameters: { entry: 'plate.scad', values: { width: 30, label: 'For my mother' } },
    })
    const slice = await sliced(ana, wish(hash, { parts: [{ hash, derivedId: kept.id }], name: 'wide' }))
    expect(slice).toMatchObject({ state: 'done', notQueued: null })
    const job = await ana.call(queueSlice, { params: { id: slice.id }, body: {} })
    const print = await db.row<{ id: number }>(sql`
      INSERT INTO print (job_id, printer_id, state, started_at, ended_at)
      VALUES (${job.id}, ${large.id}, 'completed', now(), now()) RETURNING id`)
    const make = await ana.call(recordMake, {
      params: { id: design.id },
      body: { printId: print?.id ?? 0, outcome: 'good', material: 'PLA', settings: {}, remarks: '' },
    })
    const { nodes, edges } = await walk(ana, 'print', print?.id ?? 0)
    const chain = [
      `design-file-${script.id}`,
      `derived-${kept.id}`,
      `derived-${slice.derivedId}`,
      `gcode-file-${slice.fileId}`,
      `print-${print?.id}`,
      `make-${make.id}`,
    ]
    for (const [at, from] of chain.slice(0, -1).entries())
      expect(edges.map((edge) => `${edge.from} ${edge.to}`)).toContain(`${from} ${chain[at + 1]}`)
    expect(nodes.find(({ key }) => key === `derived-${slice.derivedId}`)).toMatchObject({
      derivedKind: 'slice',
      licence: 'CC-BY-SA-4.0',
      creators: ['Jane Doe'],
      parameters: { engine: 'cura-wasm', material: 'PLA', quality: 'Draft' },
    })
    await db.run(sql`UPDATE site SET shows_names = false`)
    expect(JSON.stringify(await walk(berta, 'print', print?.id ?? 0))).not.toContain('For my mother')
    await db.run(sql`UPDATE site SET shows_names = true`)
    expect(await refusalOf(ana.call(forgetDerived, { params: { id: kept.id } }))).toMatchObject({
      code: 'derived.in-use',
    })
  })

  it('remembers of what a plate is that was sliced without another word, and gives what it keeps out as STL', async () => {
    const { hash, id } = fileOf(design, 'part.stl')
    const work = await done(ana, await ana.call(askPlate, { body: plateOf(hash) }))
    const plate = work.result?.plate?.hash ?? ''
    const slice = await sliced(ana, wish(plate))
    const { edges, nodes } = await walk(ana, 'derived', slice.derivedId)
    const adaptation = edges.find(({ to }) => to === `derived-${slice.derivedId}`)?.from
    expect(edges).toContainEqual({ from: `design-file-${id}`, to: adaptation, relation: 'made-from' })
    expect(nodes.find(({ key }) => key === adaptation)).toMatchObject({ derivedKind: 'adaptation', hash: plate })
    const mine = (await ana.call(listDerived, { query: { designId: design.id } })).find((one) => one.hash === plate)
    const adapted = await ana.call(publishAdaptation, {
      body: {
        name: 'Two plates',
        description: 'Two at once.',
        change: 'Twice',
        derivedIds: [mine?.id ?? 0],
        fileIds: [],
        isPublished: true,
      },
    })
    await workOff(db)
    const [given] = (await show(adapted.id)).files
    expect(given).toMatchObject({ kind: 'stl', model: { state: 'ready', triangles: 24 } })
    expect((await fetchBytes(ana, designFileUrl(given?.id ?? 0))).bytes.readUInt32LE(80)).toBe(24)
  })

  it('keeps what was kept or is shown, and forgets what nobody wants any more', async () => {
    const script = fileOf(design, 'plate.scad')
    const render = async (width: number) =>
      (
        await done(
          ana,
          await ana.call(askRender, { body: { tree: script.tree ?? '', entry: 'plate.scad', values: { width } } }),
        )
      ).result?.rendered ?? ''
    const [kept, left] = [await render(21), await render(22)]
    await ana.call(keepDerived, { body: { hash: kept, name: 'Kept' } })
    await db.run(sql`UPDATE model_work SET touched_at = now() - interval '9 days'`)
    await db.run(sql`UPDATE scad_tree SET touched_at = now() - interval '9 days'`)
    await db.run(sql`UPDATE model SET touched_at = now() - interval '9 days'`)
    await db.run(sql`UPDATE blob SET touched_at = now() - interval '9 days'`)
    for (const sweep of [sweepWork, sweepModels, sweepBlobs]) await sweep(db)
    const isThere = async (hash: string) => (await fetchBytes(ana, modelPictureUrl(hash, 256))).status === 200
    expect(await isThere(kept)).toBe(true)
    expect(await isThere(script.model?.hash ?? '')).toBe(true)
    expect(await isThere(left)).toBe(false)
    expect(await refusalOf(ana.call(keepDerived, { body: { hash: left, name: 'Left' } }))).toMatchObject({
      code: 'derived.unknown',
    })
    expect(await render(23)).toMatch(/^[0-9a-f]{64}$/)
  })

  it('does not fill the audit log with what is only looked at', async () => {
    const rows = await db.rows<{ action: string }>(sql`SELECT DISTINCT action FROM audit`)
    const actions = rows.map(({ action }) => action)
    expect(actions).toContain('POST /api/derived')
    expect(actions).toContain('POST /api/slices')
    expect(actions.filter((action) => /renders|plates|trees|\/files$/.test(action))).toEqual([])
  })
})

describe('a licence that asks', async () => {
  const design = await bring('Toy', 'CC-BY-NC-4.0', boxStl(11, 12, 3))
  const { hash } = fileOf(design, 'part.stl')
  const decide = (decision: 'allowed' | 'refused') =>
    steward.call(decideApproval, { params: { id: design.id }, body: { decision, note: '' } })
  const closed = (work: Promise<unknown>) =>
    expect(refusalOf(work)).resolves.toMatchObject({ code: 'design.ask-steward' })

  it('closes slicing, also of what was arranged of it, and by the mesh instead of the file', async () => {
    await closed(ana.call(requestSlice, { body: wish(hash) }))
    const plate = await done(ana, await ana.call(askPlate, { body: plateOf(hash) }))
    await closed(ana.call(requestSlice, { body: wish(plate.result?.plate?.hash ?? '') }))
    const mesh = await db.row<{ hash: string }>(sql`
      SELECT encode(mesh.hash, 'hex') AS hash FROM model JOIN blob ON blob.id = blob_id JOIN blob mesh ON mesh.id = mesh_blob_id
      WHERE blob.hash = ${Buffer.from(hash, 'hex')}`)
    await closed(ana.call(requestSlice, { body: wish(mesh?.hash ?? '') }))
  })

  it('closes every later door again when the yes is taken back: queueing, repeating, a wish that waits', async () => {
    await decide('allowed')
    const slice = await sliced(ana, wish(hash))
    const job = await ana.call(queueSlice, { params: { id: slice.id }, body: {} })
    const waiting = await ana.call(requestSlice, {
      body: wish(hash, { choices: { infill: 30, supports: 'off', brim: false }, queue: {} }),
    })
    await steward.call(withdrawApproval, { params: { id: design.id } })
    await closed(ana.call(queueSlice, { params: { id: slice.id }, body: {} }))
    await closed(ana.call(queueJob, { body: { fileId: slice.fileId ?? 0 } }))
    await closed(ana.call(repeatJob, { params: { id: job.id }, body: { held: false } }))
    await slicing.slice(waiting.id)
    expect(await ana.call(showSlice, { params: { id: waiting.id } })).toMatchObject({
      state: 'done',
      jobId: null,
      notQueued: expect.stringContaining('Ask a steward'),
    })
    const [notice] = (await ana.call(listNotices, {})).notices
    expect(notice).toMatchObject({ event: 'slice.not-queued', facts: { reason: expect.stringContaining('steward') } })
    await decide('allowed')
    const queued = await ana.call(queueSlice, { params: { id: waiting.id }, body: {} })
    expect(await ana.call(showSlice, { params: { id: waiting.id } })).toMatchObject({
      jobId: queued.id,
      notQueued: null,
    })
  })

  it('holds for the bytes of a slice that come back by hand', async () => {
    await decide('allowed')
    const slice = await sliced(ana, wish(hash))
    const file = await db.row<{ id: number }>(sql`
      INSERT INTO file (name, blob_id, state, findings, uploaded_by)
      SELECT 'again.gcode', blob_id, state, findings, uploaded_by FROM file WHERE id = ${slice.fileId} RETURNING id`)
    await decide('refused')
    expect(await refusalOf(ana.call(queueJob, { body: { fileId: file?.id ?? 0 } }))).toMatchObject({
      code: 'design.not-allowed',
    })
  })
})

describe('the wishes of a slice', async () => {
  const design = await bring('Free', 'CC0-1.0', boxStl(13, 12, 3))
  const { hash } = fileOf(design, 'part.stl')
  const brim = { infill: null, supports: 'off', brim: true } as const

  it('are those of any job, and each who asked gets a file and a lineage of his own', async () => {
    const queue = {
      copies: 3,
      printerTags: ['hall'],
      note: 'For the fair',
      wantedBy: '2030-01-01T10:00:00.000Z',
      priority: 'low' as const,
    }
    const slice = await sliced(ana, wish(hash, { queue }))
    expect(await ana.call(showJob, { params: { id: slice.jobId ?? 0 } })).toMatchObject({ ...queue, held: false })
    const other = await berta.call(requestSlice, { body: wish(hash, { queue: { copies: 2, held: true } }) })
    expect(other).toMatchObject({ wasStored: true, state: 'done' })
    expect(other.fileId).not.toBe(slice.fileId)
    expect(other.derivedId).not.toBe(slice.derivedId)
    expect(await berta.call(showJob, { params: { id: other.jobId ?? 0 } })).toMatchObject({ copies: 2, held: true })
  })

  it('that cannot be met are refused before anything is sliced', async () => {
    const ask = (queue: SliceRequest['queue']) =>
      refusalOf(ana.call(requestSlice, { body: wish(hash, { choices: brim, ...(queue ? { queue } : {}) }) }))
    expect(await ask({ printerTags: ['nowhere'] })).toMatchObject({ code: 'job.no-tag' })
    expect(await ask({ priority: 'high' })).toMatchObject({ code: 'job.priority' })
    expect(await ask({ printerId: 999_999 })).toMatchObject({ code: 'printer.missing' })
    expect(await db.rows(sql`SELECT FROM slice WHERE plan->'choices'->>'brim' = 'true'`)).toEqual([])
  })

  it('are laid ready only, where a key that may not start has asked; and wait for a yes where roles must', async () => {
    const { key } = await ana.call(makeKey, { body: { name: 'slicer', scopes: ['look', 'queue'], days: 1 } })
    const program = workshop.stranger()
    program.headers = { authorization: `Bearer ${key}` }
    await steward.call(changeJobSettings, { body: { approvalRoles: ['member'] } })
    const { id } = await program.call(requestSlice, { body: wish(hash, { choices: brim, queue: {} }) })
    await slicing.slice(id)
    const { jobId } = await ana.call(showSlice, { params: { id } })
    expect(await ana.call(showJob, { params: { id: jobId ?? 0 } })).toMatchObject({ held: true, approval: 'asked' })
    await steward.call(changeJobSettings, { body: { approvalRoles: [] } })
  })

  it('end where the member may no longer queue, or the printer is gone, and he is told', async () => {
    const gone = await join('Gone', 'member')
    const spare = await add('Spare')
    const settings = { wall_line_count: 4 }
    const first = await gone.call(requestSlice, { body: wish(hash, { settings, queue: {} }) })
    await ana.call(requestSlice, { body: wish(hash, { settings, queue: { printerId: spare.id } }) })
    await db.run(sql`UPDATE member SET role = 'visitor' WHERE name = 'Gone'`)
    await db.run(sql`UPDATE printer SET removed_at = now() WHERE id = ${spare.id}`)
    await slicing.slice(first.id)
    const told = await db.rows<{ name: string; reason: string; jobId: number | null }>(sql`
      SELECT member.name, not_queued AS reason, job_id AS "jobId" FROM slice_wish JOIN member ON member.id = member_id
      WHERE slice_id = ${first.id} ORDER BY member.name`)
    expect(told).toEqual([
      { name: 'Ana', reason: expect.stringMatching(/printer/i), jobId: null },
      { name: 'Gone', reason: expect.stringContaining('no longer queue'), jobId: null },
    ])
    expect((await db.rows(sql`SELECT FROM notice WHERE event = 'slice.not-queued'`)).length).toBeGreaterThanOrEqual(3)
  })
})
