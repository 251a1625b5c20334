// Designs: search, show, publish, adapt; what stewards decide about their licences; their bytes.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { deleteDesign, publishAdaptation, publishDesign, searchDesigns, showDesign } from '../contract/commons.ts'
import { type Approval, askApproval, decideApproval, listApprovals, withdrawApproval } from '../contract/licences.ts'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { IdParams } from '../contract/values.ts'
import { kindOf } from '../domain/commons/tree.ts'
import { checkEdits, designSeenBy, seesAllDesigns, wantedDesign } from '../plugins/designs.ts'
import { mount } from '../plugins/mount.ts'
import * as approvals from '../store/approvals.ts'
import { readBlob } from '../store/blobs.ts'
import type { Database } from '../store/database.ts'
import { type Bed, searchDesigns as search } from '../store/design-search.ts'
import * as designs from '../store/designs.ts'
import { readPrinter } from '../store/printers.ts'
import { adapt } from './adaptations.ts'
import type { House } from './house.ts'

export const mountDesigns = (app: FastifyInstance, { db }: House): void => {
  mount(app, searchDesigns, async ({ query, me }) =>
    search(db, query, { bed: await bedOf(db, me, query.fitsPrinter), seesAll: seesAllDesigns(me) }),
  )
  mount(app, showDesign, async ({ params, query, me }) =>
    designSeenBy(db, me, await wantedDesign(db, me, params.id, query.version)),
  )
  mount(app, publishDesign, async ({ params, body, me }) => {
    const design = await wantedDesign(db, me, params.id)
    checkEdits(me, design)
    if (body.isPublished && design.licence.asks !== null) {
      const reason = `${design.licence.title} does not say that it may be passed on`
      throw new Refused(refuse('design.licence', { reason }))
    }
    await designs.publishDesign(db, design.id, body.isPublished)
    return body
  })
  mount(app, deleteDesign, async ({ params, me }) => {
    await designs.removeDesign(db, (await wantedDesign(db, me, params.id)).id)
    return {}
  })
  mount(app, publishAdaptation, ({ body, me }) => adapt(db, me, body))
  mountApprovals(app, db)
  mountBytes(app, db)
}

const bedOf = async (db: Database, me: Me, printerId: number | undefined): Promise<Bed | null> => {
  if (printerId === undefined) return null
  const printer = await readPrinter(db, printerId)
  if (printer === null || !reaches(me, 'look', printer)) throw new Refused(refuse('printer.missing'))
  const { width, depth, height, shape } = printer.profile
  return { width, depth, height, isRound: shape === 'round' }
}

const mountApprovals = (app: FastifyInstance, db: Database): void => {
  const wanted = async (id: number): Promise<Approval> => {
    const approval = await approvals.readApproval(db, id)
    if (approval === null) throw new Refused(refuse('design.missing'))
    return approval
  }
  mount(app, listApprovals, () => approvals.listApprovals(db))
  mount(app, askApproval, async ({ params, body, me }) => {
    const design = await wantedDesign(db, me, params.id)
    const files = await designs.listFiles(db, design.versionId, true)
    const isAsked =
      design.licence.asks !== null || files.some(({ licence }) => licence !== null && licence.asks !== null)
    if (!isAsked) throw new Refused(refuse('design.no-question', { name: design.name }))
    await approvals.askApproval(db, design.id, me.id, body.question)
    return wanted(design.id)
  })
  mount(app, decideApproval, async ({ params, body, me }) => {
    const design = await wantedDesign(db, me, params.id)
    await approvals.decideApproval(db, design.id, me.id, body)
    return wanted(design.id)
  })
  mount(app, withdrawApproval, async ({ params, me }) => {
    await approvals.withdrawApproval(db, (await wantedDesign(db, me, params.id)).id)
    return {}
  })
}

/** Pictures that a browser may show; everything else is only handed out to be saved. SVG can hold scripts. */
const shown: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
}

const mountBytes = (app: FastifyInstance, db: Database): void => {
  app.get<{ Params: { id: number } }>(
    '/api/design-files/:id/content',
    { schema: { params: IdParams } },
    async ({ params, me }, reply) => {
      if (me === null) throw new Refused(refuse('session.none'))
      const [file] = may(me, 'look') ? await designs.readDesignFiles(db, [params.id]) : []
      if (file === undefined || !(file.isPublished || seesAllDesigns(me)))
        throw new Refused(refuse('design.file-missing'))
      const name = file.path.slice(file.path.lastIndexOf('/') + 1)
      const picture = kindOf(name) === 'image' ? shown[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] : undefined
      return reply
        .type(picture ?? 'application/octet-stream')
        .header('content-length', file.sizeBytes)
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .header('cache-control', 'private, max-age=31536000, immutable')
        .header(
          'content-disposition',
          `${picture ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, '_')}`,
        )
        .send(Readable.from(readBlob(db, file.blobId)))
    },
  )
}
