// Designs as those who ask may see them.
import type { Design, ReadmeBlock } from '../contract/commons.ts'
import type { TextBlock } from '../contract/design-reading.ts'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { designMayBePrinted, readApproval } from '../store/approvals.ts'
import type { Database } from '../store/database.ts'
import * as designs from '../store/designs.ts'

/** Visitors see what is published; who may queue sees everything. */
export const seesAllDesigns = (me: Me): boolean => may(me, 'queue')

/** Throws Refused where it is not here for this member. */
export const wantedDesign = async (
  db: Database,
  me: Me,
  id: number,
  versionId?: number,
): Promise<designs.StoredDesign> => {
  const design = await designs.readDesign(db, id, versionId)
  if (design === null || !(design.isPublished || seesAllDesigns(me))) throw new Refused(refuse('design.missing'))
  return design
}

export const mayEditDesign = (me: Me, design: Pick<designs.StoredDesign, 'ownerId'>): boolean =>
  may(me, 'steward', 'everywhere') || (design.ownerId === me.id && may(me, 'queue'))

/** Throws Refused for all but who brought it here, and stewards. */
export const checkEdits = (me: Me, design: designs.StoredDesign): void => {
  if (!mayEditDesign(me, design)) throw new Refused(refuse('design.not-yours', { name: design.name }))
}

/** Everything that its page shows. */
export const designSeenBy = async (db: Database, me: Me, stored: designs.StoredDesign): Promise<Design> => {
  const { reading, versionId, origin: _, ...card } = stored
  const versions = await designs.listVersions(db, stored.id)
  const version = versions.find(({ id }) => id === versionId)
  if (version === undefined) throw new Refused(refuse('design.missing'))
  const files = await designs.listFiles(db, versionId, seesAllDesigns(me))
  const first = files.find(({ isPrintable }) => isPrintable)
  return {
    ...card,
    description: reading.description,
    safety: reading.safety,
    language: reading.language,
    documentationLicence: reading.documentationLicence,
    softwareLicence: reading.softwareLicence,
    manifest: reading.manifest,
    version,
    allVersions: versions,
    files,
    readme: readmeWith(reading.readme, new Map(files.map(({ path, id }) => [path, id]))),
    ancestors: await designs.listAncestors(db, versionId),
    changes: [...reading.changes],
    warnings: [...reading.warnings],
    approval: await readApproval(db, stored.id),
    mayBePrinted: first === undefined || (await designMayBePrinted(db, { designFileId: first.id })) === null,
    mayEdit: mayEditDesign(me, stored),
  }
}

const readmeWith = (blocks: readonly TextBlock[], ids: ReadonlyMap<string, number>): ReadmeBlock[] =>
  blocks.flatMap((block): ReadmeBlock[] => {
    if (block.kind !== 'picture') return [block]
    const fileId = ids.get(block.path)
    return fileId === undefined ? [] : [{ kind: 'picture', fileId, text: block.text }]
  })
