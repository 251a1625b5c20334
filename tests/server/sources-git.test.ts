import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { applyDelta } from '../../server/sources/git/delta.ts'
import type { Limits } from '../../server/sources/limits.ts'
import { commitFiles, type GitServerOptions, git, gitFed, startGitServer } from '../support/git-server.ts'
import { isInstalled } from '../support/left-out.ts'
import { codeOf, gather, never, sourcesRig } from '../support/sources.ts'
import { answerJson, bodyOf, startWebServer } from '../support/web-server.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const serve = async (options: GitServerOptions = {}, limits: Partial<Limits> = {}) => {
  const server = await startGitServer(options)
  const rig = sourcesRig([server.host], limits)
  closing.push(server.close, rig.close)
  return { server, rig, sources: rig.sources }
}

const design = {
  'README.md': '# A part',
  LICENSE: 'CERN-OHL-P-2.0',
  'parts/a.stl': 'solid a'.repeat(500),
  'parts/b.stl': `${'solid a'.repeat(500)} a little different`,
  'parts/with blank & ümlaut.scad': 'cube(1);',
}

const hasGit = isInstalled('git', "git's real protocol")

describe.skipIf(!hasGit)('any git server', () => {
  for (const [words, options] of [
    ['version 2 with partial fetches', {}],
    ['version 2 without them', { withoutFilter: true }],
    ['the old version', { old: true }],
  ] as const) {
    it(`gives a commit's files over ${words}`, async () => {
      const { server, rig, sources } = await serve(options)
      commitFiles(server.folder, 'part', { 'old.txt': 'history '.repeat(5000) })
      const commit = commitFiles(server.folder, 'part', { ...design, 'old.txt': null })
      const found = await sources.open(`${server.url}/part/.git`, never)
      expect(found.origin).toMatchObject({ kind: 'git', ref: 'main', commit, path: null })
      const { files } = await found.tree()
      expect(files.map(({ path }) => path)).toEqual(Object.keys(design).sort())
      expect(files.find(({ path }) => path === 'LICENSE')?.sha).toBe(
        git(join(server.folder, 'part'), 'rev-parse', 'HEAD:LICENSE'),
      )
      expect(await gather(found)).toEqual({ files: design, skipped: {} })
      await found.close()
      expect(rig.leftBehind()).toEqual([])
    })
  }

  it('fetches nothing but the one folder that was asked for', async () => {
    const { server, sources } = await serve()
    const huge = randomBytes(3_000_000)
    commitFiles(server.folder, 'many', {
      'huge.bin': huge,
      'things/hook/hook.stl': 'solid hook',
      'things/README.md': '# All',
    })
    const found = await sources.open(`${server.url}/many/.git#main:things/hook`, never)
    expect(found.origin.path).toBe('things/hook')
    const before = server.asked.length
    expect(await gather(found)).toEqual({ files: { 'hook.stl': 'solid hook' }, skipped: {} })
    // The trees, then the one file.
    expect(server.asked.slice(before)).toEqual(['POST /many/.git/git-upload-pack', 'POST /many/.git/git-upload-pack'])
    await found.close()
    const missing = await sources.open(`${server.url}/many/.git#main:things/nothing`, never)
    expect(await codeOf(missing.tree())).toBe('source.folder')
    await missing.close()
  })

  it('finds branches with slashes, tags and commits; and says when there is none of that name', async () => {
    const { server, sources } = await serve()
    const first = commitFiles(server.folder, 'part', { 'a.txt': 'one' })
    git(join(server.folder, 'part'), 'tag', '-a', 'v1', '-m', 'first')
    const second = commitFiles(server.folder, 'part', { 'a.txt': 'two' })
    git(join(server.folder, 'part'), 'checkout', '--quiet', '-b', 'fix/the/hinge')
    const third = commitFiles(server.folder, 'part', { 'a.txt': 'three' })
    const at = async (ref: string) => {
      const found = await sources.open(`${server.url}/part/.git#${ref}`, never)
      const { files } = await gather(found)
      await found.close()
      return [found.origin.commit, files['a.txt']]
    }
    expect(await at('v1')).toEqual([first, 'one'])
    expect(await at('main')).toEqual([second, 'two'])
    expect(await at('fix/the/hinge')).toEqual([third, 'three'])
    expect(await at(first)).toEqual([first, 'one'])
    expect(await codeOf(at('nothing'))).toBe('source.ref')
    expect(await codeOf(sources.open(`${server.url}/none/.git`, never))).toBe('source.missing')
  })

  it('leaves out links, other repositories within and names that differ by capitals, and says so', async () => {
    const { server, sources } = await serve()
    commitFiles(server.folder, 'part', { 'a.stl': 'solid', 'A.STL': 'other', link: '-> /etc/passwd' })
    const place = join(server.folder, 'part')
    git(place, 'update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},library`)
    git(place, 'commit', '--quiet', '-m', 'library')
    const found = await sources.open(`${server.url}/part/.git`, never)
    expect(await gather(found)).toEqual({
      files: { 'A.STL': 'other' },
      skipped: { 'a.stl': 'entry.case', link: 'entry.link', library: 'entry.module' },
    })
    await found.close()
  })

  it('keeps within its limits: files, bytes of a file, bytes of the download', async () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${at}.stl`, `solid ${at}`]))
    const { server, sources, rig } = await serve({}, { files: 20, fileBytes: 1000, downloadBytes: 100_000 })
    commitFiles(server.folder, 'many', files)
    const many = await sources.open(`${server.url}/many/.git`, never)
    expect(await codeOf(many.tree())).toBe('source.too-many')
    await many.close()
    commitFiles(server.folder, 'large', { 'a.stl': 'x'.repeat(2000), 'b.stl': 'y' })
    const large = await sources.open(`${server.url}/large/.git`, never)
    expect(await gather(large)).toEqual({ files: { 'b.stl': 'y' }, skipped: { 'a.stl': 'entry.too-large' } })
    await large.close()
    commitFiles(server.folder, 'heavy', { 'a.stl': randomBytes(200_000) })
    const heavy = await sources.open(`${server.url}/heavy/.git`, never)
    expect(await codeOf(gather(heavy))).toBe('source.too-large')
    await heavy.close()
    expect(rig.leftBehind()).toEqual([])
  })

  it('refuses a repository whose few trees hold each other a million times over', async () => {
    const { server, sources } = await serve({}, { files: 500 })
    commitFiles(server.folder, 'bomb', { a: 'x' })
    const place = join(server.folder, 'bomb')
    let tree = git(place, 'rev-parse', 'HEAD^{tree}')
    for (let level = 0; level < 8; level++) {
      const entries = Array.from({ length: 10 }, (_, at) => `040000 tree ${tree}\t${at}\n`)
      tree = gitFed(place, entries.join(''), 'mktree')
    }
    git(place, 'update-ref', 'HEAD', git(place, 'commit-tree', tree, '-m', 'bomb'))
    const found = await sources.open(`${server.url}/bomb/.git`, never)
    expect(await codeOf(found.tree())).toBe('source.too-many')
    await found.close()
  })

  it('says what changed since the pinned commit', async () => {
    const { server, sources } = await serve()
    const place = 'part'
    commitFiles(server.folder, place, {
      'sub/keep.stl': 'same',
      'sub/edit.stl': 'before',
      'sub/gone.stl': 'x',
      other: '1',
    })
    const found = await sources.open(`${server.url}/${place}/.git#main:sub`, never)
    const { files } = await found.tree()
    await found.close()
    const known = files.map(({ path, sha }) => ({ path, sha, sha256: '' }))
    expect((await sources.latest(found.origin, known, never)).changed).toBe(false)
    commitFiles(server.folder, place, { other: '2' })
    expect((await sources.latest(found.origin, known, never)).changed).toBe(false)
    const commit = commitFiles(server.folder, place, {
      'sub/edit.stl': 'after',
      'sub/gone.stl': null,
      'sub/new.scad': 'cube();',
    })
    expect(await sources.latest(found.origin, known, never)).toMatchObject({
      origin: { commit, ref: 'main', path: 'sub' },
      changed: true,
      files: { added: ['new.scad'], removed: ['gone.stl'], changed: ['edit.stl'] },
    })
    const again = await sources.reopen(found.origin, never)
    expect((await gather(again)).files).toEqual({ 'keep.stl': 'same', 'edit.stl': 'before', 'gone.stl': 'x' })
    await again.close()
  })
})

