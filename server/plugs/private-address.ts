// Which addresses lie in a workshop's own network: plugs are looked for there and nowhere else.
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

/** Private networks (RFC 1918, RFC 6598), link-local ones, unique local IPv6 (RFC 4193), and this machine. */
const own = new BlockList()
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
] as const) {
  own.addSubnet(network, bits, 'ipv4')
}
own.addSubnet('fc00::', 7, 'ipv6')
own.addSubnet('fe80::', 10, 'ipv6')
own.addAddress('::1', 'ipv6')
/** Where clouds tell their machines secrets: no plug lives there, whatever else is allowed. */
const never = new BlockList()
never.addSubnet('169.254.0.0', 16, 'ipv4')
never.addAddress('fd00:ec2::254', 'ipv6')
never.addSubnet('0.0.0.0', 8, 'ipv4')
never.addSubnet('224.0.0.0', 3, 'ipv4')
never.addSubnet('ff00::', 8, 'ipv6')
never.addAddress('::', 'ipv6')

/** `::ffff:10.0.0.1` is 10.0.0.1. */
const plain = (address: string): string => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address

export const isPrivate = (address: string): boolean => {
  const shown = plain(address)
  const family = isIP(shown) === 6 ? 'ipv6' : 'ipv4'
  return isIP(shown) !== 0 && own.check(shown, family) && !never.check(shown, family)
}

const isForbidden = (address: string): boolean => {
  const shown = plain(address)
  return isIP(shown) === 0 || never.check(shown, isIP(shown) === 6 ? 'ipv6' : 'ipv4')
}

/**
 * The address behind a name; it is the one to connect to, so that a name cannot mean another a moment later.
 * Null where one of those it may mean is not allowed.
 */
export const allowedAddress = async (host: string, anywhere: boolean): Promise<string | null> => {
  const bare = host.replace(/^\[|\]$/g, '')
  const found = isIP(bare) !== 0 ? [bare] : (await lookup(bare, { all: true })).map(({ address }) => address)
  const allowed = found.every((address) => (anywhere ? !isForbidden(address) : isPrivate(address)))
  return allowed ? (found[0] ?? null) : null
}
