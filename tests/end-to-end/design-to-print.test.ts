import { beforeAll, describe, expect, it } from 'vitest'
import { type Design, showDesign } from '../../server/contract/commons.ts'
import { listPrints } from '../../server/contract/jobs.ts'
import { showLineage } from '../../server/contract/lineage.ts'
import { designsOfPrint, recordMake } from '../../server/contract/makes.ts'
import { finishTray, layOnTray, openTray, showPull } from '../../server/contract/pulls.ts'
import { requestFor } from '../../server/contract/request.ts'
import { requestSlice, type Slice, showSlice } from '../../server/contract/slicing.ts'
import { okh } from '../support/commons.ts'
import { type Farm, openFarm } from '../support/farm.ts'
import { boxStl, plateScad } from '../support/shapes.ts'

/** Asks until it holds. */
const until = async <T>(ask: () => Promise<T>, holds: (got: T) => boolean, farm: Farm): Promise<T> => {
  const end = Date.now() + 60_000
  for (;;) {
    const got = await ask()
    if (holds(got)) return got
    if (Date.now() > end) throw new Error(`It did not come to pass: ${JSON.stringify(got, null, 1)}\n${farm.said()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

describe('a folder with a design', () => {
  let farm: Farm
  beforeAll(async () => {
    farm = await openFarm()
    return () => farm.close()
  })

  const lay = async (trayId: number, path: string, bytes: string | Buffer): Promise<void> => {
    const request = requestFor(layOnTray, { params: { id: trayId }, query: { path } })
    const response = await fetch(farm.address + request.path, {
      method: request.method,
      headers: { cookie: farm.steward.cookie, 'content-type': 'application/octet-stream' },
      body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
    })
    expect(response.status).toBe(200)
  }

  const bring = async (folder: Readonly<Record<string, string | Buffer>>): Promise<number> => {
    const { id } = await farm.steward.call(openTray, { body: { name: 'Folder' } })
    for (const [path, bytes] of Object.entries(folder)) await lay(id, path, bytes)
    const begun = await farm.steward.call(finishTray, { params: { id } })
    const pull = await until(
      () => farm.steward.call(showPull, { params: { id: begun.id } }),
      ({ endedAt }) => endedAt !== null,
      farm,
    )
    if (pull.designId === null) throw new Error(pull.reason ?? pull.state)
    return pull.designId
  }

  it('becomes models, is sliced, queued and printed, and the make knows of all of it', async () => {
    const { steward } = farm
    const printer = await farm.addPrinter('good', { speed: 400 })
    const designId = await bring({
      'okh.toml': okh({ name: 'Foot', license: 'CC-BY-4.0', licensor: 'Jane Doe', function: 'Stands.' }),
      'foot.stl': boxStl(8, 8, 2),
      'foot.scad': plateScad,
    })
    const design: Design = await until(
      () => steward.call(showDesign, { params: { id: designId }, query: {} }),
      ({ files }) => files.every(({ model }) => model === null || model.state === 'ready'),
      farm,
    )
    const file = design.files.find(({ path }) => path === 'foot.stl')
    expect(design).toMatchObject({ mayBePrinted: true, thumbnailHash: file?.hash })
    const asked = await steward.call(requestSlice, {
      body: {
        parts: [{ hash: file?.hash ?? '', name: 'foot.stl', designFileId: file?.id ?? 0 }],
        printerId: printer.id,
        material: 'pla',
        quality: 'draft',
        choices: { infill: 0, supports: 'off', brim: false },
        queue: { printerId: printer.id, note: 'For the table' },
      },
    })
    const slice: Slice = await until(
      () => steward.call(showSlice, { params: { id: asked.id } }),
      ({ state, jobId }) => (state === 'done' && jobId !== null) || state === 'failed',
      farm,
    )
    expect(slice).toMatchObject({ state: 'done', notQueued: null })
    expect(await farm.untilJob(slice.jobId ?? 0, ['done', 'undecided'], 90_000)).toBe('done')
    expect(printer.printed().some((command) => command.startsWith('G1'))).toBe(true)
    const [print] = await steward.call(listPrints, { query: {} })
    expect(await steward.call(designsOfPrint, { params: { id: print?.id ?? 0 } })).toMatchObject([{ id: designId }])
    const make = await steward.call(recordMake, {
      params: { id: designId },
      body: { printId: print?.id ?? 0, outcome: 'good', material: 'PLA', settings: {}, remarks: 'Stands.' },
    })
    const { nodes, edges } = await steward.call(showLineage, { params: { kind: 'make', id: make.id } })
    const way = [
      `design-${designId}`,
      `design-file-${file?.id}`,
      `derived-${slice.derivedId}`,
      `gcode-file-${slice.fileId}`,
      `print-${print?.id}`,
      `make-${make.id}`,
    ]
    for (const [at, to] of way.slice(1).entries())
      expect(edges).toContainEqual(expect.objectContaining({ from: way[at], to }))
    expect(nodes.find(({ key }) => key === `derived-${slice.derivedId}`)).toMatchObject({
      licence: 'CC-BY-4.0',
      creators: ['Jane Doe'],
    })
  }, 180_000)
})
