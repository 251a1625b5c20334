import { unzipSync } from 'fflate'
import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import {
  catalogueFeedUrl,
  catalogueListUrl,
  changeCatalogueSettings,
  jobLabelUrl,
} from '../../../server/contract/catalogue.ts'
import {
  deleteDesign,
  designExportUrl,
  designFileUrl,
  publishAdaptation,
  publishDesign,
  searchDesigns,
  showDesign,
} from '../../../server/contract/commons.ts'
import { queueJob } from '../../../server/contract/jobs.ts'
import { askApproval, decideApproval, listApprovals } from '../../../server/contract/licences.ts'
import { listDerived, showLineage } from '../../../server/contract/lineage.ts'
import { deleteMake, listMakes, makePhotoUrl, photographMake, recordMake } from '../../../server/contract/makes.ts'
import { addPrinter } from '../../../server/contract/printers.ts'
import { cancelPull, finishTray, openTray, pullDesign } from '../../../server/contract/pulls.ts'
import { requestFor } from '../../../server/contract/request.ts'
import { designMayBePrinted } from '../../../server/store/approvals.ts'
import { sweepBlobs, writeBlob } from '../../../server/store/blobs.ts'
import { saveMeshSize } from '../../../server/store/designs.ts'
import { createFile } from '../../../server/store/files.ts'
import { recordDerivation } from '../../../server/store/lineage.ts'
import { carryOut, fetchBytes, lay, okh, stl, uploadDesign } from '../../support/commons.ts'
import { openWorkshop, type Person, refusalOf } from '../../support/workshop.ts'

const workshop = await openWorkshop()
const { db, steward, join } = workshop
const ana = await join('Ana', 'member')
const berta = await join('Berta', 'member')
const visitor = await join('Vera', 'visitor')

const roller = {
  'okh.toml': okh({
    name: 'Pan roller',
    license: 'CC-BY-SA-4.0',
    licensor: 'Jane Doe (Org) <jane@example.org>',
    function: 'Carries the pan of a fridge.',
  }),
  'README.md':
    '# Pan roller\n\nCarries the pan of a *fridge* <script>alert(1)</script>.\n\n![drawing](pictures/roller.png)\n',
  'pictures/roller.png': Buffer.from('89504e470d0a1a0a', 'hex'),
  'roller.stl': stl('roller'),
  'roller.scad': 'width = 10;\ncube(width);\n',
}

const show = (person: Person, id: number) => person.call(showDesign, { params: { id }, query: {} })
const search = (person: Person, query: Parameters<typeof requestFor<typeof searchDesigns>>[1]['query']) =>
  person.call(searchDesigns, { query })

/** Something made of a file of a design, and G-code of that; as slicing writes it down. */
const slice = async (designFileId: number, memberId: number, gcode: string) => {
  const model = await writeBlob(db, one(stl(`scaled ${gcode}`)))
  const derivedId = await recordDerivation(db, {
    kind: 'adaptation',
    name: 'roller wide.stl',
    blobId: model.id,
    parents: [{ designFileId }],
    parameters: { width: 12 },
    memberId,
  })
  const blob = await writeBlob(db, one(gcode))
  const fileId = await createFile(db, { name: 'roller.gcode', blobId: blob.id, thumbnail: null, uploadedBy: memberId })
  await recordDerivation(db, {
    kind: 'gcode',
    name: 'roller.gcode',
    blobId: blob.id,
    fileId,
    parents: [{ derivedId }],
    parameters: { layerHeight: 0.2 },
    memberId,
  })
  return { derivedId, fileId }
}

async function* one(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}

const idOf = async (name: string): Promise<number> =>
  (await db.row<{ id: number }>(sql`SELECT id FROM member WHERE name = ${name}`))?.id ?? 0

