import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { tidyAddress } from '../../server/sources/address.ts'
import { readWhole } from '../../server/sources/limited-bytes.ts'
import { readManifest } from '../../server/sources/manifest.ts'
import { githubPlacesOf, startForge } from '../support/forge.ts'
import { sharedData } from '../support/left-out.ts'
import { codeOf, gather, never, sourcesRig } from '../support/sources.ts'
import { type Answering, answerJson, bodyOf, startWebServer } from '../support/web-server.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const serve = async (
  answer: Answering,
  more: Parameters<typeof sourcesRig>[2] = {},
  alsoAllowed: readonly string[] = [],
) => {
  const server = await startWebServer(answer)
  const manyfold = new Map(
    more.manyfold?.has('here') ? [[server.host, { clientId: 'auzolan', clientSecret: 'secret' }]] : [],
  )
  const rig = sourcesRig([server.host, ...alsoAllowed], {}, { ...more, manyfold })
  closing.push(server.close, rig.close)
  return { server, rig, sources: rig.sources }
}

describe('an address as people paste it', () => {
  it('is understood with and without https, as git writes it, and with blanks around', () => {
    const read = (text: string) => tidyAddress(text).href
    expect(read(' github.com/ada/part ')).toBe('https://github.com/ada/part')
    expect(read('git@codeberg.org:ada/part.git')).toBe('https://codeberg.org/ada/part.git')
    expect(read('ssh://git@git.example.org:2222/ada/part.git')).toBe('https://git.example.org/ada/part.git')
    expect(read('git+https://example.org/x')).toBe('https://example.org/x')
    expect(read('localhost:3000/ada/part')).toBe('https://localhost:3000/ada/part')
  })

  it('is refused with a sentence where it is none', async () => {
    const { sources } = await serve(() => {})
    for (const text of ['', 'two words', 'https://', 'x'.repeat(3000)])
      expect([text.slice(0, 20), await codeOf(sources.open(text, never))]).toEqual([
        text.slice(0, 20),
        'source.address',
      ])
    expect(await codeOf(sources.open('javascript:alert(1)', never))).toBe('source.scheme')
    expect(await codeOf(sources.open('http://127.0.0.1/x.stl', never))).toBe('source.private')
    expect(await codeOf(sources.browse('http://10.0.0.1/list.json', { search: '', next: null }, never))).toBe(
      'source.private',
    )
  })
})

describe('a plain link', () => {
  const zip = async (files: Readonly<Record<string, string>>): Promise<Buffer> => {
    const packing = new ZipFile()
    for (const [path, text] of Object.entries(files)) packing.addBuffer(Buffer.from(text), path)
    packing.end()
    return readWhole(Readable.from(packing.outputStream as Readable))
  }

  it('gives the one file under its name, or what an archive holds, and notices when it changes', async () => {
    const packed = await zip({ 'part/a.stl': 'solid a', 'part/b.stl': 'solid b' })
    let text = 'solid one'
    const { server, rig, sources } = await serve((_, response, url) => {
      if (url.pathname === '/download')
        response.writeHead(200, { 'content-disposition': `attachment; filename*=UTF-8''ge%C3%A4r.stl` }).end(text)
      else if (url.pathname === '/all.zip') response.end(packed)
      else if (url.pathname === '/part.stl') response.end(text)
      else response.writeHead(404).end()
    })
    const one = await sources.open(`${server.url}/part.stl`, never)
    expect(one.origin).toMatchObject({ kind: 'file', commit: null, url: `${server.url}/part.stl` })
    expect((await gather(one)).files).toEqual({ 'part.stl': 'solid one' })
    await one.close()
    const named = await sources.open(`${server.url}/download`, never)
    expect((await gather(named)).files).toEqual({ 'geär.stl': 'solid one' })
    await named.close()
    const all = await sources.open(`${server.url}/all.zip`, never)
    expect(all.origin.kind).toBe('archive')
    expect((await gather(all)).files).toEqual({ 'a.stl': 'solid a', 'b.stl': 'solid b' })
    await all.close()
    const known = [{ path: 'part.stl', sha: null, sha256: 'old' }]
    expect((await sources.latest(one.origin, known, never)).changed).toBe(false)
    text = 'solid two'
    expect(await sources.latest(one.origin, known, never)).toMatchObject({
      changed: true,
      files: { changed: ['part.stl'] },
    })
    expect(rig.leftBehind()).toEqual([])
  })

  it('is no design where it is a web page, is missing, or is packed otherwise', async () => {
    const { server, rig, sources } = await serve((_, response, url) => {
      if (url.pathname === '/page') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
      else if (url.pathname === '/a.rar') response.end(Buffer.from('526172211a0701', 'hex'))
      else response.writeHead(404).end()
    })
    expect(await codeOf(sources.open(`${server.url}/page`, never))).toBe('source.none')
    expect(await codeOf(sources.open(`${server.url}/a.rar`, never))).toBe('archive.kind')
    expect(await codeOf(sources.open(`${server.url}/gone.stl`, never))).toBe('source.missing')
    expect(rig.leftBehind()).toEqual([])
  })
})

