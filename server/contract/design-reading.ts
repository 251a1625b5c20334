// What was read of a design, as it is stored: by paths, before its files have ids.
import * as Type from 'typebox'
import type { DesignWarning, FileKind, Span } from './commons.ts'
import type { Licence } from './licences.ts'

export interface Parent {
  readonly title: string
  readonly address: string
}

/** As `ReadmeBlock` of the contract, with paths in the place of ids: the files are not stored yet. */
export type TextBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly spans: Span[] }
  | { readonly kind: 'paragraph'; readonly spans: Span[] }
  | { readonly kind: 'item'; readonly depth: number; readonly mark: string; readonly spans: Span[] }
  | { readonly kind: 'quote'; readonly spans: Span[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'picture'; readonly path: string; readonly text: string }
  | { readonly kind: 'table'; readonly rows: Span[][][] }
  | { readonly kind: 'rule' }

const Text = Type.String({ maxLength: 20_000 })

/** Where a file came from, as another workshop wrote it down. `path` is the file in this export. */
export const SaidParent = Type.Object({
  path: Text,
  relation: Text,
  title: Text,
  source: Text,
  sourcePath: Text,
  commit: Type.Union([Text, Type.Null()]),
  sha256: Type.Union([Text, Type.Null()]),
  licence: Text,
  creators: Type.Array(Text, { maxItems: 100 }),
  parameters: Type.Record(Text, Type.Unknown()),
  date: Text,
})
export type SaidParent = Type.Static<typeof SaidParent>

export const Changed = Type.Object({ date: Text, by: Text, note: Text })
export type Changed = Type.Static<typeof Changed>

export interface ReadFile {
  readonly path: string
  readonly kind: FileKind
  readonly isPrintable: boolean
  /** Its own, where it differs from the design's. */
  readonly licence: Licence | null
}

export interface DesignReading {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly safety: string
  readonly keywords: readonly string[]
  readonly materials: readonly string[]
  readonly language: string | null
  readonly creators: readonly string[]
  readonly licence: Licence
  readonly documentationLicence: Licence | null
  readonly softwareLicence: Licence | null
  readonly manifest: { readonly path: string; readonly dialect: string } | null
  readonly label: string
  readonly claimed: string | null
  readonly parents: readonly Parent[]
  /** What an export of another workshop says about where its files came from. */
  readonly lineage: readonly SaidParent[]
  readonly changes: readonly { readonly date: string; readonly by: string; readonly note: string }[]
  readonly picture: string | null
  readonly readme: readonly TextBlock[]
  readonly files: readonly ReadFile[]
  readonly warnings: readonly DesignWarning[]
}