describe.skipIf(!hasGit)('large-file storage', () => {
  const large = Buffer.from('solid large\n'.repeat(1000))
  const oid = createHash('sha256').update(large).digest('hex')
  const pointer = (id: string, size: number): string =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${id}\nsize ${size}\n`

  it('fetches the real file and checks its hash; and says for each file why it cannot', async () => {
    const inside = await startWebServer((_, response) => response.end('secret'))
    closing.push(inside.close)
    const lies = 'b'.repeat(64)
    const closed = 'c'.repeat(64)
    const gone = 'd'.repeat(64)
    const { server, sources, rig } = await serve({
      first: async (request, response, url) => {
        if (url.pathname === '/media') {
          response.end(large)
          return true
        }
        if (!url.pathname.endsWith('/objects/batch')) return false
        const asked = JSON.parse((await bodyOf(request)).toString()) as { objects: { oid: string }[] }
        const id = asked.objects[0]?.oid
        const href = id === closed ? `${inside.url}/` : `http://${request.headers.host}/media`
        const object =
          id === gone ? { error: { code: 404, message: 'Object does not exist' } } : { actions: { download: { href } } }
        answerJson(response, { objects: [object] })
        return true
      },
    })
    commitFiles(server.folder, 'part', {
      'large.stl': pointer(oid, large.length),
      'lies.stl': pointer(lies, large.length),
      'inside.stl': pointer(closed, 6),
      'gone.stl': pointer(gone, 6),
      'small.txt': 'version of something else',
    })
    const found = await sources.open(`${server.url}/part/.git`, never)
    expect(await gather(found)).toEqual({
      files: { 'large.stl': large.toString(), 'small.txt': 'version of something else' },
      skipped: { 'lies.stl': 'entry.differs', 'inside.stl': 'entry.large-storage', 'gone.stl': 'entry.large-storage' },
    })
    expect(inside.asked).toEqual([])
    await found.close()
    expect(rig.leftBehind()).toEqual([])
  })
})