describe('an OKH manifest', () => {
  it('leads to its repository, pinned', async () => {
    const forge = await startForge('github')
    closing.push(forge.close)
    forge.files = { 'okh.toml': 'x', 'a.stl': 'solid a' }
    const { server, sources } = await serve(
      (_, response) => response.end(`okhv = "2.4"\nname = "Part"\nrepo = "${forge.url}/ada/part"\n`),
      { github: githubPlacesOf(forge) },
      [forge.host],
    )
    const found = await sources.open(`${server.url}/manifests/okh.toml`, never)
    expect(found.origin).toMatchObject({
      kind: 'github',
      commit: forge.commit,
      manifest: `${server.url}/manifests/okh.toml`,
    })
    expect((await gather(found)).files).toEqual(forge.files)
    await found.close()
  })

  it('gives itself and the files it links to where no repository answers', async () => {
    const manifest = [
      'title: Hook',
      'license: { hardware: CC-BY-4.0 }',
      'project-link: http://127.0.0.1:1/gone',
      'manufacturing-files:',
      '  - { path: parts/hook.stl }',
      '  - { path: ../../outside.stl }',
      '  - { path: parts/missing.stl }',
      '  - { path: http://169.254.169.254/secret.stl }',
    ].join('\n')
    const { server, sources } = await serve((_, response, url) => {
      if (url.pathname === '/things/okh-hook.yml') response.end(manifest)
      else if (url.pathname === '/things/parts/hook.stl') response.end('solid hook')
      else response.writeHead(404).end()
    })
    const found = await sources.open(`${server.url}/things/okh-hook.yml`, never)
    expect(found.facts).toMatchObject({ title: 'Hook', licence: 'CC-BY-4.0' })
    expect(await gather(found)).toEqual({
      files: { 'okh-hook.yml': manifest, 'parts/hook.stl': 'solid hook' },
      skipped: {
        '../../outside.stl': 'entry.path',
        'parts/missing.stl': 'entry.missing',
        'secret.stl': 'source.private',
      },
    })
    await found.close()
  })

  it('is read in all dialects, and never a bomb of names', () => {
    expect(readManifest('%Open Know-How Manifest 1.0\n---\ntitle: A\nversion: 1.10')?.title).toBe('A')
    expect(readManifest('okhv = "OKH-LOSHv1.0"\nname = "B"\nforkOf = "https://example.org/x"')?.forkedFrom).toBe(
      'https://example.org/x',
    )
    expect(readManifest('# nothing but a comment')).toBeNull()
    const bomb = Array.from(
      { length: 20 },
      (_, at) =>
        `a${at}: &a${at} [${Array(9)
          .fill(at === 0 ? 'x' : `*a${at - 1}`)
          .join(',')}]`,
    )
    expect(readManifest(`title: T\n${bomb.join('\n')}`)).toBeNull()
  })

  it('is found in every design of the shared data that has one', () => {
    const shared = sharedData('commons')
    if (shared === null) return
    const read = readdirSync(shared, { recursive: true, encoding: 'utf8' })
      .filter((path) => /(^|\/)(okh[^/]*\.(toml|ya?ml))$/i.test(path))
      .map((path) => ({ path, manifest: readManifest(readFileSync(join(shared, path), 'utf8')) }))
    expect(read.length).toBeGreaterThan(15)
    expect(read.filter(({ manifest }) => manifest === null).map(({ path }) => path)).toEqual([
      'openat-template/okh.yml',
    ])
  })
})

describe('a list of manifests', () => {
  it('is shown page by page, searched, and shows what it cannot read beside the rest', async () => {
    const { server, sources } = await serve((_, response, url) => {
      const number = Number(/(\d+)\.yml$/.exec(url.pathname)?.[1] ?? Number.NaN)
      if (url.pathname === '/manifests/list.json')
        return answerJson(response, ['http://10.0.0.1/okh.yml', ...Array.from({ length: 45 }, (_, at) => `${at}.yml`)])
      if (number === 3) return response.writeHead(500).end()
      if (number === 4) return response.end('<html>no manifest</html>')
      const kind = number % 2 === 0 ? 'Hook' : 'Hinge'
      return response.end(
        `title: ${kind} ${number}\nlicense:\n  hardware: CC0-1.0\nlicensor: { name: Ada }\nimage: ${number}.png\n`,
      )
    })
    const address = `${server.url}/manifests/list.json`
    const first = await sources.browse(address, { search: '', next: null }, never)
    expect(first).toMatchObject({ kind: 'okh-list', total: 46, next: '20' })
    expect(first.designs).toHaveLength(17)
    expect(first.designs[0]).toMatchObject({
      address: `${server.url}/manifests/0.yml`,
      title: 'Hook 0',
      licence: 'CC0-1.0',
      creators: ['Ada'],
    })
    expect(first.skipped.map(({ path, reason }) => [path, reason.code])).toEqual([
      ['http://10.0.0.1/okh.yml', 'source.private'],
      [`${server.url}/manifests/3.yml`, 'source.missing'],
      [`${server.url}/manifests/4.yml`, 'source.answer'],
    ])
    const last = await sources.browse(address, { search: '', next: '40' }, never)
    expect([last.designs.length, last.next]).toEqual([6, null])
    const hinges = await sources.browse(address, { search: 'hinge 4', next: null }, never)
    expect(hinges.designs.map(({ title }) => title)).toEqual(['Hinge 41', 'Hinge 43'])
    expect(await codeOf(sources.browse(`${server.url}/7.yml`, { search: '', next: null }, never))).toBe('source.list')
  })
})

