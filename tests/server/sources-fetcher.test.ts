import { createGzip } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { Lookup } from '../../server/sources/connect.ts'
import { type Fetcher, openFetcher } from '../../server/sources/fetcher.ts'
import { type Limits, usualLimits } from '../../server/sources/limits.ts'
import { isPublicAddress } from '../../server/sources/public-address.ts'
import { codeOf, never } from '../support/sources.ts'
import { type Answering, startWebServer, type WebServer } from '../support/web-server.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const serve = async (answer: Answering): Promise<WebServer> => {
  const server = await startWebServer(answer)
  closing.push(server.close)
  return server
}

const fetcherFor = (allowedHosts: readonly string[], limits: Partial<Limits> = {}, lookup?: Lookup): Fetcher => {
  const settings = { limits: { ...usualLimits, ...limits }, allowedHosts, tokens: new Map([['tokens.test', 'secret']]) }
  const fetcher = openFetcher(lookup === undefined ? settings : { ...settings, lookup })
  closing.push(fetcher.close)
  return fetcher
}

const textOf = async (fetcher: Fetcher, url: string): Promise<string> =>
  (await fetcher.fetch(url, { signal: never })).text()

describe('which addresses are asked', () => {
  it('knows the addresses of the open internet from all others', () => {
    const closed = [
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.169.254',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      '192.0.0.1',
      '198.18.0.1',
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      'ff02::1',
      '::ffff:10.0.0.1',
      '::ffff:8.8.8.8',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:0:1::',
      '2001:db8::1',
      'not an address',
    ]
    expect(closed.filter(isPublicAddress)).toEqual([])
    expect(['93.184.216.34', '172.32.0.1', '2606:2800:220:1::1'].filter((one) => !isPublicAddress(one))).toEqual([])
  })

  it('refuses private addresses in every way of writing them, other schemes, passwords and ports', async () => {
    const fetcher = fetcherFor([])
    const code = (url: string) => codeOf(fetcher.fetch(url, { signal: never }))
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '192.168.0.9:8080',
    ])
      expect([host, await code(`http://${host}/`)]).toEqual([host, 'source.private'])
    expect(await code('file:///etc/passwd')).toBe('source.scheme')
    expect(await code('gopher://example.org/')).toBe('source.scheme')
    expect(await code('https://me:secret@example.org/')).toBe('source.password')
    expect(await code('http://example.org:25/')).toBe('source.port')
  })

  it('refuses a name that stands for a private address, also among public ones, and never connects', async () => {
    const server = await serve((_, response) => response.end('secret'))
    const port = new URL(server.url).port
    const lookup: Lookup = (_, __, done) =>
      done(null, [
        { address: '93.184.216.34', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ])
    const fetcher = fetcherFor([], {}, lookup)
    expect(await codeOf(fetcher.fetch(`http://inside.test:${port}/`, { signal: never }))).toBe('source.private')
    expect(server.asked).toEqual([])
  })

  it('looks a name up once for each connection and connects to what it checked', async () => {
    const server = await serve((_, response) => response.writeHead(200, { connection: 'close' }).end('hello'))
    const port = new URL(server.url).port
    let looked = 0
    // Answers with the server first and with another address ever after, as rebinding does.
    const lookup: Lookup = (_, __, done) => {
      looked++
      done(null, [{ address: looked === 1 ? '127.0.0.1' : '127.0.0.99', family: 4 }])
    }
    const fetcher = fetcherFor([`forge.test:${port}`], {}, lookup)
    expect(await textOf(fetcher, `http://forge.test:${port}/`)).toBe('hello')
    expect(looked).toBe(1)
  })

  it('checks a name anew when it means another address later', async () => {
    const server = await serve((_, response) => response.end('secret'))
    const port = new URL(server.url).port
    const answers = ['203.0.114.1', '127.0.0.1']
    const lookup: Lookup = (_, __, done) => done(null, [{ address: answers.shift() ?? '127.0.0.1', family: 4 }])
    const fetcher = fetcherFor([], { headMs: 200 }, lookup)
    await codeOf(fetcher.fetch(`http://turns.test:${port}/`, { signal: never }))
    expect(await codeOf(fetcher.fetch(`http://turns.test:${port}/`, { signal: never }))).toBe('source.private')
    expect(server.asked).toEqual([])
  })

  it('follows five redirects, checking each, and not a sixth', async () => {
    const inside = await serve((_, response) => response.end('secret'))
    const server = await serve((_, response, url) => {
      const left = Number(url.searchParams.get('left'))
      const to = url.searchParams.get('to')
      if (left > 0) response.writeHead(302, { location: `/?left=${left - 1}` }).end()
      else if (to !== null) response.writeHead(302, { location: to }).end()
      else response.end('there')
    })
    const fetcher = fetcherFor([server.host])
    expect(await textOf(fetcher, `${server.url}/?left=5`)).toBe('there')
    const to = (target: string) =>
      codeOf(fetcher.fetch(`${server.url}/?left=0&to=${encodeURIComponent(target)}`, { signal: never }))
    expect(await codeOf(fetcher.fetch(`${server.url}/?left=6`, { signal: never }))).toBe('source.redirects')
    expect(await to(`${inside.url}/admin`)).toBe('source.private')
    expect(await to('http://169.254.169.254/latest/meta-data/')).toBe('source.private')
    expect(await to('file:///etc/passwd')).toBe('source.scheme')
    expect(inside.asked).toEqual([])
  })

  it('sends no secret on to another house', async () => {
    const seen: (string | undefined)[] = []
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization)
      response.end('ok')
    })
    const server = await serve((_, response) => response.writeHead(302, { location: `${other.url}/` }).end())
    const fetcher = fetcherFor([server.host, other.host])
    await fetcher.fetch(server.url, { signal: never, headers: { authorization: 'Bearer secret' } })
    expect(seen).toEqual([undefined])
  })
})

