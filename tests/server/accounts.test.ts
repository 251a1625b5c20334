import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { Secret, TOTP } from 'otpauth'
import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import * as account from '../../server/contract/account.ts'
import { listJobs } from '../../server/contract/jobs.ts'
import * as contract from '../../server/contract/members.ts'
import { listPrinters } from '../../server/contract/printers.ts'
import { showSite } from '../../server/contract/site.ts'
import { neighbourhood } from '../../server/plugins/guesses.ts'
import { openSealer } from '../../server/store/secrets.ts'
import { openMailbox } from '../support/mailbox.ts'
import { openWorkshop, PASSWORD, type Person, refusalOf } from '../support/workshop.ts'

const mailbox = await openMailbox()
const { steward, stranger, join, db, app, house } = await openWorkshop({
  environment: {
    AUZOLAN_SMTP_URL: mailbox.url,
    AUZOLAN_SMTP_FROM: 'workshop@example.org',
    AUZOLAN_PUBLIC_URL: 'https://print.example.org/',
  },
})

const idOf = async (name: string): Promise<number> =>
  (await steward.call(contract.listMembers, {})).find((member) => member.name === name)?.id ?? 0
let lastHost = 1
/** Somebody at another computer. */
const elsewhere = (): Person => {
  const person = stranger()
  person.remoteAddress = `192.0.2.${++lastHost}`
  return person
}
const enter = (name: string, password = PASSWORD, code?: string) => {
  const person = elsewhere()
  const body = code === undefined ? { name, password } : { name, password, code }
  return { person, done: person.call(contract.signIn, { body }) }
}
const numberOf = (secret: string, stepsAhead = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + stepsAhead * 30_000 })

describe('sessions', () => {
  it('are listed with the browser and the address, and one is ended from another', async () => {
    const phone = await join('Ane', 'member')
    const laptop = elsewhere()
    laptop.headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux) Firefox/140.0' }
    await laptop.call(contract.signIn, { body: { name: 'Ane', password: PASSWORD } })
    const [own, other] = await laptop.call(account.listSessions, {})
    expect(own).toMatchObject({
      isThis: true,
      browser: expect.stringContaining('Firefox'),
      address: laptop.remoteAddress,
    })
    expect(other).toMatchObject({ isThis: false, address: phone.remoteAddress })
    await laptop.call(account.endSession, { params: { id: other?.id ?? 0 } })
    expect(await phone.call(contract.showMe, {})).toBeNull()
    expect(await laptop.call(contract.showMe, {})).toMatchObject({ name: 'Ane' })
  })

  it('of others are not ended by guessing their ids', async () => {
    const one = await join('One', 'member')
    const two = await join('Two', 'member')
    const [session] = await one.call(account.listSessions, {})
    const tried = two.call(account.endSession, { params: { id: session?.id ?? 0 } })
    expect(await refusalOf(tried)).toMatchObject({ status: 404, code: 'session.missing' })
    expect(await one.call(contract.showMe, {})).not.toBeNull()
  })

  it('all end at once, with or without the one that asks', async () => {
    const first = await join('Bea', 'member')
    const { person: second, done } = enter('Bea')
    await done
    await second.call(account.signOutEverywhere, { query: { keepThis: true } })
    expect(await first.call(contract.showMe, {})).toBeNull()
    expect(await second.call(contract.showMe, {})).not.toBeNull()
    await second.call(account.signOutEverywhere, { query: {} })
    expect(await second.call(contract.showMe, {})).toBeNull()
  })

  it('elsewhere end with a new password, which asks for the old one', async () => {
    const first = await join('Cata', 'member')
    const { person: second, done } = enter('Cata')
    await done
    const password = 'another long one'
    const wrong = second.call(account.changePassword, { body: { current: 'not this one', password } })
    expect(await refusalOf(wrong)).toMatchObject({ status: 403, code: 'session.wrong-password' })
    expect(await first.call(contract.showMe, {})).not.toBeNull()
    await second.call(account.changePassword, { body: { current: PASSWORD, password } })
    expect(await first.call(contract.showMe, {})).toBeNull()
    expect(await second.call(contract.showMe, {})).not.toBeNull()
    expect(await refusalOf(enter('Cata').done)).toMatchObject({ code: 'session.wrong' })
    expect(await enter('Cata', password).done).toMatchObject({ name: 'Cata' })
  })
})

