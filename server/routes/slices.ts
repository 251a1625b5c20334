// Slices: asked for, shown, cancelled, queued.
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import {
  cancelSlice,
  listSlices,
  type ProfileKind,
  queueSlice,
  requestSlice,
  type Slice,
  type SliceRequest,
  type SlicingProfile,
  showSlice,
} from '../contract/slicing.ts'
import { sliceQueue } from '../contract/work.ts'
import { handOutTo, queueSliced } from '../desk/hand-out.ts'
import { checkWishes, noWishes } from '../desk/job-wishes.ts'
import { checkLicences } from '../desk/licences.ts'
import { type Parent, parentsOf } from '../desk/origins.ts'
import { classOf, type SlicedPrinter } from '../domain/printer-classes.ts'
import { MAKER, type SlicePlan } from '../domain/slice-plan.ts'
import { forNozzle, materials, qualities } from '../domain/slicing-profiles.ts'
import { unknownTo, wrongSetting } from '../engines/cura/setting-list.ts'
import { DEFAULT_SLICER, presentSlicer } from '../engines/slicers/slicers.ts'
import { mount } from '../plugins/mount.ts'
import type { Database } from '../store/database.ts'
import * as slices from '../store/slices.ts'
import { readProfile } from '../store/slicing-profiles.ts'
import type { House } from './house.ts'
import { wantedJob } from './job-standing.ts'
import { scriptsOf, slicedPrinters } from './slicing.ts'

/** Of one member, under way. */
const MOST_OPEN = 20

export const mountSlices = (app: FastifyInstance, { db, orders }: House): void => {
  mount(app, requestSlice, async ({ body, me }) => {
    if ((await slices.openSlices(db, me.id)) >= MOST_OPEN) throw new Refused(refuse('slice.many', { count: MOST_OPEN }))
    const parents = await parentsOfParts(db, me, body)
    const plan = await planOf(db, body, me)
    const request = await checkedQueue(db, me, plan, body)
    const { id, isNew } = await slices.askSlice(db, {
      key: keyOf(plan),
      name: fileName(body),
      engine: plan.engine,
      engineVersion: plan.engineVersion,
      plan,
    })
    const done = await slices.sliceFile(db, id)
    await slices.wishSlice(db, { sliceId: id, memberId: me.id, request, wasStored: done !== null, parents })
    if (isNew) await orders.add(sliceQueue, `slice-${id}`, { sliceId: id })
    if (done !== null) await handOutTo(db, id, me)
    return wantedSlice(db, id, me)
  })
  mount(app, listSlices, ({ query, me }) => slices.listSlices(db, me.id, query.limit ?? 20))
  mount(app, showSlice, ({ params, me }) => wantedSlice(db, params.id, me))
  mount(app, cancelSlice, async ({ params, me }) => {
    await wantedSlice(db, params.id, me)
    if (!(await slices.giveUpSlice(db, params.id, me.id))) throw new Refused(refuse('slice.not-done'))
    return wantedSlice(db, params.id, me)
  })
  mount(app, queueSlice, async ({ params, body, me }) => {
    const { fileId } = await wantedSlice(db, params.id, me)
    if (fileId === null) throw new Refused(refuse('slice.not-done'))
    return wantedJob(db, await queueSliced(db, params.id, me, fileId, body))
  })
}

const wantedSlice = async (db: Database, id: number, me: Me): Promise<Slice> => {
  const slice = await slices.readSlice(db, id, me.id)
  if (slice === null) throw new Refused(refuse('slice.missing-slice'))
  return slice
}

/** The designs that are in it, and that their licences let it be printed. */
const parentsOfParts = (db: Database, me: Me, { parts }: SliceRequest): Promise<Parent[]> =>
  db.transaction(async (inside) => {
    const parents: Parent[] = []
    for (const { hash, name, designFileId, derivedId } of parts) {
      const designFileIds = designFileId === undefined ? [] : [designFileId]
      parents.push(...(await parentsOf(inside, me, { hash, name, designFileIds, derivedId })))
    }
    const different = [...new Map(parents.map((parent) => [JSON.stringify(parent), parent])).values()]
    await checkLicences(inside, different)
    return different
  })

