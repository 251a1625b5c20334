import sql from 'sql-template-tag'
import { beforeAll, describe, expect, it } from 'vitest'
import { createBooking } from '../../server/contract/bookings.ts'
import { clearBed } from '../../server/contract/printers.ts'
import {
  addQualification,
  grantQualification,
  listExpiring,
  listGrants,
  listMyGrants,
  listQualifications,
  type QualificationShape,
  removeQualification,
  revokeGrant,
  showStanding,
} from '../../server/contract/qualifications.ts'
import { levelOf, missingFor } from '../../server/domain/qualifications.ts'
import { assemble } from '../../server/domain/scheduling/assemble.ts'
import { databaseNow, readStanding } from '../../server/store/scheduling.ts'
import { bookable, daysAhead, quickJoin } from '../support/bookings.ts'
import { openWorkshop, type Person, refusalOf, type Workshop } from '../support/workshop.ts'

const DAY = 86_400
const now = Date.UTC(2026, 5, 1) / 1000

const covers = { modelOf: [], tags: ['resin'], printerIds: [], materials: [] }
const shape: QualificationShape = {
  name: 'Resin',
  kind: 'skill',
  covers,
  expiry: 'never',
  expiryDays: null,
  nextStep: 'Come on Tuesday at six.',
}
const printers = [
  { id: 7, tags: ['resin'], model: 'a' },
  { id: 8, tags: [], model: 'b' },
]
const learnt = (changes: Partial<QualificationShape> = {}, granted: object[] = [], uses: object[] = []) =>
  ({ required: [{ id: 1, ...shape, ...changes }], granted, uses, printers }) as unknown as Parameters<
    typeof missingFor
  >[1]
const grant = (level: string, at = now - DAY, validUntil: number | null = null) => ({
  qualificationId: 1,
  level,
  at,
  validUntil,
})
const needed = (record: Parameters<typeof missingFor>[1], asked: object = {}) =>
  missingFor(
    { use: 'book', printer: printers[0], material: null, attended: 'whole', ...asked } as Parameters<
      typeof missingFor
    >[0],
    record,
    now,
  ).map((one) => one.needed)

describe('what is asked for', () => {
  it('is nothing as long as nothing is set up, and nothing where it does not cover', () => {
    expect(
      missingFor(
        { use: 'book', printer: printers[0] as never, material: null, attended: 'no' },
        { required: [], granted: [], uses: [], printers },
        now,
      ),
    ).toEqual([])
    expect(needed(learnt(), { printer: printers[1] })).toEqual([])
    expect(needed(learnt({ covers: { ...covers, materials: ['ABS'] } }), { material: 'PLA' })).toEqual([])
    expect(needed(learnt({ covers: { ...covers, materials: ['ABS'] } }), { material: 'abs' })).toEqual(['learner'])
    expect(needed(learnt({ covers: { ...covers, tags: [], modelOf: [7] } }))).toEqual(['learner'])
  })

  it('rises with how little somebody is there', () => {
    const learner = learnt({}, [grant('learner')])
    expect(needed(learner)).toEqual([])
    expect(needed(learner, { attended: 'ends' })).toEqual(['independent'])
    expect(needed(learnt({}, [grant('independent')]), { attended: 'start' })).toEqual(['overnight'])
    expect(needed(learnt({}, [grant('overnight')]), { attended: 'no' })).toEqual([])
    expect(needed(learnt({ kind: 'host' }), { attended: 'whole' })).toEqual([])
    expect(needed(learnt({ kind: 'host' }), { attended: 'no' })).toEqual(['learner'])
  })

  it('of skill falls back to learner when it has ended, of safety is gone', () => {
    const ended = grant('overnight', now - 400 * DAY, now - DAY)
    const skill = learnt({ expiry: 'after', expiryDays: 365 }, [ended])
    expect(levelOf(skill.required[0] as never, skill, now)).toBe('learner')
    expect(needed(learnt({ kind: 'safety', expiry: 'after', expiryDays: 365 }, [ended]))).toEqual(['learner'])
  })

  it('ends by disuse, and every print of what it covers renews it', () => {
    const disuse = { expiry: 'disuse' as const, expiryDays: 90 }
    const old = [grant('overnight', now - 100 * DAY)]
    const asked = { attended: 'no' }
    expect(needed(learnt(disuse, old), asked)).toEqual(['overnight'])
    expect(needed(learnt(disuse, old, [{ printerId: 7, material: 'PLA', at: now - 10 * DAY }]), asked)).toEqual([])
    expect(needed(learnt(disuse, old, [{ printerId: 8, material: 'PLA', at: now - 10 * DAY }]), asked)).toEqual([
      'overnight',
    ])
  })
})

