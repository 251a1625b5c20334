// What people paste -> an address that can be opened.
import { Refused, refuse } from '../contract/refusals.ts'

/** Repositories are pasted as git writes them, and hosts without `https://`. Throws Refused. */
export const tidyAddress = (pasted: string): URL => {
  const text = pasted.trim()
  const shown = text.slice(0, 200)
  if (text.length > 2000 || /[\s\p{Cc}]/u.test(text)) throw new Refused(refuse('source.address', { address: shown }))
  const scp = /^git@([\w.-]+):(?!\d+\/)(.+)$/.exec(text)
  const ssh = /^(?:git\+)?(?:ssh|git):\/\/(?:git@)?([\w.-]+)(?::\d+)?\/(.+)$/.exec(text)
  const known = scp ?? ssh
  if (known !== null) return parse(`https://${known[1]}/${known[2]}`, shown)
  const bare = text.replace(/^git\+(?=https?:)/, '')
  if (/^[a-z][a-z0-9+.-]*:/i.test(bare) && !/^[\w.-]+:\d+(\/|$)/.test(bare)) return parse(bare, shown)
  return parse(`https://${bare}`, shown)
}

const parse = (text: string, shown: string): URL => {
  try {
    const url = new URL(text)
    if (url.hostname !== '' || url.protocol !== 'https:') return url
  } catch {
    // The sentence below says it.
  }
  throw new Refused(refuse('source.address', { address: shown }))
}