/** What can never be queued is refused before hours of slicing; a key that may not start only lays it ready. */
const checkedQueue = async (db: Database, me: Me, plan: SlicePlan, request: SliceRequest): Promise<SliceRequest> => {
  const { queue } = request
  if (queue === undefined) return request
  const { held = false, ...said } = queue
  const wishes = { ...noWishes, ...said }
  await checkWishes(db, me, [], wishes, wishes)
  const { printerId } = wishes
  if (printerId !== null && !plan.printers.some(({ id }) => id === printerId))
    throw new Refused(refuse('printer.missing'))
  return { ...request, queue: { ...queue, held: held || !may(me, 'start') } }
}

const fileName = ({ name, parts }: SliceRequest): string => {
  const plain = (name ?? parts[0]?.name ?? 'part').replace(/\.(stl|obj|3mf|amf|step|stp)$/i, '')
  return (
    plain
      .replace(/[\p{Cc}\p{Cf}/\\:*?"<>|]+/gu, '-')
      .replace(/^[.\s]+|[.\s]+$/g, '')
      .slice(0, 100) || 'part'
  )
}

/** The same for the same wish at the same workshop. */
const keyOf = ({ parts, ...plan }: SlicePlan): Buffer =>
  createHash('sha256')
    .update(
      JSON.stringify(sorted({ ...plan, parts: parts.map(({ hash, matrix }) => ({ hash, matrix: matrix ?? null })) })),
    )
    .digest()

/** Objects with their keys in order, so that equal ones are written equally. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]))
}

const wantedProfile = async (db: Database, kind: ProfileKind, key: string): Promise<SlicingProfile> => {
  const ours = (kind === 'material' ? materials : qualities).find((one) => one.key === key)
  const profile = ours ?? (await readProfile(db, key))
  if (profile === null || profile.kind !== kind) throw new Refused(refuse('slicing.profile-missing', { key }))
  return profile
}

/** Printers of the wished class that this member may queue at. */
const wantedPrinters = async (db: Database, wish: SliceRequest, me: Me): Promise<SlicedPrinter[]> => {
  const all = await slicedPrinters(db)
  const one = all.find(({ id }) => id === wish.printerId)
  const key = one === undefined ? wish.printerClass : classOf(one)
  const found = all.filter((printer) => classOf(printer) === key && may(me, 'queue', printer.place))
  if (found.length === 0) throw new Refused(refuse('slice.class-missing'))
  return found.map(({ id, name, profile, slicing }) => ({ id, name, profile, slicing }))
}

const checkSettings = (
  wish: SliceRequest,
  engine: SlicePlan['engine'],
  title: string,
  machine: string | null,
): void => {
  const settings = wish.settings ?? {}
  const wrong = wrongSetting(settings, machine ?? undefined)
  if (wrong !== null) throw new Refused(refuse('slicing.setting', { ...wrong }))
  const unknown = unknownTo(engine, settings)
  if (unknown !== null) throw new Refused(refuse('slice.engine-setting', { engine: title, setting: unknown }))
}

const planOf = async (db: Database, wish: SliceRequest, me: Me): Promise<SlicePlan> => {
  const engine = wish.engine ?? DEFAULT_SLICER
  const present = await presentSlicer(engine)
  if (present === null) throw new Refused(refuse('slice.engine', { engine }))
  const { title, tree } = present.slicer
  if (wish.choices.supports === 'tree' && !tree) throw new Refused(refuse('slice.engine-tree', { engine: title }))
  const printers = await wantedPrinters(db, wish, me)
  const [first] = printers
  if (first === undefined) throw new Refused(refuse('slice.class-missing'))
  checkSettings(wish, engine, title, first.slicing.definition)
  for (const { hash } of wish.parts) {
    if ((await slices.blobOfHash(db, hash)) === null) throw new Refused(refuse('slice.model-missing'))
  }
  const material = await wantedProfile(db, 'material', wish.material)
  const quality = await wantedProfile(db, 'quality', wish.quality)
  return {
    parts: wish.parts,
    printers,
    material: { name: material.name, density: material.density, settings: material.settings },
    quality: { name: quality.name, settings: forNozzle(quality, first.profile.nozzleDiameter) },
    choices: wish.choices,
    settings: wish.settings ?? {},
    scripts: await scriptsOf(db, first),
    engine,
    engineVersion: present.found.version,
    maker: MAKER,
  }
}
