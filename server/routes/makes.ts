// How it went: what members write down after they have made a design, with a photo.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { deleteMake, listMakes, type Make, photographMake, recordMake } from '../contract/makes.ts'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { IdParams } from '../contract/values.ts'
import { cleanText } from '../domain/commons/fields.ts'
import { pictureType } from '../domain/commons/pictures.ts'
import { seesAllDesigns, wantedDesign } from '../plugins/designs.ts'
import { mount } from '../plugins/mount.ts'
import { printsSeen } from '../plugins/seen.ts'
import { readBlob, writeBlob } from '../store/blobs.ts'
import type { Database } from '../store/database.ts'
import { designsOfPrint } from '../store/lineage.ts'
import * as makes from '../store/makes.ts'
import { readPrint } from '../store/prints.ts'
import type { House } from './house.ts'

const MOST_PHOTO_BYTES = 12_000_000

export const mountMakes = async (app: FastifyInstance, { db }: House): Promise<void> => {
  mount(app, listMakes, async ({ params, me }) => makes.listMakes(db, (await wantedDesign(db, me, params.id)).id))
  mount(app, recordMake, async ({ params, body, me }) => {
    const design = await wantedDesign(db, me, params.id)
    const versionId =
      body.printId === undefined ? design.versionId : await versionPrinted(db, me, body.printId, design.id)
    const settings = Object.entries(body.settings).map(([name, value]) => [cleanText(name), cleanText(value)])
    const id = await makes.createMake(db, {
      designId: design.id,
      versionId,
      printId: body.printId ?? null,
      outcome: body.outcome,
      material: cleanText(body.material).toUpperCase(),
      settings: Object.fromEntries(settings),
      remarks: cleanText(body.remarks),
      memberId: me.id,
    })
    return wantedMake(db, id)
  })
  mount(app, deleteMake, async ({ params, me }) => {
    await checkOwn(db, params.id, me)
    await makes.deleteMake(db, params.id)
    return {}
  })
  await mountPhotos(app, db)
}

const wantedMake = async (db: Database, id: number): Promise<Make> => {
  const make = await makes.readMake(db, id)
  if (make === null) throw new Refused(refuse('make.missing'))
  return make
}

const checkOwn = async (db: Database, id: number, me: Me): Promise<void> => {
  const make = await wantedMake(db, id)
  if (make.memberId !== me.id && !may(me, 'steward', 'everywhere')) throw new Refused(refuse('permission.missing'))
}

/** Which version of the design was printed. Throws Refused where the print was made of something else. */
const versionPrinted = async (db: Database, me: Me, printId: number, designId: number): Promise<number> => {
  const print = await readPrint(db, printId)
  const [seen] = print === null ? [] : await printsSeen(db, me, [print])
  if (seen === undefined) throw new Refused(refuse('print.missing'))
  const found = (await designsOfPrint(db, printId)).find(({ id }) => id === designId)
  if (found === undefined) throw new Refused(refuse('make.other-print'))
  return found.versionId
}

const mountPhotos = async (app: FastifyInstance, db: Database): Promise<void> => {
  await app.register((room, _options, ready) => {
    room.removeAllContentTypeParsers()
    room.addContentTypeParser('*', (_request, _payload, done) => done(null))
    mount(room, photographMake, async ({ params, me, request }) => {
      await checkOwn(db, params.id, me)
      let size = 0
      let type: string | null = null
      const blob = await writeBlob(db, request.raw.iterator({ destroyOnReturn: false }), (piece: Uint8Array) => {
        // What it is, its first bytes say; the name and the type that a browser gives do not count.
        if (size === 0) type = pictureType(piece)
        if (type === null) throw new Refused(refuse('picture.kind'))
        size += piece.length
        if (size > MOST_PHOTO_BYTES) throw new Refused(refuse('picture.large'))
      })
      if (type === null) throw new Refused(refuse('picture.kind'))
      await makes.savePhoto(db, params.id, blob.id, type)
      return wantedMake(db, params.id)
    })
    ready()
  })
  app.get<{ Params: { id: number } }>(
    '/api/makes/:id/photo',
    { schema: { params: IdParams } },
    async ({ params, me }, reply) => {
      if (me === null) throw new Refused(refuse('session.none'))
      const photo = may(me, 'look') ? await makes.readPhoto(db, params.id) : null
      if (photo === null || !(photo.isPublished || seesAllDesigns(me))) throw new Refused(refuse('make.missing'))
      return reply
        .type(photo.type)
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(Readable.from(readBlob(db, photo.blobId)))
    },
  )
}
