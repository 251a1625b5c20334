// Sources as the server opens them, allowed to ask servers on this machine; and what they hand on, gathered.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Refused } from '../../server/contract/refusals.ts'
import type { SkippedFile } from '../../server/contract/sources.ts'
import { type Limits, usualLimits } from '../../server/sources/limits.ts'
import type { OpenDesign, SourceSettings, Sources } from '../../server/sources/source.ts'
import { openSources, type Surroundings } from '../../server/sources/sources.ts'

export const never = new AbortController().signal

export interface SourcesRig {
  readonly sources: Sources
  readonly folder: string
  /** What lies in the temporary folder still. */
  readonly leftBehind: () => string[]
  readonly close: () => Promise<void>
}

export const sourcesRig = (
  allowedHosts: readonly string[],
  limits: Partial<Limits> = {},
  more: Partial<SourceSettings> & Surroundings = {},
): SourcesRig => {
  const folder = mkdtempSync(join(tmpdir(), 'auzolan-sources-'))
  const settings: SourceSettings = {
    limits: { ...usualLimits, ...limits },
    temporaryFolder: folder,
    allowedHosts,
    tokens: new Map(),
    manyfold: new Map(),
    ...more,
  }
  const sources = openSources(settings, more)
  return {
    sources,
    folder,
    leftBehind: () => readdirSync(folder),
    close: async () => {
      await sources.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface Gathered {
  readonly files: Record<string, string>
  readonly skipped: Record<string, string>
}

/** Everything that is handed on: text by path; and the sentence for each that was left out. */
export const gather = async (design: OpenDesign): Promise<Gathered> => {
  const files: Record<string, string> = {}
  const skipped = await design.readAll(async ({ path }, bytes) => {
    const pieces: Buffer[] = []
    for await (const piece of bytes as AsyncIterable<Buffer>) pieces.push(Buffer.from(piece))
    files[path] = Buffer.concat(pieces).toString('utf8')
  })
  return { files, skipped: sentencesOf(skipped) }
}

export const sentencesOf = (skipped: readonly SkippedFile[]): Record<string, string> =>
  Object.fromEntries(skipped.map(({ path, reason }) => [path, reason.code]))

/** The code of a refusal; anything else is thrown on. */
export const codeOf = async (asked: Promise<unknown>): Promise<string> => {
  try {
    await asked
    return 'no refusal'
  } catch (error) {
    if (error instanceof Refused) return error.refusal.code
    throw error
  }
}