describe('keys', () => {
  it('are shown once, kept as a hash, and do what their scopes allow', async () => {
    const dani = await join('Dani', 'member')
    const made = await dani.call(account.makeKey, { body: { name: 'Slicer', scopes: ['look'], days: 30 } })
    expect(made.key).toMatch(/^auz_[\w-]{43}$/)
    const kept = JSON.stringify([await db.rows(sql`SELECT * FROM api_key`), await dani.call(account.listKeys, {})])
    expect(kept).not.toContain(made.key)
    const program = stranger()
    program.headers = { authorization: `Bearer ${made.key}` }
    expect(await program.call(listPrinters, {})).toEqual([])
    expect(await program.call(contract.showMe, {})).toMatchObject({ name: 'Dani', scopes: ['look'] })
    expect(await dani.call(account.listKeys, {})).toMatchObject([{ name: 'Slicer', usedFrom: '127.0.0.1' }])
  })

  it('do not open the account, make no other key, and give no more than their member has', async () => {
    const member = await join('Eneko', 'member')
    const tooMuch = member.call(account.makeKey, { body: { name: 'k', scopes: ['run-printers'], days: 1 } })
    expect(await refusalOf(tooMuch)).toMatchObject({ status: 403, code: 'key.scope' })
    const { key } = await member.call(account.makeKey, { body: { name: 'k', scopes: ['look', 'queue'], days: 1 } })
    const program = stranger()
    program.headers = { authorization: `Bearer ${key}` }
    for (const work of [
      () => program.call(account.showAccount, {}),
      () => program.call(account.makeKey, { body: { name: 'k', scopes: ['look'], days: 1 } }),
      () => program.call(account.changePassword, { body: { current: PASSWORD, password: 'a new long password' } }),
      () => program.call(account.listSessions, {}),
    ]) {
      expect(await refusalOf(work())).toMatchObject({ status: 403, code: 'session.in-person' })
    }
  })

  it('lose what their member loses', async () => {
    const member = await join('Fermin', 'operator')
    const { key } = await member.call(account.makeKey, { body: { name: 'k', scopes: ['look'], days: 1 } })
    const program = stranger()
    program.headers = { authorization: `Bearer ${key}` }
    await program.call(listJobs, { query: {} })
    await steward.call(contract.changeMember, { params: { id: await idOf('Fermin') }, body: { active: false } })
    expect(await refusalOf(program.call(listJobs, { query: {} }))).toMatchObject({ status: 401 })
  })

  it('of others are not revoked, and revoked ones open nothing', async () => {
    const one = await join('Gorka', 'member')
    const two = await join('Haizea', 'member')
    const { key, id } = await one.call(account.makeKey, { body: { name: 'k', scopes: ['look'], days: 1 } })
    expect(await refusalOf(two.call(account.revokeKey, { params: { id } }))).toMatchObject({ status: 404 })
    await one.call(account.revokeKey, { params: { id } })
    const program = stranger()
    program.headers = { authorization: `Bearer ${key}` }
    expect(await refusalOf(program.call(listPrinters, {}))).toMatchObject({ status: 401, code: 'session.none' })
  })
})

