import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { zipSync } from 'fflate'
import { describe, expect, it, vi } from 'vitest'
import { readPngSize } from '../../gcode/pictures/png.ts'
import { readMesh, type WireMesh } from '../../server/contract/mesh-wire.ts'
import type { MeshFacts, ModelKind } from '../../server/contract/models.ts'
import { runMesh } from '../../server/work/read-model.ts'
import { binaryStl, box, brokenCube, knownMeshes, realMeshes, textStl } from '../support/meshes.ts'
import { meshObject, modelXml, threeMf } from '../support/model-files.ts'

// Each starts processes; on a busy machine they wait for their turn.
vi.setConfig({ testTimeout: 120_000 })

interface Read {
  readonly facts: MeshFacts
  readonly notes: readonly string[]
  readonly mesh: WireMesh
  readonly files: ReadonlyMap<string, Buffer>
}

const read = async (bytes: Buffer | string, format: ModelKind): Promise<Read> => {
  const { answer, files } = await runMesh(
    { kind: 'read', format },
    new Map([['model', Buffer.from(bytes)]]),
    async () => {},
  )
  if (answer.facts === undefined) throw new Error('There are no facts.')
  const mesh = readMesh(files.get('mesh.azm') ?? Buffer.alloc(0))
  return { facts: answer.facts, notes: answer.notes.map(({ code }) => code), mesh, files }
}

const refusalOf = async (bytes: Buffer | string, format: ModelKind): Promise<string> => {
  const failure = await read(bytes, format).then(
    () => null,
    (error: Error) => error,
  )
  if (failure === null) throw new Error('It was read.')
  expect(failure).toMatchObject({ kind: 'input' })
  return failure.message
}

const cube = box([0, 0, 0], [20, 20, 20])
const sizeOf = ({ box: { minX, minY, minZ, maxX, maxY, maxZ } }: MeshFacts) => [maxX - minX, maxY - minY, maxZ - minZ]

describe('facts of a mesh', () => {
  it.each(knownMeshes)('are exact for a $name', async ({ triangles, volume, size }) => {
    const { facts, mesh } = await read(binaryStl(triangles), 'stl')
    expect(facts).toMatchObject({ watertight: true, openEdges: 0, triangles: triangles.length, repair: 'needless' })
    expect(facts.volume).toBeCloseTo(volume, volume > 1000 ? 1 : 3)
    for (const [axis, length] of sizeOf(facts).entries()) expect(length).toBeCloseTo(size[axis] ?? 0, 1)
    expect(mesh.indices.length).toBe(triangles.length * 3)
  })

  it('count a volume that two bodies share once, and say so', async () => {
    const { facts, notes } = await read(binaryStl([...cube, ...box([10, 0, 0], [20, 20, 20])]), 'stl')
    expect(facts.volume).toBeCloseTo(12_000, 1)
    expect(facts).toMatchObject({ shells: 2, overlapping: true })
    expect(notes).toContain('overlapping')
  })

  it('take a hole inside a body for a hole, not for a second body', async () => {
    const hollow = knownMeshes.find(({ name }) => name === 'hollow box')
    const { facts } = await read(binaryStl(hollow?.triangles ?? []), 'stl')
    expect(facts).toMatchObject({ shells: 2, overlapping: false })
  })

  it('tell how thick the walls are', async () => {
    const { facts, notes } = await read(binaryStl(box([0, 0, 0], [40, 0.3, 30])), 'stl')
    expect(facts.walls?.thinnest).toBeCloseTo(0.3, 3)
    expect(facts.walls?.thin[0]?.share).toBeGreaterThan(0.95)
    expect(notes).toContain('thin-walls')
    const thick = await read(binaryStl(cube), 'stl')
    expect(thick.facts.walls?.thinnest).toBeCloseTo(20, 2)
  })

  it('say that a surface is not closed, and offer a repair', async () => {
    const { facts, notes } = await read(binaryStl(brokenCube), 'stl')
    expect(facts).toMatchObject({ watertight: false, volume: null, repair: 'offered', openEdges: 3 })
    expect(notes).toContain('repair-offered')
  })

  it('notice a body that lies inside out', async () => {
    const { facts, notes } = await read(binaryStl(cube.map(([a, b, c]) => [a, c, b])), 'stl')
    expect(facts).toMatchObject({ watertight: false, repair: 'offered' })
    expect(notes).toContain('inside-out')
  })

  it('doubt the unit of a part of one millimetre', async () => {
    expect((await read(binaryStl(box([0, 0, 0], [1, 1, 1])), 'stl')).notes).toContain('unit-small')
  })

  it.each(realMeshes())('are found of $name', async ({ stl }) => {
    const { facts } = await read(stl, 'stl')
    expect(facts.watertight).toBe(true)
    expect(facts.volume).toBeGreaterThan(1000)
  })
})

