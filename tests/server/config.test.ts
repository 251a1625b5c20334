import { describe, expect, it } from 'vitest'
import { readConfig } from '../../server/config.ts'

const oidc = {
  AUZOLAN_PUBLIC_URL: 'https://print.example.org/',
  AUZOLAN_OIDC_ISSUER: 'https://login.example.org',
  AUZOLAN_OIDC_CLIENT_ID: 'auzolan',
}

describe('settings of mail and sign-in elsewhere', () => {
  it('are read whole, with what stands where nothing is said', () => {
    const config = readConfig({ ...oidc, AUZOLAN_OIDC_ROLES: 'a=b=member, team=operator' })
    expect(config.publicUrl).toBe('https://print.example.org')
    expect(config.oidc).toMatchObject({ name: 'login.example.org', groupsClaim: 'groups', otherwise: null })
    expect([...(config.oidc?.roles ?? [])]).toEqual([
      ['a=b', 'member'],
      ['team', 'operator'],
    ])
    expect(readConfig({})).toMatchObject({ oidc: null, mail: null, publicUrl: null })
  })

  it.each([
    [{ ...oidc, AUZOLAN_PUBLIC_URL: '' }, /PUBLIC_URL/],
    [{ ...oidc, AUZOLAN_PUBLIC_URL: 'print.example.org' }, /PUBLIC_URL/],
    [{ ...oidc, AUZOLAN_OIDC_ISSUER: 'http://login.example.org' }, /https/],
    [{ ...oidc, AUZOLAN_OIDC_CLIENT_ID: '' }, /CLIENT_ID/],
    [{ ...oidc, AUZOLAN_OIDC_ROLES: 'makers=king' }, /visitor, member, operator, steward/],
    [{ AUZOLAN_SMTP_URL: 'http://mail:secret@x', AUZOLAN_SMTP_FROM: 'a@b' }, /^(?!.*secret).*smtp:\/\//],
    [{ AUZOLAN_SMTP_URL: 'smtp://mail', AUZOLAN_PUBLIC_URL: 'https://x' }, /SMTP_FROM/],
  ])('that make no sense are said so by name: %j', (environment, sentence) => {
    expect(() => readConfig(environment)).toThrow(sentence)
  })

  it('knows where a bridge takes emergency stops, and says what is wrong with it otherwise', () => {
    const read = (address: string) => readConfig({ AUZOLAN_STOP_ADDRESS: address }).stopAddress
    expect(read('attic.local:4290')).toEqual({ host: 'attic.local', port: 4290 })
    expect(read('[fe80::1]:4290')).toEqual({ host: 'fe80::1', port: 4290 })
    expect(read('')).toBeNull()
    for (const wrong of ['attic', 'attic:0', 'attic:70000', 'http://attic:1', '::1:4290']) {
      expect(() => read(wrong), wrong).toThrow('AUZOLAN_STOP_ADDRESS')
    }
  })
})

describe('settings of pulling designs', () => {
  it('are read by host', () => {
    const { designs } = readConfig({
      AUZOLAN_DESIGN_HOSTS: 'git.home:3000, files.home',
      AUZOLAN_DESIGN_TOKENS: 'api.github.com=abc=, codeberg.org=def',
      AUZOLAN_MANYFOLD: 'models.example.org=app:se:cret',
    })
    expect(designs.allowedHosts).toEqual(['git.home:3000', 'files.home'])
    expect(Object.fromEntries(designs.tokens)).toEqual({ 'api.github.com': 'abc=', 'codeberg.org': 'def' })
    expect(designs.manyfold.get('models.example.org')).toEqual({ clientId: 'app', clientSecret: 'se:cret' })
    expect(readConfig({}).designs).toMatchObject({ maxBytes: 2_000_000_000, allowedHosts: [] })
  })

  it.each([
    [{ AUZOLAN_DESIGN_TOKENS: 'topsecret' }, /^(?!.*topsecret).*DESIGN_TOKENS/],
    [{ AUZOLAN_MANYFOLD: 'models.example.org=topsecret' }, /^(?!.*topsecret).*MANYFOLD/],
  ])('that make no sense are said so by name, without the secret: %j', (environment, sentence) => {
    expect(() => readConfig(environment)).toThrow(sentence)
  })
})