describe('the second factor', async () => {
  const irati = await join('Irati', 'member')
  let secret = ''
  let recovery: string[] = []

  it('begins with a secret for the app, which is nowhere readable, and counts from its first number on', async () => {
    const wrong = irati.call(account.beginSecondFactor, { body: { current: 'wrong' } })
    expect(await refusalOf(wrong)).toMatchObject({ status: 403 })
    const offer = await irati.call(account.beginSecondFactor, { body: { current: PASSWORD } })
    secret = offer.secret
    expect(offer.uri).toMatch(/^otpauth:\/\/totp\/Test%20workshop:Irati\?/)
    const kept = await db.row<{ totp_secret: Buffer }>(sql`SELECT totp_secret FROM member WHERE name = 'Irati'`)
    expect(kept?.totp_secret.toString('latin1')).not.toContain(secret)
    expect(await enter('Irati').done).toMatchObject({ name: 'Irati' })
    const code = numberOf(secret) === '000000' ? '000001' : '000000'
    expect(await refusalOf(irati.call(account.confirmSecondFactor, { body: { code } }))).toMatchObject({
      code: 'session.wrong-code',
    })
    recovery = (await irati.call(account.confirmSecondFactor, { body: { code: numberOf(secret) } })).recoveryCodes
    expect(recovery).toHaveLength(10)
    expect(await irati.call(account.showAccount, {})).toMatchObject({
      recoveryCodesLeft: 10,
      secondFactorSince: expect.any(String),
    })
  })

  it('is asked for after the right password, and only then', async () => {
    expect(await refusalOf(enter('Irati').done)).toMatchObject({ status: 401, code: 'session.second-factor' })
    expect(await refusalOf(enter('Irati', 'wrong password').done)).toMatchObject({ code: 'session.wrong' })
    expect(await refusalOf(enter('Irati', 'wrong password', numberOf(secret, 1)).done)).toMatchObject({
      code: 'session.wrong',
    })
  })

  it('takes a number once', async () => {
    const code = numberOf(secret, 1)
    expect(await enter('Irati', PASSWORD, code).done).toMatchObject({ name: 'Irati' })
    expect(await refusalOf(enter('Irati', PASSWORD, code).done)).toMatchObject({ code: 'session.wrong-code' })
    expect(await refusalOf(enter('Irati', PASSWORD, numberOf(secret)).done)).toMatchObject({
      code: 'session.wrong-code',
    })
  })

  it('takes a recovery code once, however it is written', async () => {
    const code = recovery[0] ?? ''
    const written = code.toLowerCase().replaceAll('-', ' ')
    expect(await enter('Irati', PASSWORD, written).done).toMatchObject({ name: 'Irati' })
    expect(await refusalOf(enter('Irati', PASSWORD, code).done)).toMatchObject({ code: 'session.wrong-code' })
    expect(await irati.call(account.showAccount, {})).toMatchObject({ recoveryCodesLeft: 9 })
  })

  it('cannot be guessed at without end', async () => {
    const guesser = elsewhere()
    const answers: number[] = []
    for (let n = 0; n < 10; n++) {
      const body = { name: 'Irati', password: PASSWORD, code: String(100_000 + n) }
      answers.push((await refusalOf(guesser.call(contract.signIn, { body }))).status)
    }
    expect(answers).toContain(429)
  })

  it('is turned off by a code of it, or by a steward when all is lost', async () => {
    const withRecovery = { body: { code: recovery[1] ?? '' } }
    await irati.call(account.removeSecondFactor, withRecovery)
    expect(await enter('Irati').done).toMatchObject({ name: 'Irati' })
    const jone = await join('Jone', 'member')
    const offer = await jone.call(account.beginSecondFactor, { body: { current: PASSWORD } })
    await jone.call(account.confirmSecondFactor, { body: { code: numberOf(offer.secret) } })
    expect(await refusalOf(jone.call(account.beginSecondFactor, { body: { current: PASSWORD } }))).toMatchObject({
      code: 'second-factor.on',
    })
    await steward.call(contract.dropSecondFactor, { params: { id: await idOf('Jone') } })
    expect(await enter('Jone').done).toMatchObject({ name: 'Jone' })
  })

  it('is sealed by a key file that only its owner can read; another key opens nothing, and no key is no key', () => {
    const path = `${house.config.keyFile}.other`
    const sealer = openSealer(path)
    const sealed = sealer.seal('totp 1', 'a secret')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path)).toHaveLength(32)
    expect(openSealer(path).open('totp 1', sealed)).toBe('a secret')
    expect(sealer.open('totp 2', sealed)).toBeNull()
    expect(openSealer(`${path}2`).open('totp 1', sealed)).toBeNull()
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
    expect(sealer.open('totp 1', sealed)).toBeNull()
    writeFileSync(`${path}3`, 'no key')
    expect(() => openSealer(`${path}3`).seal('a', 'b')).toThrow(/no key file/)
  })
})