describe('a Manyfold server', () => {
  const play =
    (url: () => string): Answering =>
    async (request, response, at) => {
      const signedIn = request.headers.authorization === 'Bearer token-1'
      if (at.pathname === '/nodeinfo/2.0') return answerJson(response, { software: { name: 'Manyfold', version: '1' } })
      if (at.pathname === '/oauth/token') {
        const form = new URLSearchParams((await bodyOf(request)).toString())
        if (form.get('client_secret') !== 'secret') return response.writeHead(401).end()
        return answerJson(response, { access_token: 'token-1' })
      }
      if (!signedIn) return response.writeHead(401).end()
      if (at.pathname === '/models') {
        const page = Number(at.searchParams.get('page') ?? 1)
        const next = page === 1 ? { next: `${url()}/models?page=2` } : {}
        return answerJson(response, {
          totalItems: 3,
          member: [{ '@id': `${url()}/models/m${page}`, name: `Hook ${page}` }],
          view: next,
        })
      }
      if (at.pathname === '/models/m1') {
        const part = (name: string) => ({ '@id': `${url()}/models/m1/model_files/${name}`, name })
        return answerJson(response, {
          name: 'Hook',
          caption: 'For coats',
          hasPart: [part('hook.stl'), part('climb'), part('gone')],
          creator: { '@id': 'x', name: 'Ada' },
          'spdx:license': { licenseId: 'CC-BY-4.0' },
          keywords: ['coat'],
        })
      }
      if (at.pathname.endsWith('/model_files/hook.stl'))
        return answerJson(response, { filename: 'hook.stl', contentUrl: '/raw/hook.stl', contentSize: 10 })
      if (at.pathname.endsWith('/climb'))
        return answerJson(response, { filename: '../../evil.stl', contentUrl: '/raw/hook.stl' })
      if (at.pathname === '/raw/hook.stl') return response.end('solid hook')
      return response.writeHead(404).end()
    }

  it('gives a model with its licence and makers, and leaves out what it cannot give', async () => {
    let url = ''
    const { server, sources } = await serve(
      play(() => url),
      { manyfold: new Map([['here', { clientId: '', clientSecret: '' }]]) },
    )
    url = server.url
    const found = await sources.open(`${server.url}/models/m1`, never)
    expect(found.origin).toMatchObject({ kind: 'manyfold', url: `${server.url}/models/m1`, commit: null })
    expect(found.facts).toEqual({
      title: 'Hook',
      description: 'For coats',
      creators: ['Ada'],
      licence: 'CC-BY-4.0',
      keywords: ['coat'],
      forkedFrom: null,
    })
    expect(await gather(found)).toEqual({
      files: { 'hook.stl': 'solid hook' },
      skipped: { '../../evil.stl': 'entry.path', gone: 'source.missing' },
    })
    await found.close()
  })

  it('is browsed page by page', async () => {
    let url = ''
    const { server, sources } = await serve(
      play(() => url),
      { manyfold: new Map([['here', { clientId: '', clientSecret: '' }]]) },
    )
    url = server.url
    const first = await sources.browse(server.url, { search: '', next: null }, never)
    expect(first).toMatchObject({
      kind: 'manyfold',
      total: 3,
      designs: [{ title: 'Hook 1', address: `${server.url}/models/m1` }],
    })
    const second = await sources.browse(server.url, { search: '', next: first.next }, never)
    expect([second.designs[0]?.title, second.next]).toEqual(['Hook 2', null])
    expect((await sources.browse(server.url, { search: 'hinge', next: null }, never)).designs).toEqual([])
  })

  it('says that it shows its designs to known programs only, and sends its secret nowhere else', async () => {
    let url = ''
    const { server, sources } = await serve(play(() => url))
    url = server.url
    await expect(sources.open(`${server.url}/models/m1`, never)).rejects.toThrow('A steward can enter its application.')
    const list = sources.browse(server.url, { search: '', next: 'http://127.0.0.1:1/models' }, never)
    expect(await codeOf(list)).toBe('source.list')
  })
})

describe('an upload', () => {
  it('has no upstream', async () => {
    const { sources } = await serve(() => {})
    const file = { path: 'a.stl', sizeBytes: 5, read: () => Readable.from([Buffer.from('solid')]) }
    const found = await sources.receive('Part', [file], never)
    await found.close()
    expect(await codeOf(sources.latest(found.origin, [], never))).toBe('source.no-upstream')
  })
})