describe('an uploaded design', () => {
  it('shows what its manifest, its README and its files say, and nothing of the HTML in them', async () => {
    const design = await show(ana, await uploadDesign(workshop, ana, roller))
    expect(design).toMatchObject({
      name: 'Pan roller',
      creators: ['Jane Doe (Org)'],
      description: 'Carries the pan of a fridge.',
      licence: { expression: 'CC-BY-SA-4.0', shareAlike: true, asks: null },
      manifest: { path: 'okh.toml', dialect: 'OKH 2.4' },
      version: { number: 1, label: '1.0', origin: { kind: 'upload', claimed: 'https://forge.example/anna/roller' } },
      printableFiles: 2,
      mayBePrinted: true,
      mayEdit: true,
    })
    expect(design.files.filter(({ isPrintable }) => isPrintable).map(({ path }) => path)).toEqual([
      'roller.scad',
      'roller.stl',
    ])
    const picture = design.files.find(({ kind }) => kind === 'image')
    expect(design.readme).toContainEqual({ kind: 'picture', fileId: picture?.id, text: 'drawing' })
    expect(design.pictureFileId).toBe(picture?.id)
    expect(JSON.stringify(design.readme)).not.toContain('<script>')
  })

  it('is seen by visitors once it is published, and its files are handed out to be saved', async () => {
    const id = await uploadDesign(workshop, ana, { ...roller, 'evil.html': '<script>alert(1)</script>' })
    const file = (await show(ana, id)).files.find(({ path }) => path === 'evil.html')
    expect((await refusalOf(show(visitor, id))).code).toBe('design.missing')
    expect((await fetchBytes(visitor, designFileUrl(file?.id ?? 0))).status).toBe(404)
    expect((await refusalOf(berta.call(publishDesign, { params: { id }, body: { isPublished: true } }))).code).toBe(
      'design.not-yours',
    )
    await ana.call(publishDesign, { params: { id }, body: { isPublished: true } })
    expect((await show(visitor, id)).name).toBe('Pan roller')
    const { headers } = await fetchBytes(visitor, designFileUrl(file?.id ?? 0))
    expect(headers).toMatchObject({ 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' })
    expect(headers['content-disposition']).toMatch(/^attachment/)
    expect((await refusalOf(ana.call(deleteDesign, { params: { id } }))).code).toBe('permission.missing')
    await steward.call(deleteDesign, { params: { id } })
    expect((await refusalOf(show(steward, id))).code).toBe('design.missing')
  })

  it('refuses paths that climb out, and an upload of nothing', async () => {
    const tray = await ana.call(openTray, { body: { name: 'Bad' } })
    for (const path of ['../x.stl', '/etc/x.stl', 'a/../../x.stl', 'a\\b.stl', 'a//b.stl']) {
      expect((await refusalOf(lay(ana, tray.id, path, 'x'))).code).toBe('tray.path')
    }
    expect((await refusalOf(ana.call(finishTray, { params: { id: tray.id } }))).code).toBe('design.empty')
    expect((await refusalOf(lay(berta, tray.id, 'x.stl', 'x'))).code).toBe('tray.missing')
    expect((await refusalOf(visitor.call(openTray, { body: { name: 'No' } }))).code).toBe('permission.missing')
  })

  it('gets a newer version beside the old one', async () => {
    const id = await uploadDesign(workshop, ana, roller)
    await uploadDesign(workshop, ana, { 'roller.stl': stl('newer'), LICENSE: 'CC0 1.0 Universal' }, { designId: id })
    const newer = await show(ana, id)
    expect(newer.allVersions.map(({ number }) => number)).toEqual([2, 1])
    expect(newer.files.map(({ path }) => path)).toEqual(['roller.stl', 'LICENSE'])
    const older = await ana.call(showDesign, { params: { id }, query: { version: newer.allVersions[1]?.id ?? 0 } })
    expect(older.files).toHaveLength(5)
  })

  it('says where else the same model was found', async () => {
    const first = await uploadDesign(workshop, ana, { 'knob.stl': stl('the same knob') }, { name: 'Knob one' })
    const second = await uploadDesign(
      workshop,
      berta,
      { 'parts/knob v2.stl': stl('the same knob') },
      { name: 'Knob two' },
    )
    const [file] = (await show(ana, second)).files
    expect(file?.alsoIn).toMatchObject([{ designId: first, path: 'knob.stl' }])
    const tree = await ana.call(showLineage, { params: { kind: 'design-file', id: file?.id ?? 0 } })
    expect(tree.edges).toContainEqual(
      expect.objectContaining({ relation: 'same-bytes', to: `design-file-${file?.id}` }),
    )
  })

  it('keeps its bytes when blobs are swept', async () => {
    const id = await uploadDesign(workshop, ana, { 'kept.stl': stl('kept for long') })
    await db.run(sql`UPDATE blob SET touched_at = now() - interval '3 days'`)
    await sweepBlobs(db)
    const [file] = (await show(ana, id)).files
    expect((await fetchBytes(ana, designFileUrl(file?.id ?? 0))).bytes.toString()).toBe(stl('kept for long'))
  })
})

describe('a pull', () => {
  it('that was cancelled while it waited is not carried out', async () => {
    const tray = await ana.call(openTray, { body: { name: 'Late' } })
    await lay(ana, tray.id, 'late.stl', stl('late'))
    const pull = await ana.call(finishTray, { params: { id: tray.id } })
    expect((await refusalOf(berta.call(cancelPull, { params: { id: pull.id } }))).code).toBe('pull.missing')
    expect((await ana.call(cancelPull, { params: { id: pull.id } })).state).toBe('cancelled')
    expect(await carryOut(workshop, ana, pull)).toMatchObject({ state: 'cancelled', designId: null })
    expect((await refusalOf(ana.call(cancelPull, { params: { id: pull.id } }))).code).toBe('pull.ended')
  })

  it('from an address within the workshop fails with a sentence', async () => {
    const pull = await carryOut(
      workshop,
      ana,
      await ana.call(pullDesign, { body: { address: 'http://127.0.0.1:9/x.stl' } }),
    )
    expect(pull.state).toBe('failed')
    expect(pull.reason).toMatch(/\w+ .*\.$/)
  })
})

describe('a licence that does not say so', () => {
  it('lets nothing be queued until a steward allows it, and asks again when it changes', async () => {
    const id = await uploadDesign(
      workshop,
      ana,
      { 'nc.stl': stl('nc'), 'README.md': '# Duck' },
      { licence: 'CC-BY-NC-SA-4.0', creator: 'Zoe' },
    )
    const design = await show(ana, id)
    expect(design).toMatchObject({
      mayBePrinted: false,
      licence: { asks: 'non-commercial', sell: 'no' },
      creators: ['Zoe'],
    })
    const file = design.files.find(({ kind }) => kind === 'stl')?.id ?? 0
    const { fileId } = await slice(file, await idOf('Ana'), 'G28 ; nc')
    expect((await refusalOf(ana.call(queueJob, { body: { fileId } }))).message).toBe(
      'Duck may not be printed yet: its licence forbids commercial use. Ask a steward on its page.',
    )
    await ana.call(askApproval, { params: { id }, body: { question: 'For my child' } })
    expect((await steward.call(listApprovals, {}))[0]).toMatchObject({
      designName: 'Duck',
      question: 'For my child',
      decision: null,
    })
    expect(
      (await refusalOf(ana.call(decideApproval, { params: { id }, body: { decision: 'allowed', note: '' } }))).code,
    ).toBe('permission.missing')
    await steward.call(decideApproval, { params: { id }, body: { decision: 'refused', note: 'No.' } })
    expect((await refusalOf(ana.call(queueJob, { body: { fileId } }))).code).toBe('design.not-allowed')
    await steward.call(decideApproval, { params: { id }, body: { decision: 'allowed', note: 'Own use.' } })
    expect((await ana.call(queueJob, { body: { fileId } })).state).toBe('queued')
    await uploadDesign(workshop, ana, { 'nc.stl': stl('nc two') }, { designId: id })
    expect((await show(ana, id)).mayBePrinted).toBe(false)
  })

  it('holds for the same bytes uploaded by hand', async () => {
    await uploadDesign(workshop, ana, { 'ready.gcode': 'G28 ; from a design without a licence\n' })
    const blob = await writeBlob(db, one('G28 ; from a design without a licence\n'))
    const fileId = await createFile(db, { name: 'mine.gcode', blobId: blob.id, thumbnail: null, uploadedBy: null })
    expect((await designMayBePrinted(db, { fileId }))?.code).toBe('design.ask-steward')
  })

  it('is not published, and nobody is asked about one that is free', async () => {
    const closed = await uploadDesign(workshop, ana, { 'x.stl': stl('closed') })
    expect(
      (await refusalOf(ana.call(publishDesign, { params: { id: closed }, body: { isPublished: true } }))).code,
    ).toBe('design.licence')
    const free = await uploadDesign(workshop, ana, roller)
    expect((await refusalOf(ana.call(askApproval, { params: { id: free }, body: { question: '' } }))).code).toBe(
      'design.no-question',
    )
  })
})

describe('an adaptation', () => {
  it('goes out as a folder and comes back in with licence, makers, changes and lineage as they were', async () => {
    const parent = await uploadDesign(workshop, ana, roller)
    const source = (await show(ana, parent)).files.find(({ kind }) => kind === 'stl')
    const { derivedId } = await slice(source?.id ?? 0, await idOf('Ana'), 'G28 ; adapted')
    expect(await ana.call(listDerived, { query: { designId: parent } })).toMatchObject([
      { kind: 'gcode', licence: 'CC-BY-SA-4.0', creators: ['Jane Doe (Org)'] },
      { id: derivedId, kind: 'adaptation', parameters: { width: 12 } },
    ])
    const wish = {
      name: 'Wide roller',
      description: 'For wide pans.',
      change: '12 mm wide',
      derivedIds: [derivedId],
      fileIds: [source?.id ?? 0],
      isPublished: true,
    }
    expect((await refusalOf(ana.call(publishAdaptation, { body: { ...wish, licence: 'MIT' } }))).message).toBe(
      'This cannot be published: it comes under Creative Commons Attribution-ShareAlike 4.0, because what it was made of asks for that.',
    )
    expect((await refusalOf(berta.call(publishAdaptation, { body: wish }))).code).toBe('design.file-missing')
    const { id } = await ana.call(publishAdaptation, { body: wish })
    const made = await show(visitor, id)
    expect(made).toMatchObject({
      licence: { expression: 'CC-BY-SA-4.0' },
      creators: ['Ana', 'Jane Doe (Org)'],
      ancestors: [{ title: 'Pan roller', designId: parent }],
      changes: [{ by: 'Ana', note: '12 mm wide' }],
      isAdaptation: true,
    })
    const { bytes } = await fetchBytes(ana, designExportUrl(id))
    const names = Object.keys(unzipSync(bytes))
    expect(names.sort()).toEqual(['ATTRIBUTION.txt', 'datapackage.json', 'okh.toml', 'roller wide.stl', 'roller.stl'])
    const again = await show(berta, await uploadDesign(workshop, berta, { 'wide-roller.zip': bytes }))
    expect(again).toMatchObject({
      name: 'Wide roller',
      description: 'For wide pans.',
      licence: { expression: 'CC-BY-SA-4.0' },
      creators: ['Ana', 'Jane Doe (Org)'],
      changes: [{ by: 'Ana', note: '12 mm wide' }],
      ancestors: [{ title: 'Pan roller', address: 'https://forge.example/anna/roller' }],
      manifest: { dialect: 'OKH 2.4' },
    })
    expect(again.warnings).toEqual([])
    const second = JSON.parse(
      Buffer.from(
        unzipSync((await fetchBytes(berta, designExportUrl(again.id))).bytes)['datapackage.json'] ?? [],
      ).toString(),
    )
    expect(second['x-lineage']).toContainEqual(
      expect.objectContaining({
        path: 'roller wide.stl',
        title: 'Pan roller',
        sourcePath: 'roller.stl',
        sha256: source?.hash,
        licence: 'CC-BY-SA-4.0',
        creators: ['Jane Doe (Org)'],
        parameters: { steps: [expect.objectContaining({ kind: 'adaptation', parameters: { width: 12 } })] },
      }),
    )
  })

  it('of a design that forbids changes, or says nothing, is not published', async () => {
    for (const [licence, words] of [
      ['CC-BY-ND-4.0', /does not allow to publish changes/],
      ['', /does not say that it may be changed/],
    ] as const) {
      const parent = await uploadDesign(
        workshop,
        ana,
        { 'a.stl': stl(`nd ${licence}`) },
        licence === '' ? {} : { licence },
      )
      const fileIds = (await show(ana, parent)).files.map(({ id }) => id)
      const body = { name: 'X', description: 'X', change: 'X', derivedIds: [], fileIds, isPublished: true }
      expect((await refusalOf(ana.call(publishAdaptation, { body }))).message).toMatch(words)
    }
  })
})

describe('lineage', () => {
  it('leads from a file of a design over what was made of it to the G-code and back', async () => {
    const id = await uploadDesign(workshop, ana, roller)
    const source = (await show(ana, id)).files.find(({ kind }) => kind === 'stl')?.id ?? 0
    const { derivedId, fileId } = await slice(source, await idOf('Ana'), 'G28 ; lineage')
    const tree = await ana.call(showLineage, { params: { kind: 'gcode-file', id: fileId } })
    expect(tree.edges.filter(({ relation }) => relation === 'made-from')).toEqual(
      expect.arrayContaining([
        { from: `design-file-${source}`, to: `derived-${derivedId}`, relation: 'made-from' },
        expect.objectContaining({ to: `gcode-file-${fileId}` }),
      ]),
    )
    expect(tree.nodes.find(({ key }) => key === `design-file-${source}`)).toMatchObject({
      designName: 'Pan roller',
      licence: 'CC-BY-SA-4.0',
    })
    const others = await berta.call(showLineage, { params: { kind: 'derived', id: derivedId } })
    expect(others.nodes.find(({ key }) => key === `derived-${derivedId}`)).toMatchObject({
      by: null,
      name: 'adaptation',
    })
  })
})

describe('search', () => {
  it('finds by words, slips of the pen, licence, material, size and what was made here', async () => {
    const hook = await uploadDesign(workshop, ana, {
      'okh.toml': `${okh({ name: 'Coat hook', license: 'CC0-1.0', licensor: 'Kim', function: 'Holds coats in the hallway.' })}\nmaterial = "PETG"`,
      'hook.stl': stl('hook of coats'),
    })
    const found = async (query: Parameters<typeof search>[1]) => (await search(ana, query)).designs.map(({ id }) => id)
    expect(await found({ search: 'hallw' })).toEqual([hook])
    expect(await found({ search: 'coat hok' })).toContain(hook)
    expect(await found({ search: "'; DROP TABLE design; --" })).toEqual([])
    expect(await found({ licence: 'CC0-1.0', search: 'coat' })).toEqual([hook])
    expect(await found({ material: 'petg' })).toEqual([hook])
    expect(await found({ search: 'coat', allows: 'sell' })).toEqual([hook])
    const profile = {
      shape: 'rectangular',
      width: 100,
      depth: 200,
      height: 100,
      originX: 0,
      originY: 0,
      nozzleDiameter: 0.4,
      maxNozzleTemperature: 280,
      maxBedTemperature: 110,
    } as const
    const { id: fitsPrinter } = await steward.call(addPrinter, {
      body: { name: 'Small', bridge: 'room', address: '/dev/small', baudRate: 0, profile },
    })
    expect(await found({ search: 'coat', fitsPrinter })).toEqual([])
    const blob = await db.row<{ id: number }>(sql`SELECT blob_id AS id FROM design_file WHERE path = 'hook.stl'`)
    await saveMeshSize(db, blob?.id ?? 0, { x: 150, y: 90, z: 40 })
    expect(await found({ search: 'coat', fitsPrinter })).toEqual([hook])
    await saveMeshSize(db, blob?.id ?? 0, { x: 150, y: 110, z: 40 })
    expect(await found({ search: 'coat', fitsPrinter })).toEqual([])
    expect(await found({ search: 'coat', madeHere: true })).toEqual([])
    await ana.call(recordMake, {
      params: { id: hook },
      body: { outcome: 'good', material: 'asa', settings: {}, remarks: '' },
    })
    expect(await found({ search: 'coat', madeHere: true })).toEqual([hook])
    expect(await found({ material: 'ASA' })).toEqual([hook])
    expect((await search(visitor, { search: 'coat' })).total).toBe(0)
  })
})

describe('a make', () => {
  it('says how it went, with a photo, and is its writer’s own', async () => {
    const id = await uploadDesign(workshop, ana, roller)
    const make = await ana.call(recordMake, {
      params: { id },
      body: { outcome: 'good', material: 'petg', settings: { 'Layer height': '0.2 mm' }, remarks: 'Fits <b>well</b>.' },
    })
    expect(make).toMatchObject({
      material: 'PETG',
      settings: { 'Layer height': '0.2 mm' },
      memberName: 'Ana',
      hasPhoto: false,
    })
    const photo = requestFor(photographMake, { params: { id: make.id } })
    const send = (person: Person, bytes: Buffer) =>
      person.raw(photo.method, photo.path, bytes, { 'content-type': 'image/png' })
    expect((await refusalOf(send(ana, Buffer.from('<svg onload="alert(1)"/>')))).code).toBe('picture.kind')
    expect((await refusalOf(send(berta, Buffer.from('ffd8ffe0', 'hex')))).code).toBe('permission.missing')
    await send(ana, Buffer.from('ffd8ffe000104a464946', 'hex'))
    const shown = await fetchBytes(berta, makePhotoUrl(make.id))
    expect(shown.headers['content-type']).toBe('image/jpeg')
    expect((await show(berta, id)).goodMakes).toBe(1)
    expect((await refusalOf(berta.call(deleteMake, { params: { id: make.id } }))).code).toBe('permission.missing')
    await ana.call(deleteMake, { params: { id: make.id } })
    expect(await ana.call(listMakes, { params: { id } })).toEqual([])
  })
})

describe('the catalogue', () => {
  it('is closed to strangers until a steward opens it, and lists manifests that can be read', async () => {
    const id = await uploadDesign(workshop, ana, roller)
    await ana.call(publishDesign, { params: { id }, body: { isPublished: true } })
    const stranger = workshop.stranger()
    expect((await fetchBytes(stranger, catalogueListUrl)).status).toBe(404)
    await steward.call(changeCatalogueSettings, { body: { isPublic: true } })
    const list = JSON.parse((await fetchBytes(stranger, catalogueListUrl)).bytes.toString()) as string[]
    const { slug } = await show(ana, id)
    const address = list.find((one) => one.includes(`/${slug}/`)) ?? ''
    const manifest = await fetchBytes(stranger, new URL(address).pathname)
    expect(manifest.bytes.toString()).toContain('okhv = "2.4"')
    const model = await fetchBytes(stranger, `/api/catalogue/${slug}/roller.stl`)
    expect(model.bytes.toString()).toBe(roller['roller.stl'])
    const feed = JSON.parse((await fetchBytes(stranger, catalogueFeedUrl)).bytes.toString())
    expect(feed).toMatchObject({ version: 'https://jsonfeed.org/version/1.1', title: 'Test workshop' })
    expect(feed.items[0]).toMatchObject({ title: 'Pan roller', _licence: 'CC-BY-SA-4.0' })
    await steward.call(changeCatalogueSettings, { body: { isPublic: false } })
    expect((await fetchBytes(stranger, catalogueFeedUrl)).status).toBe(404)
  })

  it('gives a label in PDF with each job that comes from a design', async () => {
    const id = await uploadDesign(workshop, ana, roller)
    const source = (await show(ana, id)).files.find(({ kind }) => kind === 'stl')?.id ?? 0
    const { fileId } = await slice(source, await idOf('Ana'), 'G28 ; label')
    const job = await ana.call(queueJob, { body: { fileId } })
    for (const size of ['a6', 'roll'] as const) {
      const { bytes, headers } = await fetchBytes(ana, jobLabelUrl(job.id, size))
      expect(headers['content-type']).toBe('application/pdf')
      expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
      expect(bytes.toString('latin1')).toContain(size === 'a6' ? '/MediaBox [0 0 297.6' : '/MediaBox [0 0 175.7')
    }
  })
})
