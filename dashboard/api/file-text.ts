// Pieces of a file's text, for who looks at one of its lines.
import { contentUrl } from '../../server/contract/files.ts'
import { CallFailed } from './call.ts'

/** Bytes `from` (included) to `to` (excluded), or less at the end of the file. Throws CallFailed. */
export const readFileBytes = async (
  fileId: number,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Uint8Array> => {
  const response = await fetch(contentUrl(fileId), { headers: { range: `bytes=${from}-${to - 1}` }, signal })
  if (response.status !== 206)
    throw new CallFailed(response.status, 'file.missing', 'The text of the file cannot be read.')
  return new Uint8Array(await response.arrayBuffer())
}
