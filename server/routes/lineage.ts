// Where things came from, and what came of them: a walk along the links, both ways.
import type { FastifyInstance } from 'fastify'
import { type Lineage, listDerived, showLineage } from '../contract/lineage.ts'
import { designsOfPrint } from '../contract/makes.ts'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { seesAllDesigns, wantedDesign } from '../plugins/designs.ts'
import { mount } from '../plugins/mount.ts'
import { printsSeen } from '../plugins/seen.ts'
import type { Database } from '../store/database.ts'
import * as lineage from '../store/lineage.ts'
import { readPrint } from '../store/prints.ts'
import type { House } from './house.ts'

const MOST_NODES = 300
const MOST_STEPS = 30

export const mountLineage = (app: FastifyInstance, { db }: House): void => {
  mount(app, showLineage, ({ params, me }) => walk(db, me, `${params.kind}-${params.id}`))
  mount(app, listDerived, async ({ query, me }) => {
    const design = await wantedDesign(db, me, query.designId)
    const all = await lineage.listDerived(db, design.id)
    return may(me, 'run-printers') ? all : all.filter(({ memberId }) => memberId === me.id)
  })
  mount(app, designsOfPrint, async ({ params, me }) => {
    const print = await readPrint(db, params.id)
    const [seen] = print === null ? [] : await printsSeen(db, me, [print])
    if (seen === undefined) throw new Refused(refuse('print.missing'))
    return lineage.designsOfPrint(db, params.id)
  })
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
  const visible = rows.filter(({ kind, isPublished }) => isVisible(me, kind, isPublished))
  const keys = new Set(visible.map(({ key }) => key))
  if (!keys.has(root)) throw new Refused(refuse('design.missing'))
  return {
    root,
    nodes: visible.map(({ isPublished: _, ...node }) => namedFor(me, node)),
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

const isVisible = (me: Me, kind: string, isPublished: boolean | null): boolean =>
  kind === 'design' || kind === 'design-file' ? isPublished === true || seesAllDesigns(me) : seesAllDesigns(me)

/** Who printed or sliced what is his own matter: others see that it was done, not by whom and under which name. */
const namedFor = (me: Me, node: Lineage['nodes'][number]): Lineage['nodes'][number] => {
  const isPrivate = node.kind !== 'design' && node.kind !== 'design-file'
  if (!isPrivate || may(me, 'run-printers') || node.by === me.name) return node
  return { ...node, by: null, name: node.kind === 'print' ? node.name : (node.derivedKind ?? 'G-code') }
}
