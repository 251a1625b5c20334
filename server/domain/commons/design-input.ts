// What a design is read from.
import type { SourceFacts } from '../../contract/sources.ts'

export interface DesignInput {
  readonly paths: readonly string[]
  /** By path: the text of what `isToldFrom` names. */
  readonly texts: ReadonlyMap<string, string>
  readonly facts: SourceFacts
  /** Where it was found; empty: an upload. */
  readonly foundAt: string
  /** Its name where nothing says one. */
  readonly fallbackName: string
  /** What the one who uploads says of the licence and the maker, where the files do not. */
  readonly given: { readonly licence: string | null; readonly creator: string | null }
}
