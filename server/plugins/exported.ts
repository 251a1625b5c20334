// A design with everything that others need to read it, to print its label, or to import it.
import type { ExportedDesign } from '../domain/commons/export.ts'
import type { Database } from '../store/database.ts'
import * as designs from '../store/designs.ts'
import { saidParents } from '../store/exports.ts'

/** `home`: the address of this workshop, for designs that have none of their own. */
export const exported = async (db: Database, stored: designs.StoredDesign, home: string): Promise<ExportedDesign> => {
  const { reading } = stored
  const [version] = (await designs.listVersions(db, stored.id)).filter(({ id }) => id === stored.versionId)
  const files = await designs.listFiles(db, stored.versionId, true)
  const source = stored.origin?.url ?? ''
  return {
    name: stored.name,
    slug: stored.slug,
    description: reading.description,
    safety: reading.safety,
    version: version?.label || String(version?.number ?? 1),
    licence: stored.licence,
    creators: stored.creators,
    keywords: stored.keywords,
    materials: stored.materials,
    language: reading.language,
    address: /^https?:/.test(source) ? source : (reading.claimed ?? `${home}/designs/${stored.id}`),
    commit: stored.origin?.commit ?? null,
    picture: reading.picture,
    ancestors: await designs.listAncestors(db, stored.versionId),
    lineage: await saidParents(db, stored.versionId),
    changes: reading.changes,
    files,
  }
}
