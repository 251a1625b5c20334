// A mesh -> what it is like, and whether a repair would make it whole.
import type { WireMesh } from '../contract/mesh-wire.ts'
import { type MeshFacts, type ModelNote, thinLimits } from '../contract/models.ts'
import { measureTriangles } from '../geometry/measure.ts'
import { boxOf, sizeOf } from '../geometry/mesh.ts'
import { insideOut, type Mended, mend } from '../geometry/repair.ts'
import { type Topology, topologyOf } from '../geometry/topology.ts'
import { measureWalls } from '../geometry/walls.ts'
import type { Solid, Solids } from './solid.ts'

/** With more triangles, thickness is left unmeasured: the tree of boxes would take more memory than the mesh. */
const MOST_FOR_WALLS = 2_000_000

export interface Known {
  readonly facts: MeshFacts
  readonly notes: readonly ModelNote[]
}

export const factsOf = (
  mesh: WireMesh,
  solids: Solids,
  { unit, dropped, progress }: { unit: string | null; dropped: number; progress: (fraction: number) => void },
): Known => {
  const topology = topologyOf(mesh)
  const turned = topology.closed ? insideOut(mesh, topology.shellOf, topology.shells) : []
  progress(0.4)
  const solid = topology.closed && turned.length === 0 ? solids.solidOf(mesh) : null
  const box = boxOf(mesh)
  progress(0.6)
  const facts: MeshFacts = {
    triangles: mesh.head.triangles,
    vertices: mesh.head.vertices,
    box,
    area: measureTriangles(mesh).area,
    volume: solid?.volume ?? null,
    watertight: solid !== null,
    openEdges: topology.openEdges,
    crowdedEdges: topology.crowdedEdges,
    flippedEdges: topology.flippedEdges,
    uselessTriangles: dropped,
    shells: topology.shells,
    overlapping: solid?.overlapping ?? false,
    parts: mesh.head.parts.map(({ name, colour, firstTriangle, triangles }) => ({
      name,
      triangles,
      colour,
      box: boxOf(mesh, firstTriangle, triangles),
    })),
    walls: solid !== null && mesh.head.triangles <= MOST_FOR_WALLS ? measureWalls(mesh, thinLimits) : null,
    repair: solid !== null ? 'needless' : repaired(mesh, solids) === null ? 'impossible' : 'offered',
    unit,
  }
  progress(0.8)
  return { facts, notes: notesOf(facts, topology, turned.length) }
}

/** The mended mesh, where that is a body of the same size; null: it stays open. */
export const repaired = (mesh: WireMesh, solids: Solids): { mended: Mended; solid: Solid } | null => {
  // Triangles that hardly hang together are a drawing, not a damaged body.
  if (topologyOf(mesh).openEdges > mesh.head.triangles) return null
  const mended = mend(mesh)
  const solid = topologyOf(mended.mesh).closed ? solids.solidOf(mended.mesh) : null
  if (solid === null || !(solid.volume > 0)) return null
  const [before, after] = [sizeOf(boxOf(mesh)), sizeOf(boxOf(mended.mesh))]
  const same = before.every((size, axis) => Math.abs(size - (after[axis] as number)) <= 0.02)
  return same ? { mended, solid } : null
}

const notesOf = (facts: MeshFacts, { closed }: Topology, turnedShells: number): ModelNote[] => {
  const notes: ModelNote[] = []
  const add = (code: string, message: string): number => notes.push({ code, message })
  const [width, depth, height] = sizeOf(facts.box)
  const largest = Math.max(width, depth, height)
  if (facts.unit === null && largest < 5)
    add('unit-small', 'It is smaller than 5 mm. It may have been drawn in inches or metres: check its size.')
  if (facts.unit === null && largest > 1000)
    add('unit-large', 'It is larger than a metre. It may have been drawn in micrometres: check its size.')
  if (facts.repair === 'offered')
    add('repair-offered', 'Its surface is not closed, so a slicer may leave out a piece of it. A repair closes it.')
  if (facts.repair === 'impossible')
    add('not-closed', 'Its surface is not closed, and a repair does not close it. It cannot be printed as it is.')
  if (closed && turnedShells > 0) add('inside-out', 'A part of its surface lies inside out.')
  if (facts.overlapping) add('overlapping', 'Its bodies reach into each other. They are printed as one.')
  const thin = facts.walls?.thin[0]
  if (thin !== undefined && thin.share > 0.05)
    add('thin-walls', `Some of its walls are thinner than ${thin.below} mm, which a usual nozzle cannot print.`)
  return notes
}
