import { readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { forgetFile, listFiles, showFile } from '../../server/contract/files.ts'
import { queueJob } from '../../server/contract/jobs.ts'
import { sweepBlobs } from '../../server/store/blobs.ts'
import { analyseFile } from '../../server/work/analyse-file.ts'
import { AnalysisThread } from '../../server/work/analysis-thread.ts'
import { sharedData } from '../support/left-out.ts'
import { openWorkshop, refusalOf } from '../support/workshop.ts'

const cube = readFileSync(fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url)))
const samples = sharedData('gcode')
const part = (name: string): Buffer => Buffer.from(`; ${name} ${Math.random()}\nG28\nG1 X1 E1\n`)

describe('files', async () => {
  const { steward, join, db, stranger, app } = await openWorkshop({ environment: { AUZOLAN_MAX_UPLOAD_MB: '4' } })
  const thread = new AnalysisThread()
  const ane = await join('Ane', 'member')

  const blobs = async (): Promise<number> => (await db.rows(sql`SELECT FROM blob`)).length
  const listed = async (): Promise<string[]> => (await steward.call(listFiles, { query: {} })).map(({ name }) => name)

  it('are kept as they came, and read in the background', async () => {
    const file = await ane.upload('cube.gcode', cube)
    expect(file).toMatchObject({ name: 'cube.gcode', sizeBytes: cube.length, state: 'waiting', uploadedBy: 'Ane' })
    await analyseFile(db, thread, file.id)
    const read = await ane.call(showFile, { params: { id: file.id } })
    expect(read).toMatchObject({
      state: 'analysed',
      hasThumbnail: true,
      findings: { layers: 27, slicer: 'PrusaSlicer 2.5.0' },
    })
    const content = await app.inject({ url: `/api/files/${file.id}/content`, headers: { cookie: ane.cookie } })
    expect(content.rawPayload.equals(cube)).toBe(true)
    const picture = await app.inject({ url: `/api/files/${file.id}/thumbnail`, headers: { cookie: ane.cookie } })
    expect(picture.headers['content-type']).toBe('image/png')
  })

  it('survive the trip in parts of any size', async () => {
    const large = Buffer.from(
      `G28\n${Array.from({ length: 110_000 }, (_, n) => `G1 X${n} Y${n * 7} E0.1`).join('\n')}\n`,
    )
    expect(large.length).toBeGreaterThan(2_500_000)
    const file = await ane.upload('large.gcode', large)
    const content = await app.inject({ url: `/api/files/${file.id}/content`, headers: { cookie: ane.cookie } })
    expect(content.rawPayload.equals(large)).toBe(true)
    // Over the edge of a part of the store, as who looks at one line asks for it.
    const range = `bytes=${(1 << 20) - 100}-${(1 << 20) + 99}`
    const piece = await app.inject({
      url: `/api/files/${file.id}/content`,
      headers: { cookie: ane.cookie, range },
    })
    expect(piece.statusCode).toBe(206)
    expect(piece.headers['content-range']).toBe(`${range.replace('=', ' ')}/${large.length}`)
    expect(piece.rawPayload.equals(large.subarray((1 << 20) - 100, (1 << 20) + 100))).toBe(true)
  })

  it.each([
    ['model.stl', Buffer.from('solid x\n facet normal'), 415, 'file.model'],
    ['zip.gcode', Buffer.from('PK\x03\x04rest'), 422, 'file.damaged'],
    ['cut.bgcode', Buffer.from('GCDE\x01\0\0\0\x01\0rest'), 422, 'file.damaged'],
    ['packed.gcode', gzipSync(part('packed')), 422, 'file.damaged'],
    ['renamed.gcode', Buffer.from('solid x\n facet normal 0 0 0'), 415, 'file.model'],
    ['photo.png', Buffer.from('png'), 415, 'file.not-gcode'],
    ['binary.gcode', Buffer.from([71, 67, 0, 0, 1, 2, 3]), 415, 'file.binary'],
    ['letter.gcode', Buffer.from('Dear neighbours,\nplease print my part.\n'), 415, 'file.not-gcode'],
    ['empty.gcode', Buffer.alloc(0), 422, 'file.empty'],
    ['../../etc/passwd.gcode', part('climb'), 422, 'file.name'],
    ['a\\b.gcode', part('back'), 422, 'file.name'],
    ['bell\u0007.gcode', part('bell'), 422, 'file.name'],
    ['turn\u202etxt.gcode', part('bidi'), 422, 'file.name'],
    ['.gcode', part('dot'), 422, 'file.name'],
    ['huge.gcode', Buffer.concat([Buffer.from('G28\n'), Buffer.alloc(4_100_000, '; x\n')]), 413, 'file.too-large'],
  ])('are refused with a sentence, and leave nothing: %s', async (name, bytes, status, code) => {
    const before = { blobs: await blobs(), files: await listed() }
    const refusal = await refusalOf(ane.upload(name, bytes))
    expect(refusal).toMatchObject({ status, code })
    expect(refusal.message).toMatch(/\.$/)
    expect({ blobs: await blobs(), files: await listed() }).toEqual(before)
  })

  it.skipIf(samples === null)('of other kinds are kept as the text that is in them', async () => {
    const sample = (name: string): Buffer => readFileSync(joinPath(samples as string, name))
    const binary = await ane.upload('part.bgcode', sample('libbgcode_mini_cube_ps2.8.1.bgcode'))
    expect(binary.name).toBe('part.gcode')
    const content = await app.inject({ url: `/api/files/${binary.id}/content`, headers: { cookie: ane.cookie } })
    expect(content.rawPayload.equals(sample('libbgcode_mini_cube_ps2.8.1_ref.gcode'))).toBe(true)

    const plate = await ane.upload('plate.gcode.3mf', sample('fdmm_bambu.gcode.3mf'))
    expect(plate).toMatchObject({ name: 'plate.gcode', hasThumbnail: true, plates: [1] })
    await analyseFile(db, thread, plate.id)
    expect(await ane.call(showFile, { params: { id: plate.id } })).toMatchObject({
      state: 'analysed',
      hasThumbnail: true,
      findings: { slicer: expect.stringContaining('BambuStudio') },
    })
  })

  it('are not stored twice', async () => {
    const bytes = part('twin')
    const first = await ane.upload('twin.gcode', bytes)
    const before = await blobs()
    const again = ane.upload('other-name.gcode', bytes)
    expect(await refusalOf(again)).toMatchObject({
      status: 409,
      code: 'file.duplicate',
      message: expect.stringContaining('twin.gcode'),
    })
    expect(await blobs()).toBe(before)
    expect(await ane.call(showFile, { params: { id: first.id } })).toMatchObject({ name: 'twin.gcode' })
  })

  it('are stored once when they arrive twice at the same moment', async () => {
    const bytes = Buffer.concat([part('race'), Buffer.alloc(1_500_000, ';\n')])
    const results = await Promise.allSettled([ane.upload('one.gcode', bytes), steward.upload('two.gcode', bytes)])
    expect(
      (await listed()).filter((name) => name === 'one.gcode' || name === 'two.gcode').length,
    ).toBeGreaterThanOrEqual(1)
    const whole = await db.rows(sql`SELECT hash FROM blob WHERE hash IS NULL`)
    expect(whole).toEqual([])
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true)
  })

  it('may have the name of another: it is a new version', async () => {
    await ane.upload('again.gcode', part('v1'))
    await ane.upload('again.gcode', part('v2'))
    expect((await listed()).filter((name) => name === 'again.gcode')).toHaveLength(2)
  })

  it('can be uploaded by members only', async () => {
    const visitor = await join('Visitor', 'visitor')
    expect(await refusalOf(visitor.upload('x.gcode', part('x')))).toMatchObject({ status: 403 })
    expect(await refusalOf(stranger().upload('x.gcode', part('x')))).toMatchObject({ status: 401 })
    const content = await app.inject({ url: '/api/files/1/content' })
    expect(content.statusCode).toBe(401)
  })

  it('are found by a part of their name', async () => {
    await ane.upload('Blue bracket.gcode', part('b'))
    const found = await ane.call(listFiles, { query: { search: 'BRACK' } })
    expect(found.map(({ name }) => name)).toEqual(['Blue bracket.gcode'])
  })

  it('are taken out of the list by who brought them, unless a job needs them', async () => {
    const file = await ane.upload('mine.gcode', part('mine'))
    const jon = await join('Jon', 'member')
    expect(await refusalOf(jon.call(forgetFile, { params: { id: file.id } }))).toMatchObject({ status: 403 })
    await analyseFile(db, thread, file.id)
    await ane.call(queueJob, { body: { fileId: file.id } })
    expect(await refusalOf(ane.call(forgetFile, { params: { id: file.id } }))).toMatchObject({
      status: 409,
      code: 'file.in-use',
    })
    const other = await ane.upload('gone.gcode', part('gone'))
    await ane.call(forgetFile, { params: { id: other.id } })
    expect(await refusalOf(ane.call(showFile, { params: { id: other.id } }))).toMatchObject({ status: 404 })
  })

  it('that stayed half-made are swept away, and those that are arriving are not', async () => {
    await db.run(sql`INSERT INTO blob (touched_at) VALUES (now() - interval '11 minutes'), (now())`)
    const before = await blobs()
    await sweepBlobs(db)
    expect(await blobs()).toBe(before - 1)
  })

  it('say what is wrong with them when they cannot be read', async () => {
    const file = await ane.upload('odd.gcode', part('odd'))
    await db.run(sql`DELETE FROM blob_chunk WHERE blob_id = (SELECT blob_id FROM file WHERE id = ${file.id})`)
    await analyseFile(db, thread, file.id)
    expect(await ane.call(showFile, { params: { id: file.id } })).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('missing'),
    })
    expect(await refusalOf(ane.call(queueJob, { body: { fileId: file.id } }))).toMatchObject({
      status: 409,
      code: 'file.unread',
    })
    // The thread serves on.
    const next = await ane.upload('next.gcode', part('next'))
    await analyseFile(db, thread, next.id)
    expect(await ane.call(showFile, { params: { id: next.id } })).toMatchObject({ state: 'analysed' })
  })
})
