import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sql from 'sql-template-tag'
import { afterAll, describe, expect, it } from 'vitest'
import { openStopDoor } from '../../firmware-bridge/stop-door.ts'
import { makeKey } from '../../server/contract/account.ts'
import { listAudit } from '../../server/contract/audit.ts'
import { type StopAnswer, type StopCall, stopPrinter } from '../../server/contract/emergency-stop.ts'
import { changeMember, listMembers, signOut } from '../../server/contract/members.ts'
import { addPrinter } from '../../server/contract/printers.ts'
import { becomeBridge, saveStopDoor } from '../../server/store/bridges.ts'
import { DatabaseAway } from '../../server/store/database.ts'
import { BELIEVED_MS, KnownCallers } from '../../server/store/known-callers.ts'
import { callerBySession } from '../../server/store/sessions.ts'
import { Unwritten } from '../../server/store/unwritten.ts'
import { profile } from '../support/session-rig.ts'
import { openWorkshop, type Person, refusalOf } from '../support/workshop.ts'

const tokenOf = (person: Person): string => person.cookie.split('=')[1] as string

describe('an emergency stop by the straight way', async () => {
  const { steward, stranger, join: enter, db, house } = await openWorkshop()
  const heard: StopCall[] = []
  let answer: StopAnswer = { state: 'done', answer: null }
  const folder = mkdtempSync(join(tmpdir(), 'auzolan-stop-'))
  const door = await openStopDoor({
    folder,
    otherwise: folder,
    address: null,
    carryOut: async (call) => {
      heard.push(call)
      return answer
    },
    say: () => {},
  })
  afterAll(() => door.close())
  const instance = '00000000-0000-4000-8000-000000000000'
  await becomeBridge(db, { name: 'room', instance, host: 'here', instead: null })
  await saveStopDoor(db, { name: 'room', instance, socket: door.socket, address: null, key: door.key })
  const add = async (name: string, bridge: string, tags: string[] = []): Promise<number> =>
    (
      await steward.call(addPrinter, {
        body: { name, bridge, address: `/dev/tty${name}`, baudRate: 0, profile, tags },
      })
    ).id
  const id = await add('Etxe', 'room')
  const far = await add('Urrun', 'gone')
  const press = (person: Person, printerId = id) => person.call(stopPrinter, { params: { id: printerId } })

  it('comes to the bridge with the name of who asks, and what the bridge says comes back', async () => {
    const member = await enter('Ane', 'member')
    expect(await press(member)).toEqual({ state: 'done', answer: null })
    expect(heard.at(-1)).toMatchObject({ printerId: id, askedBy: 'Ane' })
    answer = { state: 'refused', answer: 'Etxe is offline: this cannot be done now.' }
    expect(await press(member)).toEqual(answer)
    answer = { state: 'done', answer: null }
  })

  it('is a row that waits for the bridge as well, known by the same number', async () => {
    await press(steward)
    const wish = heard.at(-1)?.id
    const end = Date.now() + 5000
    const row = () => db.row<{ wish: string }>(sql`SELECT wish FROM printer_command WHERE wish = ${wish}`)
    while ((await row()) === null && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await row()).toEqual({ wish })
  })

  it('is for members, at the printers to which they are held, and for nobody else', async () => {
    const count = heard.length
    expect(await refusalOf(press(await enter('Gast', 'visitor')))).toMatchObject({ status: 403 })
    expect(await refusalOf(press(stranger()))).toMatchObject({ status: 401 })
    const bound = await enter('Bound', 'member')
    const bounded = (await steward.call(listMembers, {})).find(({ name }) => name === 'Bound')
    const limits = [{ permission: 'look' as const, tags: ['attic'], printerIds: [] }]
    await steward.call(changeMember, { params: { id: bounded?.id as number }, body: { limits } })
    await house.callers.recheck(db)
    expect(await refusalOf(press(bound))).toMatchObject({ status: 404 })
    expect(await refusalOf(press(steward, 4711))).toMatchObject({ status: 404, code: 'printer.missing' })
    expect(heard).toHaveLength(count)
  })

  it('is not taken from another page', async () => {
    const foreign = await enter('Ferne', 'member')
    foreign.headers = { origin: 'https://evil.example' }
    expect(await refusalOf(press(foreign))).toMatchObject({ status: 403, code: 'session.foreign-page' })
  })

  it('says what to do where it reaches nobody', async () => {
    const lost = await refusalOf(press(steward, far))
    expect(lost).toMatchObject({ status: 504, code: 'stop.lost' })
    expect(lost.message).toContain('Switch the printer off at its plug')
  }, 15_000)

  it('is in the audit log', async () => {
    await press(steward)
    // It is written beside the stop, which waits for nothing.
    const newest = async () => (await steward.call(listAudit, { query: { limit: 1 } }))[0]
    await expect
      .poll(newest)
      .toMatchObject({ action: 'POST /api/printers/:id/emergency-stop', targetName: 'Etxe', targetId: id })
  })

  it('is open to a key that was made for it, and to no other', async () => {
    const key = async (scopes: ('look' | 'emergency-stop')[]): Promise<Person> => {
      const made = await steward.call(makeKey, { body: { name: 'Button', scopes, days: 1 } })
      const program = stranger()
      program.headers = { authorization: `Bearer ${made.key}` }
      return program
    }
    expect(await press(await key(['look', 'emergency-stop']))).toMatchObject({ state: 'done' })
    expect(await refusalOf(press(await key(['look'])))).toMatchObject({ status: 403 })
  })
})