describe('a repair', () => {
  it('closes, turns and gives the volume that the whole body has', async () => {
    const { files } = await read(binaryStl(brokenCube), 'stl')
    const { answer } = await runMesh(
      { kind: 'repair' },
      new Map([['model', files.get('mesh.azm') ?? Buffer.alloc(0)]]),
      async () => {},
    )
    expect(answer.repair?.volume).toBeCloseTo(8000, 2)
    expect(answer.repair).toMatchObject({
      closedHoles: 1,
      turnedTriangles: 1,
      sizeBefore: [20, 20, 20],
      sizeAfter: [20, 20, 20],
    })
    expect(answer.facts?.watertight).toBe(true)
  })

  it('joins a crack', async () => {
    const shifted = cube.map((triangle, at) =>
      at < 6 ? triangle : (triangle.map(([x, y, z]) => [x + 0.0004, y, z]) as unknown as (typeof cube)[number]),
    )
    const { files, facts } = await read(binaryStl(shifted), 'stl')
    expect(facts.watertight).toBe(false)
    const { answer } = await runMesh(
      { kind: 'repair' },
      new Map([['model', files.get('mesh.azm') ?? Buffer.alloc(0)]]),
      async () => {},
    )
    expect(answer.repair?.volume).toBeCloseTo(8000, -1)
  })

  it('is not offered where there is nothing to close', async () => {
    const sheet = cube.slice(0, 2)
    expect((await read(binaryStl(sheet), 'stl')).facts.repair).toBe('impossible')
  })
})

