// Bringing designs here: pulls, uploads on trays, lists elsewhere.
import type { FastifyInstance } from 'fastify'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import {
  addList,
  browseList,
  cancelPull,
  checkUpdate,
  finishTray,
  layOnTray,
  listLists,
  listPulls,
  openTray,
  type Pull,
  pullDesign,
  pullUpdate,
  removeList,
  showPull,
  type Tray,
  takeFromTray,
} from '../contract/pulls.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { pullQueue } from '../contract/work.ts'
import { cleanText } from '../domain/commons/fields.ts'
import { readLicence } from '../domain/commons/licences.ts'
import { checkEdits, wantedDesign } from '../plugins/designs.ts'
import { mount } from '../plugins/mount.ts'
import { writeBlob } from '../store/blobs.ts'
import { designAt } from '../store/designs.ts'
import * as pulls from '../store/pulls.ts'
import type { House } from './house.ts'

const MOST_OPEN_PULLS = 5
const MOST_TRAY_FILES = 5000

export const mountPulls = async (app: FastifyInstance, house: House): Promise<void> => {
  const { db } = house
  mount(app, pullDesign, ({ body, me }) => begin(house, me, { kind: 'pull', address: body.address }))
  mount(app, listPulls, ({ me }) => pulls.listPulls(db, may(me, 'steward', 'everywhere') ? null : me.id))
  mount(app, showPull, ({ params, me }) => wantedPull(house, params.id, me))
  mount(app, cancelPull, async ({ params, me }) => {
    await wantedPull(house, params.id, me)
    if (!(await pulls.endPull(db, params.id, { state: 'cancelled' }))) throw new Refused(refuse('pull.ended'))
    return wantedPull(house, params.id, me)
  })
  mount(app, checkUpdate, ({ params, me }) => beginFor(house, me, params.id, 'check'))
  mount(app, pullUpdate, ({ params, me }) => beginFor(house, me, params.id, 'update'))
  await mountTrays(app, house)
  mountLists(app, house)
}

/** The internal part of a pull stays here. */
const wantedPull = async ({ db }: House, id: number, me: Me): Promise<Pull> => {
  const pull = await pulls.readPull(db, id)
  if (pull === null || !(pull.memberId === me.id || may(me, 'steward', 'everywhere')))
    throw new Refused(refuse('pull.missing'))
  return pull
}

type Wish = Omit<Parameters<typeof pulls.createPull>[1], 'memberId'>

const begin = async (house: House, me: Me, wish: Wish): Promise<Pull> => {
  const open = await pulls.countOpenPulls(house.db, me.id)
  if (open >= MOST_OPEN_PULLS) throw new Refused(refuse('pull.many', { count: open }))
  const id = await pulls.createPull(house.db, { ...wish, memberId: me.id })
  await house.orders.add(pullQueue, `pull-${id}`, { pullId: id })
  return wantedPull(house, id, me)
}

const beginFor = async (house: House, me: Me, designId: number, kind: 'check' | 'update'): Promise<Pull> => {
  const design = await wantedDesign(house.db, me, designId)
  const { origin } = design
  if (origin === null || origin.kind === 'upload') throw new Refused(refuse('design.no-source', { name: design.name }))
  const address = origin.path === null ? origin.url : folderAddress(origin)
  return begin(house, me, { kind, address, designId: design.id })
}

