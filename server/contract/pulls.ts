// Bringing designs here: from an address, from a list of manifests, or from one's own disk.
import * as Type from 'typebox'
import { UpstreamNews } from './commons.ts'
import { endpoint } from './endpoint.ts'
import { Licence } from './licences.ts'
import { SkippedFile } from './sources.ts'
import { Id, IdParams, Instant, Name, Nothing, nullable, oneOf } from './values.ts'

export const pullStates = ['waiting', 'working', 'done', 'failed', 'cancelled'] as const
export type PullState = (typeof pullStates)[number]

/** `pull`: an address; `upload`: what was laid ready by hand; `update`: a newer version; `check`: only look for one. */
export const pullKinds = ['pull', 'upload', 'update', 'check'] as const

/** Changes of it come as `Change` of `pull`. */
export const Pull = Type.Object({
  id: Id,
  kind: oneOf(...pullKinds),
  /** The address, or the name of what was uploaded. */
  address: Type.String(),
  state: oneOf(...pullStates),
  /** What is being done now, in plain words. */
  step: Type.String(),
  filesDone: Type.Integer(),
  /** null: not known yet. */
  filesTotal: nullable(Type.Integer()),
  bytesDone: Type.Integer(),
  /** Why it failed: what happened, and what to do. */
  reason: nullable(Type.String()),
  /** The design that came of it. */
  designId: nullable(Id),
  /** What a `check` found. */
  news: nullable(UpstreamNews),
  memberId: nullable(Id),
  createdAt: Instant,
  endedAt: nullable(Instant),
})
export type Pull = Type.Static<typeof Pull>

/** What people paste: with or without https://. The source decides what it is. */
export const Address = Type.String({ minLength: 3, maxLength: 2000, pattern: '^\\S(?:.*\\S)?$' })

export const pullDesign = endpoint({
  method: 'POST',
  url: '/api/pulls',
  summary: 'Pulls a design from an address: a repository, a manifest, a Manyfold page, a file or an archive',
  access: 'queue',
  body: Type.Object({ address: Address }),
  reply: Pull,
})

export const listPulls = endpoint({
  method: 'GET',
  url: '/api/pulls',
  summary: "One's own pulls, newest first; stewards see everyone's",
  access: 'queue',
  reply: Type.Array(Pull),
})

export const showPull = endpoint({
  method: 'GET',
  url: '/api/pulls/:id',
  summary: 'How far a pull is',
  access: 'queue',
  params: IdParams,
  reply: Pull,
})

export const cancelPull = endpoint({
  method: 'DELETE',
  url: '/api/pulls/:id',
  summary: 'Stops a pull; nothing of it is kept',
  access: 'queue',
  params: IdParams,
  reply: Pull,
})

export const checkUpdate = endpoint({
  method: 'POST',
  url: '/api/designs/:id/checks',
  summary: 'Looks whether its source has something newer; the answer comes with the pull it returns',
  access: 'queue',
  params: IdParams,
  reply: Pull,
})

export const pullUpdate = endpoint({
  method: 'POST',
  url: '/api/designs/:id/updates',
  summary: 'Pulls what is at its source now as a version of its own, beside the older ones',
  access: 'queue',
  params: IdParams,
  reply: Pull,
})

/** A tray on which files are laid one by one, each under its path, before they become a design. */
export const Tray = Type.Object({
  id: Id,
  name: Type.String(),
  files: Type.Array(Type.Object({ path: Type.String(), sizeBytes: Type.Integer() })),
})
export type Tray = Type.Static<typeof Tray>

export const openTray = endpoint({
  method: 'POST',
  url: '/api/trays',
  summary: 'Begins an upload of files, of a folder, or of one archive',
  access: 'queue',
  body: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 120 }),
    /** They become a newer version of this design of one's own; left out: a new design. */
    designId: Type.Optional(Id),
    /** Under which licence, where the files do not say so themselves: SPDX. */
    licence: Type.Optional(Type.String({ maxLength: 120 })),
    /** Who made it, where the files do not say. */
    creator: Type.Optional(Type.String({ maxLength: 120 })),
  }),
  reply: Tray,
})

export const TrayPath = Type.String({ minLength: 1, maxLength: 400 })

/** The body is the file. The same path again replaces it. */
export const layOnTray = endpoint({
  method: 'PUT',
  url: '/api/trays/:id/files',
  summary: 'Lays a file on the tray: the body of the request, as it is',
  access: 'queue',
  isPassing: true,
  params: IdParams,
  query: Type.Object({ path: TrayPath }),
  reply: Type.Object({ path: Type.String(), sizeBytes: Type.Integer(), hash: Type.String() }),
})

export const takeFromTray = endpoint({
  method: 'DELETE',
  url: '/api/trays/:id/files',
  summary: 'Takes a file off the tray',
  access: 'queue',
  isPassing: true,
  params: IdParams,
  query: Type.Object({ path: TrayPath }),
  reply: Nothing,
})

export const finishTray = endpoint({
  method: 'POST',
  url: '/api/trays/:id/finish',
  summary: 'Makes a design of what lies on the tray; a single archive is unpacked',
  access: 'queue',
  params: IdParams,
  reply: Pull,
})

/** A place elsewhere with many designs, to look through and pull from: a list of manifests, or a Manyfold server. */
export const CommonsList = Type.Object({
  id: Id,
  title: Type.String(),
  address: Type.String(),
  addedBy: nullable(Type.String()),
})
export type CommonsList = Type.Static<typeof CommonsList>

export const ListEntry = Type.Object({
  /** The address to pull. */
  address: Type.String(),
  title: Type.String(),
  summary: Type.String(),
  creators: Type.Array(Type.String()),
  licence: Licence,
  /** The design here that came from this address. */
  designId: nullable(Id),
})
export type ListEntry = Type.Static<typeof ListEntry>

export const listLists = endpoint({
  method: 'GET',
  url: '/api/lists',
  summary: 'Places elsewhere whose designs can be looked through from here',
  access: 'look',
  reply: Type.Array(CommonsList),
})

export const addList = endpoint({
  method: 'POST',
  url: '/api/lists',
  summary: 'Adds a list of designs, after looking whether it is one',
  access: 'queue',
  body: Type.Object({ address: Address, title: Type.Optional(Name) }),
  reply: CommonsList,
})

export const removeList = endpoint({
  method: 'DELETE',
  url: '/api/lists/:id',
  summary: 'Removes a list; designs pulled from it stay',
  access: 'steward',
  params: IdParams,
  reply: Nothing,
})

export const browseList = endpoint({
  method: 'GET',
  url: '/api/lists/:id/entries',
  summary: 'What is on a list now, page by page: it is asked where it lies',
  access: 'queue',
  params: IdParams,
  query: Type.Object({
    search: Type.Optional(Type.String({ maxLength: 200 })),
    /** `next` of the page before. */
    next: Type.Optional(Type.String({ maxLength: 2000 })),
  }),
  reply: Type.Object({
    entries: Type.Array(ListEntry),
    /** null: the place does not say. */
    total: nullable(Type.Integer()),
    /** null: this was the last page. */
    next: nullable(Type.String()),
    skipped: Type.Array(SkippedFile),
  }),
})
