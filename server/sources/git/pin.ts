// A branch, tag or commit of an address -> the commit; and the folder behind it.
import { Refused, refuse } from '../../contract/refusals.ts'
import { cleanFolder } from '../paths.ts'
import { isObjectId, type Remote } from './smart-http.ts'

export interface Pinned {
  readonly ref: string | null
  readonly commit: string
  readonly folder: string | null
}

/**
 * `refAndFolder`: what stands after `/tree/`; a branch may have slashes in its name, so the longest one that there is
 * counts. Null: the default branch, all of it. Throws Refused.
 */
export const pin = (remote: Remote, refAndFolder: string | null, name: string): Pinned => {
  if (refAndFolder === null || cleanFolder(refAndFolder) === null) {
    const commit = remote.refs.get('HEAD') ?? remote.refs.get(remote.head ?? '')
    if (commit === undefined) throw new Refused(refuse('source.empty', { name }))
    return { ref: remote.head?.replace(/^refs\/heads\//, '') ?? null, commit, folder: null }
  }
  const parts = (cleanFolder(refAndFolder) ?? '').split('/')
  for (let count = parts.length; count > 0; count--) {
    const ref = parts.slice(0, count).join('/')
    const commit = remote.refs.get(`refs/heads/${ref}`) ?? remote.refs.get(`refs/tags/${ref}`)
    if (commit !== undefined) return { ref, commit, folder: cleanFolder(parts.slice(count).join('/')) }
  }
  const [first = ''] = parts
  if (!isObjectId(first)) throw new Refused(refuse('source.ref', { address: name, ref: first }))
  return { ref: null, commit: first, folder: cleanFolder(parts.slice(1).join('/')) }
}
