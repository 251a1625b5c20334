// Parts on a plate while one arranges them: which, how each lies, and where.
import type { PlateObject } from '../../../server/contract/model-work.ts'
import type { Printer } from '../../../server/contract/printers.ts'
import type { SlicePart } from '../../../server/contract/slicing.ts'
import type { ArrivedMesh } from '../../api/mesh.ts'
import type { SceneBed } from '../../part/bed-lines.ts'
import type { SceneItem } from '../../part/PartScene.ts'
import {
  asDrawn,
  type Bounds,
  boundsOf,
  combine,
  matrixOf,
  type Placing,
  sizeOf,
  turnAbout,
} from '../../part/placing.ts'

export interface PlateItem {
  readonly key: string
  /** Of its model. */
  readonly hash: string
  readonly name: string
  readonly designFileId: number
  /** It is that file as it is, and nothing made of it. */
  readonly isFile: boolean
  readonly placing: Placing
}

/** A plate takes so many parts (as slicing does). */
export const MOST_PARTS = 64

let counted = 0
export const newItem = (of: Omit<PlateItem, 'key' | 'placing'>): PlateItem => ({
  ...of,
  key: `part-${++counted}`,
  placing: asDrawn,
})

/** Boxes that were worked out already: of large meshes, that takes a while. */
const known = new WeakMap<ArrivedMesh, Map<string, Bounds>>()

export const placedBounds = (mesh: ArrivedMesh, { scale, rotation }: Placing): Bounds => {
  const of = known.get(mesh) ?? new Map<string, Bounds>()
  known.set(mesh, of)
  const name = [...scale, ...rotation].join(' ')
  const found = of.get(name)
  if (found !== undefined) return found
  if (of.size > 200) of.clear()
  const bounds = boundsOf(mesh, { scale, rotation })
  of.set(name, bounds)
  return bounds
}

type Meshes = ReadonlyMap<string, ArrivedMesh>

export const sceneItems = (items: readonly PlateItem[], meshes: Meshes): SceneItem[] =>
  items.flatMap(({ key, hash, placing }) => {
    const mesh = meshes.get(hash)
    return mesh === undefined ? [] : [{ key, mesh, matrix: matrixOf(placing, placedBounds(mesh, placing)) }]
  })

export const placedSize = ({ hash, placing }: PlateItem, meshes: Meshes) => {
  const mesh = meshes.get(hash)
  return mesh === undefined ? null : sizeOf(placedBounds(mesh, placing))
}

/** What slicing is asked for. */
export const slicedParts = (items: readonly PlateItem[], meshes: Meshes): SlicePart[] =>
  items.flatMap(({ hash, name, placing, designFileId, isFile }) => {
    const mesh = meshes.get(hash)
    if (mesh === undefined) return []
    const plain = name.replace(/\p{Cc}+/gu, ' ').slice(0, 120)
    return [
      {
        hash,
        ...(plain === '' ? {} : { name: plain }),
        ...(isFile ? { designFileId } : {}),
        matrix: [...matrixOf(placing, placedBounds(mesh, placing))],
      },
    ]
  })

export const bedOf = (printer: Printer | undefined): SceneBed | null => {
  if (printer === undefined) return null
  const { width, depth, height, shape } = printer.profile
  return { width, depth, height, round: shape === 'round' }
}

/** Where nobody has set up a printer, a usual bed. */
export const usualBed: SceneBed = { width: 220, depth: 220, height: 250, round: false }

/** As the server places parts: from the front left corner; `isFree`: where there is room. */
export const plateObject = ({ hash, placing }: PlateItem, bed: SceneBed, isFree: boolean): PlateObject => ({
  hash,
  copies: 1,
  scale: [...placing.scale],
  rotation: [...placing.rotation],
  layOn: null,
  position: isFree ? null : [placing.position[0] + bed.width / 2, placing.position[1] + bed.depth / 2],
})

/** As the server has arranged them. */
export const arranged = (
  items: readonly PlateItem[],
  placed: readonly { object: number; position: readonly number[]; turnedBy: number }[],
  bed: SceneBed,
): PlateItem[] =>
  items.map((item, at) => {
    const found = placed.find(({ object }) => object === at)
    if (found === undefined) return item
    const { scale, rotation } = item.placing
    const [x = 0, y = 0] = found.position
    return {
      ...item,
      placing: {
        scale,
        rotation: found.turnedBy === 0 ? rotation : combine(turnAbout('z', found.turnedBy), rotation),
        position: [x - bed.width / 2, y - bed.depth / 2],
      },
    }
  })
