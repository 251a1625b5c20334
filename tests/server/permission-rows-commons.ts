// Who may do what with designs, models and slices: further rows of the table of permissions.
import sql from 'sql-template-tag'
import { changeCatalogueSettings } from '../../server/contract/catalogue.ts'
import { deleteDesign, publishAdaptation, publishDesign, takeGcode } from '../../server/contract/commons.ts'
import { askApproval, decideApproval, withdrawApproval } from '../../server/contract/licences.ts'
import { forgetDerived, keepDerived } from '../../server/contract/lineage.ts'
import { deleteMake, photographMake, recordMake } from '../../server/contract/makes.ts'
import {
  askOrientations,
  askParameters,
  askPlate,
  askRender,
  askRepair,
  keepTree,
} from '../../server/contract/model-work.ts'
import { askModel } from '../../server/contract/models.ts'
import {
  addList,
  cancelPull,
  checkUpdate,
  finishTray,
  layOnTray,
  openTray,
  pullDesign,
  pullUpdate,
  removeList,
  takeFromTray,
} from '../../server/contract/pulls.ts'
import {
  addSlicingProfile,
  cancelSlice,
  changeSlicingProfile,
  queueSlice,
  readProfile,
  removeSlicingProfile,
  requestSlice,
} from '../../server/contract/slicing.ts'
import { changePrinterSlicing, changeSlicingScripts } from '../../server/contract/slicing-scripts.ts'
import type { Database } from '../../server/store/database.ts'
import { keepTree as storeTree } from '../../server/store/model-work.ts'
import type { Person } from '../support/workshop.ts'
import type { Row, Scene } from './permission-rows.ts'

/** What of designs is there to try it on, all of the member of the scene. */
interface Shelf {
  readonly designId: number
  readonly fileId: number
  readonly gcodeFileId: number
  readonly hash: string
  readonly made: string
  readonly tree: string
  readonly derivedId: number
  readonly makeId: number
  readonly pullId: number
  readonly trayId: number
  readonly listId: number
  readonly sliceId: number
  readonly profileKey: string
}

const FREE = { expression: 'CC0-1.0', written: 'CC0-1.0', asks: null, adapt: 'yes', make: 'yes', sell: 'yes' }
const ASKING = { ...FREE, expression: 'CC-BY-NC-4.0', written: 'CC-BY-NC-4.0', asks: 'non-commercial' }
const FACTS = { watertight: false, repair: 'offered', triangles: 1, box: {} }

const idOf = async (db: Database, row: ReturnType<typeof sql>): Promise<number> =>
  (await db.row<{ id: number }>(row))?.id ?? 0

const newBlob = async (db: Database): Promise<{ id: number; hash: string }> =>
  (await db.row<{ id: number; hash: string }>(sql`
    INSERT INTO blob (hash, size_bytes) VALUES (sha256(uuid_send(gen_random_uuid())), 1)
    RETURNING id, encode(hash, 'hex') AS hash`)) ?? { id: 0, hash: '' }

