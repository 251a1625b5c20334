import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sql from 'sql-template-tag'
import { afterAll, describe, expect, it } from 'vitest'
import { queueJob } from '../../server/contract/jobs.ts'
import { linkSpoolman, showSpoolman, unlinkSpoolman } from '../../server/contract/spoolman.ts'
import {
  addFilament,
  addSpool,
  changeSpool,
  listSpools,
  loadSpool,
  retireSpool,
  weighSpool,
} from '../../server/contract/spools.ts'
import { gramsOfLength } from '../../server/domain/filament.ts'
import { baseOf, isAllowed } from '../../server/spoolman/allowed-address.ts'
import { syncSpoolman } from '../../server/work/sync-spoolman.ts'
import { gcodeTaking, openRig } from '../support/rig.ts'
import { PlayedSpoolman } from '../support/spoolman.ts'
import { refusalOf } from '../support/workshop.ts'

describe('the address of a Spoolman server', () => {
  it.each(['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.5', '100.64.0.9', '::1', 'fd12::5', '::ffff:10.0.0.1'])(
    'may lie in the workshop’s network: %s',
    (address) => {
      expect(isAllowed(address, false)).toBe(true)
    },
  )

  it.each([
    '169.254.169.254',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    'fe80::1',
    '::',
    'ff02::1',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    'localhost',
  ])('lies never at %s, whatever is allowed', (address) => {
    expect(isAllowed(address, true)).toBe(false)
  })

  it('lies outside only where a steward says so', () => {
    expect(isAllowed('8.8.8.8', false)).toBe(false)
    expect(isAllowed('8.8.8.8', true)).toBe(true)
  })

  it('is taken as people copy it from their browser', () => {
    for (const typed of ['http://spools.local:7912', 'http://spools.local:7912/', 'http://spools.local:7912/api/v1/']) {
      expect(baseOf(typed)).toBe('http://spools.local:7912')
    }
    for (const wrong of [
      'spools.local',
      'file:///etc/passwd',
      'ftp://a',
      'http://me:secret@a',
      'http://a/?b',
      'http://',
    ]) {
      expect(baseOf(wrong)).toBeNull()
    }
  })
})

