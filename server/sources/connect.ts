// Opens connections to checked addresses only: the address that was looked up is the one that is connected to.
import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { Refused, refuse } from '../contract/refusals.ts'
import type { Limits } from './limits.ts'
import { isPublicAddress } from './public-address.ts'

/** Looks up all addresses of a name; tests give their own. */
export type Lookup = (
  host: string,
  options: { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/** Whether a steward named this host, with or without its port. */
export const isAllowedHost = (allowed: readonly string[], host: string, port: string): boolean => {
  const bare = host.replace(/^\[|\]$/g, '')
  return allowed.some((one) => one === host || one === bare || one === `${host}:${port}`)
}

/** Throws Refused for what no design is pulled from, before anything is sent. */
export const checkAddress = (url: URL, allowed: readonly string[]): void => {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Refused(refuse('source.scheme', { scheme: url.protocol }))
  if (url.username !== '' || url.password !== '') throw new Refused(refuse('source.password'))
  const port = portOf(url)
  if (isAllowedHost(allowed, url.hostname, port)) return
  // Below 1024 live the mail servers and the like, which a request must never reach; forges stand on high ports too.
  if (port !== '80' && port !== '443' && Number(port) < 1024) throw new Refused(refuse('source.port', { port }))
  const bare = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0 && !isPublicAddress(bare)) throw new Refused(refuse('source.private', { host: bare }))
}

const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80')

/** A pool of connections that asks `checkAddress` and the addresses behind a name before each new one. */
export const guardedAgent = (allowed: readonly string[], limits: Limits, lookup: Lookup = systemLookup): Agent => {
  const lookingUp =
    (anywhere: boolean): LookupFunction =>
    (host, options, done) =>
      lookup(host, { all: true }, (error, found) => {
        const first = found?.[0]
        if (error !== null || first === undefined) return done(error ?? new Error('no address'), '')
        if (!anywhere && !found.every(({ address }) => isPublicAddress(address)))
          return done(new Refused(refuse('source.private', { host })), '')
        options.all === true ? done(null, found) : done(null, first.address, first.family)
      })
  const timeout = limits.headMs
  const open = buildConnector({ timeout, lookup: lookingUp(false), allowH2: false })
  const openAllowed = buildConnector({ timeout, lookup: lookingUp(true), allowH2: false })
  return new Agent({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headMs,
    bodyTimeout: limits.silenceMs,
    connections: 8,
    connect: (options, done) => {
      try {
        const host = isIP(options.hostname) === 6 ? `[${options.hostname}]` : options.hostname
        checkAddress(new URL(`${options.protocol}//${host}:${options.port}`), allowed)
        const port = options.port || (options.protocol === 'https:' ? '443' : '80')
        const connector = isAllowedHost(allowed, options.hostname, port) ? openAllowed : open
        connector(options, done)
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)), null)
      }
    },
  })
}
