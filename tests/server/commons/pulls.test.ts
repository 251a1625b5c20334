import { afterAll, describe, expect, it } from 'vitest'
import { showDesign } from '../../../server/contract/commons.ts'
import { checkUpdate, pullDesign, pullUpdate } from '../../../server/contract/pulls.ts'
import { carryOut, okh, stl } from '../../support/commons.ts'
import { commitFiles, startGitServer } from '../../support/git-server.ts'
import { isInstalled } from '../../support/left-out.ts'
import { openWorkshop } from '../../support/workshop.ts'

const hasGit = isInstalled('git', "git's real protocol")

describe.skipIf(!hasGit)('a design in a repository', async () => {
  const server = await startGitServer()
  afterAll(() => server.close())
  const workshop = await openWorkshop({ allowedHosts: [server.host] })
  const ana = await workshop.join('Ana', 'member')
  const address = `${server.url}/roller/.git`
  const manifest = okh({ name: 'Roller', license: 'CERN-OHL-S-2.0', licensor: 'Jane Doe', function: 'Rolls.' })

  it('is pulled at its commit, looked after, and its newer version stands beside the older', async () => {
    const commit = commitFiles(server.folder, 'roller', { 'okh.toml': manifest, 'a.stl': stl('a'), 'b.stl': stl('b') })
    const pull = await carryOut(workshop, ana, await ana.call(pullDesign, { body: { address } }))
    expect(pull).toMatchObject({ state: 'done', reason: null, filesDone: expect.any(Number) })
    const id = pull.designId ?? 0
    const design = await ana.call(showDesign, { params: { id }, query: {} })
    expect(design).toMatchObject({
      name: 'Roller',
      version: { origin: { kind: 'git', commit, claimed: 'https://forge.example/anna/roller' } },
      licence: { expression: 'CERN-OHL-S-2.0', sourceTravels: true },
    })
    expect(design.warnings.map(({ code }) => code)).toContain('origin.differs')

    const same = await carryOut(workshop, ana, await ana.call(pullDesign, { body: { address } }))
    expect(same).toMatchObject({ state: 'done', designId: id })
    const quiet = await carryOut(workshop, ana, await ana.call(checkUpdate, { params: { id } }))
    expect(quiet.news).toMatchObject({ isNewer: false })
    const none = await carryOut(workshop, ana, await ana.call(pullUpdate, { params: { id } }))
    expect(none).toMatchObject({ state: 'failed', reason: 'The newest version of Roller is here already.' })

    const newer = commitFiles(server.folder, 'roller', { 'a.stl': stl('a better'), 'b.stl': null, 'c.stl': stl('c') })
    const told = await carryOut(workshop, ana, await ana.call(checkUpdate, { params: { id } }))
    expect(told.news).toMatchObject({
      isNewer: true,
      commit: newer,
      added: ['c.stl'],
      removed: ['b.stl'],
      changed: ['a.stl'],
    })
    expect((await ana.call(showDesign, { params: { id }, query: {} })).hasNews).toBe(true)
    await carryOut(workshop, ana, await ana.call(pullUpdate, { params: { id } }))
    const now = await ana.call(showDesign, { params: { id }, query: {} })
    expect(now.allVersions.map(({ origin }) => origin.commit)).toEqual([newer, commit])
    expect(now).toMatchObject({ versions: 2, hasNews: false })
    expect(now.files.map(({ path }) => path)).toEqual(['a.stl', 'c.stl', 'okh.toml'])
  })
})
