// Ready G-code of a design comes into the list of files, with its lineage: there it is looked at and queued like any other.
import type { FastifyInstance } from 'fastify'
import { takeGcode } from '../contract/commons.ts'
import type { GcodeFile } from '../contract/files.ts'
import type { Me } from '../contract/members.ts'
import { type Refusal, Refused, refuse } from '../contract/refusals.ts'
import { analyseQueue } from '../contract/work.ts'
import { refuseName, textName, UploadCheck } from '../domain/files.ts'
import { seesAllDesigns } from '../plugins/designs.ts'
import { mount } from '../plugins/mount.ts'
import { readBlob, writeBlob } from '../store/blobs.ts'
import { readDesignFiles, type StoredFile } from '../store/designs.ts'
import * as files from '../store/files.ts'
import { recordDerivation } from '../store/lineage.ts'
import type { House } from './house.ts'

export const mountDesignGcode = (app: FastifyInstance, house: House): void => {
  const { db, orders } = house
  mount(app, takeGcode, async ({ params, query, me }) => {
    const [file] = await readDesignFiles(db, [params.id])
    if (file === undefined || !(file.isPublished || seesAllDesigns(me)))
      throw new Refused(refuse('design.file-missing'))
    const name = file.path.slice(file.path.lastIndexOf('/') + 1)
    if (file.kind !== 'gcode') throw new Refused(refuse('design.no-gcode', { name }))
    const wrong = refuseName(name)
    if (wrong !== null) throw new Refused(wrong)
    const { fileId, plates } = await take(house, me, file, { name, plate: query.plate })
    await orders.add(analyseQueue, `file-${fileId}`, { fileId })
    const taken = await files.readFile(db, fileId)
    if (taken === null) throw new Refused(refuse('file.missing'))
    return { ...taken, plates }
  })
}

/** What a member has already is not laid beside itself. */
const take = async (
  house: House,
  me: Me,
  file: StoredFile,
  { name, plate }: { name: string; plate: number | undefined },
): Promise<{ fileId: number; plates: number[] }> => {
  const { db } = house
  const check = new UploadCheck(name, plate)
  const blob = await writeBlob(db, textOf(house, file, check))
  const fileId = await db.transaction(async (inside) => {
    const own = (await files.filesOfBlob(inside, blob.id)).find((one: GcodeFile) => one.memberId === me.id)
    const id =
      own?.id ??
      (await files.createFile(inside, {
        name: textName(name, plate),
        blobId: blob.id,
        thumbnail: check.picture === null ? null : Buffer.from(check.picture),
        uploadedBy: me.id,
      }))
    await recordDerivation(inside, {
      kind: 'gcode',
      name: textName(name, plate),
      blobId: blob.id,
      fileId: id,
      parents: [{ designFileId: file.id }],
      parameters: { plate: plate ?? null },
      memberId: me.id,
    })
    return id
  })
  return { fileId, plates: check.plates }
}

/** The G-code in the file, as an upload of it would be kept. Throws Refused. */
const textOf = async function* (
  { db, config }: House,
  file: StoredFile,
  check: UploadCheck,
): AsyncGenerator<Uint8Array> {
  const most = config.maxUploadBytes
  const allowed = (text: Refusal | readonly Uint8Array[]): readonly Uint8Array[] => {
    if ('code' in text) throw new Refused(text)
    if (Math.max(check.receivedBytes, check.textBytes) > most)
      throw new Refused(refuse('file.too-large', { megabytes: Math.round(most / 1e6) }))
    return text
  }
  for await (const piece of readBlob(db, file.blobId)) yield* allowed(check.piece(piece))
  yield* allowed(check.end())
}
