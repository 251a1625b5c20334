// Models: asked for, shown, drawn; and what is made of them.
import type { FastifyInstance } from 'fastify'
import type { Me } from '../contract/members.ts'
import { meshType, readMesh } from '../contract/mesh-wire.ts'
import {
  askOrientations,
  askParameters,
  askPlate,
  askRender,
  askRepair,
  keepTree,
  type ModelWork,
  showModelWork,
} from '../contract/model-work.ts'
import { askModel, isScad, type Model, modelKindOf, showModel } from '../contract/models.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { modelQueue, modelWorkQueue } from '../contract/work.ts'
import { toStl } from '../geometry/mesh.ts'
import { mount } from '../plugins/mount.ts'
import { wholeBlob } from '../store/blobs.ts'
import type { Database } from '../store/database.ts'
import * as works from '../store/model-work.ts'
import * as models from '../store/models.ts'
import type { House } from './house.ts'

/** So many requests of one member may be under way: a page that is left open shall not hold up the others. */
const MOST_OPEN = 40

export const mountModels = (app: FastifyInstance, house: House): void => {
  const { db } = house

  mount(app, askModel, async ({ body }) => {
    const kind = modelKindOf(body.name)
    if (kind === null) throw new Refused(refuse('model.kind', { name: body.name }))
    const blob = await models.blobOf(db, body.hash)
    if (blob === null) throw new Refused(refuse('model.missing'))
    const id = await models.addModel(db, blob.id, kind)
    const model = await wantedModel(db, body.hash)
    if (model.state === 'waiting') await house.orders.add(modelQueue, `model-${id}`, { modelId: id })
    return model
  })

  mount(app, showModel, ({ params }) => wantedModel(db, params.hash))
  mount(app, showModelWork, ({ params }) => wantedWork(db, params.id))
  mountScad(app, house)
  mountMaking(app, house)
  mountBytes(app, db)
}

const mountScad = (app: FastifyInstance, house: House): void => {
  const { db } = house

  mount(app, keepTree, async ({ body }) => {
    const missing: string[] = []
    for (const { path, hash } of body.files) if ((await models.blobOf(db, hash)) === null) missing.push(path)
    if (missing.length > 0) throw new Refused(refuse('scad.tree', { paths: missing.slice(0, 5).join(', ') }))
    return { tree: await works.keepTree(db, body) }
  })

  mount(app, askParameters, async ({ body: { tree, entry }, me }) => {
    await checkEntry(db, tree, entry)
    return ask(house, me, { kind: 'parameters', request: { tree, entry, values: {} }, editor: null })
  })

  mount(app, askRender, async ({ body: { tree, entry, values, editor }, me }) => {
    await checkEntry(db, tree, entry)
    const sorted = Object.fromEntries(Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)))
    return ask(house, me, { kind: 'render', request: { tree, entry, values: sorted }, editor: editor ?? null })
  })
}

const mountMaking = (app: FastifyInstance, house: House): void => {
  const { db } = house

  mount(app, askRepair, async ({ params: { hash }, me }) => {
    const { facts } = await usableModel(db, hash)
    if (facts?.repair === 'needless') throw new Refused(refuse('model.whole'))
    return ask(house, me, { kind: 'repair', request: { hash }, editor: null })
  })

  mount(app, askOrientations, async ({ params: { hash }, me }) => {
    await usableModel(db, hash)
    return ask(house, me, { kind: 'orientations', request: { hash }, editor: null })
  })

  mount(app, askPlate, async ({ body: { editor, objects, bed, clearance, mayTurn }, me }) => {
    for (const { hash, scale } of objects) {
      if (scale.some((factor) => Math.abs(factor) < 1e-4)) throw new Refused(refuse('model.scale'))
      // A surface that is not closed is printed in part, or not at all, without a word from any slicer.
      if (!(await usableModel(db, hash)).facts?.watertight) throw new Refused(refuse('model.open'))
    }
    return ask(house, me, { kind: 'plate', request: { objects, bed, clearance, mayTurn }, editor: editor ?? null })
  })
}

const ask = async ({ db, orders }: House, me: Me, wanted: Omit<works.AskedWork, 'askedBy'>): Promise<ModelWork> => {
  const open = await works.openWorkOf(db, me.id)
  if (open >= MOST_OPEN) throw new Refused(refuse('model.many', { count: open }))
  const { id, round, isWaiting } = await works.askWork(db, { ...wanted, askedBy: me.id })
  if (isWaiting) await orders.add(modelWorkQueue, `work-${id}-${round}`, { workId: id, round })
  return wantedWork(db, id)
}

const checkEntry = async (db: Database, tree: string, entry: string): Promise<void> => {
  const kept = await works.readTree(db, tree)
  if (kept === null) throw new Refused(refuse('model.missing'))
  if (!isScad(entry) || !kept.files.some(({ path }) => path === entry))
    throw new Refused(refuse('scad.entry', { path: entry }))
}

const wantedWork = async (db: Database, id: number): Promise<ModelWork> => {
  const work = await works.readWork(db, id)
  if (work === null) throw new Refused(refuse('model.work-missing'))
  return work
}

const wantedModel = async (db: Database, hash: string): Promise<Model> => {
  const model = await models.readModel(db, hash)
  if (model === null) throw new Refused(refuse('model.missing'))
  return model
}

/** One whose mesh is there. */
const usableModel = async (db: Database, hash: string): Promise<Model> => {
  const model = await wantedModel(db, hash)
  if (model.state === 'failed') throw new Refused(refuse('model.failed', { reason: model.reason ?? '' }))
  if (model.state !== 'ready') throw new Refused(refuse('model.unread'))
  return model
}

/** Mesh, STL and picture: not JSON, so not of the contract's shape. What a hash names never changes. */
const mountBytes = (app: FastifyInstance, db: Database): void => {
  const FOREVER = 'private, max-age=31536000, immutable'
  const schema = { params: showModel.params }
  const sees = (me: Me | null): void => {
    if (me === null) throw new Refused(refuse('session.none'))
    if (!may(me, 'look')) throw new Refused(refuse('permission.missing'))
  }
  const meshOf = async (hash: string): Promise<Buffer> => {
    const { id } = await usableModel(db, hash)
    const blobs = await models.modelBlobs(db, id)
    if (blobs === null || blobs.meshBlobId === null) throw new Refused(refuse('model.missing'))
    return wholeBlob(db, blobs.meshBlobId)
  }
  app.get<{ Params: { hash: string } }>('/api/models/:hash/mesh', { schema }, async ({ params, me }, reply) => {
    sees(me)
    const bytes = await meshOf(params.hash)
    return reply.type(meshType).header('cache-control', FOREVER).send(bytes)
  })
  app.get<{ Params: { hash: string } }>('/api/models/:hash/stl', { schema }, async ({ params, me }, reply) => {
    sees(me)
    const stl = toStl(readMesh(await meshOf(params.hash)))
    return reply
      .type('model/stl')
      .header('cache-control', FOREVER)
      .header('content-disposition', `attachment; filename="${params.hash.slice(0, 12)}.stl"`)
      .send(Buffer.from(stl.buffer))
  })
  app.get<{ Params: { hash: string }; Querystring: { size?: string } }>(
    '/api/models/:hash/thumbnail',
    { schema },
    async ({ params, query, me }, reply) => {
      sees(me)
      const picture = await models.readPicture(db, params.hash, query.size === '256' ? 256 : 512)
      if (picture === null) throw new Refused(refuse('model.missing'))
      return reply.type('image/png').header('cache-control', FOREVER).send(picture)
    },
  )
}
