import { afterEach, describe, expect, it } from 'vitest'
import type { Limits } from '../../server/sources/limits.ts'
import { githubPlacesOf, startForge } from '../support/forge.ts'
import { commitFiles, startGitServer } from '../support/git-server.ts'
import { isInstalled } from '../support/left-out.ts'
import { codeOf, gather, never, sourcesRig } from '../support/sources.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const play = async (kind: 'github' | 'gitlab' | 'gitea', limits: Partial<Limits> = {}) => {
  const forge = await startForge(kind)
  const rig = sourcesRig([forge.host], limits, kind === 'github' ? { github: githubPlacesOf(forge) } : {})
  closing.push(forge.close, rig.close)
  forge.files = {
    'README.md': '# A part',
    LICENSE: 'free',
    'parts/a & b.stl': 'solid a',
    'parts/ümlaut.scad': 'cube();',
  }
  return { forge, rig, sources: rig.sources, at: `${forge.url}/${kind === 'gitlab' ? 'group/sub/part' : 'ada/part'}` }
}

const manyFiles = (): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 140 }, (_, at) => [`parts/${at}.stl`, `solid ${at}`]))

describe('a repository on a forge', () => {
  for (const kind of ['github', 'gitlab', 'gitea'] as const) {
    it(`${kind}: is pinned to a commit, listed by its own list and fetched file by file where there are few`, async () => {
      const { forge, sources, at } = await play(kind)
      const found = await sources.open(at, never)
      expect(found.origin).toMatchObject({ kind, url: at, ref: 'main', commit: forge.commit, path: null })
      expect((await found.tree()).files.map(({ path }) => path)).toEqual(Object.keys(forge.files).sort())
      expect(await gather(found)).toEqual({ files: forge.files, skipped: {} })
      expect(forge.asked.filter((one) => /tar\.gz/.test(one))).toEqual([])
      await found.close()
    })

    it(`${kind}: is fetched as an archive where there are many, over all pages of the list`, async () => {
      const { forge, rig, sources, at } = await play(kind)
      forge.files = manyFiles()
      const found = await sources.open(at, never)
      const { files, skipped } = await gather(found)
      expect([files, skipped]).toEqual([forge.files, {}])
      expect(forge.asked.filter((one) => /tar\.gz/.test(one))).toHaveLength(1)
      await found.close()
      expect(rig.leftBehind()).toEqual([])
    })

    it(`${kind}: fetches by itself what the archive leaves out or writes otherwise`, async () => {
      const { forge, sources, at } = await play(kind)
      forge.files = manyFiles()
      forge.leftOut.add('parts/3.stl')
      const found = await sources.open(at, never)
      expect((await gather(found)).files).toEqual(forge.files)
      await found.close()
    })

    it(`${kind}: leaves out a file that is not what its id says`, async () => {
      const { forge, sources, at } = await play(kind)
      forge.instead['LICENSE'] = 'evil'
      const found = await sources.open(at, never)
      const { LICENSE: _, ...rest } = forge.files
      expect(await gather(found)).toEqual({ files: rest, skipped: { LICENSE: 'entry.differs' } })
      await found.close()
    })
  }

  it('says what the forge knows besides: makers, licence, what it was forked from', async () => {
    const factsOf = async (kind: 'github' | 'gitlab' | 'gitea') => {
      const { sources, at } = await play(kind)
      const found = await sources.open(at, never)
      await found.close()
      return found.facts
    }
    expect(await factsOf('github')).toEqual({
      title: 'part',
      description: 'A part',
      creators: ['ada'],
      licence: 'CERN-OHL-P-2.0',
      keywords: ['hinge'],
      forkedFrom: 'https://github.com/grace/part',
    })
    expect(await factsOf('gitlab')).toMatchObject({
      creators: ['Group'],
      licence: 'MIT License',
      forkedFrom: 'https://gitlab.com/grace/part',
    })
    expect(await factsOf('gitea')).toMatchObject({ creators: ['Ada L.'], licence: 'CC-BY-4.0', description: null })
  })

  it('takes only the folder of an address, in each way the forges write it', async () => {
    const folder = { 'a & b.stl': 'solid a', 'ümlaut.scad': 'cube();' }
    for (const [kind, ends] of [
      ['github', ['/tree/main/parts', '/blob/main/parts/a%20%26%20b.stl', '/tree/main/parts/']],
      ['gitlab', ['/-/tree/main/parts', '/-/blob/main/parts/x.stl']],
      ['gitea', ['/src/branch/main/parts', '/src/branch/main/parts/x.stl', '/raw/branch/main/parts/x.stl']],
    ] as const) {
      const { forge, sources, at } = await play(kind)
      for (const end of [...ends, ...(kind === 'github' ? [`/tree/${forge.commit}/parts`] : [])]) {
        const found = await sources.open(`${at}${end}`, never)
        expect([end, found.origin.path, found.origin.commit]).toEqual([end, 'parts', forge.commit])
        expect((await gather(found)).files).toEqual(folder)
        await found.close()
      }
      const missing = { github: '/tree/main/none', gitlab: '/-/tree/main/none', gitea: '/src/branch/main/none' }[kind]
      const found = await sources.open(`${at}${missing}`, never)
      expect(['source.folder', 'source.answer']).toContain(await codeOf(found.tree()))
      await found.close()
    }
  })

  it('says what changed upstream, by comparing the lists', async () => {
    const { forge, sources, at } = await play('github')
    const found = await sources.open(at, never)
    const known = (await found.tree()).files.map(({ path, sha }) => ({ path, sha, sha256: '' }))
    await found.close()
    forge.commit = 'beef'.padEnd(40, '1')
    const { LICENSE: _, ...rest } = forge.files
    forge.files = { ...rest, 'README.md': '# Better', 'new.stl': 'solid new' }
    expect(await sources.latest(found.origin, known, never)).toMatchObject({
      changed: true,
      origin: { commit: forge.commit },
      files: { added: ['new.stl'], removed: ['LICENSE'], changed: ['README.md'] },
    })
  })

  it('says that a repository is not there, or that the forge wants to be left alone', async () => {
    const { forge, sources } = await play('github')
    expect(await codeOf(sources.open(`${forge.url}/ada/nothing`, never))).toBe('source.missing')
    forge.first = (_, response) => response.writeHead(429, { 'retry-after': '1200' }).end() !== undefined
    await expect(sources.open(`${forge.url}/ada/part`, never)).rejects.toThrow('Try again in 20 minutes.')
  })
})

