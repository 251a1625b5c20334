// Where a Spoolman server may be looked for: in the workshop's own network, unless a steward allows more. The address that
// was checked is the one that is connected to, so that a name cannot mean another one a moment later.
import { type LookupAddress, lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** RFC 1918, RFC 6598, RFC 4193 and this machine. */
const near = new BlockList()
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
] as const) {
  near.addSubnet(network, bits, 'ipv4')
}
near.addSubnet('fc00::', 7, 'ipv6')
near.addAddress('::1', 'ipv6')

/** Link-local ones, where clouds tell their machines secrets; multicast; nowhere. Never, whatever is allowed. */
const never = new BlockList()
never.addSubnet('169.254.0.0', 16, 'ipv4')
never.addSubnet('0.0.0.0', 8, 'ipv4')
never.addSubnet('224.0.0.0', 3, 'ipv4')
never.addSubnet('fe80::', 10, 'ipv6')
never.addSubnet('ff00::', 8, 'ipv6')
never.addAddress('::', 'ipv6')
never.addAddress('fd00:ec2::254', 'ipv6')

/** An IPv4 address that travels as IPv6 is that IPv4 address. */
const plain = (address: string): string => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address

export const isAllowed = (address: string, anywhere: boolean): boolean => {
  const shown = plain(address)
  const family = isIP(shown) === 6 ? 'ipv6' : 'ipv4'
  // Other ways of hiding an IPv4 address in an IPv6 one are not needed in any workshop.
  if (isIP(shown) === 0 || /^(::ffff:|64:ff9b:|2002:)/i.test(shown)) return false
  return !never.check(shown, family) && (anywhere || near.check(shown, family))
}

export class NotAllowed extends Error {
  constructor(host: string) {
    super(`${host} does not lie in the workshop's own network.`)
    this.name = 'NotAllowed'
  }
}

/** For connections: looks a name up and gives out only addresses that are allowed. */
export const guardedLookup =
  (anywhere: boolean): LookupFunction =>
  (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return done(error, [])
      const allowed = found.filter(({ address }) => isAllowed(address, anywhere))
      const [first] = allowed
      if (first === undefined || allowed.length < found.length) return done(new NotAllowed(host), [])
      if (options.all === true) done(null, allowed)
      else done(null, first.address, first.family)
    })
  }

/** The base of a server's API, or null where this is no address of one: http or https, no user name, no question. */
export const baseOf = (address: string): string | null => {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') return null
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null
  return `${url.origin}${url.pathname.replace(/\/(api(\/v1)?)?\/?$/, '')}`
}
