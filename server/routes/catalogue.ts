// What the workshop gives back: its catalogue for other programs, exports, and labels for what it prints.
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as Type from 'typebox'
import {
  catalogueFeedUrl,
  catalogueListUrl,
  catalogueManifestUrl,
  cataloguePackageUrl,
  changeCatalogueSettings,
  LabelQuery,
  showCatalogueSettings,
} from '../contract/catalogue.ts'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { Id, IdParams } from '../contract/values.ts'
import {
  attributionLines,
  attributionText,
  dataPackage,
  type ExportedDesign,
  manifestToml,
} from '../domain/commons/export.ts'
import { PRIVATE_PART } from '../domain/privacy.ts'
import { type PackedFile, zip } from '../papers/archive.ts'
import { type Label, labelPdf } from '../papers/label.ts'
import { wantedDesign } from '../plugins/designs.ts'
import { exported } from '../plugins/exported.ts'
import { mount } from '../plugins/mount.ts'
import { jobsSeen } from '../plugins/seen.ts'
import { readBlob } from '../store/blobs.ts'
import type { Database } from '../store/database.ts'
import * as designs from '../store/designs.ts'
import { readJob } from '../store/jobs.ts'
import { rootsOf } from '../store/lineage.ts'
import { isCataloguePublic, openCatalogue, readSite } from '../store/site.ts'
import type { House } from './house.ts'
import { shown } from './job-standing.ts'

export const mountCatalogue = (app: FastifyInstance, { db }: House): void => {
  mount(app, showCatalogueSettings, async () => ({ isPublic: await isCataloguePublic(db) }))
  mount(app, changeCatalogueSettings, async ({ body }) => {
    await openCatalogue(db, body.isPublic)
    return body
  })
  mountFeeds(app, db)
  mountSlugs(app, db)
  mountExport(app, db)
  mountLabels(app, db)
}

/** As the one who asks knows this server. */
const homeOf = (request: FastifyRequest): string => `${request.protocol}://${request.host}`

/** Members always; strangers where the workshop has said so. Others are not told that it is there. */
const checkMayRead = async (db: Database, me: Me | null): Promise<void> => {
  if (me !== null && may(me, 'look')) return
  if (!(await isCataloguePublic(db))) throw new Refused(refuse('catalogue.closed'))
}

const mountFeeds = (app: FastifyInstance, db: Database): void => {
  app.get(catalogueListUrl, async (request, reply) => {
    await checkMayRead(db, request.me)
    const all = await designs.listPublished(db)
    return reply.send(all.map(({ slug }) => homeOf(request) + catalogueManifestUrl(slug)))
  })
  // https://www.jsonfeed.org/version/1.1/
  app.get(catalogueFeedUrl, async (request, reply) => {
    await checkMayRead(db, request.me)
    const home = homeOf(request)
    const items = (await designs.listPublished(db)).slice(0, 100).map((design) => ({
      id: home + catalogueManifestUrl(design.slug),
      url: `${home}/designs/${design.id}`,
      title: design.name,
      content_text: design.reading.description || design.name,
      date_published: design.pulledAt,
      authors: design.creators.map((name) => ({ name })),
      tags: design.keywords,
      attachments: [{ url: home + catalogueManifestUrl(design.slug), mime_type: 'application/toml' }],
      _licence: design.licence.expression ?? design.licence.written,
    }))
    const feed = {
      version: 'https://jsonfeed.org/version/1.1',
      title: (await readSite(db))?.name ?? 'Auzolan',
      home_page_url: home,
      feed_url: home + catalogueFeedUrl,
      items,
    }
    return reply.type('application/feed+json; charset=utf-8').send(JSON.stringify(feed))
  })
}

const SlugParams = Type.Object({ slug: Type.String({ pattern: '^[a-z0-9-]{1,80}$' }) })

const mountSlugs = (app: FastifyInstance, db: Database): void => {
  type Asked = FastifyRequest<{ Params: Type.Static<typeof SlugParams> }>
  const wanted = async (request: Asked): Promise<{ stored: designs.StoredDesign; design: ExportedDesign }> => {
    await checkMayRead(db, request.me)
    const stored = await designs.readDesignBySlug(db, request.params.slug)
    if (stored === null || !stored.isPublished) throw new Refused(refuse('design.missing'))
    return { stored, design: await exported(db, stored, homeOf(request)) }
  }
  const schema = { params: SlugParams }
  app.get(catalogueManifestUrl(':slug'), { schema }, async (request: Asked, reply) =>
    reply.type('application/toml; charset=utf-8').send(manifestToml((await wanted(request)).design)),
  )
  app.get(cataloguePackageUrl(':slug'), { schema }, async (request: Asked, reply) =>
    reply.send(dataPackage((await wanted(request)).design)),
  )
  // Beside the manifest, under the paths that it names: what other programs fetch for it.
  app.get(
    '/api/catalogue/:slug/*',
    { schema: { params: Type.Object({ ...SlugParams.properties, '*': Type.String() }) } },
    async (request: FastifyRequest<{ Params: { slug: string; '*': string } }>, reply) => {
      const { stored } = await wanted(request)
      const file = (await designs.filesOfVersion(db, stored.versionId)).find(({ path }) => path === request.params['*'])
      if (file === undefined) throw new Refused(refuse('design.file-missing'))
      return attach(reply, 'application/octet-stream', file.path)
        .header('content-length', file.sizeBytes)
        .send(Readable.from(readBlob(db, file.blobId)))
    },
  )
}