const hasGit = isInstalled('git', "git's real protocol")

describe.skipIf(!hasGit)('a forge that gives no more for now', () => {
  const limited = async () => {
    const design = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`parts/${at}.stl`, `solid ${at}`]))
    const forge = await startForge('github')
    const git = await startGitServer()
    const commit = commitFiles(git.folder, 'ada/part', design)
    const places = { ...githubPlacesOf(forge), web: git.url }
    const rig = sourcesRig([forge.host, git.host], {}, { github: places })
    closing.push(forge.close, git.close, rig.close)
    Object.assign(forge, { commit, files: design })
    return { forge, sources: rig.sources, at: `${git.url}/ada/part`, design, rig }
  }

  it('is read through git instead, from the list on or from the archive on', async () => {
    for (const closed of [/^\/api\//, /^\/codeload\//, /^\/(api|raw|codeload)\//]) {
      const { forge, sources, at, design, rig } = await limited()
      forge.first = (_, response, url) => {
        if (!closed.test(url.pathname)) return false
        response
          .writeHead(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.now() / 1000 + 3600) })
          .end()
        return true
      }
      const found = await sources.open(at, never)
      expect(await gather(found)).toEqual({ files: design, skipped: {} })
      await found.close()
      expect(rig.leftBehind()).toEqual([])
    }
  })

  it('is read through git where its list is cut short, is nonsense or lies about its shape', async () => {
    for (const told of ['{"truncated":true,"tree":[]}', '<html>', '{"truncated":false,"tree":[{"path":7}]}']) {
      const { forge, sources, at, design } = await limited()
      forge.first = (_, response, url) => {
        if (!url.pathname.includes('/git/trees/')) return false
        response.writeHead(200, { 'content-type': 'application/json' }).end(told)
        return true
      }
      const found = await sources.open(at, never)
      expect((await gather(found)).files).toEqual(design)
      await found.close()
    }
  })
})
