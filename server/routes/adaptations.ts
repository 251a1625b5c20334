// Giving back: what was made here of designs becomes a design of its own, with its lineage.
import type { publishAdaptation } from '../contract/commons.ts'
import type { BodyOf } from '../contract/endpoint.ts'
import type { Me } from '../contract/members.ts'
import { readMesh } from '../contract/mesh-wire.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { cleanText } from '../domain/commons/fields.ts'
import { licenceOfChild, type readLicence } from '../domain/commons/licences.ts'
import { webAddress } from '../domain/commons/paths.ts'
import { slugOf } from '../domain/commons/slug.ts'
import { isPrintable, kindOf } from '../domain/commons/tree.ts'
import { toStl } from '../geometry/mesh.ts'
import { readBlob, wholeBlob, writeBlob } from '../store/blobs.ts'
import type { Database } from '../store/database.ts'
import * as designs from '../store/designs.ts'
import { readDerived, rootsOf } from '../store/lineage.ts'

type Wish = BodyOf<typeof publishAdaptation>

export const adapt = async (db: Database, me: Me, wish: Wish): Promise<{ id: number }> => {
  const derived = await readDerived(db, wish.derivedIds)
  const own = derived.filter(({ createdBy }) => createdBy === me.id || may(me, 'run-printers', 'everywhere'))
  const files = (await designs.readDesignFiles(db, wish.fileIds)).filter(
    ({ isPublished }) => isPublished || may(me, 'queue'),
  )
  if (own.length !== new Set(wish.derivedIds).size || files.length !== new Set(wish.fileIds).size) {
    throw new Refused(refuse('design.file-missing'))
  }
  const kept: { id: number; name: string; blobId: number }[] = []
  for (const { id, name, blobId } of own) {
    if (blobId !== null) kept.push({ id, name, blobId: await givenOut(db, blobId) })
  }
  if (kept.length + files.length === 0) throw new Refused(refuse('design.empty'))
  const roots = await rootsOf(db, { derivedIds: wish.derivedIds })
  const rootFiles = await designs.readDesignFiles(
    db,
    roots.map(({ designFileId }) => designFileId),
  )
  const parents = [...rootFiles, ...files]
  const licence = childLicence(parents, wish.licence)
  const versions = await parentVersions(db, parents)
  const names = new Names()
  const reading = readingOf(me, wish, licence, versions)
  const { designId } = await designs.saveVersion(db, {
    designId: null,
    ownerId: me.id,
    slug: slugOf(wish.name),
    origin: null,
    reading,
    files: [
      ...kept.map((one) => ({ ...fileOf(names.free(one.name)), blobId: one.blobId, sha: null, derivedId: one.id })),
      ...files.map((one) => ({ ...fileOf(names.free(one.path)), blobId: one.blobId, sha: null, copyOf: one.id })),
    ],
    ancestors: versions.map((one) => ({
      title: one.name,
      address: webAddress(one.origin?.url ?? '') ?? one.reading.claimed ?? '',
      commit: one.origin?.commit ?? null,
      versionId: one.versionId,
    })),
    isPublished: wish.isPublished,
  })
  return { id: designId }
}

/** A mesh that was made here goes out as STL, which everyone can read; what is a file already goes as it is. */
const givenOut = async (db: Database, blobId: number): Promise<number> => {
  const start = await firstBytes(db, blobId)
  if (!start.subarray(0, MESH_MARK.length).equals(MESH_MARK)) return blobId
  const stl = Buffer.from(toStl(readMesh(await wholeBlob(db, blobId))).buffer)
  const written = await writeBlob(
    db,
    (async function* () {
      yield stl
    })(),
  )
  return written.id
}

const MESH_MARK = Buffer.from('AZM1')

const firstBytes = async (db: Database, blobId: number): Promise<Buffer> => {
  for await (const piece of readBlob(db, blobId)) return piece
  return Buffer.alloc(0)
}

const childLicence = (parents: readonly designs.StoredFile[], wanted: string | undefined) => {
  const licences = parents.flatMap(({ licence, fileLicence }) =>
    fileLicence === null ? [licence] : [licence, fileLicence],
  )
  // Without parents it is one's own: then it must be said under which licence others may use it.
  const found =
    licences.length === 0 && wanted === undefined
      ? { refused: 'it is not said under which licence others may use it' }
      : licenceOfChild(licences, wanted ?? null)
  if ('refused' in found) throw new Refused(refuse('design.licence', { reason: found.refused }))
  return found.licence
}

const parentVersions = async (
  db: Database,
  parents: readonly designs.StoredFile[],
): Promise<designs.StoredDesign[]> => {
  const wanted = new Map(parents.map(({ versionId, designId }) => [versionId, designId]))
  const found: designs.StoredDesign[] = []
  for (const [versionId, designId] of wanted) {
    const version = await designs.readDesign(db, designId, versionId)
    if (version !== null) found.push(version)
  }
  return found
}

const fileOf = (path: string) => ({ path, kind: kindOf(path), isPrintable: isPrintable(path), licence: null })

/** No two files of a design have one path. */
class Names {
  readonly #taken = new Set<string>()

  free(wanted: string): string {
    const clean = cleanText(wanted)
      .split('/')
      .filter((part) => part !== '' && part !== '.' && part !== '..')
      .join('/')
    const plain = clean === '' ? 'file' : clean
    let path = plain
    for (let number = 2; this.#taken.has(path.toLowerCase()); number++) {
      path = plain.replace(/(\.[^./]+)?$/, (ending) => `-${number}${ending}`)
    }
    this.#taken.add(path.toLowerCase())
    return path
  }
}

const readingOf = (
  me: Me,
  wish: Wish,
  licence: ReturnType<typeof readLicence>,
  parents: readonly designs.StoredDesign[],
) => ({
  name: cleanText(wish.name),
  summary: cleanText(wish.description).split('\n')[0]?.slice(0, 300) ?? '',
  description: cleanText(wish.description),
  // What to beware of does not end with a change.
  safety: [...new Set(parents.map(({ reading }) => reading.safety))].filter((text) => text !== '').join('\n\n'),
  keywords: [...new Set([...(wish.keywords ?? []), ...parents.flatMap(({ keywords }) => keywords)])].slice(0, 40),
  materials: [...new Set(parents.flatMap(({ materials }) => materials))],
  language: null,
  creators: [...new Set([me.name, ...parents.flatMap(({ creators }) => creators)])],
  licence,
  documentationLicence: null,
  softwareLicence: null,
  manifest: null,
  label: '',
  claimed: null,
  parents: [],
  lineage: [],
  changes: [{ date: new Date().toISOString().slice(0, 10), by: me.name, note: cleanText(wish.change) }],
  picture: null,
  readme: [],
  files: [],
  warnings: [],
})