describe('who was let in lately', async () => {
  const { steward, join: enter, db, house } = await openWorkshop()
  const callerOf = async (person: Person) => {
    const caller = await callerBySession(db, tokenOf(person), '::1')
    if (caller === null) throw new Error('He is not signed in.')
    return caller
  }

  it('is known as long as is stated, and not longer', async () => {
    let now = 0
    const callers = new KnownCallers(() => now)
    callers.remember('a secret', await callerOf(steward))
    now = BELIEVED_MS
    expect(callers.recall('a secret')?.me.name).toBe('Maite')
    expect(callers.recall('another')).toBeNull()
    now += 1
    expect(callers.recall('a secret')).toBeNull()
    await callers.recheck(db)
    expect(callers.recall('a secret')?.me.name).toBe('Maite')
  })

  it('is forgotten when he signs out, is made a visitor, or is deactivated', async () => {
    const members = await steward.call(listMembers, {})
    expect(members).toHaveLength(1)
    const leaver = await enter('Leaver', 'member')
    const token = tokenOf(leaver)
    expect(house.callers.recall(token)).toBeNull()
    await leaver.call(signOut, {})
    await house.callers.recheck(db)
    expect(house.callers.recall(token)).toBeNull()

    for (const [name, body] of [
      ['Demoted', { role: 'visitor' as const }],
      ['Closed', { active: false }],
    ] as const) {
      const person = await enter(name, 'member')
      const callers = new KnownCallers()
      callers.remember(tokenOf(person), await callerOf(person))
      const { id } = (await steward.call(listMembers, {})).find((one) => one.name === name) as { id: number }
      await steward.call(changeMember, { params: { id }, body })
      await callers.recheck(db)
      expect(callers.recall(tokenOf(person)), name).toBeNull()
    }
  })

  it('stays known when the database cannot be asked', async () => {
    const callers = new KnownCallers()
    callers.remember('a secret', await callerOf(steward))
    const away = { rows: () => Promise.reject(new DatabaseAway('gone')) } as unknown as typeof db
    await expect(callers.recheck(away)).rejects.toThrow(DatabaseAway)
    expect(callers.recall('a secret')?.me.name).toBe('Maite')
  })
})

describe('what is to be written when the database is there again', () => {
  it('is written once and in order, and what it refuses holds up nothing', async () => {
    const unwritten = new Unwritten()
    const written: string[] = []
    let away = true
    const work = (name: string) => async () => {
      if (away) throw new DatabaseAway('gone')
      if (name === 'bad') throw new Error('refused')
      written.push(name)
    }
    for (const name of ['one', 'bad', 'two']) unwritten.add(work(name))
    await unwritten.write()
    expect([written, unwritten.count]).toEqual([[], 3])
    away = false
    await expect(unwritten.write()).rejects.toThrow('refused')
    await unwritten.write()
    await unwritten.write()
    expect([written, unwritten.count]).toEqual([['one', 'two'], 0])
  })
})
