import { describe, expect, it, vi } from 'vitest'
import type { Endpoint, ReplyOf } from '../../server/contract/endpoint.ts'
import { readMesh } from '../../server/contract/mesh-wire.ts'
import {
  askOrientations,
  askParameters,
  askPlate,
  askRender,
  askRepair,
  keepTree,
  type ModelWork,
  type PlateObject,
  showModelWork,
} from '../../server/contract/model-work.ts'
import { askModel, type Model, showModel } from '../../server/contract/models.ts'
import type { AskOf } from '../../server/contract/request.ts'
import { writeBlob } from '../../server/store/blobs.ts'
import { workOnModels } from '../../server/work/model-orders.ts'
import { binaryStl, box, brokenCube, type Triangle } from '../support/meshes.ts'
import { openWorkshop, type Person, refusalOf } from '../support/workshop.ts'

// Each starts processes; on a busy machine they wait for their turn.
vi.setConfig({ testTimeout: 120_000 })

const workshop = await openWorkshop()
const { db, house, app } = workshop
await workOnModels(db, house.orders, (error) => console.error(error.message))
const member = await workshop.join('Ane', 'member')

/** Stores bytes as a pulled file would be; returns their hash. */
const store = async (bytes: Buffer | string): Promise<string> => {
  const blob = await writeBlob(
    db,
    (async function* () {
      yield Buffer.from(bytes)
    })(),
  )
  return blob.hash
}

