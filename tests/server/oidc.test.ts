import { createServer } from 'node:http'
import Provider from 'oidc-provider'
import sql from 'sql-template-tag'
import { afterAll, describe, expect, it } from 'vitest'
import { showAccount } from '../../server/contract/account.ts'
import { listAudit } from '../../server/contract/audit.ts'
import { listMembers, showMe } from '../../server/contract/members.ts'
import { oidcCallbackUrl, oidcStartUrl } from '../../server/contract/oidc.ts'
import { showSite } from '../../server/contract/site.ts'
import { openWorkshop, type Person } from '../support/workshop.ts'

const PUBLIC = 'http://workshop.example'

interface Account {
  name: string
  email?: string
  groups: string[]
}

/** Who is known at the other house; it asks for no password, whoever is `now` there comes through. */
const accounts = new Map<string, Account>([
  ['ane-1', { name: 'Ane', email: 'ane@example.org', groups: ['makers'] }],
  ['bea-1', { name: 'Bea', groups: ['makers', 'team'] }],
  ['out-1', { name: 'Outsider', groups: ['choir'] }],
  ['twin-1', { name: 'Ane', groups: ['makers'] }],
  ['maite-1', { name: 'Maite at the other house', groups: [] }],
])
let now = 'ane-1'

const openHouse = async (): Promise<string> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'auzolan',
        client_secret: 'a secret between houses',
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [PUBLIC + oidcCallbackUrl],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
    cookies: { keys: ['only for this test'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => {
      const account = accounts.get(id)
      if (account === undefined) return undefined
      return { accountId: id, claims: () => ({ sub: id, ...account, email_verified: account.email !== undefined }) }
    },
  })
  provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next()
    const { prompt, params, grantId } = await provider.interactionDetails(context.req, context.res)
    if (prompt.name === 'login') {
      return provider.interactionFinished(context.req, context.res, { login: { accountId: now, remember: false } })
    }
    const grant =
      (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
      new provider.Grant({ accountId: now, clientId: String(params['client_id']) })
    grant.addOIDCScope('openid profile email')
    const consent = { grantId: await grant.save() }
    return provider.interactionFinished(context.req, context.res, { consent }, { mergeWithLastSubmission: true })
  })
  server.on('request', provider.callback())
  afterAll(() => new Promise((resolve) => server.close(resolve)))
  return issuer
}

const issuer = await openHouse()
const { app, db, steward, stranger } = await openWorkshop({
  environment: {
    AUZOLAN_PUBLIC_URL: PUBLIC,
    AUZOLAN_OIDC_ISSUER: issuer,
    AUZOLAN_OIDC_CLIENT_ID: 'auzolan',
    AUZOLAN_OIDC_CLIENT_SECRET: 'a secret between houses',
    AUZOLAN_OIDC_NAME: 'The neighbourhood',
    AUZOLAN_OIDC_ROLES: 'makers=member, team=operator, board=steward',
  },
})

/** A browser between both houses: its cookies at each. */
class Browser {
  readonly #here = new Map<string, string>()
  readonly #there = new Map<string, string>()

  constructor(session = '') {
    const [name, value] = session.split('=')
    if (name && value) this.#here.set(name, value)
  }

