// What a member uploads: an archive is unpacked, files and a folder are taken as they are.

import { Readable } from 'node:stream'
import type { Origin } from '../contract/sources.ts'
import { limitedBytes } from './limited-bytes.ts'
import { contentsOf, contentsOfFiles, fileNameFrom } from './packed-design.ts'
import { noFacts, type OpenDesign, type Tools, type UploadedFile } from './source.ts'
import { spool } from './spool.ts'

/** Throws Refused. */
export const receiveUpload = async (
  name: string,
  uploaded: readonly UploadedFile[],
  tools: Tools,
): Promise<OpenDesign> => {
  const [only, ...others] = uploaded
  if (only === undefined || others.length > 0) {
    return {
      origin: originOf(name, null),
      facts: noFacts,
      ...contentsOfFiles(name, uploaded, tools),
      close: async () => {},
    }
  }
  const { limits } = tools
  const fileName = fileNameFrom(only.path, tools)
  const limit = { name: fileName, mostBytes: limits.downloadBytes, limits, explain: (error: unknown) => error }
  const bytes = Readable.from(limitedBytes(only.read(), limit), { objectMode: false })
  const spooled = await spool(bytes, tools.temporaryFolder, tools.signal)
  try {
    const contents = await contentsOf(spooled, fileName, tools)
    const revision = `sha256:${spooled.sha256}`
    return { origin: originOf(name, revision), facts: noFacts, ...contents, close: spooled.drop }
  } catch (error) {
    await spooled.drop()
    throw error
  }
}

const originOf = (name: string, revision: string | null): Origin => ({
  kind: 'upload',
  url: name,
  ref: null,
  commit: null,
  path: null,
  revision,
  manifest: null,
})