describe('guessing', () => {
  const guess = async (person: Person, name: string, times: number): Promise<number[]> => {
    const answers: number[] = []
    for (let n = 0; n < times; n++) {
      const body = { name, password: `guess ${n}` }
      answers.push((await refusalOf(person.call(contract.signIn, { body }))).status)
    }
    return answers
  }

  it('is slowed down where it comes from, also when many try at once, and other places come in', async () => {
    await join('Kepa', 'member')
    const guesser = elsewhere()
    const tries = await Promise.all(Array.from({ length: 20 }, () => guess(guesser, 'Kepa', 1)))
    expect(tries.flat().filter((status) => status === 401)).toHaveLength(8)
    expect(tries.flat().filter((status) => status === 429)).toHaveLength(12)
    const answer = await refusalOf(guesser.call(contract.signIn, { body: { name: 'Kepa', password: PASSWORD } }))
    expect(answer).toMatchObject({ status: 429, message: expect.stringMatching(/Wait \d+ seconds/) })
    expect(await enter('Kepa').done).toMatchObject({ name: 'Kepa' })
  })

  it('from everywhere at one name does not lock its member out of a browser that he has used', async () => {
    await join('Lander', 'member')
    const home = elsewhere()
    const response = await app.inject({
      method: 'POST',
      url: '/api/session',
      remoteAddress: home.remoteAddress,
      payload: { name: 'Lander', password: PASSWORD },
    })
    const device = response.cookies.find(({ name }) => name === 'auzolan_device')
    for (let n = 0; n < 8; n++) await guess(elsewhere(), 'Lander', 8)
    expect(await refusalOf(enter('Lander').done)).toMatchObject({ status: 429 })
    home.headers = { cookie: `auzolan_device=${device?.value}` }
    expect(await home.call(contract.signIn, { body: { name: 'lander', password: PASSWORD } })).toMatchObject({
      name: 'Lander',
    })
    // Nor does it help at another name.
    const thief = elsewhere()
    thief.headers = { cookie: `auzolan_device=${device?.value}` }
    expect(await guess(thief, 'Maite', 9)).toContain(429)
  })

  it('at a name that nobody has is answered and slowed down as at any other, and takes as long', async () => {
    const [known, unknown] = [elsewhere(), elsewhere()]
    await join('Mikel', 'member')
    const time = async (person: Person, name: string): Promise<number[]> => {
      const times: number[] = []
      for (let n = 0; n < 7; n++) {
        const from = performance.now()
        await guess(person, name, 1)
        times.push(performance.now() - from)
      }
      return times.sort((one, other) => one - other)
    }
    const [there, nowhere] = [await time(known, 'Mikel'), await time(unknown, 'Nobody at all')]
    const ratio = (there[3] ?? 1) / (nowhere[3] ?? 1)
    expect(ratio).toBeGreaterThan(0.2)
    expect(ratio).toBeLessThan(5)
    expect(await guess(known, 'Mikel', 2)).toEqual(await guess(unknown, 'Nobody at all', 2))
  })

  it('counts a whole IPv6 network as one place', () => {
    expect(neighbourhood('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2')
    expect(neighbourhood('2001:db8:1:2::1')).toBe('2001:db8:1:2')
    expect(neighbourhood('2001:0DB8::1')).toBe('2001:db8:0:0')
    expect(neighbourhood('::1')).toBe('0:0:0:0')
    expect(neighbourhood('::ffff:10.0.0.7')).toBe('10.0.0.7')
    expect(neighbourhood('10.0.0.7')).toBe('10.0.0.7')
  })
})

describe('a forgotten password', () => {
  const arrived = async (count: number): Promise<string> => {
    for (let n = 0; n < 200 && mailbox.letters.length < count; n++) await new Promise((go) => setTimeout(go, 20))
    return mailbox.letters.at(-1) ?? ''
  }

  it('is replaced by a link that comes by e-mail, once, and ends all sessions', async () => {
    expect(await stranger().call(showSite, {})).toMatchObject({ resetByMail: true })
    const nerea = await join('Nerea', 'member')
    await nerea.call(account.changeEmail, { body: { current: PASSWORD, email: 'nerea@example.org' } })
    expect(await elsewhere().call(contract.askReset, { body: { who: 'NEREA@example.org' } })).toEqual({})
    const letter = await arrived(1)
    expect(letter).toMatch(/To: nerea@example.org/)
    expect(letter).toMatch(/A new password for Test workshop/)
    const token = /https:\/\/print\.example\.org\/new-password\/([\w-]{43})/.exec(letter.replace(/=\n/g, ''))?.[1] ?? ''
    const body = { token, password: 'a brand new password' }
    expect(await elsewhere().call(contract.acceptReset, { body })).toEqual({ name: 'Nerea' })
    expect(await nerea.call(contract.showMe, {})).toBeNull()
    expect(await enter('Nerea', 'a brand new password').done).toMatchObject({ name: 'Nerea' })
    expect(await refusalOf(elsewhere().call(contract.acceptReset, { body }))).toMatchObject({
      status: 410,
      code: 'reset.spent',
    })
  })

  it('asked for somebody whom nobody knows is answered the same, and no letter goes', async () => {
    const before = mailbox.letters.length
    expect(await elsewhere().call(contract.askReset, { body: { who: 'nobody@example.org' } })).toEqual({})
    expect(await elsewhere().call(contract.askReset, { body: { who: 'Maite' } })).toEqual({})
    await new Promise((go) => setTimeout(go, 150))
    expect(mailbox.letters).toHaveLength(before)
  })

  it('does not flood a mailbox', async () => {
    const before = mailbox.letters.length
    for (let n = 0; n < 6; n++) await elsewhere().call(contract.askReset, { body: { who: 'nerea@example.org' } })
    await arrived(before + 2)
    await new Promise((go) => setTimeout(go, 150))
    expect(mailbox.letters.length - before).toBeLessThanOrEqual(3)
  })

  it('is replaced by a link that a steward hands over; an earlier link then is worth nothing', async () => {
    await join('Oihan', 'member')
    const id = await idOf('Oihan')
    const first = await steward.call(contract.makeResetLink, { params: { id } })
    const second = await steward.call(contract.makeResetLink, { params: { id } })
    const password = 'another new password'
    const used = elsewhere().call(contract.acceptReset, { body: { token: first.token, password } })
    expect(await refusalOf(used)).toMatchObject({ status: 410 })
    await elsewhere().call(contract.acceptReset, { body: { token: second.token, password } })
    expect(await enter('Oihan', password).done).toMatchObject({ name: 'Oihan' })
    const raw = JSON.stringify(await db.rows(sql`SELECT encode(token_hash, 'escape') AS hash FROM password_reset`))
    expect(raw).not.toContain(second.token)
  })

  it('does not go around the second factor', async () => {
    const peru = await join('Peru', 'member')
    const { secret } = await peru.call(account.beginSecondFactor, { body: { current: PASSWORD } })
    await peru.call(account.confirmSecondFactor, { body: { code: numberOf(secret) } })
    const { token } = await steward.call(contract.makeResetLink, { params: { id: await idOf('Peru') } })
    const password = 'another new password'
    await elsewhere().call(contract.acceptReset, { body: { token, password } })
    expect(await refusalOf(enter('Peru', password).done)).toMatchObject({ code: 'session.second-factor' })
  })
})

describe('stewards', () => {
  it('see invitations that still work, give them limits, and take them back', async () => {
    const limits = [{ permission: 'queue' as const, tags: ['beginners'], printerIds: [] }]
    const kept = await steward.call(contract.invite, { body: { role: 'member', note: 'For Ane', limits } })
    const gone = await steward.call(contract.invite, { body: { role: 'operator' } })
    expect(await steward.call(contract.listInvitations, {})).toMatchObject([
      { id: gone.id, role: 'operator', invitedBy: 'Maite' },
      { id: kept.id, note: 'For Ane', limits },
    ])
    expect(JSON.stringify(await steward.call(contract.listInvitations, {}))).not.toContain(kept.token)
    await steward.call(contract.revokeInvitation, { params: { id: gone.id } })
    const body = { token: gone.token, name: 'Too late', password: PASSWORD }
    expect(await refusalOf(elsewhere().call(contract.acceptInvitation, { body }))).toMatchObject({ status: 410 })
    const came = await elsewhere().call(contract.acceptInvitation, {
      body: { token: kept.token, name: 'Beginner', password: PASSWORD },
    })
    expect(came).toMatchObject({ role: 'member', limits })
  })

  it('switch an account off and on again: at once, and its sessions stay ended', async () => {
    const person = await join('Quique', 'member')
    const id = await idOf('Quique')
    await steward.call(contract.changeMember, { params: { id }, body: { active: false } })
    expect(await person.call(contract.showMe, {})).toBeNull()
    expect(await refusalOf(enter('Quique').done)).toMatchObject({ status: 401, code: 'session.wrong' })
    expect(await steward.call(contract.changeMember, { params: { id }, body: { active: true } })).toMatchObject({
      active: true,
    })
    expect(await person.call(contract.showMe, {})).toBeNull()
    expect(await enter('Quique').done).toMatchObject({ name: 'Quique' })
  })

  it('remove an account: its past stays under the name, which is free again', async () => {
    await join('Ramon', 'member')
    const id = await idOf('Ramon')
    await db.run(sql`INSERT INTO blob (hash) VALUES ('x')`)
    await db.run(sql`
      WITH file AS (INSERT INTO file (name, blob_id, uploaded_by) SELECT 'a.gcode', id, ${id} FROM blob RETURNING id)
      INSERT INTO job (file_id, member_id, state, rank, ended_at, to_start)
      SELECT id, ${id}::bigint, 'done', 1, now(), 0 FROM file UNION ALL SELECT id, ${id}::bigint, 'queued', 2, NULL, 1 FROM file`)
    await steward.call(contract.removeMember, { params: { id } })
    expect(await refusalOf(enter('Ramon').done)).toMatchObject({ code: 'session.wrong' })
    expect((await steward.call(contract.listMembers, {})).map(({ name }) => name)).not.toContain('Ramon')
    const past = await steward.call(listJobs, { query: { ended: true } })
    expect(
      past
        .filter(({ memberName }) => memberName === 'Ramon')
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['cancelled', 'done'])
    await join('Ramon', 'visitor')
    expect(await idOf('Ramon')).not.toBe(id)
  })

  it('cannot be got rid of altogether, not even two at the same moment', async () => {
    const other = await join('Saioa', 'steward')
    const [maite, saioa] = [await idOf('Maite'), await idOf('Saioa')]
    const results = await Promise.allSettled([
      steward.call(contract.changeMember, { params: { id: saioa }, body: { role: 'member' } }),
      other.call(contract.changeMember, { params: { id: maite }, body: { active: false } }),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const left = await db.rows(sql`SELECT FROM member WHERE role = 'steward' AND deactivated_at IS NULL`)
    expect(left).toHaveLength(1)
    await db.run(sql`UPDATE member SET role = 'steward', deactivated_at = NULL WHERE id = ${maite}`)
    await db.run(sql`UPDATE member SET role = 'member' WHERE id = ${saioa}`)
    await steward.call(contract.signIn, { body: { name: 'Maite', password: PASSWORD } })
    for (const work of [
      () => steward.call(contract.removeMember, { params: { id: maite } }),
      () => steward.call(contract.changeMember, { params: { id: maite }, body: { role: 'operator' } }),
    ]) {
      expect(await refusalOf(work())).toMatchObject({ status: 409, code: 'member.last-steward' })
    }
  })

  it('name no printer in a limit that is not there, and take no name twice', async () => {
    const id = await idOf('Ane')
    const limits = [{ permission: 'look' as const, tags: [], printerIds: [4711] }]
    const wrong = steward.call(contract.changeMember, { params: { id }, body: { limits } })
    expect(await refusalOf(wrong)).toMatchObject({ status: 422, code: 'member.printers' })
    const taken = steward.call(contract.changeMember, { params: { id }, body: { name: 'MAITE' } })
    expect(await refusalOf(taken)).toMatchObject({ status: 409, code: 'member.name-taken' })
  })
})
