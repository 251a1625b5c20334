// From the bytes of a shape back to the designs that it is of; on the way, what was made in between is written down.
import * as Value from 'typebox/value'
import type { DerivedKind } from '../contract/lineage.ts'
import type { Me } from '../contract/members.ts'
import { OfModel, OfScad, PlateRequest } from '../contract/model-work.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { designMayBePrinted } from '../store/approvals.ts'
import type { Database } from '../store/database.ts'
import { type DerivationParent, nameDerived, recordDerivation } from '../store/lineage.ts'
import { blobOf } from '../store/models.ts'
import * as origins from '../store/origins.ts'

/** A shape as somebody names it. `designFileIds`: what he had opened, where the same bytes lie in several designs. */
export interface NamedShape {
  readonly hash: string
  readonly name?: string | undefined
  readonly designFileIds?: readonly number[] | undefined
  readonly derivedId?: number | undefined
}

export type Parent = Exclude<DerivationParent, { fileId: number }>

/** A repair of a plate of repairs is one thing; a chain without end is a mistake, or somebody plays. */
const MOST_STEPS = 12

/** What a shape is of; empty: of no design. Throws Refused where it was made here and nobody knows of what. */
export const parentsOf = async (db: Database, me: Me, shape: NamedShape, steps = 0): Promise<Parent[]> => {
  if (steps > MOST_STEPS) throw new Refused(refuse('derived.unknown'))
  const [kept] = await origins.keptShapes(db, shape.hash, me.id)
  if (kept !== undefined && kept.createdBy === me.id) return [{ derivedId: kept.id }]
  if (kept !== undefined && kept.id === shape.derivedId && may(me, 'run-printers', 'everywhere'))
    return [{ derivedId: kept.id }]
  const found = await choose(db, await origins.designFilesOf(db, shape.hash), shape.designFileIds ?? [])
  if (found?.isItself) return [{ designFileId: found.id }]
  const made = await origins.workThatMade(db, shape.hash)
  if (made !== null) return [{ derivedId: await recordMade(db, me, shape, made, steps) }]
  if (found !== null) return [{ derivedId: await recordPreview(db, me, shape, found) }]
  if (kept !== undefined) return [{ derivedId: kept.id }]
  if (await origins.isMadeShape(db, shape.hash)) throw new Refused(refuse('derived.unknown'))
  return []
}

/** The one that was opened; else one that may be printed; else the newest. */
const choose = async (
  db: Database,
  found: readonly origins.DesignOrigin[],
  wanted: readonly number[],
): Promise<origins.DesignOrigin | null> => {
  const opened = found.find(({ id }) => wanted.includes(id))
  if (opened !== undefined) return opened
  for (const one of found) if ((await designMayBePrinted(db, { designFileId: one.id })) === null) return one
  return found[0] ?? null
}

/** What it was made of, and how it is called where nobody says a name. */
interface Making {
  readonly kind: DerivedKind
  readonly name: string
  readonly parents: readonly Parent[]
}

const recordMade = async (
  db: Database,
  me: Me,
  shape: NamedShape,
  made: origins.MadeShape,
  steps: number,
): Promise<number> => {
  const making = await makingOf(db, me, shape, made, steps)
  return recordDerivation(db, {
    kind: making.kind,
    name: stlName(shape.name ?? making.name),
    blobId: made.blobId,
    parents: making.parents,
    parameters: { made: made.kind, ...(isRecord(made.request) ? made.request : {}) },
    memberId: me.id,
  })
}

const makingOf = async (
  db: Database,
  me: Me,
  { designFileIds }: NamedShape,
  { kind, request }: origins.MadeShape,
  steps: number,
): Promise<Making> => {
  const of = (hash: string): Promise<Parent[]> => parentsOf(db, me, { hash, designFileIds }, steps + 1)
  if (kind === 'repair' && Value.Check(OfModel, request))
    return { kind, name: 'repaired', parents: await of(request.hash) }
  if (kind === 'plate' && Value.Check(PlateRequest, request)) {
    const hashes = [...new Set(request.objects.map(({ hash }) => hash))]
    const parents: Parent[] = []
    for (const hash of hashes) parents.push(...(await of(hash)))
    return { kind: hashes.length > 1 ? 'plate' : 'adaptation', name: 'plate', parents }
  }
  if (kind === 'render' && Value.Check(OfScad, request)) {
    const files = await origins.filesOfTree(db, request.tree, request.entry)
    const opened = files.filter(({ id, isEntry }) => isEntry && designFileIds?.includes(id))
    const whole = files.filter(({ isEntry }) => !isEntry)
    const entries = opened.length > 0 ? opened : files.filter(({ isEntry }) => isEntry).slice(0, 1)
    const parents = [...entries, ...whole].map(({ id }) => ({ designFileId: id }))
    return { kind, name: request.entry, parents }
  }
  throw new Refused(refuse('derived.unknown'))
}

const recordPreview = async (
  db: Database,
  me: Me,
  shape: NamedShape,
  { id, name }: origins.DesignOrigin,
): Promise<number> => {
  const blob = await blobOf(db, shape.hash)
  return recordDerivation(db, {
    kind: 'render',
    name: stlName(shape.name ?? name),
    blobId: blob?.id ?? null,
    parents: [{ designFileId: id }],
    parameters: { made: 'render', entry: name, values: {} },
    memberId: me.id,
  })
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Made shapes are given out as STL. */
const stlName = (name: string): string =>
  `${name.slice(name.lastIndexOf('/') + 1).replace(/\.(stl|obj|3mf|amf|step|stp|scad)$/i, '')}.stl`

/** Keeps a made shape; returns the id of what is kept. Throws Refused where it is not made here, or is forgotten. */
export const keepShape = (db: Database, me: Me, shape: NamedShape & { readonly name: string }): Promise<number> =>
  db.transaction(async (inside) => {
    const [parent] = await parentsOf(inside, me, shape)
    if (parent === undefined || !('derivedId' in parent)) throw new Refused(refuse('derived.unknown'))
    await nameDerived(inside, parent.derivedId, me.id, stlName(shape.name))
    return parent.derivedId
  })