  async visit(path: string): Promise<{ status: number; location: string }> {
    const response = await app.inject({ url: path, headers: { cookie: written(this.#here), host: 'workshop.example' } })
    for (const { name, value, maxAge, expires } of response.cookies) {
      const gone = maxAge === 0 || (expires !== undefined && expires.getTime() === 0)
      if (gone) this.#here.delete(name)
      else this.#here.set(name, value)
    }
    return { status: response.statusCode, location: String(response.headers['location'] ?? '') }
  }

  /** Follows the other house until it sends the browser back; returns where to. */
  async through(url: string): Promise<string> {
    let next = url
    for (let n = 0; n < 10 && !next.startsWith(PUBLIC); n++) {
      const response = await fetch(next, { redirect: 'manual', headers: { cookie: written(this.#there) } })
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';')
        const at = pair.indexOf('=')
        this.#there.set(pair.slice(0, at), pair.slice(at + 1))
      }
      next = new URL(response.headers.get('location') ?? '/lost', next).href
    }
    return next.slice(PUBLIC.length)
  }

  asPerson(): Person {
    const person = stranger()
    person.headers = { cookie: written(this.#here) }
    return person
  }
}

const written = (cookies: ReadonlyMap<string, string>): string =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

/** Goes there and back as `who`; where the browser ends, and as whom. */
const comeIn = async (who: string, browser = new Browser()) => {
  now = who
  const { location } = await browser.visit(oidcStartUrl)
  const back = await browser.through(location)
  const { location: end } = await browser.visit(back)
  return { end, back, person: browser.asPerson() }
}

describe('sign-in at another house', () => {
  it('is offered by its name, and goes there with PKCE, a state and a nonce', async () => {
    expect(await stranger().call(showSite, {})).toMatchObject({ otherDoor: 'The neighbourhood' })
    const { status, location } = await new Browser().visit(oidcStartUrl)
    expect(status).toBe(302)
    const asked = new URL(location).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/.{20}/),
      nonce: expect.stringMatching(/.{20}/),
    })
  })

  it('makes a member on the first day, with the highest role of the groups', async () => {
    const ane = await comeIn('ane-1')
    expect(ane.end).toBe('/')
    expect(await ane.person.call(showMe, {})).toMatchObject({ name: 'Ane', role: 'member' })
    expect(await ane.person.call(showAccount, {})).toMatchObject({
      email: 'ane@example.org',
      hasPassword: false,
      joined: true,
    })
    expect(await (await comeIn('bea-1')).person.call(showMe, {})).toMatchObject({ name: 'Bea', role: 'operator' })
  })

  it('knows the member again, whatever he is called by then, and follows his groups', async () => {
    accounts.set('ane-1', { name: 'Ane Renamed', groups: ['team'] })
    const again = await comeIn('ane-1')
    expect(await again.person.call(showMe, {})).toMatchObject({ name: 'Ane', role: 'operator' })
    accounts.set('ane-1', { name: 'Ane', groups: [] })
    const out = await comeIn('ane-1')
    expect(out.end).toBe('/?refused=oidc.no-role')
    expect(await out.person.call(showMe, {})).toBeNull()
    accounts.set('ane-1', { name: 'Ane', groups: ['makers'] })
    expect(await (await comeIn('ane-1')).person.call(showMe, {})).toMatchObject({ role: 'member' })
  })

  it('keeps a namesake apart', async () => {
    const twin = await comeIn('twin-1')
    expect(await twin.person.call(showMe, {})).toMatchObject({ name: 'Ane 2' })
  })

  it('lets nobody in who is in none of the groups', async () => {
    const { end, person } = await comeIn('out-1')
    expect(end).toBe('/?refused=oidc.no-role')
    expect(await person.call(showMe, {})).toBeNull()
    expect((await steward.call(listMembers, {})).map(({ name }) => name)).not.toContain('Outsider')
  })

  it('is worth nothing in another browser, with another state, or a second time', async () => {
    now = 'bea-1'
    const browser = new Browser()
    const { location } = await browser.visit(oidcStartUrl)
    const back = await browser.through(location)
    const thief = new Browser()
    expect((await thief.visit(back)).location).toBe('/?refused=oidc.failed')
    // The thief begins one of his own and brings the code of another.
    await thief.visit(oidcStartUrl)
    expect((await thief.visit(back)).location).toBe('/?refused=oidc.failed')
    expect(await thief.asPerson().call(showMe, {})).toBeNull()
    const bent = new Browser()
    const begun = await bent.visit(oidcStartUrl)
    const returned = await bent.through(begun.location)
    expect((await bent.visit(returned.replace(/state=[^&]+/, 'state=bent'))).location).toBe('/?refused=oidc.failed')
    const good = await comeIn('bea-1')
    expect(good.end).toBe('/')
    const again = new Browser()
    await again.visit(oidcStartUrl)
    expect((await again.visit(good.back)).location).toBe('/?refused=oidc.failed')
  })

  it('is joined to an account of ours by who is signed in, and leaves its role', async () => {
    now = 'maite-1'
    const browser = new Browser(steward.cookie)
    const { location } = await browser.visit(`${oidcStartUrl}?join=1`)
    expect((await browser.visit(await browser.through(location))).location).toBe('/account')
    const later = await comeIn('maite-1')
    expect(await later.person.call(showMe, {})).toMatchObject({ name: 'Maite', role: 'steward' })
  })

  it('is not joined to two accounts', async () => {
    now = 'bea-1'
    const browser = new Browser(steward.cookie)
    const { location } = await browser.visit(`${oidcStartUrl}?join=1`)
    expect((await browser.visit(await browser.through(location))).location).toBe('/?refused=oidc.taken')
  })

  it('does not open a switched-off account', async () => {
    await db.run(sql`UPDATE member SET deactivated_at = now() WHERE name = 'Bea'`)
    expect((await comeIn('bea-1')).end).toBe('/?refused=oidc.no-role')
    await db.run(sql`UPDATE member SET deactivated_at = NULL WHERE name = 'Bea'`)
  })

  it('is in the audit log', async () => {
    const log = await steward.call(listAudit, { query: { search: 'neighbourhood' } })
    expect(log).toContainEqual(
      expect.objectContaining({ memberName: 'Bea', summary: 'Signs in by The neighbourhood', outcome: 'done' }),
    )
  })
})
