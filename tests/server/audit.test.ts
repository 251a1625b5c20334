import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { changeAccount, changePassword, makeKey } from '../../server/contract/account.ts'
import { auditExportUrl, listAudit } from '../../server/contract/audit.ts'
import { listFiles, showFile } from '../../server/contract/files.ts'
import { listJobs, listPrints, queueJob } from '../../server/contract/jobs.ts'
import { invite, signIn } from '../../server/contract/members.ts'
import { addPrinter, changePrinter, listPrinters, removePrinter, showPrinter } from '../../server/contract/printers.ts'
import { changePrivacy } from '../../server/contract/site.ts'
import { csvRow } from '../../server/domain/csv.ts'
import { withoutSecrets } from '../../server/plugins/audit.ts'
import { openWorkshop, PASSWORD, type Person, refusalOf } from '../support/workshop.ts'

const profile = {
  shape: 'rectangular' as const,
  width: 220,
  depth: 220,
  height: 250,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 280,
  maxBedTemperature: 110,
}

describe('the audit log', async () => {
  const { steward, stranger, join, db, app } = await openWorkshop()
  const newest = async (count = 1) => (await steward.call(listAudit, { query: { limit: count } })).slice(0, count)

  it('tells who changed what, on what, when and from where', async () => {
    const from = Date.now()
    const { id } = await steward
      .call(addPrinter, {
        body: { name: 'Etxe', bridge: 'room', address: 'tcp://me:hunter2@host:23', baudRate: 0, profile },
      })
      .catch(() =>
        steward.call(addPrinter, {
          body: { name: 'Etxe', bridge: 'room', address: '/dev/ttyUSB0', baudRate: 0, profile },
        }),
      )
    steward.remoteAddress = '198.51.100.7'
    await steward.call(changePrinter, { params: { id }, body: { takesJobs: false } })
    const [changed, added] = await newest(2)
    expect(changed).toMatchObject({
      memberName: 'Maite',
      keyName: null,
      address: '198.51.100.7',
      action: 'PATCH /api/printers/:id',
      targetKind: 'printer',
      targetId: id,
      targetName: 'Etxe',
      details: { takesJobs: false },
      outcome: 'done',
    })
    expect(Math.abs(Date.parse(changed?.at ?? '') - from)).toBeLessThan(60_000)
    expect(added).toMatchObject({ targetId: id, targetName: 'Etxe', summary: 'Adds a printer at a port of a bridge' })
    await steward.call(removePrinter, { params: { id } })
    expect((await newest())[0]).toMatchObject({ targetName: 'Etxe', outcome: 'done' })
    steward.remoteAddress = '127.0.0.1'
  })

  it('holds no secrets', async () => {
    const person = await join('Jon', 'member')
    await person.call(changePassword, { body: { current: PASSWORD, password: 'secret new password' } })
    const { key } = await person.call(makeKey, { body: { name: 'Slicer', scopes: ['look'], days: 1 } })
    const { token } = await steward.call(invite, { body: { role: 'member' } })
    await refusalOf(stranger().call(signIn, { body: { name: 'my-password-in-the-wrong-field', password: 'x' } }))
    const all = JSON.stringify(await db.rows(sql`SELECT * FROM audit`))
    for (const secret of [PASSWORD, 'secret new password', key, token, 'wrong-field', 'hunter2']) {
      expect(all).not.toContain(secret)
    }
    expect(all).toContain('Slicer')
    expect(
      withoutSecrets({ url: 'http://a:b@host/x', inner: [{ apiKey: 'k', password: 'p', kind: 'plug' }], code: '123' }),
    ).toEqual({ url: 'http://host/x', inner: [{ kind: 'plug' }] })
  })

  it('tells what was refused, and what was done by a key', async () => {
    const person = await join('Lide', 'steward')
    const { key } = await person.call(makeKey, {
      body: { name: 'Script', scopes: ['set-up-printers', 'look'], days: 1 },
    })
    const program = stranger()
    program.headers = { authorization: `Bearer ${key}` }
    const wrong = { name: 'Nowhere', bridge: 'room', address: 'nowhere', baudRate: 0, profile }
    expect((await refusalOf(program.call(addPrinter, { body: wrong }))).status).toBe(422)
    expect((await newest())[0]).toMatchObject({ memberName: 'Lide', keyName: 'Script', outcome: 'printer.port' })
  })

  it('tells who came in and who tried', async () => {
    await stranger().call(signIn, { body: { name: 'Lide', password: PASSWORD } })
    expect((await newest())[0]).toMatchObject({ memberName: 'Lide', action: 'POST /api/session', outcome: 'done' })
    await refusalOf(stranger().call(signIn, { body: { name: 'Lide', password: 'wrong' } }))
    expect((await newest())[0]).toMatchObject({ memberName: null, outcome: 'session.wrong', details: {} })
  })

  it('is searched by person, word and time', async () => {
    const words = await steward.call(listAudit, { query: { search: 'etxe' } })
    expect(words.length).toBeGreaterThan(1)
    expect(words.every(({ targetName }) => targetName === 'Etxe')).toBe(true)
    const memberId = (await newest(5)).find(({ memberName }) => memberName === 'Lide')?.memberId ?? 0
    const hers = await steward.call(listAudit, { query: { memberId } })
    expect(new Set(hers.map(({ memberName }) => memberName))).toEqual(new Set(['Lide']))
    expect(await steward.call(listAudit, { query: { to: '2001-01-01T00:00:00Z' } })).toEqual([])
    expect(await steward.call(listAudit, { query: { search: '100%_' } })).toEqual([])
  })

  it('is given out whole, as CSV and as JSON, to stewards only', async () => {
    await db.run(sql`
      INSERT INTO audit (member_name, address, action, summary, outcome)
      SELECT '=HYPERLINK("x")', '', 'POST /', 'Many, "quoted"', 'done' FROM generate_series(1, 1200)`)
    const fetched = async (who: Person, format: string) =>
      app.inject({ url: `${auditExportUrl}?format=${format}`, headers: { cookie: who.cookie } })
    const count = (await db.row<{ count: number }>(sql`SELECT count(*) AS count FROM audit`))?.count
    const json = await fetched(steward, 'json')
    expect(json.json()).toHaveLength(count ?? 0)
    const csv = await fetched(steward, 'csv')
    expect(csv.headers['content-disposition']).toContain('audit.csv')
    const lines = csv.body.split('\r\n')
    expect(lines).toHaveLength((count ?? 0) + 2)
    expect(lines[1]).toContain(`"'=HYPERLINK(""x"")"`)
    expect((await fetched(await join('Mirari', 'operator'), 'csv')).statusCode).toBe(403)
    expect((await fetched(stranger(), 'csv')).statusCode).toBe(401)
    expect((await fetched(steward, 'xml')).statusCode).toBe(400)
    expect(csvRow(['a', null, 3, '-1', 'x\ny'])).toBe(`a,,3,'-1,"x\ny"\r\n`)
  })
})

