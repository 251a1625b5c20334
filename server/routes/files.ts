// Files: upload, list, fetch, forget.
import { statfs } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { forgetFile, type GcodeFile, listFiles, showFile, uploadFile } from '../contract/files.ts'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { type Refusal, Refused, refuse } from '../contract/refusals.ts'
import { analyseQueue } from '../contract/work.ts'
import { type BytesPart, partAsked } from '../domain/byte-range.ts'
import { refuseName, textName, UploadCheck } from '../domain/files.ts'
import { mount } from '../plugins/mount.ts'
import { fileSeen, ownersSeen } from '../plugins/seen.ts'
import { readBlob, type WrittenBlob, writeBlob } from '../store/blobs.ts'
import type { Database } from '../store/database.ts'
import * as files from '../store/files.ts'
import type { House } from './house.ts'

export const mountFiles = async (app: FastifyInstance, house: House): Promise<void> => {
  const { db } = house

  // In a room of its own: here, and only here, a body is a stream and no JSON.
  await app.register((room, _options, ready) => {
    room.removeAllContentTypeParsers()
    room.addContentTypeParser('*', (_request, _payload, done) => done(null))
    mount(room, uploadFile, async ({ query, me, request }) => takeUpload(house, request.raw, query, me))
    ready()
  })

  mount(app, listFiles, async ({ query, me }) => {
    const owners = await ownersSeen(db, me)
    return files.listFiles(db, { search: query.search, before: query.before, limit: query.limit ?? 50, owners })
  })

  mount(app, showFile, ({ params, me }) => wantedFile(db, params.id, me))

  mount(app, forgetFile, async ({ params, me }) => {
    const file = await wantedFile(db, params.id, me)
    if (file.memberId !== me.id && !may(me, 'run-printers', 'everywhere'))
      throw new Refused(refuse('permission.missing'))
    if (!(await files.forgetFile(db, params.id))) throw new Refused(refuse('file.in-use', { name: file.name }))
    return {}
  })

  mountBytes(app, db)
}

/** The picture and the bytes: not JSON, so not of the contract's shape. */
const mountBytes = (app: FastifyInstance, db: Database): void => {
  const schema = { params: showFile.params }
  app.get<{ Params: { id: number } }>('/api/files/:id/thumbnail', { schema }, async ({ params, me }, reply) => {
    await checkSees(db, params.id, me)
    const thumbnail = await files.readThumbnail(db, params.id)
    if (thumbnail === null) throw new Refused(refuse('file.missing'))
    return reply
      .type(thumbnail[0] === 0x89 ? 'image/png' : 'image/jpeg')
      .header('cache-control', 'private, max-age=31536000, immutable')
      .send(thumbnail)
  })
  app.get<{ Params: { id: number } }>('/api/files/:id/content', { schema }, async ({ params, me, headers }, reply) => {
    await checkSees(db, params.id, me)
    const file = await files.fileBytes(db, params.id)
    if (file === null) throw new Refused(refuse('file.missing'))
    const part = partAsked(headers.range, file.sizeBytes)
    if (part !== null) {
      return reply
        .code(206)
        .type('text/x.gcode; charset=utf-8')
        .header('content-length', part.to - part.from)
        .header('content-range', `bytes ${part.from}-${part.to - 1}/${file.sizeBytes}`)
        .send(Readable.from(readPart(db, file.blobId, part)))
    }
    return reply
      .type('text/x.gcode; charset=utf-8')
      .header('accept-ranges', 'bytes')
      .header('content-length', file.sizeBytes)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .send(Readable.from(readBlob(db, file.blobId)))
  })
}

const readPart = async function* (db: Database, blobId: number, { from, to }: BytesPart): AsyncGenerator<Uint8Array> {
  let left = to - from
  for await (const bytes of readBlob(db, blobId, from)) {
    yield bytes.subarray(0, left)
    left -= bytes.length
    if (left <= 0) return
  }
}

/** Also of a file that was taken out of the list: past jobs show its picture. */
const checkSees = async (db: Database, id: number, me: Me | null): Promise<void> => {
  if (me === null) throw new Refused(refuse('session.none'))
  if (!may(me, 'look')) throw new Refused(refuse('permission.missing'))
  if ((await fileSeen(db, me, await files.readAnyFile(db, id))) === null) throw new Refused(refuse('file.missing'))
}

const wantedFile = async (db: Database, id: number, me: Me): Promise<GcodeFile> => {
  const file = await fileSeen(db, me, await files.readFile(db, id))
  if (file === null) throw new Refused(refuse('file.missing'))
  return file
}

/** Streams the text of the body into the store, and queues its analysis. Leaves nothing where it refuses. */
const takeUpload = async (
  house: House,
  body: IncomingMessage,
  { name, plate }: { name: string; plate?: number | undefined },
  me: Me,
): Promise<GcodeFile & { plates: number[] }> => {
  const announced = Number(body.headers['content-length'] ?? Number.NaN)
  await checkBefore(house, name, announced)
  const check = new UploadCheck(name, plate)
  const blob = await receive(house, body, check, announced)
  for (const same of await files.filesOfBlob(house.db, blob.id)) {
    // That somebody else keeps the same file to himself is not told.
    if (await fileSeen(house.db, me, same))
      throw new Refused(refuse('file.duplicate', { name: same.name, id: same.id }))
  }
  const id = await files.createFile(house.db, {
    name: textName(name, plate),
    blobId: blob.id,
    thumbnail: check.picture === null ? null : Buffer.from(check.picture),
    uploadedBy: me.id,
  })
  await house.orders.add(analyseQueue, `file-${id}`, { fileId: id })
  return { ...(await wantedFile(house.db, id, me)), plates: check.plates }
}

const checkBefore = async ({ config }: House, name: string, announced: number): Promise<void> => {
  const wrong = refuseName(name)
  if (wrong !== null) throw new Refused(wrong)
  if (announced > config.maxUploadBytes) throw new Refused(tooLarge(config.maxUploadBytes))
  if (config.databaseUrl !== null) return
  const { bavail, bsize } = await statfs(config.dataFolder)
  const needed = Number.isNaN(announced) ? 0 : announced
  if (bavail * bsize < needed + config.diskReserveBytes) throw new Refused(refuse('disk.full'))
}

const tooLarge = (bytes: number) => refuse('file.too-large', { megabytes: Math.round(bytes / 1e6) })

const receive = (house: House, body: IncomingMessage, check: UploadCheck, announced: number): Promise<WrittenBlob> => {
  const { maxUploadBytes } = house.config
  const allowed = (text: Refusal | readonly Uint8Array[]): readonly Uint8Array[] => {
    if ('code' in text) throw new Refused(text)
    if (Math.max(check.receivedBytes, check.textBytes) > maxUploadBytes) throw new Refused(tooLarge(maxUploadBytes))
    return text
  }
  // After a refusal the rest of the body is let pass: a client that is cut off would not read why.
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of body.iterator({ destroyOnReturn: false })) yield* allowed(check.piece(piece))
    } catch (error) {
      if (error instanceof Refused) throw error
      const expected = Number.isNaN(announced) ? '?' : announced
      throw new Refused(refuse('file.cut-off', { received: check.receivedBytes, expected }))
    }
    yield* allowed(check.end())
  }
  return writeBlob(house.db, pieces())
}