const until = async <T>(look: () => Promise<T>, done: (value: T) => boolean): Promise<T> => {
  const end = Date.now() + 60_000
  for (;;) {
    const value = await look()
    if (done(value)) return value
    if (Date.now() > end) throw new Error(`It did not come: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const read = async (bytes: Buffer | string, name = 'part.stl', who: Person = member): Promise<Model> => {
  const hash = await store(bytes)
  await who.call(askModel, { body: { hash, name } })
  const look = (): Promise<Model> => who.call(showModel, { params: { hash } })
  return until(look, ({ state }) => state === 'ready' || state === 'failed')
}

const work = async <E extends Endpoint>(endpoint: E, ask: AskOf<E>): Promise<ModelWork> => {
  const { id } = (await member.call(endpoint, ask)) as ReplyOf<typeof showModelWork>
  const look = (): Promise<ModelWork> => member.call(showModelWork, { params: { id } })
  return until(look, ({ state }) => state !== 'waiting' && state !== 'working')
}

const bytesAt = async (url: string) => {
  const { rawPayload, statusCode, headers } = await app.inject({ url, headers: { cookie: member.cookie } })
  return { bytes: rawPayload, statusCode, type: headers['content-type'] }
}

const cube = box([0, 0, 0], [20, 20, 20])
const object = (hash: string, more: Partial<PlateObject> = {}): PlateObject => ({
  hash,
  copies: 1,
  scale: [1, 1, 1],
  rotation: [0, 0, 0, 1],
  layOn: null,
  position: null,
  ...more,
})
const bed = { width: 200, depth: 200, height: 200, round: false }
const plateOf = (objects: PlateObject[], more = {}) =>
  work(askPlate, { body: { objects, bed, clearance: 5, mayTurn: true, ...more } })

describe('a model', () => {
  it('is read once, with its mesh, its pictures and an STL for slicers', async () => {
    const model = await read(binaryStl(cube))
    expect(model).toMatchObject({ state: 'ready', kind: 'stl', hasThumbnail: true, facts: { volume: 8000 } })
    const mesh = await bytesAt(`/api/models/${model.hash}/mesh`)
    expect(readMesh(mesh.bytes).head).toMatchObject({ vertices: 8, triangles: 12 })
    expect((await bytesAt(`/api/models/${model.hash}/stl`)).bytes.length).toBe(84 + 12 * 50)
    expect((await bytesAt(`/api/models/${model.hash}/thumbnail?size=256`)).type).toBe('image/png')
    expect((await read(binaryStl(cube))).id).toBe(model.id)
  })

  it('that cannot be read says why, and the next one is read all the same', async () => {
    const broken = await read('solid x\n facet', 'broken.stl')
    expect(broken).toMatchObject({ state: 'failed', reason: expect.stringMatching(/cut off|ends in the middle/) })
    expect(await refusalOf(member.call(askOrientations, { params: { hash: broken.hash } }))).toMatchObject({
      status: 422,
      code: 'model.failed',
    })
    expect((await read(binaryStl(box([0, 0, 0], [5, 5, 9])))).state).toBe('ready')
  })

  it('is refused where the name says no model, or the file is not here', async () => {
    const hash = await store('hello')
    expect(await refusalOf(member.call(askModel, { body: { hash, name: 'notes.txt' } }))).toMatchObject({
      code: 'model.kind',
    })
    const other = 'ab'.repeat(32)
    expect(await refusalOf(member.call(askModel, { body: { hash: other, name: 'x.stl' } }))).toMatchObject({
      status: 404,
    })
    expect((await bytesAt(`/api/models/${other}/mesh`)).statusCode).toBe(404)
  })

  it('is shown to nobody who is not signed in, and asked for by no visitor', async () => {
    const model = await read(binaryStl(cube))
    const { statusCode } = await app.inject({ url: `/api/models/${model.hash}/mesh` })
    expect(statusCode).toBe(401)
    const visitor = await workshop.join('Vis', 'visitor')
    const body = { hash: model.hash, name: 'part.stl' }
    expect(await refusalOf(visitor.call(askModel, { body }))).toMatchObject({ code: 'permission.missing' })
  })
})

describe('a repair', () => {
  it('makes a new model that is whole; the open one is put on no plate', async () => {
    const model = await read(binaryStl(brokenCube))
    const refused = member.call(askPlate, { body: { objects: [object(model.hash)], bed, clearance: 5, mayTurn: true } })
    expect(await refusalOf(refused)).toMatchObject({ code: 'model.open' })
    const { result, state } = await work(askRepair, { params: { hash: model.hash } })
    expect(state).toBe('done')
    const hash = result?.repair?.hash ?? ''
    const whole = await member.call(showModel, { params: { hash } })
    expect(whole).toMatchObject({ kind: 'mesh', state: 'ready', facts: { watertight: true } })
    expect((await plateOf([object(hash)])).state).toBe('done')
    expect(await refusalOf(member.call(askRepair, { params: { hash } }))).toMatchObject({ code: 'model.whole' })
  })
})

describe('a plate', () => {
  const long = box([0, 0, 0], [60, 10, 5])

  it('holds copies that are scaled, turned and apart, as one mesh on the bed', async () => {
    const { hash } = await read(binaryStl(long))
    const { result } = await plateOf([object(hash, { copies: 6, scale: [-1, 2, 1] })])
    const plate = result?.plate
    expect(plate).toMatchObject({ left: [], box: { minZ: 0, maxZ: 5 } })
    expect(plate?.placed.length).toBe(6)
    const mesh = readMesh((await bytesAt(`/api/models/${plate?.hash}/mesh`)).bytes)
    const boxes = mesh.head.parts.map(({ firstTriangle, triangles }) =>
      boxOfPart(mesh.positions, mesh.indices, firstTriangle, triangles),
    )
    for (const [at, one] of boxes.entries()) {
      expect(Math.min(one[0], one[1])).toBeGreaterThanOrEqual(5 - 1e-3)
      expect(Math.max(one[2], one[3])).toBeLessThanOrEqual(195 + 1e-3)
      for (const other of boxes.slice(at + 1)) {
        const apart = Math.max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])
        expect(apart).toBeGreaterThanOrEqual(5 - 1e-3)
      }
    }
    const { facts } = await member.call(showModel, { params: { hash: plate?.hash ?? '' } })
    expect(facts?.volume).toBeCloseTo(6 * 60 * 20 * 5, 0)
  })

  it('lays a part flat on the face that was chosen', async () => {
    const { hash } = await read(binaryStl(long))
    const { result } = await plateOf([object(hash, { layOn: [1, 0, 0] })])
    expect(result?.plate?.box.maxZ).toBeCloseTo(60, 3)
  })

  it('puts a part where it is wanted', async () => {
    const { hash } = await read(binaryStl(cube))
    const { result } = await plateOf([object(hash, { position: [30, 40] })])
    expect(result?.plate?.box).toMatchObject({ minX: 20, maxX: 40, minY: 30, maxY: 50 })
  })

  it('says what found no room, and that nothing fits', async () => {
    const { hash } = await read(binaryStl(box([0, 0, 0], [90, 90, 5])))
    const full = await plateOf([object(hash, { copies: 6 })])
    expect(full.result?.plate?.left).toEqual([{ object: 0, copies: 2 }])
    expect(full.notes.map(({ message }) => message)).toContain('2 of the parts found no room on the bed.')
    const large = await plateOf([object(hash, { scale: [9, 9, 9] })])
    expect(large).toMatchObject({ state: 'failed', reason: expect.stringMatching(/None of the parts fits/) })
  })
})

/** Least x, least y, most x, most y. */
const boxOfPart = (
  positions: Float32Array,
  indices: Uint32Array,
  first: number,
  count: number,
): [number, number, number, number] => {
  const corners = [...indices.subarray(first * 3, (first + count) * 3)]
  const xs = corners.map((corner) => positions[corner * 3] ?? 0)
  const ys = corners.map((corner) => positions[corner * 3 + 1] ?? 0)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

describe('suggested orientations', () => {
  /** A table: a wide top on a thin leg. */
  const table: Triangle[] = [...box([0, 0, 20], [40, 40, 4]), ...box([17, 17, 0], [6, 6, 20.5])]

  it('turn a table on its head, and keep it as drawn among them', async () => {
    const { hash } = await read(binaryStl(table))
    const { result } = await work(askOrientations, { params: { hash } })
    const [best] = result?.orientations ?? []
    expect(best?.down).toEqual([0, 0, 1])
    expect(best?.contact).toBeCloseTo(1600, 0)
    expect(result?.orientations?.some(({ reason }) => reason === 'as-drawn')).toBe(true)
    const { result: laid } = await plateOf([object(hash, { rotation: [...(best?.rotation ?? [])] })])
    expect(laid?.plate?.box.maxZ).toBeCloseTo(24, 3)
  })

  it('leave a cube as it is', async () => {
    const { hash } = await read(binaryStl(cube))
    const { result } = await work(askOrientations, { params: { hash } })
    expect(result?.orientations?.[0]?.reason).toBe('as-drawn')
  })

  it('stand no pencil on its tip', async () => {
    const { hash } = await read(binaryStl(box([0, 0, 0], [4, 4, 120])))
    const { result } = await work(askOrientations, { params: { hash } })
    expect(result?.orientations?.[0]?.height).toBeCloseTo(4, 3)
  })
})

const tree = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const list = await Promise.all(Object.entries(files).map(async ([path, text]) => ({ path, hash: await store(text) })))
  return (await member.call(keepTree, { body: { files: list } })).tree
}
const scad = (text: string) => tree({ 'in.scad': text })
const render = async (text: string, values = {}) =>
  work(askRender, { body: { tree: await scad(text), entry: 'in.scad', values } })

describe('OpenSCAD', () => {
  const boxes = `/* [Size] */
// How wide
width = 30; // [10:5:100]
style = "round"; // [round:Rounded, square:Square]
/* [Look] */
label = "hi"; // 8
deep = true;
at = [1, 2, 3];
/* [Hidden] */
secret = 5;
echo(label = label);
translate(at) cube([width, deep ? 20 : 10, 5]);`

  it('offers the parameters of a design with groups, ranges, lists, texts, switches and vectors', async () => {
    const { result } = await work(askParameters, { body: { tree: await scad(boxes), entry: 'in.scad' } })
    const shown = result?.parameters?.map(({ name, group, kind }) => `${group} ${name} ${kind}`)
    expect(shown).toEqual([
      'Size width number',
      'Size style text',
      'Look label text',
      'Look deep boolean',
      'Look at vector',
    ])
    expect(result?.parameters?.[0]).toMatchObject({ caption: 'How wide', initial: 30, least: 10, most: 100, step: 5 })
    expect(result?.parameters?.[1]?.options).toEqual([
      { label: 'Rounded', value: 'round' },
      { label: 'Square', value: 'square' },
    ])
    expect(result?.parameters?.[2]).toMatchObject({ initial: 'hi', maxLength: 8 })
  })

  it('makes a model with the values that were chosen, and takes the stored one the second time', async () => {
    const values = { width: 50, deep: false, at: [0, 0, 0] }
    const { result, id, reason } = await render(boxes, values)
    expect(reason).toBeNull()
    const model = await member.call(showModel, { params: { hash: result?.rendered ?? '' } })
    expect(model.facts).toMatchObject({ volume: 50 * 10 * 5, box: { minX: 0, maxX: 50 } })
    const again = await member.call(askRender, {
      body: { tree: await scad(boxes), entry: 'in.scad', values: { at: [0, 0, 0], deep: false, width: 50 } },
    })
    expect(again).toMatchObject({ id, state: 'done' })
  })

  it('takes a text as a text, whatever stands in it', async () => {
    const { result, notes } = await render(boxes, { label: '";cube()' })
    expect(notes.map(({ message }) => message)).toContain('The design says: label = "";cube()"')
    const model = await member.call(showModel, { params: { hash: result?.rendered ?? '' } })
    expect(model.facts?.volume).toBeCloseTo(30 * 20 * 5)
  })

  it.each([
    [{ width: 500 }, 'width must be 100 at most.'],
    [{ style: 'oval' }, 'style must be one of Rounded, Square.'],
    [{ at: [1, 2] }, 'at must be 3 numbers.'],
    [{ deep: 'yes' }, 'deep must be a boolean.'],
    [{ secret: 7 }, 'This design has no parameter secret. Load the page anew.'],
  ])('refuses %j with a sentence', async (values, reason) => {
    expect(await render(boxes, values)).toMatchObject({ state: 'failed', reason })
  })

  it('draws text in a font that comes along, and finds libraries of the design', async () => {
    const files = {
      'parts/in.scad':
        'use <BOSL/shapes.scad>\nuse <near.scad>\nplate(); near(); linear_extrude(3) text("Kaixo", font="DejaVu Sans:style=Bold");',
      'parts/near.scad': 'module near() translate([-9, 0, 0]) cube(2);',
      'lib/BOSL/shapes.scad': 'include <constants.scad>\nmodule plate() cube([size, 12, 1]);',
      'lib/BOSL/constants.scad': 'size = 40;',
    }
    const { result, state, notes } = await work(askRender, {
      body: { tree: await tree(files), entry: 'parts/in.scad', values: {} },
    })
    expect({ state, notes }).toEqual({ state: 'done', notes: [] })
    const { facts } = await member.call(showModel, { params: { hash: result?.rendered ?? '' } })
    expect(facts?.box).toMatchObject({ minX: -9, maxZ: 3 })
    expect(facts?.volume).toBeGreaterThan(40 * 12 + 50)
  })

  it.each([
    ['include </etc/passwd>\ncube(1);', /outside of the design/],
    ['use <../../secret.scad>\ncube(1);', /outside of the design/],
    ['include <BOSL2/std.scad>\ncube(1);', /It is a library: add its files to the design/],
    ['function f(x) = f(x + 1) + 1;\ncube(f(1));', /calls itself without end/],
    ['module m() { m(); }\nm();', /calls itself without end/],
    ['cube(3', /written wrongly at in.scad, line/],
    ['square(3);', /flat drawing/],
    ['w = 5;\nassert(w > 9, "too thin");\ncube(w);', /refuses these values: too thin/],
  ])('says what is wrong with %s', async (text, reason) => {
    expect(await render(text)).toMatchObject({ state: 'failed', reason: expect.stringMatching(reason) })
  })

  it('stops a rendering that was overtaken, and answers the later one', async () => {
    const forever = await scad('w = 1;\nfor (i = [0:1:1e9]) for (j = [0:1:1e9]) if (i + j < 0) cube(w);\ncube(w);')
    const editor = 'page-12345'
    const ask = (values: Record<string, number>, at: string) =>
      member.call(askRender, { body: { tree: at, entry: 'in.scad', values, editor } })
    const first = await ask({ w: 2 }, forever)
    await until(
      () => member.call(showModelWork, { params: { id: first.id } }),
      ({ state }) => state === 'working',
    )
    const second = await ask({}, await scad('cube(7);'))
    const done = await until(
      () => member.call(showModelWork, { params: { id: second.id } }),
      ({ state }) => state === 'done',
    )
    expect(done.result?.rendered).toMatch(/^[0-9a-f]{64}$/)
    expect(await member.call(showModelWork, { params: { id: first.id } })).toMatchObject({
      state: 'overtaken',
      result: null,
    })
  })

  it('refuses a tree with paths that climb, and an entry that is not in it', async () => {
    const hash = await store('cube(1);')
    for (const path of ['../x.scad', '/x.scad', 'a/../../x.scad', 'a//x.scad', 'c:x.scad']) {
      expect(await refusalOf(member.call(keepTree, { body: { files: [{ path, hash }] } }))).toMatchObject({
        status: 400,
      })
    }
    const other = await scad('cube(1);')
    const body = { tree: other, entry: 'out.scad', values: {} }
    expect(await refusalOf(member.call(askRender, { body }))).toMatchObject({ code: 'scad.entry' })
  })
})
