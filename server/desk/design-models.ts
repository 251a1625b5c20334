// A version of a design is here: its shapes are read as models, and its scripts are drawn with their own values.
import { isOpenedByScad, isScad, modelKindOf } from '../contract/models.ts'
import type { Database } from '../store/database.ts'
import * as shapes from '../store/design-models.ts'
import { askWork, keepTree, readWork } from '../store/model-work.ts'
import { addModel, modelsOf } from '../store/models.ts'

/** Of one design; the others are drawn when somebody opens them. A library of scripts may have hundreds. */
const MOST_PREVIEWS = 60

/** Asks for what was not asked for yet; whoever sends those that wait adds the orders. Returns of how many versions. */
export const askDesignModels = async (db: Database): Promise<number> => {
  const versions = await shapes.unaskedVersions(db)
  for (const versionId of versions) {
    await db.transaction(async (inside) => {
      if (await shapes.takeVersion(inside, versionId)) await askFor(inside, versionId)
    })
  }
  return versions.length
}

const askFor = async (db: Database, versionId: number): Promise<void> => {
  const files = await shapes.versionFiles(db, versionId)
  const printable = files.filter(({ isPrintable }) => isPrintable)
  for (const { path, blobId } of printable) {
    const kind = modelKindOf(path)
    // `.gcode.3mf` is no shape, although it ends like one.
    if (kind !== null && !/\.gcode\.3mf$/i.test(path)) await addModel(db, blobId, kind)
  }
  await shapes.takeSizes(db, versionId)
  const scripts = printable.filter(({ path }) => isScad(path))
  if (scripts.length === 0) return
  const tree = await keepTree(db, { files: files.filter(({ path }) => isOpenedByScad(path)) })
  await shapes.saveTree(db, versionId, tree)
  for (const { path } of scripts.slice(0, MOST_PREVIEWS)) await askPreview(db, tree, path)
}

const askPreview = async (db: Database, tree: string, entry: string): Promise<void> => {
  const request = { tree, entry, values: {} }
  const { id } = await askWork(db, { kind: 'render', request, editor: null, askedBy: null })
  const work = await readWork(db, id)
  // Of another version with the same scripts, it was drawn already.
  if (work?.state === 'done' && work.result?.rendered !== undefined)
    await keepPreview(db, { tree, entry }, work.result.rendered)
  else if (work?.state === 'failed') await shapes.savePreview(db, { tree, entry }, { reason: work.reason ?? '' })
}

/** `hash`: of the mesh that the script has made. */
export const keepPreview = async (
  db: Database,
  script: { tree: string; entry: string },
  hash: string,
): Promise<void> => {
  const [model] = await modelsOf(db, [hash])
  const box = model?.facts?.box
  const size = box ? { x: box.maxX - box.minX, y: box.maxY - box.minY, z: box.maxZ - box.minZ } : null
  await shapes.savePreview(db, script, { hash, size })
}