describe('the names of others’ jobs', async () => {
  const { steward, join, db } = await openWorkshop({ showsNames: false })
  const owner = await join('Ane', 'member')
  const other = await join('Beñat', 'member')
  const operator = await join('Oier', 'operator')
  const printer = await steward.call(addPrinter, {
    body: { name: 'Etxe', bridge: 'room', address: '/dev/ttyUSB0', baudRate: 0, profile },
  })
  const content = 'G28\nG1 X10 Y10 Z0.2 F3000\nG1 X20 E1\n'
  const file = await owner.upload('gift-for-benat.gcode', content)
  const job = await owner.call(queueJob, { body: { fileId: file.id, printerId: printer.id } })
  const printing = await owner.call(queueJob, { body: { fileId: file.id } })
  await db.run(sql`UPDATE job SET state = 'printing' WHERE id = ${printing.id}`)
  await db.run(sql`
    INSERT INTO print (job_id, printer_id, state, started_at) VALUES (${printing.id}, ${printer.id}, 'printing', now())`)
  const everything = async (person: Person): Promise<string> =>
    JSON.stringify([
      await person.call(listJobs, { query: {} }),
      await person.call(listPrinters, {}),
      await person.call(showPrinter, { params: { id: printer.id } }),
      await person.call(listPrints, { query: {} }),
      await person.call(listFiles, { query: {} }),
    ])

  it('are not told to members, who yet see that something waits and what occupies the printer since when', async () => {
    const seen = await everything(other)
    expect(seen).not.toMatch(/gift|Ane/)
    const jobs = await other.call(listJobs, { query: {} })
    expect(jobs).toMatchObject([
      { id: printing.id, state: 'printing', fileName: 'Private part', memberName: null, memberId: null },
      { id: job.id, place: 1 },
    ])
    const [shown] = await other.call(listPrinters, {})
    expect(shown?.print).toMatchObject({ fileName: 'Private part', startedAt: expect.any(String), memberName: null })
  })

  it('are told to their member and to those who run the machines', async () => {
    for (const person of [owner, operator, steward]) expect(await everything(person)).toMatch(/gift-for-benat.*Ane/)
  })

  it('are not found out by the file: its page, its picture, its bytes, or by uploading or queueing it', async () => {
    expect(await refusalOf(other.call(showFile, { params: { id: file.id } }))).toMatchObject({ status: 404 })
    for (const part of ['thumbnail', 'content']) {
      const fetched = other.raw('GET', `/api/files/${file.id}/${part}`, undefined)
      expect(await refusalOf(fetched)).toMatchObject({ status: 404 })
    }
    expect(await refusalOf(other.call(queueJob, { body: { fileId: file.id } }))).toMatchObject({ status: 404 })
    expect(await other.upload('mine.gcode', content)).toMatchObject({ name: 'mine.gcode' })
    expect(await refusalOf(other.upload('again.gcode', content))).toMatchObject({
      message: expect.stringContaining('mine.gcode'),
    })
    expect((await refusalOf(other.raw('POST', `/api/jobs/${job.id}/cancel`, undefined))).message).not.toMatch(/gift/)
  })

  it('are told where their member, or the workshop, says so', async () => {
    await owner.call(changeAccount, { body: { showsJobs: true } })
    expect(await everything(other)).toMatch(/gift-for-benat.*Ane/)
    await owner.call(changeAccount, { body: { showsJobs: false } })
    expect(await everything(other)).not.toMatch(/gift|Ane/)
    await steward.call(changePrivacy, { body: { showsNames: true } })
    expect(await everything(other)).toMatch(/gift-for-benat.*Ane/)
    await steward.call(changePrivacy, { body: { showsNames: false } })
  })
})