/** Lays everything there; for `asks`, under a licence about which a steward is asked. */
export const stageShelf = async (db: Database, scene: Scene, asks: boolean): Promise<Shelf> => {
  const owner = await db.row<{ id: number }>(sql`SELECT member_id AS id FROM job WHERE id = ${scene.waiting}`)
  const me = owner?.id ?? 0
  for (const table of ['slice_wish', 'derived_parent', 'make', 'pull', 'tray'])
    await db.run(sql([`DELETE FROM ${table}`]))
  await db.run(sql`DELETE FROM design_approval`)
  await db.run(sql`DELETE FROM model_work`)
  await db.run(sql`UPDATE derived_file SET file_id = NULL`)
  const designId = await idOf(
    db,
    sql`
    INSERT INTO design (slug, owner_id) VALUES (gen_random_uuid()::text, ${me}) RETURNING id`,
  )
  const origin = {
    kind: 'git',
    url: 'https://forge.example/a/b',
    ref: null,
    path: null,
    commit: 'a',
    revision: null,
    manifest: null,
  }
  const versionId = await idOf(
    db,
    sql`
    INSERT INTO design_version (design_id, number, origin, name, summary, creators, keywords, materials, licence, reading, words)
    VALUES (${designId}, 1, ${JSON.stringify(origin)}, 'Thing', '', '{}', '{}', '{}', ${JSON.stringify(asks ? ASKING : FREE)},
      ${JSON.stringify({ warnings: [], changes: [], readme: [], parents: [], safety: '', claimed: null })}, '') RETURNING id`,
  )
  const [shape, gcode, mesh] = [await newBlob(db), await newBlob(db), await newBlob(db)]
  const file = (path: string, kind: string, blobId: number): Promise<number> =>
    idOf(
      db,
      sql`
      INSERT INTO design_file (version_id, path, blob_id, kind, is_printable)
      VALUES (${versionId}, ${path}, ${blobId}, ${kind}, true) RETURNING id`,
    )
  const fileId = await file('a.scad', 'scad', shape.id)
  const gcodeFileId = await file('a.gcode', 'gcode', gcode.id)
  await db.run(sql`
    INSERT INTO model (blob_id, kind, state, facts, mesh_blob_id)
    VALUES (${shape.id}, 'stl', 'ready', ${JSON.stringify(FACTS)}, ${mesh.id})`)
  const made = await newBlob(db)
  await db.run(sql`
    INSERT INTO model_work (key, kind, request, state, result)
    VALUES (sha256(${made.hash}), 'repair', ${JSON.stringify({ hash: shape.hash })}, 'done',
      ${JSON.stringify({ repair: { hash: made.hash } })})`)
  const sliceId = await idOf(
    db,
    sql`
    INSERT INTO slice (key, engine, engine_version, name, plan, state, file_id, ended_at)
    VALUES (sha256(${made.hash}), 'cura-wasm', '1', 'a', '{"printers": []}', 'done', ${scene.fileId}, now()) RETURNING id`,
  )
  await db.run(sql`
    INSERT INTO slice_wish (slice_id, member_id, request, file_id, was_stored)
    VALUES (${sliceId}, ${me}, ${JSON.stringify(sliceWish(shape.hash, scene.printerId))}, ${scene.fileId}, false)`)
  const profile = await idOf(
    db,
    sql`
    INSERT INTO slicing_profile (kind, name, settings) VALUES ('material', gen_random_uuid()::text, '{}') RETURNING id`,
  )
  return {
    designId,
    fileId,
    gcodeFileId,
    hash: shape.hash,
    made: made.hash,
    tree: await storeTree(db, { files: [{ path: 'a.scad', hash: shape.hash }] }),
    derivedId: await idOf(
      db,
      sql`
      INSERT INTO derived_file (kind, name, blob_id, creators, licence, created_by)
      VALUES ('repair', 'b.stl', ${(await newBlob(db)).id}, '{}', '', ${me}) RETURNING id`,
    ),
    makeId: await idOf(
      db,
      sql`
      INSERT INTO make (design_id, outcome, member_id) VALUES (${designId}, 'good', ${me}) RETURNING id`,
    ),
    pullId: await idOf(
      db,
      sql`
      INSERT INTO pull (kind, address, member_id) VALUES ('pull', 'https://forge.example/c/d', ${me}) RETURNING id`,
    ),
    trayId: await idOf(db, sql`INSERT INTO tray (name, member_id) VALUES ('Tray', ${me}) RETURNING id`),
    listId: await idOf(
      db,
      sql`
      INSERT INTO commons_list (title, address) VALUES ('List', gen_random_uuid()::text) RETURNING id`,
    ),
    sliceId,
    profileKey: `own-${profile}`,
  }
}

const sliceWish = (hash: string, printerId: number) => ({
  parts: [{ hash }],
  printerId,
  material: 'pla',
  quality: 'draft',
  choices: { infill: null, supports: 'off' as const, brim: false },
})

const profile = { kind: 'material' as const, name: 'Ours', note: '', materialType: 'PLA', density: 1.2, settings: {} }
const plate = (hash: string) => ({
  objects: [{ hash, copies: 1, scale: [1, 1, 1], rotation: [0, 0, 0, 1], layOn: null, position: null }],
  bed: { width: 100, depth: 100, height: null, round: false },
  clearance: 1,
  mayTurn: true,
})

