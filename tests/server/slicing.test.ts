import { createHash } from 'node:crypto'
import { zipSync } from 'fflate'
import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { showFile } from '../../server/contract/files.ts'
import { listJobs } from '../../server/contract/jobs.ts'
import { writeMesh } from '../../server/contract/mesh-wire.ts'
import { addPrinter, type PrinterProfile } from '../../server/contract/printers.ts'
import {
  addSlicingProfile,
  cancelSlice,
  changeSlicingProfile,
  listSettings,
  listSlicing,
  queueSlice,
  readProfile,
  requestSlice,
  type SliceRequest,
  showSlice,
} from '../../server/contract/slicing.ts'
import {
  changePrinterSlicing,
  changeSlicingScripts,
  listDefinitions,
  listSlicingScripts,
} from '../../server/contract/slicing-scripts.ts'
import { writeBlob } from '../../server/store/blobs.ts'
import { AnalysisThread } from '../../server/work/analysis-thread.ts'
import { Slicing } from '../../server/work/slicing.ts'
import { box, organic } from '../support/slice-meshes.ts'
import { openWorkshop, refusalOf } from '../support/workshop.ts'

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
const choices = { infill: null, supports: 'off', brim: false } as const

describe('slicing', async () => {
  const { steward, join, db, app } = await openWorkshop()
  const thread = new AnalysisThread()
  const slicing = new Slicing(db, thread)
  const ane = await join('Ane', 'member')
  const jon = await join('Jon', 'member')

  const add = (name: string, changes: Partial<PrinterProfile> = {}) =>
    steward.call(addPrinter, {
      body: { name, bridge: 'b', address: `/dev/tty${name}`, baudRate: 0, profile: { ...profile, ...changes } },
    })
  const large = await add('Large')
  await add('Small', { width: 120, depth: 120, height: 120 })
  await add('Wide', { nozzleDiameter: 0.8 })
  await add('Cold', { maxBedTemperature: 0 })

  const keep = async (mesh: Parameters<typeof writeMesh>[0]): Promise<string> => {
    const bytes = Buffer.from(writeMesh(mesh))
    await writeBlob(
      db,
      (async function* () {
        yield bytes
      })(),
    )
    return createHash('sha256').update(bytes).digest('hex')
  }
  const cube = await keep(box(20, 20, 20))
  const wish = (changes: Partial<SliceRequest> = {}): SliceRequest => ({
    parts: [{ hash: cube, name: 'cube.stl' }],
    printerId: large.id,
    material: 'pla',
    quality: 'draft',
    choices,
    ...changes,
  })
  const sliced = async (person: typeof ane, changes: Partial<SliceRequest> = {}) => {
    const { id } = await person.call(requestSlice, { body: wish(changes) })
    await slicing.slice(id)
    return person.call(showSlice, { params: { id } })
  }
  const contentOf = async (person: typeof ane, fileId: number | null): Promise<Buffer> =>
    (await app.inject({ url: `/api/files/${fileId}/content`, headers: { cookie: person.cookie } })).rawPayload

  it('offers engines, printers that are alike as one, materials and qualities', async () => {
    const { engines, classes, materials, qualities } = await ane.call(listSlicing, {})
    expect(engines[0]).toMatchObject({ name: 'cura-wasm', isDefault: true })
    expect(classes.map(({ printers }) => printers.map(({ name }) => name).join(' and ')).sort()).toEqual([
      'Cold',
      'Large and Small',
      'Wide',
    ])
    expect(materials.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['pla', 'petg', 'abs', 'asa', 'tpu', 'pc', 'pa', 'pva']),
    )
    expect(qualities.map(({ key }) => key)).toEqual(['draft', 'standard', 'fine', 'strong'])
    expect((await ane.call(listDefinitions, {})).length).toBeGreaterThan(250)
  })

  it('makes an ordinary file of a model, with time, material and picture', async () => {
    const slice = await sliced(ane)
    expect(slice).toMatchObject({ state: 'done', reason: null, name: 'cube', wasStored: false, layers: 71 })
    expect(slice.grams).toBeGreaterThan(2)
    expect(slice.grams).toBeLessThan(10)
    const file = await ane.call(showFile, { params: { id: slice.fileId as number } })
    expect(file).toMatchObject({ name: 'cube.gcode', state: 'analysed', hasThumbnail: true, uploadedBy: 'Ane' })
    expect(file.findings?.nozzleTemperature).toBe(210)
    expect(
      file.findings?.warnings.flatMap(({ warnings }) => warnings.filter(({ severity }) => severity === 'refuse')),
    ).toEqual([])
    const text = (await contentOf(ane, slice.fileId)).toString()
    expect(text).toContain('G28')
    expect(text).not.toMatch(/TIME:6666|2\.14748e|\{\w+\}/)
  })

  it('hands the stored slice to whoever wants the same, byte for byte and at once', async () => {
    const first = await sliced(ane)
    const again = await jon.call(requestSlice, { body: wish() })
    expect(again).toMatchObject({ id: first.id, state: 'done', wasStored: true })
    expect(again.fileId).not.toBe(first.fileId)
    expect((await contentOf(jon, again.fileId)).equals(await contentOf(ane, first.fileId))).toBe(true)
    const other = await ane.call(requestSlice, { body: wish({ choices: { ...choices, infill: 55 } }) })
    expect(other.id).not.toBe(first.id)
    await ane.call(cancelSlice, { params: { id: other.id } })
  })

  it('queues what was sliced, at once or later', async () => {
    const { jobId } = await sliced(ane, { choices: { ...choices, brim: true }, queue: { printerId: large.id } })
    expect((await ane.call(listJobs, { query: {} })).find(({ id }) => id === jobId)).toMatchObject({
      printerId: large.id,
      memberName: 'Ane',
    })
    const slice = await sliced(jon)
    expect(await jon.call(queueSlice, { params: { id: slice.id }, body: {} })).toMatchObject({ fileId: slice.fileId })
  })

  it('says why a wish cannot be met', async () => {
    const reasonOf = async (changes: Partial<SliceRequest>): Promise<string | null> =>
      (await sliced(ane, changes)).reason
    expect(await reasonOf({ parts: [{ hash: await keep(box(230, 20, 5)) }] })).toContain('fits none of these printers')
    expect(await reasonOf({ material: 'pc' })).toContain('275 °C')
    const open = box(20, 20, 20)
    const half = { ...open, head: { ...open.head, triangles: 11, parts: [] }, indices: open.indices.slice(0, 33) }
    expect(await reasonOf({ parts: [{ hash: await keep(half), name: 'open.stl' }] })).toMatch(/repaired/)
    const flat = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    expect(await reasonOf({ parts: [{ hash: cube, matrix: flat, name: 'sheet' }] })).toContain('scaled to nothing')
    const ask = (changes: Partial<SliceRequest>) => refusalOf(ane.call(requestSlice, { body: wish(changes) }))
    expect(await ask({ parts: [{ hash: 'a'.repeat(64) }] })).toMatchObject({ status: 404, code: 'slice.model-missing' })
    expect(await ask({ material: 'wood' })).toMatchObject({ code: 'slicing.profile-missing' })
    expect(await ask({ engine: 'orcaslicer' })).toMatchObject({ code: 'slice.engine' })
    expect(await ask({ settings: { layer_height: -1 } })).toMatchObject({ status: 422, code: 'slicing.setting' })
    expect(await ask({ settings: { infill_pattern: 'spaghetti' } })).toMatchObject({ code: 'slicing.setting' })
    expect(await ask({ settings: { machine_start_gcode: 'M112' } })).toMatchObject({
      code: 'slicing.setting',
      message: expect.stringContaining('belongs to the printer'),
    })
    expect(await ask({ settings: { print_sequence: 'one_at_a_time' } })).toMatchObject({ code: 'slicing.setting' })
  })

  it('leaves out printers that are too small, and says so', async () => {
    const slice = await sliced(ane, { parts: [{ hash: await keep(box(150, 20, 3)) }] })
    expect(slice).toMatchObject({
      state: 'done',
      remarks: [{ code: 'slice.not-for', message: expect.stringContaining('Small') }],
    })
  })

  it('places, turns and multiplies parts as asked', async () => {
    const at = (x: number, factor = 1): number[] => [factor, 0, 0, x, 0, 1, 0, 0, 0, 0, 1, 0]
    const slice = await sliced(ane, {
      parts: [
        { hash: cube, matrix: at(-40) },
        { hash: cube, matrix: at(20, -1) },
      ],
    })
    expect(slice.state).toBe('done')
    const { findings } = await ane.call(showFile, { params: { id: slice.fileId as number } })
    // The common bed of Large and Small is 120 mm wide, its middle at 60: from 20 to 80, and a skirt around each.
    expect(findings?.extruded?.minX).toBeLessThan(21)
    expect(findings?.extruded?.maxX).toBeGreaterThan(79)
  })

  it('stops where nobody wants it any more, and only there', async () => {
    const lump = await keep(organic(500))
    const both = { parts: [{ hash: lump }], quality: 'fine' }
    const { id } = await ane.call(requestSlice, { body: wish(both) })
    await jon.call(requestSlice, { body: wish(both) })
    const work = slicing.slice(id)
    await ane.call(cancelSlice, { params: { id } })
    expect((await jon.call(showSlice, { params: { id } })).state).toBe('slicing')
    await jon.call(cancelSlice, { params: { id } })
    await slicing.changed(id)
    await work
    expect(await jon.call(showSlice, { params: { id } })).toMatchObject({ state: 'cancelled', fileId: null })
    expect(await db.rows(sql`SELECT FROM slice WHERE state IN ('slicing', 'checking')`)).toEqual([])
  })

  it('has all settings behind the expert door, none of the printer among them', async () => {
    const settings = await ane.call(listSettings, {})
    expect(settings.length).toBeGreaterThan(350)
    expect(settings.some(({ key }) => key.startsWith('machine_'))).toBe(false)
    const slice = await sliced(ane, {
      settings: { layer_height: 0.1, layer_height_0: 0.1, wall_line_count: 1 },
      parts: [{ hash: await keep(box(10, 10, 2)) }],
    })
    expect(slice).toMatchObject({ state: 'done', layers: 20 })
  })

  it('keeps profiles of the workshop', async () => {
    const operator = await join('Miren', 'operator')
    const body = {
      kind: 'material' as const,
      name: 'Our blue PLA',
      note: 'From the shop',
      materialType: 'PLA',
      density: 1.25,
      settings: { material_print_temperature: 215 },
    }
    expect(await refusalOf(ane.call(addSlicingProfile, { body }))).toMatchObject({ status: 403 })
    const { key } = await operator.call(addSlicingProfile, { body })
    expect(await refusalOf(operator.call(addSlicingProfile, { body }))).toMatchObject({ code: 'slicing.profile-name' })
    expect(
      await refusalOf(
        operator.call(addSlicingProfile, {
          body: { ...body, name: 'x', settings: { material_print_temperature: 900 } },
        }),
      ),
    ).toMatchObject({ code: 'slicing.setting' })
    expect(await refusalOf(operator.call(changeSlicingProfile, { params: { key: 'pla' }, body }))).toMatchObject({
      code: 'slicing.profile-built-in',
    })
    expect((await ane.call(listSlicing, {})).materials.find((one) => one.key === key)).toMatchObject({
      name: 'Our blue PLA',
    })
  })

  it('checks what stands before and after slices as the printer would read it', async () => {
    const { scripts } = await steward.call(listSlicingScripts, {})
    const ours = scripts.find(({ dialect }) => dialect === 'marlin-2')?.start as string
    const put = (start: string) =>
      steward.call(changeSlicingScripts, { params: { dialect: 'marlin-2' }, body: { start, end: null } })
    expect(await refusalOf(put(ours.replace('G28\n', '')))).toMatchObject({ code: 'slicing.script-homing' })
    expect(await refusalOf(put(ours.replace(/M109.*\n/, '')))).toMatchObject({ code: 'slicing.script-heating' })
    expect(await refusalOf(put(`${ours}M502\n`))).toMatchObject({ code: 'slicing.script-line' })
    expect(await refusalOf(put(`${ours}M42 P4 S255\n`))).toMatchObject({ code: 'slicing.script-line' })
    expect(await refusalOf(put(`${ours}G1 X{nobody}\n`))).toMatchObject({ code: 'slicing.script-word' })
    expect(await refusalOf(put(`${ours}G1 X500 E5 F600\n`))).toMatchObject({ code: 'slicing.script-harm' })
    expect(
      await refusalOf(
        ane.call(changeSlicingScripts, { params: { dialect: 'marlin-2' }, body: { start: null, end: null } }),
      ),
    ).toMatchObject({ status: 403 })
    expect(await put(`${ours}M117 Kaixo\n`)).toMatchObject({ isChanged: true })
    const slice = await sliced(ane, { quality: 'standard' })
    expect((await contentOf(ane, slice.fileId)).toString()).toContain('M117 Kaixo')
    expect(
      await steward.call(changeSlicingScripts, { params: { dialect: 'marlin-2' }, body: { start: null, end: null } }),
    ).toMatchObject({ isChanged: false, start: ours })
  })

  it('starts from a Cura machine where a printer says so, and never takes its start', async () => {
    const slicingOf = {
      definition: 'creality_ender3',
      feed: 'bowden' as const,
      filamentDiameter: 1.75,
      start: null,
      end: null,
    }
    const wide = (await ane.call(listSlicing, {})).classes.find(({ nozzleDiameter }) => nozzleDiameter === 0.8)
      ?.printers[0]?.id as number
    expect(
      await refusalOf(
        steward.call(changePrinterSlicing, { params: { id: wide }, body: { ...slicingOf, definition: 'nothing' } }),
      ),
    ).toMatchObject({ code: 'slicing.definition' })
    await steward.call(changePrinterSlicing, { params: { id: wide }, body: slicingOf })
    const slice = await sliced(ane, { printerId: wide })
    expect(slice).toMatchObject({ reason: null, state: 'done' })
    expect((await contentOf(ane, slice.fileId)).toString()).not.toContain('Ender 3 Custom')
  })

  it('slices for a cold bed without a word about beds, and not what needs a warm one', async () => {
    const cold = (await ane.call(listSlicing, {})).classes.find(({ hasHeatedBed }) => !hasHeatedBed)?.key as string
    const { printerId: _, ...rest } = wish()
    const { id } = await ane.call(requestSlice, { body: { ...rest, printerClass: cold } })
    await slicing.slice(id)
    const slice = await ane.call(showSlice, { params: { id } })
    expect(slice).toMatchObject({ reason: null, state: 'done' })
    expect((await contentOf(ane, slice.fileId)).toString()).not.toMatch(/^M1[49]0 S[1-9]/m)
    const hot = await ane.call(requestSlice, { body: { ...rest, printerClass: cold, material: 'abs' } })
    await slicing.slice(hot.id)
    expect((await ane.call(showSlice, { params: { id: hot.id } })).reason).toContain('heated bed')
  })

  it('reads profiles of PrusaSlicer, and leaves out what could do harm', async () => {
    const ini = [
      'layer_height = 0.15',
      'fill_density = 35%',
      'fill_pattern = gyroid',
      'perimeter_extrusion_width = 0.45',
      'temperature = 215,210',
      'filament_type = PETG',
      'filament_density = 1.27',
      'post_process = /tmp/evil.sh',
      'print_host = http://10.0.0.1',
      'printhost_apikey = secret',
      'output_filename_format = ../../x.gcode',
      'start_gcode = M112',
      'nozzle_diameter = 0.6',
      'extruder_colour = #FF0000',
      'top_solid_layers = -4',
    ].join('\n')
    const base64 = Buffer.from(ini).toString('base64')
    const reading = await ane.call(readProfile, { body: { name: 'mine.ini', base64 } })
    expect(reading).toMatchObject({
      program: 'prusaslicer',
      name: 'mine',
      materialType: 'PETG',
      density: 1.27,
      settings: {
        layer_height: 0.15,
        infill_sparse_density: 35,
        infill_pattern: 'gyroid',
        wall_line_width_x: 0.4178,
        material_print_temperature: 215,
      },
      unmapped: expect.arrayContaining(['extruder_colour']),
    })
    expect(reading.refused.map(({ key }) => key)).toEqual([
      'post_process',
      'print_host',
      'printhost_apikey',
      'output_filename_format',
      'start_gcode',
      'nozzle_diameter',
      'top_solid_layers',
    ])
    for (const { reason } of reading.refused) expect(reason).toMatch(/\.$/)
    expect(JSON.stringify(reading.settings)).not.toMatch(/evil|secret|M112/)
  })

  it('reads profiles of Cura, loose and packed, and says what is no profile', async () => {
    const text =
      '[general]\nversion = 4\nname = Fine and strong\n[metadata]\ntype = quality_changes\n[values]\nlayer_height = 0.12\nwall_line_count = 4\nmachine_end_gcode = M81\nunheard_of = 3\ninfill_pattern = gyroid\n'
    const read = (name: string, bytes: Uint8Array) =>
      ane.call(readProfile, { body: { name, base64: Buffer.from(bytes).toString('base64') } })
    const expected = {
      program: 'cura',
      name: 'Fine and strong',
      kind: 'quality',
      settings: { layer_height: 0.12, wall_line_count: 4, infill_pattern: 'gyroid' },
      unmapped: ['unheard_of'],
      refused: [{ key: 'machine_end_gcode' }],
    }
    expect(await read('a.inst.cfg', Buffer.from(text))).toMatchObject(expected)
    expect(await read('a.curaprofile', zipSync({ global: Buffer.from(text) }))).toMatchObject(expected)
    for (const bytes of [Buffer.from('PK\x03\x04broken'), Buffer.from([0, 1, 2]), Buffer.from('Dear neighbours')]) {
      expect(await refusalOf(read('x.curaprofile', bytes))).toMatchObject({ status: 422, code: 'slicing.import' })
    }
    const bomb = zipSync({ global: new Uint8Array(30_000_000) })
    expect(await refusalOf(read('bomb.curaprofile', bomb))).toMatchObject({ status: 422 })
  })
})