describe('formats', () => {
  it('STL as text is the same mesh as binary', async () => {
    const { facts } = await read(textStl(cube, 'my part'), 'stl')
    expect(facts).toMatchObject({ triangles: 12, volume: 8000, watertight: true })
    expect(facts.parts[0]?.name).toBe('my part')
  })

  it('binary STL that begins with "solid" is still binary', async () => {
    const bytes = binaryStl(cube)
    bytes.write('solid cube')
    expect((await read(bytes, 'stl')).facts.volume).toBeCloseTo(8000)
  })

  it('OBJ has faces of four corners, negative numbers, groups', async () => {
    const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => `v ${at & 1 ? 10 : 0} ${at & 2 ? 10 : 0} ${at & 4 ? 10 : 0}`)
    const text = `# made for a test\n${corners.join('\n')}\no base\nf 1/1/1 3/1/1 4 2\nf -4 -3 -1 -2\ng side\nf 1 2 6 5\nf 3 7 8 4\nf 1 5 7 3\nf 2 4 8 6\n`
    const { facts } = await read(text, 'obj')
    expect(facts.triangles).toBe(12)
    expect(facts.parts.map(({ name }) => name)).toEqual(['base', 'side'])
  })

  it('3MF keeps units, places, mirrored components, colours and names', async () => {
    const resources = [
      '<m:colorgroup id="5"><m:color color="#FF0000FF"/></m:colorgroup>',
      meshObject(1, box([0, 0, 0], [1, 1, 1]), 'name="Block" pid="5" pindex="0"'),
      '<object id="2" type="model"><components><component objectid="1"/><component objectid="1" transform="-1 0 0 0 1 0 0 0 1 -2 0 0"/></components></object>',
    ].join('')
    const build = '<item objectid="2" transform="1 0 0 0 1 0 0 0 1 0 0 3"/>'
    const { facts } = await read(threeMf(modelXml({ unit: 'inch', resources, build })), '3mf')
    expect(facts).toMatchObject({ triangles: 24, watertight: true, unit: 'inch' })
    expect(facts.volume).toBeCloseTo(2 * 25.4 ** 3, 0)
    expect(facts.box.minZ).toBeCloseTo(3 * 25.4, 3)
    expect(facts.box.minX).toBeCloseTo(-3 * 25.4, 3)
    expect(facts.parts.map(({ name, colour }) => [name, colour])).toEqual([
      ['Block', '#ff0000'],
      ['Block', '#ff0000'],
    ])
  })

  it('3MF finds objects in the other files of the production extension', async () => {
    const other = modelXml({ resources: meshObject(7, cube) })
    const root = modelXml({
      resources:
        '<object id="1" type="model"><components><component p:path="/3D/Objects/o.model" objectid="7"/></components></object>',
      build: '<item objectid="1"/>',
    })
    const { facts } = await read(threeMf(root, { '3D/Objects/o.model': other }), '3mf')
    expect(facts.volume).toBeCloseTo(8000)
  })

  it('3MF brings settings and scripts of a slicer that are left where they are', async () => {
    const settings = '; post_process = /tmp/evil.sh\n'
    const package3mf = threeMf(modelXml({ resources: meshObject(1, cube), build: '<item objectid="1"/>' }), {
      'Metadata/Slic3r_PE.config': settings,
    })
    const { notes, files } = await read(package3mf, '3mf')
    expect(notes).toContain('settings-left-out')
    expect(files.get('mesh.azm')?.toString('latin1')).not.toContain('evil')
  })

  it('AMF keeps its unit and colour', async () => {
    const places = cube
      .flat()
      .map(([x, y, z]) => `<vertex><coordinates><x>${x}</x><y>${y}</y><z>${z}</z></coordinates></vertex>`)
    const faces = cube.map(
      (_, at) => `<triangle><v1>${at * 3}</v1><v2>${at * 3 + 1}</v2><v3>${at * 3 + 2}</v3></triangle>`,
    )
    const amf = `<?xml version="1.0"?><amf unit="meter"><object id="0"><metadata type="name">Cube</metadata><mesh><vertices>${places.join('')}</vertices><volume><color><r>0</r><g>0.5</g><b>1</b></color>${faces.join('')}</volume></mesh></object></amf>`
    const { facts } = await read(amf, 'amf')
    expect(facts.volume).toBeCloseTo(8000 * 1e9, -6)
    expect(facts.parts[0]).toMatchObject({ name: 'Cube', colour: '#0080ff' })
    const packed = Buffer.from(zipSync({ 'part.amf': Buffer.from(amf) }))
    expect((await read(packed, 'amf')).facts.triangles).toBe(12)
  })

  it('STEP becomes triangles, in millimetres', async () => {
    const require = createRequire(import.meta.url)
    const folder = require.resolve('occt-import-js/package.json').replace('package.json', 'test/testfiles/cube-units')
    const { facts } = await read(readFileSync(`${folder}/cube-mm.step`), 'step')
    expect(facts).toMatchObject({ watertight: true, triangles: 12 })
    const inches = await read(readFileSync(`${folder}/cube-in.step`), 'step')
    expect(inches.facts.watertight).toBe(true)
  })
})

describe('pictures', () => {
  it('are there in two sizes, with the model in the middle and nothing behind it', async () => {
    const { files } = await read(binaryStl(cube), 'stl')
    expect(readPngSize(files.get('large.png') ?? Buffer.alloc(0))).toEqual({ width: 512, height: 512 })
    expect(readPngSize(files.get('small.png') ?? Buffer.alloc(0))).toEqual({ width: 256, height: 256 })
  })
})