type Rule = Pick<Row, 'allowed' | 'by' | 'bound' | 'whose'>
const queues: Rule = { whose: 'none', allowed: 'mos', by: 'queue', bound: false }
const own: Rule = { ...queues, whose: 'own' }
const stewards: Rule = { whose: 'other', allowed: 's', by: 'steward', bound: false }
const runs: Rule = { whose: 'other', allowed: 'os', by: 'run-printers', bound: false }
const about = { name: 'Mine', description: 'For us.', change: 'Longer', isPublished: false, licence: 'CC0-1.0' }

/** `db`: where the shelf is laid before each try. */
export const commonsRows = (db: Database): readonly Row[] => {
  const shelves = new Map<Scene, Shelf>()
  const row = (
    action: string,
    rule: Rule,
    run: (person: Person, shelf: Shelf, scene: Scene) => Promise<unknown>,
    more: Partial<Row> & { asks?: boolean } = {},
  ): Row => {
    const { asks = false, ...rest } = more
    return {
      action,
      ...rule,
      ...rest,
      prepare: async (scene) => void shelves.set(scene, await stageShelf(db, scene, asks)),
      run: (person, scene) => {
        const shelf = shelves.get(scene)
        if (shelf === undefined) throw new Error('Nothing was laid there.')
        return run(person, shelf, scene)
      },
    }
  }
  const design = ({ designId }: Shelf) => ({ params: { id: designId } })
  return [
    row('publish a design', own, (p, s) => p.call(publishDesign, { ...design(s), body: { isPublished: true } })),
    row('publish a design', stewards, (p, s) => p.call(publishDesign, { ...design(s), body: { isPublished: true } })),
    row('take a design away', stewards, (p, s) => p.call(deleteDesign, design(s))),
    row('make a design of files', queues, (p, s) =>
      p.call(publishAdaptation, { body: { ...about, derivedIds: [], fileIds: [s.fileId] } }),
    ),
    row('make a design of what one kept', own, (p, s) =>
      p.call(publishAdaptation, { body: { ...about, derivedIds: [s.derivedId], fileIds: [] } }),
    ),
    row(
      'make a design of what was kept',
      { ...runs, bound: 'whole' },
      (p, s) => p.call(publishAdaptation, { body: { ...about, derivedIds: [s.derivedId], fileIds: [] } }),
      { hidden: true },
    ),
    row('take ready G-code', queues, (p, s) => p.call(takeGcode, { params: { id: s.gcodeFileId }, query: {} })),
    row('ask about a licence', queues, (p, s) => p.call(askApproval, { ...design(s), body: { question: '?' } }), {
      asks: true,
    }),
    row(
      'decide about a licence',
      stewards,
      (p, s) => p.call(decideApproval, { ...design(s), body: { decision: 'allowed', note: '' } }),
      { asks: true },
    ),
    row('take a decision back', stewards, (p, s) => p.call(withdrawApproval, design(s)), { asks: true }),
    row('keep a shape', queues, (p, s) => p.call(keepDerived, { body: { hash: s.made, name: 'Kept' } })),
    row('forget a shape', own, (p, s) => p.call(forgetDerived, { params: { id: s.derivedId } })),
    row('forget a shape', { ...runs, bound: 'whole' }, (p, s) =>
      p.call(forgetDerived, { params: { id: s.derivedId } }),
    ),
    row('tell how it went', queues, (p, s) =>
      p.call(recordMake, { ...design(s), body: { outcome: 'good', material: 'PLA', settings: {}, remarks: '' } }),
    ),
    row('add a photo', own, (p, s) => p.call(photographMake, { params: { id: s.makeId } })),
    row('add a photo', stewards, (p, s) => p.call(photographMake, { params: { id: s.makeId } })),
    row('take a make away', own, (p, s) => p.call(deleteMake, { params: { id: s.makeId } })),
    row('take a make away', stewards, (p, s) => p.call(deleteMake, { params: { id: s.makeId } })),
    row('name a tree', queues, (p, s) => p.call(keepTree, { body: { files: [{ path: 'a.scad', hash: s.hash }] } })),
    row('ask for parameters', queues, (p, s) => p.call(askParameters, { body: { tree: s.tree, entry: 'a.scad' } })),
    row('ask for a rendering', queues, (p, s) =>
      p.call(askRender, { body: { tree: s.tree, entry: 'a.scad', values: {} } }),
    ),
    row('ask for a repair', queues, (p, s) => p.call(askRepair, { params: { hash: s.hash } })),
    row('ask how it may lie', queues, (p, s) => p.call(askOrientations, { params: { hash: s.hash } })),
    row('ask for a plate', queues, (p, s) => p.call(askPlate, { body: plate(s.hash) })),
    row('have a model read', queues, (p, s) => p.call(askModel, { body: { hash: s.hash, name: 'a.stl' } })),
    row('pull a design', queues, (p) => p.call(pullDesign, { body: { address: 'https://forge.example/a/b' } })),
    row('cancel a pull', own, (p, s) => p.call(cancelPull, { params: { id: s.pullId } })),
    row('cancel a pull', stewards, (p, s) => p.call(cancelPull, { params: { id: s.pullId } }), { hidden: true }),
    row('look for something newer', queues, (p, s) => p.call(checkUpdate, design(s))),
    row('pull something newer', queues, (p, s) => p.call(pullUpdate, design(s))),
    row('open a tray', queues, (p) => p.call(openTray, { body: { name: 'Tray' } })),
    row('open a tray for a design', own, (p, s) => p.call(openTray, { body: { name: 'T', designId: s.designId } })),
    row('open a tray for a design', stewards, (p, s) =>
      p.call(openTray, { body: { name: 'T', designId: s.designId } }),
    ),
    row('lay on a tray', own, (p, s) => p.call(layOnTray, { params: { id: s.trayId }, query: { path: 'a.stl' } })),
    row('take from a tray', own, (p, s) =>
      p.call(takeFromTray, { params: { id: s.trayId }, query: { path: 'a.stl' } }),
    ),
    row('hand a tray in', own, (p, s) => p.call(finishTray, { params: { id: s.trayId } })),
    row('add a list', queues, (p) => p.call(addList, { body: { address: 'https://127.0.0.1/list.json' } })),
    row('take a list away', stewards, (p, s) => p.call(removeList, { params: { id: s.listId } })),
    row('open the catalogue', stewards, (p) => p.call(changeCatalogueSettings, { body: { isPublic: true } })),
    row('have it sliced', { ...queues, bound: true }, (p, s, { printerId }) =>
      p.call(requestSlice, { body: sliceWish(s.hash, printerId) }),
    ),
    row('give a slice up', own, (p, s) => p.call(cancelSlice, { params: { id: s.sliceId } })),
    row('queue a slice', { ...own, bound: true }, (p, s, { printerId }) =>
      p.call(queueSlice, { params: { id: s.sliceId }, body: { printerId } }),
    ),
    row('add a profile', { ...runs, bound: 'whole' }, (p) => p.call(addSlicingProfile, { body: profile })),
    row('change a profile', { ...runs, bound: 'whole' }, (p, s) =>
      p.call(changeSlicingProfile, { params: { key: s.profileKey }, body: profile }),
    ),
    row('take a profile away', { ...runs, bound: 'whole' }, (p, s) =>
      p.call(removeSlicingProfile, { params: { key: s.profileKey } }),
    ),
    row('read a profile', queues, (p) => p.call(readProfile, { body: { name: 'a.ini', base64: 'AAAA' } })),
    row('change start and end of slices', { ...runs, allowed: 's', by: 'set-up-printers', bound: 'whole' }, (p) =>
      p.call(changeSlicingScripts, { params: { dialect: 'marlin-2' }, body: { start: null, end: null } }),
    ),
    row(
      'say how slices for a printer are made',
      { ...runs, allowed: 's', by: 'set-up-printers', bound: true },
      (p, _s, { printerId }) =>
        p.call(changePrinterSlicing, {
          params: { id: printerId },
          body: { definition: null, feed: 'direct', filamentDiameter: 1.75, start: null, end: null },
        }),
    ),
  ]
}
