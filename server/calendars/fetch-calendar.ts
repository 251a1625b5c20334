// Reads a calendar from an address that a person typed: from the open internet only, never from machines near this one.
import { type LookupAddress, lookup } from 'node:dns'
import { get as getPlain, type IncomingMessage } from 'node:http'
import { get as getSafe } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** It could not be read. For people. */
export class NotFetched extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NotFetched'
  }
}

/** Special-purpose IPv4 addresses (IANA registry, RFC 6890). */
const special = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  special.addSubnet(network, bits, 'ipv4')
}
/** Of IPv6, only global unicast; of that not what wraps IPv4 addresses (Teredo, 6to4), nor the examples of documents. */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
const wrapped6 = new BlockList()
wrapped6.addSubnet('2001::', 32, 'ipv6')
wrapped6.addSubnet('2001:db8::', 32, 'ipv6')
wrapped6.addSubnet('2002::', 16, 'ipv6')

export const isPublic = (address: string): boolean => {
  const version = isIP(address)
  if (version === 4) return !special.check(address, 'ipv4')
  return version === 6 && global6.check(address, 'ipv6') && !wrapped6.check(address, 'ipv6')
}

export interface FetchBounds {
  readonly largestBytes: number
  readonly patienceMs: number
  /** Which addresses may be connected to. */
  readonly isAllowed: (address: string) => boolean
}

const MOST_REDIRECTS = 4

/** The text behind `http`, `https` or `webcal`. Each step of a redirection is checked like the first. Throws NotFetched. */
export const fetchCalendar = async (address: string, bounds: FetchBounds): Promise<string> => {
  const endsAt = Date.now() + bounds.patienceMs
  let url = urlOf(address)
  for (let step = 0; step <= MOST_REDIRECTS; step++) {
    const answer = await ask(url, bounds, endsAt)
    if (typeof answer === 'string') return answer
    url = urlOf(answer.to, url)
  }
  throw new NotFetched('It leads from one address to the next without end.')
}

const urlOf = (text: string, base?: URL): URL => {
  const wanted = text.trim().replace(/^webcals?:\/\//i, 'https://')
  if (!URL.canParse(wanted, base?.href))
    throw new NotFetched('It is no address. Write it as https://example.org/holidays.ics.')
  const url = new URL(wanted, base)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new NotFetched('It must begin with https://.')
  if (url.username !== '' || url.password !== '') throw new NotFetched('It must hold no name and no password.')
  if (base?.protocol === 'https:' && url.protocol === 'http:')
    throw new NotFetched('It leads to an address that is not safe.')
  return url
}

const ask = (url: URL, bounds: FetchBounds, endsAt: number): Promise<string | { to: string }> =>
  new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    // Names are looked up below; what is an address already is connected to without asking.
    if (isIP(host) !== 0 && !bounds.isAllowed(host)) throw notOpen(host)
    const request = (url.protocol === 'https:' ? getSafe : getPlain)(
      url,
      {
        lookup: guarded(bounds.isAllowed),
        headers: { accept: 'text/calendar, */*;q=0.1', 'accept-encoding': 'identity', 'user-agent': 'Auzolan' },
        agent: false,
      },
      (response) => {
        take(response, bounds.largestBytes).then(resolve, reject)
      },
    )
    const timer = setTimeout(
      () => request.destroy(new NotFetched('It takes too long to answer.')),
      Math.max(1, endsAt - Date.now()),
    )
    request.on('close', () => clearTimeout(timer))
    request.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error instanceof NotFetched
          ? error
          : new NotFetched(`${host} does not answer (${error.code ?? error.message}).`),
      ),
    )
  })

const take = async (response: IncomingMessage, largestBytes: number): Promise<string | { to: string }> => {
  const { statusCode = 0, headers } = response
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    response.destroy()
    return { to: headers.location }
  }
  if (statusCode !== 200) {
    response.destroy()
    throw new NotFetched(`It answers with ${statusCode}.`)
  }
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > largestBytes) throw new NotFetched(`It is larger than ${Math.round(largestBytes / 1000)} kB.`)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof NotFetched) throw error
    throw new NotFetched('It was cut off.')
  } finally {
    response.destroy()
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The address that was checked is the one that is connected to: a name cannot mean another one a moment later. */
const guarded =
  (isAllowed: (address: string) => boolean): LookupFunction =>
  (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return done(error, [])
      const [first] = found
      if (first === undefined || !found.every(({ address }) => isAllowed(address))) return done(notOpen(host), [])
      if (options.all === true) done(null, found)
      else done(null, first.address, first.family)
    })
  }

const notOpen = (host: string): NotFetched =>
  new NotFetched(`${host} does not lie in the open internet. Upload the file instead.`)
