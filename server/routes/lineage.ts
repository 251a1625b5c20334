// Where things came from, and what came of them: a walk along the links, both ways.
import type { FastifyInstance } from 'fastify'
import { forgetDerived, keepDerived, type Lineage, listDerived, showLineage } from '../contract/lineage.ts'
import { designsOfPrint } from '../contract/makes.ts'
import type { Me } from '../contract/members.ts'
import { may, type PrinterPlace, reaches } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { keepShape } from '../desk/origins.ts'
import { type NameRules, seesNames } from '../domain/privacy.ts'
import { seesAllDesigns, wantedDesign } from '../plugins/designs.ts'
import { mount } from '../plugins/mount.ts'
import { placesById, printsSeen } from '../plugins/seen.ts'
import type { Database } from '../store/database.ts'
import * as lineage from '../store/lineage.ts'
import { openNames } from '../store/places.ts'
import { readPrint } from '../store/prints.ts'
import type { House } from './house.ts'

const MOST_NODES = 300
const MOST_STEPS = 30

export const mountLineage = (app: FastifyInstance, { db }: House): void => {
  mount(app, showLineage, ({ params, me }) => walk(db, me, `${params.kind}-${params.id}`))
  mount(app, listDerived, async ({ query, me }) => {
    const design = await wantedDesign(db, me, query.designId)
    const all = await lineage.listDerived(db, design.id)
    return may(me, 'run-printers', 'everywhere') ? all : all.filter(({ memberId }) => memberId === me.id)
  })
  mount(app, designsOfPrint, async ({ params, me }) => {
    const print = await readPrint(db, params.id)
    const [seen] = print === null ? [] : await printsSeen(db, me, [print])
    if (seen === undefined) throw new Refused(refuse('print.missing'))
    return lineage.designsOfPrint(db, params.id)
  })
  mountKept(app, db)
}

const walk = async (db: Database, me: Me, root: string): Promise<Lineage> => {
  const seen = new Set([root])
  const edges = new Map<string, Lineage['edges'][number]>()
  let edge: string[] = [root]
  let isCut = false
  for (let step = 0; edge.length > 0 && !isCut; step++) {
    const links = await lineage.linksOf(db, edge)
    if (step === 0) links.push(...(await twins(db, root)))
    for (const link of links) edges.set(`${link.from} ${link.to}`, link)
    // From a design down only to its own files; another design's whole family is not this one's.
    edge = [...new Set(links.flatMap(({ from, to }) => [from, to]))].filter((key) => !seen.has(key))
    for (const key of edge) seen.add(key)
    isCut = seen.size > MOST_NODES || step > MOST_STEPS
  }
  const rows = await lineage.nodesOf(db, [...seen].slice(0, MOST_NODES))
  const places = await placesById(db)
  const visible = rows.filter((node) => isVisible(me, node, places))
  const keys = new Set(visible.map(({ key }) => key))
  if (!keys.has(root)) throw new Refused(refuse('design.missing'))
  const rules = await openNames(db)
  return {
    root,
    nodes: visible.map((node) => namedFor(me, rules, node)),
    edges: [...edges.values()].filter(({ from, to }) => keys.has(from) && keys.has(to)),
    isCut,
  }
}

const twins = async (db: Database, root: string): Promise<lineage.LineageLink[]> => {
  const id = /^design-file-(\d+)$/.exec(root)?.[1]
  if (id === undefined) return []
  return (await lineage.sameBytes(db, Number(id))).map((other) => ({
    from: `design-file-${other}`,
    to: root,
    relation: 'same-bytes' as const,
  }))
}

const ofDesigns: readonly string[] = ['design', 'design-file', 'make']

const isVisible = (
  me: Me,
  { kind, isPublished, memberId, printerId }: lineage.NodeRow,
  places: ReadonlyMap<number, PrinterPlace>,
): boolean => {
  if (ofDesigns.includes(kind)) return isPublished === true || seesAllDesigns(me)
  const place = printerId === null ? undefined : places.get(printerId)
  return seesAllDesigns(me) && (memberId === me.id || place === undefined || reaches(me, 'look', place))
}

/** Who printed or sliced what, and with which values, is his own matter: others see that it was done. */
const namedFor = (me: Me, rules: NameRules, row: lineage.NodeRow): Lineage['nodes'][number] => {
  const { isPublished: _, memberId, printerId: __, ...node } = row
  if (ofDesigns.includes(node.kind) || seesNames(me, memberId, rules)) return node
  const name = node.kind === 'print' ? node.name : (node.derivedKind ?? 'G-code')
  return { ...node, by: null, name, hash: null, parameters: {} }
}

const mountKept = (app: FastifyInstance, db: Database): void => {
  mount(app, keepDerived, async ({ body, me }) => {
    const id = await keepShape(db, me, body)
    const [kept] = await lineage.showDerived(db, [id])
    if (kept === undefined) throw new Refused(refuse('design.file-missing'))
    return kept
  })
  mount(app, forgetDerived, async ({ params, me }) => {
    const [kept] = await lineage.readDerived(db, [params.id])
    if (kept === undefined) throw new Refused(refuse('design.file-missing'))
    if (kept.createdBy !== me.id && !may(me, 'run-printers', 'everywhere'))
      throw new Refused(refuse('permission.missing'))
    if (!(await lineage.forgetDerived(db, params.id))) throw new Refused(refuse('derived.in-use', { name: kept.name }))
    return {}
  })
}