/** To be saved, whatever a browser thinks that it is. */
const attach = (reply: FastifyReply, type: string, path: string): FastifyReply =>
  reply
    .type(type)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(path.slice(path.lastIndexOf('/') + 1)).replace(/['()*]/g, '_')}`,
    )

const mountExport = (app: FastifyInstance, db: Database): void => {
  const schema = { params: IdParams, querystring: Type.Object({ version: Type.Optional(Id) }) }
  type Asked = FastifyRequest<{ Params: { id: number }; Querystring: { version?: number } }>
  app.get('/api/designs/:id/export.zip', { schema }, async (request: Asked, reply) => {
    const stored = await wantedDesign(db, checkLooks(request.me), request.params.id, request.query.version)
    const design = await exported(db, stored, homeOf(request))
    const files = await designs.filesOfVersion(db, stored.versionId)
    return attach(reply, 'application/zip', `${stored.slug}.zip`).send(Readable.from(zip(packed(db, design, files))))
  })
}

const checkLooks = (me: Me | null): Me => {
  if (me === null) throw new Refused(refuse('session.none'))
  if (!may(me, 'look')) throw new Refused(refuse('permission.missing'))
  return me
}

const ownFiles = ['okh.toml', 'datapackage.json', 'ATTRIBUTION.txt']

/** Our descriptions stand at the root; those it came with are kept beside them. */
const packed = (
  db: Database,
  design: ExportedDesign,
  files: readonly { path: string; blobId: number }[],
): PackedFile[] => {
  const text = (path: string, content: string): PackedFile => ({
    path,
    read: async function* () {
      yield Buffer.from(content)
    },
  })
  const found = files.map(({ path, blobId }) => ({
    path: ownFiles.includes(path) ? `as-found/${path}.txt` : path,
    read: () => readBlob(db, blobId),
  }))
  return [
    text('okh.toml', manifestToml(design)),
    text('datapackage.json', `${JSON.stringify(dataPackage(design), null, 2)}\n`),
    text('ATTRIBUTION.txt', attributionText(design)),
    ...found,
  ]
}

const mountLabels = (app: FastifyInstance, db: Database): void => {
  const schema = { params: IdParams, querystring: LabelQuery }
  type Asked = FastifyRequest<{ Params: { id: number }; Querystring: Type.Static<typeof LabelQuery> }>
  const label = async (request: Asked, stored: designs.StoredDesign): Promise<Label> => {
    const home = homeOf(request)
    const design = await exported(db, stored, home)
    const page = `${home}/designs/${stored.id}`
    const workshop = (await readSite(db))?.name ?? 'Auzolan'
    const travels = stored.licence.sourceTravels ? ['Its source is yours to have: follow the codes.'] : []
    return {
      title: design.name,
      lines: [...attributionLines(design), ...(design.safety === '' ? [] : [`Beware: ${design.safety}`]), ...travels],
      footer: `Printed by ${workshop}, ${new Date().toISOString().slice(0, 10)}`,
      codes: [
        { word: 'design', address: page },
        ...(design.address === page ? [] : [{ word: 'source', address: design.address }]),
      ],
    }
  }
  const send = async (request: Asked, reply: FastifyReply, labels: Label[], name: string): Promise<FastifyReply> =>
    attach(reply, 'application/pdf', `${name}.pdf`).send(await labelPdf(labels, request.query.size ?? 'a6'))

  app.get('/api/designs/:id/label.pdf', { schema }, async (request: Asked, reply) => {
    const stored = await wantedDesign(db, checkLooks(request.me), request.params.id)
    return send(request, reply, [await label(request, stored)], stored.slug)
  })
  app.get('/api/jobs/:id/label.pdf', { schema }, async (request: Asked, reply) => {
    const me = checkLooks(request.me)
    const job = await readJob(db, request.params.id)
    const [seen] = job === null ? [] : await jobsSeen(db, me, [shown(job)])
    if (seen === undefined || seen.fileName === PRIVATE_PART) throw new Refused(refuse('job.missing'))
    const roots = await rootsOf(db, { fileIds: [seen.fileId] })
    const wanted = new Map(roots.map(({ versionId, designId }) => [versionId, designId]))
    const labels: Label[] = []
    for (const [versionId, designId] of wanted) {
      const stored = await designs.readDesign(db, designId, versionId)
      if (stored !== null) labels.push(await label(request, stored))
    }
    if (labels.length === 0) throw new Refused(refuse('label.nothing'))
    return send(request, reply, labels, `job-${seen.id}`)
  })
}