describe('in a workshop', () => {
  let workshop: Workshop
  let ane: Person & { id: number }
  let mentor: Person & { id: number }
  let printerId = 0
  let id = 0
  const give = (who: Person, name: string, level: 'learner' | 'independent' | 'overnight' | 'mentor' | 'host') =>
    who.call(grantQualification, { params: { id }, body: { name, level, method: 'demonstration' } })

  beforeAll(async () => {
    workshop = await openWorkshop()
    ane = await quickJoin(workshop, 'Ane')
    mentor = await quickJoin(workshop, 'Mentor')
    printerId = await bookable(workshop.db, 'resin one', {}, ['resin'])
    id = (await workshop.steward.call(addQualification, { body: shape })).id
  })

  it('booking, clearing a bed and jobs of the queue all ask for it, and say the next step', async () => {
    const book = () => ane.call(createBooking, { body: { wish: { printerId }, start: daysAhead(2), minutes: 60 } })
    const refused = await refusalOf(book())
    expect(refused.code).toBe('booking.rules')
    expect(refused.message).toContain('Come on Tuesday at six.')
    await workshop.db.run(sql`UPDATE printer SET bed = 'occupied' WHERE id = ${printerId}`)
    const clear = () => ane.call(clearBed, { params: { id: printerId } })
    expect((await refusalOf(clear())).code).toBe('qualification.lacking')
    const standing = await ane.call(showStanding, { query: { printerId } })
    expect(standing.book).toMatchObject([{ name: 'Resin', has: 'visitor', nextStep: 'Come on Tuesday at six.' }])

    const file = await ane.upload('a.gcode', 'G28\nG1 X10 Y10 E1 F1000\n')
    await workshop.db.run(sql`INSERT INTO job (file_id, member_id, rank) VALUES (${file.id}, ${ane.id}, 1)`)
    const unlearnt = async () => {
      const at = await databaseNow(workshop.db)
      return assemble(await readStanding(workshop.db), at).jobs[0]?.unlearnt?.get(printerId)
    }
    expect(await unlearnt()).toMatch(/its member lacks "Resin"/)
    await workshop.db.run(sql`UPDATE job SET attend_start = ${mentor.id}`)
    expect(await unlearnt()).toMatch(/who would start it lacks/)
    await give(workshop.steward, 'mentor', 'mentor')
    expect(await unlearnt()).toBeUndefined()

    await give(mentor, 'ane', 'independent')
    expect(await book()).toMatchObject({ state: 'booked' })
    expect(await clear()).toMatchObject({ bed: 'clear' })
  })

  it('mentors grant what they may, nobody grants himself, and members grant nothing', async () => {
    expect((await refusalOf(give(mentor, 'Ane', 'overnight'))).code).toBe('qualification.level')
    expect((await refusalOf(give(ane, 'Mentor', 'learner'))).code).toBe('qualification.level')
    expect((await refusalOf(give(mentor, 'Mentor', 'independent'))).code).toBe('qualification.self')
    expect((await refusalOf(give(mentor, 'Nobody', 'learner'))).code).toBe('qualification.nobody')
    const [seen] = await ane.call(listQualifications, {})
    expect(seen).toMatchObject({ mayGrant: null, mentors: [{ name: 'Mentor' }] })
    expect((await refusalOf(ane.call(listGrants, { params: { id } }))).code).toBe('permission.missing')
  })

  it('what was granted is never changed: it is revoked, and both stay on record', async () => {
    const [grantRow] = await ane.call(listMyGrants, {})
    await expect(workshop.db.run(sql`UPDATE qualification_grant SET level = 'host'`)).rejects.toThrow(/never changed/)
    await expect(workshop.db.run(sql`DELETE FROM qualification_grant`)).rejects.toThrow(/never changed/)
    const revoke = (who: Person) =>
      who.call(revokeGrant, { params: { id: grantRow?.id ?? 0 }, body: { reason: 'left the lid open' } })
    expect((await refusalOf(revoke(ane))).code).toBe('qualification.level')
    expect(await revoke(mentor)).toMatchObject({ state: 'revoked', revokedBy: 'Mentor' })
    expect((await refusalOf(revoke(mentor))).code).toBe('qualification.revoked')
    expect(await ane.call(listMyGrants, {})).toMatchObject([{ state: 'revoked', revokedReason: 'left the lid open' }])
  })

  it('stewards and mentors see who expires, others nothing', async () => {
    await workshop.steward.call(grantQualification, {
      params: { id },
      body: {
        name: 'Ane',
        level: 'learner',
        method: 'workshop',
        validUntil: new Date(Date.now() + 5 * DAY * 1000).toISOString(),
      },
    })
    expect(await mentor.call(listExpiring, { query: {} })).toMatchObject([{ memberName: 'Ane', level: 'learner' }])
    expect(await workshop.steward.call(listExpiring, { query: { days: 2 } })).toEqual([])
    expect(await ane.call(listExpiring, { query: {} })).toEqual([])
    await workshop.steward.call(removeQualification, { params: { id } })
    expect(await ane.call(showStanding, { query: { printerId } })).toEqual({ book: [], start: [], clear: [] })
  })
})