/** The address of a folder in a repository, as its forge writes it. */
const folderAddress = ({
  kind,
  url,
  ref,
  path,
}: {
  kind: string
  url: string
  ref: string | null
  path: string | null
}): string => {
  const plain = url.replace(/(\.git)?\/*$/, '')
  const between = kind === 'gitlab' ? '-/tree' : kind === 'gitea' ? 'src/branch' : 'tree'
  return `${plain}/${between}/${ref ?? 'HEAD'}/${path}`
}

const wantedTray = async ({ db }: House, id: number, me: Me): Promise<pulls.TrayRow> => {
  const tray = await pulls.readTray(db, id)
  if (tray === null || tray.memberId !== me.id) throw new Refused(refuse('tray.missing'))
  return tray
}

const shownTray = ({ id, name, files }: pulls.TrayRow): Tray => ({ id, name, files })

/** A path below the design's own folder: nothing that climbs, hides or cannot be written elsewhere. */
const checkPath = (path: string): void => {
  const parts = path.split('/')
  const isBad = parts.some(
    (part) => part === '' || part === '.' || part === '..' || /[\p{Cc}\p{Cf}\\:*?"<>|]/u.test(part),
  )
  if (isBad || parts.length > 32 || Buffer.byteLength(path) > 512)
    throw new Refused(refuse('tray.path', { path: cleanText(path).slice(0, 100) }))
}

const mountTrays = async (app: FastifyInstance, house: House): Promise<void> => {
  const { db, config } = house
  mount(app, openTray, async ({ body, me }) => {
    if (body.designId !== undefined) checkEdits(me, await wantedDesign(db, me, body.designId))
    const tray = {
      name: cleanText(body.name) || 'Design',
      memberId: me.id,
      designId: body.designId ?? null,
      licence: body.licence ?? null,
      creator: body.creator ?? null,
    }
    return shownTray(await wantedTray(house, await pulls.createTray(db, tray), me))
  })
  // Here, and only here, a body is a stream and no JSON.
  await app.register((room, _options, ready) => {
    room.removeAllContentTypeParsers()
    room.addContentTypeParser('*', (_request, _payload, done) => done(null))
    mount(room, layOnTray, async ({ params, query, me, request }) => {
      const tray = await wantedTray(house, params.id, me)
      checkPath(query.path)
      if (tray.files.length >= MOST_TRAY_FILES) throw new Refused(refuse('tray.full', { count: MOST_TRAY_FILES }))
      let size = 0
      const body = request.raw.iterator({ destroyOnReturn: false })
      const blob = await writeBlob(db, body, (piece) => {
        size += piece.length
        if (size > config.maxUploadBytes) {
          throw new Refused(refuse('file.too-large', { megabytes: Math.round(config.maxUploadBytes / 1e6) }))
        }
      })
      await pulls.layOnTray(db, tray.id, query.path, blob.id)
      return { path: query.path, sizeBytes: blob.sizeBytes, hash: blob.hash }
    })
    ready()
  })
  mount(app, takeFromTray, async ({ params, query, me }) => {
    await pulls.takeFromTray(db, (await wantedTray(house, params.id, me)).id, query.path)
    return {}
  })
  mount(app, finishTray, async ({ params, me }) => {
    const tray = await wantedTray(house, params.id, me)
    if (tray.files.length === 0) throw new Refused(refuse('design.empty'))
    return begin(house, me, {
      kind: 'upload',
      address: tray.name,
      trayId: tray.id,
      ...(tray.designId === null ? {} : { designId: tray.designId }),
    })
  })
}

const BROWSE_MS = 60_000

const mountLists = (app: FastifyInstance, { db, sources }: House): void => {
  mount(app, listLists, () => pulls.listLists(db))
  mount(app, addList, async ({ body, me }) => {
    // What is no list is refused now, with its reason, and not when somebody wants to look.
    await sources.browse(body.address, { search: '', next: null }, AbortSignal.timeout(BROWSE_MS))
    const title = body.title ?? body.address.replace(/^https?:\/\//, '').slice(0, 80)
    const list = await pulls.readList(db, await pulls.addList(db, { title, address: body.address, memberId: me.id }))
    if (list === null) throw new Refused(refuse('list.missing'))
    return list
  })
  mount(app, removeList, async ({ params }) => {
    if (!(await pulls.removeList(db, params.id))) throw new Refused(refuse('list.missing'))
    return {}
  })
  mount(app, browseList, async ({ params, query }) => {
    const list = await pulls.readList(db, params.id)
    if (list === null) throw new Refused(refuse('list.missing'))
    const question = { search: query.search ?? '', next: query.next ?? null }
    const page = await sources.browse(list.address, question, AbortSignal.timeout(BROWSE_MS))
    const entries = []
    for (const one of page.designs) {
      const known = await designAt(db, `${one.address.replace(/(\.git)?\/*$/i, '').toLowerCase()}#`)
      entries.push({
        address: one.address,
        title: cleanText(one.title ?? one.address).slice(0, 300),
        summary: cleanText(one.description ?? '').slice(0, 600),
        creators: one.creators.map((name) => cleanText(name).slice(0, 200)),
        licence: readLicence(one.licence),
        designId: known?.designId ?? null,
      })
    }
    return { entries, total: page.total, next: page.next, skipped: page.skipped }
  })
}
