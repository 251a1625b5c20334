// The workshop's own catalogue: what it publishes, and for whom; and the labels that go with what it makes.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { oneOf } from './values.ts'

export const CatalogueSettings = Type.Object({
  /** Whether the catalogue can be read without being a member. */
  isPublic: Type.Boolean(),
})
export type CatalogueSettings = Type.Static<typeof CatalogueSettings>

export const showCatalogueSettings = endpoint({
  method: 'GET',
  url: '/api/site/catalogue',
  summary: 'Whether the catalogue of the workshop is public',
  access: 'look',
  reply: CatalogueSettings,
})

export const changeCatalogueSettings = endpoint({
  method: 'PUT',
  url: '/api/site/catalogue',
  summary: 'Opens the catalogue of the workshop to everybody, or keeps it to members',
  access: 'steward',
  body: CatalogueSettings,
  reply: CatalogueSettings,
})

/** What other programs read; for everybody where the catalogue is public, else for members only. */
export const catalogueListUrl = '/api/catalogue/list.json'
export const catalogueFeedUrl = '/api/catalogue/feed.json'
export const catalogueManifestUrl = (slug: string): string => `/api/catalogue/${slug}/okh.toml`
export const cataloguePackageUrl = (slug: string): string => `/api/catalogue/${slug}/datapackage.json`

/** `a6`: 105 × 148 mm; `roll`: a strip of 62 mm. */
export const labelSizes = ['a6', 'roll'] as const
export const LabelQuery = Type.Object({ size: Type.Optional(oneOf(...labelSizes)) })

/** Not JSON: a PDF with who made it, its licence, its source, and a QR code to it. */
export const jobLabelUrl = (jobId: number, size: (typeof labelSizes)[number]): string =>
  `/api/jobs/${jobId}/label.pdf?size=${size}`
export const designLabelUrl = (id: number, size: (typeof labelSizes)[number]): string =>
  `/api/designs/${id}/label.pdf?size=${size}`