describe('a workshop that shares its spools with Spoolman', async () => {
  const { steward, join, db, add, upload, startAll, end } = await openRig()
  const spoolman = new PlayedSpoolman()
  await spoolman.open()
  afterAll(() => spoolman.close())
  const left = await add('Left')
  const kepa = await join('Kepa', 'operator')
  const petg = spoolman.add({ material: 'PETG', name: 'Orange', vendor: 'Hari', used: 250 })
  const spools = async () => (await steward.call(listSpools, { query: {} })).toSorted((one, other) => one.id - other.id)
  const link = (address: string) => steward.call(linkSpoolman, { body: { address } })
  const told = (): string[] => spoolman.told.splice(0)

  it('finds it at an address that a steward gives, and at no other kind of place', async () => {
    expect(await refusalOf(kepa.call(linkSpoolman, { body: { address: spoolman.address } }))).toMatchObject({
      status: 403,
    })
    expect(await refusalOf(link('spoolman'))).toMatchObject({ code: 'spoolman.address' })
    expect(await refusalOf(link('http://169.254.169.254/'))).toMatchObject({ code: 'spoolman.away' })
    expect(await refusalOf(link('http://93.184.216.34/'))).toMatchObject({
      message: expect.stringContaining('own network'),
    })
    const elsewhere = createServer((_, response) =>
      response.writeHead(302, { location: spoolman.address }).end('secret'),
    )
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    const refused = await refusalOf(link(`http://127.0.0.1:${port}`))
    expect(refused).toMatchObject({ code: 'spoolman.away', message: expect.stringContaining('302') })
    expect(refused.message).not.toContain('secret')
    elsewhere.close()
    expect(await link(`${spoolman.address}/`)).toMatchObject({
      address: spoolman.address,
      version: '0.22.1',
      waiting: 0,
    })
  })

  it('has its spools, and brings its own there', async () => {
    const filament = await kepa.call(addFilament, {
      body: {
        vendor: 'Zubi',
        material: 'PLA',
        colourName: 'White',
        colour: '#fafafa',
        density: 1.24,
        diameter: 1.75,
        nozzleTemperature: 205,
        bedTemperature: null,
        pricePerKg: 20,
      },
    })
    await kepa.call(addSpool, {
      body: {
        filamentId: filament.id,
        fullGrams: 750,
        emptyGrams: 200,
        gramsLeft: 600,
        lot: 'B1',
        location: 'Box',
        openedAt: null,
      },
    })
    await syncSpoolman(db, true)
    expect(await spools()).toMatchObject([
      { gramsLeft: 600, spoolmanId: 501, filament: { vendor: 'Zubi' } },
      {
        gramsLeft: 750,
        fullGrams: 1000,
        spoolmanId: petg.id,
        filament: { vendor: 'Hari', material: 'PETG', colourName: 'Orange' },
      },
    ])
    expect(spoolman.spools[1]).toMatchObject({
      initial_weight: 750,
      used_weight: 150,
      lot_nr: 'B1',
      filament: { color_hex: 'FAFAFA', price: 15 },
    })
    expect(told()).toHaveLength(3)
    await syncSpoolman(db, true)
    expect(told()).toEqual([])
    expect((await steward.call(showSpoolman, {}))?.trouble).toBeNull()
  })

  it('takes its weights when somebody changes them there', async () => {
    petg.used_weight = 400
    petg.location = 'Dry box'
    await syncSpoolman(db, true)
    expect((await spools())[1]).toMatchObject({ gramsLeft: 600, location: 'Dry box' })
  })

  it('keeps what was printed while Spoolman was away, and tells it afterwards, once', async () => {
    const [, spool] = await spools()
    await kepa.call(loadSpool, { params: { printerId: left, tool: 0 }, body: { spoolId: spool?.id as number } })
    const file = await upload(kepa, 'away', gcodeTaking('away', 10_000))
    await kepa.call(queueJob, { body: { fileId: file.id } })
    const [print] = await startAll()
    await spoolman.close()
    await end(print?.id as number, 'completed', file.sizeBytes)
    await syncSpoolman(db, true)
    const grams = gramsOfLength(10_000, { diameter: 1.75, density: 1.27 })
    expect(await steward.call(showSpoolman, {})).toMatchObject({
      waiting: 1,
      trouble: expect.stringContaining('Does Spoolman run?'),
    })
    expect((await spools())[1]?.gramsLeft).toBeCloseTo(600 - grams, 1)
    await spoolman.open()
    // Somebody took some there meanwhile: both count.
    petg.used_weight += 100
    await Promise.all([syncSpoolman(db, true), syncSpoolman(db, true)])
    await syncSpoolman(db, true)
    expect(petg.used_weight).toBeCloseTo(500 + grams, 1)
    expect((await spools())[1]?.gramsLeft).toBeCloseTo(500 - grams, 1)
    expect(await steward.call(showSpoolman, {})).toMatchObject({ waiting: 0, trouble: null })
  })

  it('does not tell a use twice where the answer to the first was lost', async () => {
    const used = petg.used_weight
    const id = (await spools())[1]?.id as number
    await db.run(sql`INSERT INTO spoolman_word (spool_id, kind, grams) VALUES (${id}, 'use', 30)`)
    spoolman.loseAnswers = 1
    await syncSpoolman(db, true)
    expect(await steward.call(showSpoolman, {})).toMatchObject({ waiting: 1 })
    spoolman.loseAnswers = 0
    await syncSpoolman(db, true)
    expect(petg.used_weight).toBeCloseTo(used + 30, 3)
    expect(await steward.call(showSpoolman, {})).toMatchObject({ waiting: 0 })
  })

  it('does not bring a spool twice where the answer to the first was lost', async () => {
    const [own] = await spools()
    const count = spoolman.spools.length
    await kepa.call(addSpool, {
      body: {
        filamentId: own?.filamentId as number,
        fullGrams: 750,
        emptyGrams: null,
        lot: '',
        location: '',
        openedAt: null,
      },
    })
    spoolman.loseAnswers = 1
    await syncSpoolman(db, true)
    spoolman.loseAnswers = 0
    await syncSpoolman(db, true)
    expect(spoolman.spools).toHaveLength(count + 1)
    expect((await spools()).every(({ spoolmanId }) => spoolmanId !== null)).toBe(true)
  })

  it('tells what was weighed, moved and put away here', async () => {
    told()
    const [own] = await spools()
    const params = { id: own?.id as number }
    await kepa.call(weighSpool, { params, body: { gross: 500 } })
    await kepa.call(changeSpool, { params, body: { location: 'Window' } })
    await kepa.call(retireSpool, { params, body: { retired: true } })
    await syncSpoolman(db, true)
    expect(told()).toEqual([
      'PATCH /spool/501 {"remaining_weight":300}',
      'PATCH /spool/501 {"location":"Window","lot_nr":"B1"}',
      'PATCH /spool/501 {"archived":true}',
    ])
    expect((await spools()).map(({ id }) => id)).not.toContain(params.id)
  })

  it('puts away what Spoolman no longer has, and forgets its numbers with the link', async () => {
    spoolman.spools.splice(spoolman.spools.indexOf(petg), 1)
    await syncSpoolman(db, true)
    expect((await spools()).map(({ spoolmanId }) => spoolmanId)).not.toContain(petg.id)
    await steward.call(unlinkSpoolman, {})
    expect(await steward.call(showSpoolman, {})).toBeNull()
    expect((await spools()).every(({ spoolmanId }) => spoolmanId === null)).toBe(true)
    await syncSpoolman(db, true)
  })
}, 60_000)
