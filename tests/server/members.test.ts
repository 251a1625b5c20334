import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { listJobs } from '../../server/contract/jobs.ts'
import { acceptInvitation, invite, listMembers, showMe, signIn, signOut } from '../../server/contract/members.ts'
import { setUpSite, showSite } from '../../server/contract/site.ts'
import { openWorkshop, PASSWORD, refusalOf } from '../support/workshop.ts'

const first = { siteName: 'Aldapa', timeZone: 'Europe/Madrid', stewardName: 'Ane', password: PASSWORD }

describe('the first day', async () => {
  const { stranger, db } = await openWorkshop({ setUp: false })

  it('shows that the workshop has no name yet', async () => {
    expect(await stranger().call(showSite, {})).toMatchObject({ setUp: false, needsCode: false })
  })

  it('asks somebody from another computer for the code that the server printed', async () => {
    const elsewhere = stranger()
    elsewhere.remoteAddress = '192.168.1.7'
    expect(await elsewhere.call(showSite, {})).toMatchObject({ needsCode: true })
    expect(await refusalOf(elsewhere.call(setUpSite, { body: first }))).toMatchObject({
      status: 403,
      code: 'setup.code',
    })
    const wrong = elsewhere.call(setUpSite, { body: { ...first, code: 'FFFFFFFF' } })
    expect(await refusalOf(wrong)).toMatchObject({ status: 403, code: 'setup.code' })
    const behindProxy = stranger()
    behindProxy.headers = { 'x-forwarded-for': '203.0.113.5' }
    expect(await refusalOf(behindProxy.call(setUpSite, { body: first }))).toMatchObject({ code: 'setup.code' })
  })

  it.each([
    [{ ...first, password: 'short' }, 400],
    [{ ...first, siteName: '  ' }, 400],
    [{ ...first, stewardName: 'a\u0007b' }, 400],
    [{ ...first, timeZone: 'Mars/Olympus' }, 422],
  ])('takes no nonsense: %j', async (body, status) => {
    expect(await refusalOf(stranger().call(setUpSite, { body }))).toMatchObject({ status })
    expect(await db.row(sql`SELECT FROM site`)).toBeNull()
  })

  it('lets one of two be first', async () => {
    const results = await Promise.allSettled([
      stranger().call(setUpSite, { body: first }),
      stranger().call(setUpSite, { body: { ...first, stewardName: 'Beñat' } }),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await db.rows(sql`SELECT FROM member`)).toHaveLength(1)
  })

  it('is over then', async () => {
    expect(await stranger().call(showSite, {})).toMatchObject({ setUp: true, name: 'Aldapa' })
    expect(await refusalOf(stranger().call(setUpSite, { body: first }))).toMatchObject({
      status: 409,
      code: 'setup.done',
    })
  })
})

describe('members', async () => {
  const { steward, stranger, join, db, app } = await openWorkshop()

  it('sign in by their name, however it is written, and sign out again', async () => {
    await join('Iñaki', 'member')
    const person = stranger()
    expect(await person.call(signIn, { body: { name: ' iÑAKI', password: PASSWORD } })).toMatchObject({
      name: 'Iñaki',
      role: 'member',
    })
    expect(await person.call(showMe, {})).toMatchObject({ name: 'Iñaki' })
    await person.call(signOut, {})
    expect(await person.call(showMe, {})).toBeNull()
    expect(await refusalOf(person.call(listJobs, { query: {} }))).toMatchObject({ status: 401, code: 'session.none' })
  })

  it('have a session that ends at the server too: the old cookie is worth nothing', async () => {
    const person = await join('Leire', 'member')
    const { cookie } = person
    await person.call(signOut, {})
    person.cookie = cookie
    expect(await person.call(showMe, {})).toBeNull()
  })

  it('are not told whether the name or the password was wrong', async () => {
    const unknown = await refusalOf(stranger().call(signIn, { body: { name: 'Nobody', password: PASSWORD } }))
    const wrong = await refusalOf(stranger().call(signIn, { body: { name: 'Maite', password: 'wrong password' } }))
    expect(unknown).toEqual(wrong)
    expect(wrong).toMatchObject({ status: 401, code: 'session.wrong' })
  })

  it('cannot be guessed at without end', async () => {
    const guesser = stranger()
    guesser.remoteAddress = '10.9.9.9'
    const answers: number[] = []
    for (let n = 0; n < 12; n++) {
      answers.push((await refusalOf(guesser.call(signIn, { body: { name: 'Maite', password: 'guess' } }))).status)
    }
    expect(answers.slice(-2)).toEqual([429, 429])
  })

  it('have a cookie that no script and no other site can use, and a password that is nowhere', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/session',
      remoteAddress: '10.1.1.1',
      payload: { name: 'Maite', password: PASSWORD },
    })
    const set = [response.headers['set-cookie'] ?? []].flat()
    expect(set).toHaveLength(2)
    for (const cookie of set) expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
    const kept = await db.rows<{ password_hash: string }>(sql`SELECT password_hash FROM member`)
    for (const { password_hash } of kept) expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const token = (response.cookies[0]?.value ?? '') as string
    const raw = await db.rows<{ token_hash: Buffer }>(sql`SELECT token_hash FROM session`)
    expect(raw.some(({ token_hash }) => token_hash.toString('base64url') === token)).toBe(false)
  })

  it('come by an invitation that works once', async () => {
    const { token } = await steward.call(invite, { body: { role: 'operator' } })
    const body = { token, name: 'Oier', password: PASSWORD }
    expect(await stranger().call(acceptInvitation, { body })).toMatchObject({ name: 'Oier', role: 'operator' })
    expect(await refusalOf(stranger().call(acceptInvitation, { body: { ...body, name: 'Other' } }))).toMatchObject({
      status: 410,
      code: 'invitation.spent',
    })
  })

  it('keep their invitation when the name was taken', async () => {
    const { token } = await steward.call(invite, { body: { role: 'member' } })
    const taken = stranger().call(acceptInvitation, { body: { token, name: 'maite', password: PASSWORD } })
    expect(await refusalOf(taken)).toMatchObject({ status: 409, code: 'member.name-taken' })
    expect(
      await stranger().call(acceptInvitation, { body: { token, name: 'Nerea', password: PASSWORD } }),
    ).toMatchObject({ name: 'Nerea' })
  })

  it('may not see who the others are, nor invite, unless they are stewards', async () => {
    const person = await join('Jon', 'member')
    expect(await refusalOf(person.call(listMembers, {}))).toMatchObject({ status: 403, code: 'permission.missing' })
    expect(await refusalOf(person.call(invite, { body: { role: 'steward' } }))).toMatchObject({ status: 403 })
    expect((await steward.call(listMembers, {})).map(({ name }) => name)).toContain('Jon')
  })

  it('are not acted for by another page', async () => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ]) {
      const person = await join(`Page ${JSON.stringify(headers).length}`, 'member')
      person.headers = headers as unknown as Record<string, string>
      expect(await refusalOf(person.call(signOut, {}))).toMatchObject({ status: 403, code: 'session.foreign-page' })
    }
    const own = await join('Own page', 'member')
    own.headers = { origin: 'http://localhost', host: 'localhost', 'sec-fetch-site': 'same-origin' }
    await own.call(signOut, {})
  })

  it('get a security policy with every page', async () => {
    const { headers } = await app.inject({ url: '/api/site' })
    expect(headers['content-security-policy']).toContain("default-src 'self'")
    expect(headers['x-content-type-options']).toBe('nosniff')
  })
})