describe('hostile models', () => {
  it('STL that says it holds more than it does', async () => {
    expect(await refusalOf(binaryStl(cube, 4_000_000_000), 'stl')).toBe(
      'It says that it holds 4000000000 triangles, but ends after 12. Fetch or export it again.',
    )
  })

  it('STL that says it holds less than it does', async () => {
    expect(await refusalOf(binaryStl(cube, 6), 'stl')).toMatch(/says that it holds 6 triangles, but there are 12/)
  })

  it('STL of corners that are no numbers, or beyond all places', async () => {
    const [first, ...rest] = cube
    const broken = (value: number) => [
      [[value, 0, 0], first?.[1] ?? [0, 0, 0], first?.[2] ?? [0, 0, 0]] as const,
      ...rest,
    ]
    expect(await refusalOf(binaryStl(broken(Number.NaN)), 'stl')).toMatch(/not a number/)
    expect(await refusalOf(binaryStl(broken(Number.POSITIVE_INFINITY)), 'stl')).toMatch(/not a number/)
    expect(await refusalOf(binaryStl(broken(1e30)), 'stl')).toMatch(/more than 100 m/)
  })

  it('STL that is cut off, empty, or something else', async () => {
    expect(await refusalOf(textStl(cube).slice(0, 700), 'stl')).toMatch(/ends in the middle/)
    expect(await refusalOf('', 'stl')).toBe('It is empty.')
    expect(await refusalOf('<html>Not found</html>', 'stl')).toMatch(/cut off/)
    expect(await refusalOf(binaryStl([]), 'stl')).toBe('It holds no triangles.')
  })

  it('3MF with external entities', async () => {
    const before = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    const model = modelXml({ before, resources: meshObject(1, cube, 'name="&secret;"'), build: '<item objectid="1"/>' })
    expect(await refusalOf(threeMf(model), '3mf')).toMatch(/declares entities/)
  })

  it('3MF whose objects are made of each other without end', async () => {
    const resources =
      '<object id="1" type="model"><components><component objectid="2"/><component objectid="2"/></components></object><object id="2" type="model"><components><component objectid="1"/><component objectid="1"/></components></object>'
    expect(await refusalOf(threeMf(modelXml({ resources, build: '<item objectid="1"/>' })), '3mf')).toMatch(
      /made of each other/,
    )
  })

  it('3MF that unpacks to a thousand times its size', async () => {
    const bomb = modelXml({ resources: ' '.repeat(60e6) })
    expect(await refusalOf(threeMf(bomb), '3mf')).toMatch(/It is damaged or no 3MF/)
  })

  it('3MF that places what is not there, triangles of corners that are not there, or nothing', async () => {
    expect(await refusalOf(threeMf(modelXml({ build: '<item objectid="9"/>' })), '3mf')).toMatch(/not in it/)
    const wild = meshObject(1, cube).replace('v1="0"', 'v1="4000000"')
    expect(await refusalOf(threeMf(modelXml({ resources: wild, build: '<item objectid="1"/>' })), '3mf')).toMatch(
      /not there/,
    )
    expect(await refusalOf(threeMf(modelXml()), '3mf')).toMatch(/nothing to build|no model/)
    expect(await refusalOf(binaryStl(cube), '3mf')).toMatch(/no 3MF/)
  })

  it('AMF that expands entities', async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><amf><metadata>&b;</metadata></amf>'
    expect(await refusalOf(bomb, 'amf')).toMatch(/declares entities/)
  })

  it('OBJ that names corners that are not there', async () => {
    expect(await refusalOf('v 0 0 0\nf 1 2 3\n', 'obj')).toMatch(/corner that is not there/)
  })

  it('STEP that is none', async () => {
    expect(await refusalOf('ISO-10303-21; nonsense', 'step')).toMatch(/cannot be read as STEP/)
  })
})
