// Where designs are pulled from: the place, pinned; what lies there; and what changed there since.
import * as Type from 'typebox'
import { Refusal } from './refusals.ts'
import { nullable, oneOf } from './values.ts'

/** `manifest`: an OKH manifest without a repository that answers; `file` and `archive`: plain links. */
export const sourceKinds = [
  'github',
  'gitlab',
  'gitea',
  'git',
  'manifest',
  'manyfold',
  'file',
  'archive',
  'upload',
] as const
export const SourceKind = oneOf(...sourceKinds)
export type SourceKind = Type.Static<typeof SourceKind>

/** One place at one moment: enough to fetch the very same bytes again, and to ask what came after. */
export const Origin = Type.Object({
  kind: SourceKind,
  /** The repository, model, manifest or link, without the folder and the branch; of an upload: its name. */
  url: Type.String(),
  /** Branch or tag that was asked for or is the place's default; null where there is none. */
  ref: nullable(Type.String()),
  /** The commit (40 or 64 hex digits); null where the place has no commits. */
  commit: nullable(Type.String()),
  /** The folder of a repository that holds many designs, without slashes at its ends; null: all of it. */
  path: nullable(Type.String()),
  /** Where there are no commits: what changes when the place changes (`sha256:…`, `etag:…`); null: not known. */
  revision: nullable(Type.String()),
  /** The OKH manifest by which the place was found; null: by its own address. */
  manifest: nullable(Type.String()),
})
export type Origin = Type.Static<typeof Origin>

export const ListedFile = Type.Object({
  /** With forward slashes, below the design's own folder; checked: no `..`, never absolute. */
  path: Type.String(),
  /** Null: the place does not say. */
  sizeBytes: nullable(Type.Integer({ minimum: 0 })),
  /** Git's id of the blob, where the place is a repository. */
  sha: nullable(Type.String()),
})
export type ListedFile = Type.Static<typeof ListedFile>

/** A file that is left out, and why; the rest of the design is kept. */
export const SkippedFile = Type.Object({ path: Type.String(), reason: Refusal })
export type SkippedFile = Type.Static<typeof SkippedFile>

/** What a file was when it was pulled, to compare with what is upstream now. */
export const KnownFile = Type.Object({ path: Type.String(), sha: nullable(Type.String()), sha256: Type.String() })
export type KnownFile = Type.Static<typeof KnownFile>

export const UpstreamChange = Type.Object({
  origin: Origin,
  changed: Type.Boolean(),
  files: Type.Object({
    added: Type.Array(Type.String()),
    removed: Type.Array(Type.String()),
    changed: Type.Array(Type.String()),
  }),
})
export type UpstreamChange = Type.Static<typeof UpstreamChange>

/** What a place says of a design itself, outside of its files. Plain text as it came: never HTML to show. */
export const SourceFacts = Type.Object({
  title: nullable(Type.String()),
  description: nullable(Type.String()),
  creators: Type.Array(Type.String()),
  /** As the place writes it; not normalised. */
  licence: nullable(Type.String()),
  keywords: Type.Array(Type.String()),
  /** What the place itself names as the origin of a fork. */
  forkedFrom: nullable(Type.String()),
})
export type SourceFacts = Type.Static<typeof SourceFacts>

/** One design of a list that can be pulled by its address. */
export const BrowsedDesign = Type.Object({
  address: Type.String(),
  title: nullable(Type.String()),
  description: nullable(Type.String()),
  licence: nullable(Type.String()),
  creators: Type.Array(Type.String()),
  pictureUrl: nullable(Type.String()),
})
export type BrowsedDesign = Type.Static<typeof BrowsedDesign>

export const BrowsedPage = Type.Object({
  kind: oneOf('okh-list', 'manyfold'),
  designs: Type.Array(BrowsedDesign),
  /** How many fit the search; null: the place does not say. */
  total: nullable(Type.Integer({ minimum: 0 })),
  /** Give it back to get what follows; null: this is the end. */
  next: nullable(Type.String()),
  /** Those of this page that could not be read, and why. */
  skipped: Type.Array(SkippedFile),
})
export type BrowsedPage = Type.Static<typeof BrowsedPage>