describe('a git server that lies', () => {
  const line = (text: string | Buffer): Buffer =>
    Buffer.concat([Buffer.from((text.length + 4).toString(16).padStart(4, '0')), Buffer.from(text)])
  const commit = 'e'.repeat(40)

  const lying = async (answer: Buffer) => {
    const server = await startWebServer((_, response, url) => {
      if (url.pathname.endsWith('/info/refs')) {
        response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' })
        const refs = line(`${commit} HEAD\0side-band-64k symref=HEAD:refs/heads/main\n`)
        response.end(
          Buffer.concat([line('# service=git-upload-pack\n'), Buffer.from('0000'), refs, Buffer.from('0000')]),
        )
      } else if (url.pathname.endsWith('/git-upload-pack')) response.end(answer)
      else response.writeHead(404).end()
    })
    const rig = sourcesRig([server.host])
    closing.push(server.close, rig.close)
    const found = await rig.sources.open(`${server.url}/part.git`, never)
    const tree = found.tree()
    await tree.catch(() => {})
    await found.close()
    expect(rig.leftBehind()).toEqual([])
    return tree
  }
  const packed = (count: number, ...objects: Buffer[]): Buffer => {
    const head = Buffer.alloc(12)
    head.write('PACK')
    head.writeUInt32BE(2, 4)
    head.writeUInt32BE(count, 8)
    return line(Buffer.concat([Buffer.from([1]), head, ...objects]))
  }

  it('is told apart from one that works, whatever it sends', async () => {
    const bytes = deflateSync('tree of lies\n')
    const difference = deflateSync(Buffer.from([4, 4, 0x90, 4]))
    for (const [words, answer] of [
      ['nonsense', Buffer.from('zzzz what is this')],
      ['an error', line('ERR upload-pack: not our ref\n')],
      ['nothing', Buffer.from('0000')],
      ['half a line', Buffer.from('00ff\u0001PACK')],
      ['no pack', line('\u0001HELLO WORLD AND ALL')],
      ['a pack without its objects', packed(3)],
      ['a million objects', packed(100_000_000)],
      ['other objects than were asked for', packed(1, Buffer.from([0x1d]), bytes)],
      ['an object larger than it says', packed(1, Buffer.from([0x12]), bytes)],
      ['an object of exabytes', packed(1, Buffer.from([0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), bytes)],
      ['a difference to nothing', packed(1, Buffer.from([0x74]), Buffer.alloc(20), difference)],
      ['a difference to what lies before the pack', packed(1, Buffer.from([0x64, 0x7f]), difference)],
    ] as const) {
      const code = await codeOf(lying(answer))
      expect([words, ['source.answer', 'source.too-many', 'source.cut-off'].includes(code)]).toEqual([words, true])
    }
  })

  it('cannot make a difference reach over any edge', () => {
    const base = Buffer.from('0123456789')
    expect(applyDelta(base, Buffer.from([10, 5, 0x91, 2, 3, 2, 0x78, 0x79])).toString()).toBe('234xy')
    for (const delta of [
      [10, 5, 0x91, 8, 5],
      [10, 2, 5, 1],
      [10, 2, 0],
      [9, 1, 1, 1],
      [10, 200],
      [10, 1, 2, 1, 1],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ])
      expect(() => applyDelta(base, Buffer.from(delta))).toThrow('difference')
  })
})