describe('what is taken of an answer', () => {
  it('ends an endless answer at its limit', async () => {
    const server = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65536))) {}
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    const fetcher = fetcherFor([server.host], { documentBytes: 1_000_000 })
    const answer = await fetcher.fetch(server.url, { signal: never })
    expect(await codeOf(answer.text())).toBe('source.too-large')
  })

  it('ends what unpacks to more than its limit', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const packing = createGzip()
      packing.pipe(response)
      packing.end(Buffer.alloc(5_000_000))
    })
    const fetcher = fetcherFor([server.host], { documentBytes: 1_000_000 })
    const answer = await fetcher.fetch(server.url, { signal: never })
    expect(await codeOf(answer.text())).toBe('source.too-large')
  })

  it('gives up on silence, on dribble, on what breaks off and on a head without end', async () => {
    const server = await serve((request, response, url) => {
      if (url.pathname === '/silent') return
      if (url.pathname === '/cut') {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('only this')
        setTimeout(() => response.destroy(), 50)
      } else if (url.pathname === '/head') {
        request.socket.write(`HTTP/1.1 200 OK\r\n${`${'x-long: '.padEnd(5000, 'x')}\r\n`.repeat(10)}`)
      } else if (url.pathname === '/nonsense') {
        request.socket.write('HTTP/1.1 200 OK\r\nno head at all\r\n\r\n')
      } else {
        response.write('x')
        const dribbling = setInterval(() => response.write('x'), 20)
        response.on('close', () => clearInterval(dribbling))
      }
    })
    const limits = { headMs: 300, silenceMs: 1000, dribbleGraceMs: 200, slowestBytesPerSecond: 10_000 }
    const fetcher = fetcherFor([server.host], limits)
    expect(await codeOf(textOf(fetcher, `${server.url}/silent`))).toBe('source.slow')
    expect(await codeOf(textOf(fetcher, `${server.url}/dribble`))).toBe('source.slow')
    expect(await codeOf(textOf(fetcher, `${server.url}/cut`))).toBe('source.cut-off')
    expect(await codeOf(textOf(fetcher, `${server.url}/head`))).toBe('source.answer')
    expect(await codeOf(textOf(fetcher, `${server.url}/nonsense`))).toBe('source.answer')
  })

  it('says how long a busy place wants to be left alone, and leaves it alone', async () => {
    const server = await serve((_, response) => response.writeHead(429, { 'retry-after': '600' }).end())
    const fetcher = fetcherFor([server.host])
    const sentence = 'takes no more requests for now. Try again in 10 minutes.'
    await expect(fetcher.fetch(server.url, { signal: never })).rejects.toThrow(sentence)
    await expect(fetcher.fetch(server.url, { signal: never })).rejects.toThrow(sentence)
    expect(server.asked).toHaveLength(1)
  })

  it('waits once where the wait is short', async () => {
    let asked = 0
    const server = await serve((_, response) =>
      ++asked === 1 ? response.writeHead(503, { 'retry-after': '1' }).end() : response.end('now'),
    )
    expect(await textOf(fetcherFor([server.host]), server.url)).toBe('now')
  })

  it('stops when whoever asked no longer wants it', async () => {
    const server = await serve(() => {})
    const abort = new AbortController()
    const asked = fetcherFor([server.host]).fetch(server.url, { signal: abort.signal })
    setTimeout(() => abort.abort(new Error('cancelled')), 50)
    await expect(asked).rejects.toThrow('cancelled')
  })
})
