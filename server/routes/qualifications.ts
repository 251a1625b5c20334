// What must have been learnt, who has, who teaches it, and whose ends soon.
import type { FastifyInstance } from 'fastify'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import {
  addQualification,
  changeQualification,
  type Grant,
  grantQualification,
  type Level,
  listExpiring,
  listGrants,
  listMyGrants,
  listQualifications,
  type Qualification,
  type QualificationShape,
  removeQualification,
  revokeGrant,
  showStanding,
} from '../contract/qualifications.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { attendedIn, calendarFor, lacking, openDesk } from '../desk/booking-desk.ts'
import { profileKey } from '../domain/check-file.ts'
import { endOfGrant, levelOf, mayGrantLevel, mayGrantUpTo } from '../domain/qualifications.ts'
import { mount } from '../plugins/mount.ts'
import { memberIdByName } from '../store/booking-facts.ts'
import { brokenConstraint, type Database } from '../store/database.ts'
import { listPrinters } from '../store/printers.ts'
import * as store from '../store/qualifications.ts'
import type { House } from './house.ts'

const DAY = 86_400
const USUAL_DAYS = 30
/** What ended so long ago is no news any more. */
const DAYS_AFTER = 30

export const mountQualifications = (app: FastifyInstance, { db }: House): void => {
  mount(app, listQualifications, async ({ me }) => {
    const record = await readRecord(db)
    return record.required.map((row) => shown(record, row, me))
  })
  mount(app, addQualification, async ({ body, me }) => {
    await check(db, body)
    const id = await unlessTaken(body.name, () => store.createQualification(db, body))
    return wanted(db, id, me)
  })
  mount(app, changeQualification, async ({ params, body, me }) => {
    await wanted(db, params.id, me)
    await check(db, body)
    await unlessTaken(body.name, () => store.changeQualification(db, params.id, body))
    return wanted(db, params.id, me)
  })
  mount(app, removeQualification, async ({ params }) => {
    if (!(await store.removeQualification(db, params.id))) throw new Refused(refuse('qualification.missing'))
    return {}
  })

  mount(app, listMyGrants, async ({ me }) => {
    const record = await readRecord(db)
    return (await store.grantsOfMember(db, me.id)).map((row) => grantShown(record, row))
  })
  mount(app, showStanding, async ({ query, me }) => {
    const desk = await openDesk(db, me.id)
    const printer = desk.printers.find(({ id }) => id === query.printerId)
    if (printer === undefined || !reaches(me, 'look', printer)) throw new Refused(refuse('printer.missing'))
    const { now } = desk.house
    const attended = attendedIn(calendarFor(desk, now, now + 60), now, now + 60)
    const material = query.material ?? null
    const ask = (use: 'book' | 'start' | 'clear') => lacking(desk, printer, { use, material, attended })
    return { book: ask('book'), start: ask('start'), clear: ask('clear') }
  })
  mountGrants(app, db)
}

const mountGrants = (app: FastifyInstance, db: Database): void => {
  mount(app, listGrants, async ({ params, me }) => {
    const { mayGrant } = await wanted(db, params.id, me)
    if (mayGrant === null) throw new Refused(refuse('permission.missing'))
    const record = await readRecord(db)
    return record.grants.filter((row) => row.qualificationId === params.id).map((row) => grantShown(record, row))
  })

  mount(app, listExpiring, async ({ query, me }) => {
    const record = await readRecord(db)
    const days = query.days ?? USUAL_DAYS
    const teaches = new Set(
      record.required.filter((row) => shown(record, row, me).mayGrant !== null).map(({ id }) => id),
    )
    return record.grants
      .filter((row) => teaches.has(row.qualificationId) && row.revokedReason === null)
      .map((row) => grantShown(record, row))
      .filter(({ validUntil }) => {
        const left = validUntil === null ? Number.POSITIVE_INFINITY : Date.parse(validUntil) / 1000 - record.now
        return left < days * DAY && left > -DAYS_AFTER * DAY
      })
      .sort((one, other) => (one.validUntil ?? '').localeCompare(other.validUntil ?? ''))
  })

  mount(app, grantQualification, async ({ params, body, me }) => {
    const qualification = await wanted(db, params.id, me)
    const member = await memberIdByName(db, body.name.trim())
    if (!mayGrantLevel(qualification.mayGrant, body.level)) {
      throw new Refused(refuse('qualification.level', { level: body.level }))
    }
    if (member === null) throw new Refused(refuse('qualification.nobody', { name: body.name }))
    const isSelf = member.id === me.id
    if (isSelf && !(body.method === 'evidence' && may(me, 'steward', 'everywhere'))) {
      throw new Refused(refuse('qualification.self'))
    }
    const ends = qualification.expiry === 'after' ? Date.now() + (qualification.expiryDays ?? 0) * DAY * 1000 : null
    const sooner = body.validUntil == null ? null : Date.parse(body.validUntil)
    const last = Math.min(ends ?? Number.POSITIVE_INFINITY, sooner ?? Number.POSITIVE_INFINITY)
    const id = await store.createGrant(db, {
      qualificationId: params.id,
      memberId: member.id,
      level: body.level,
      method: body.method,
      note: body.note?.trim() ?? '',
      validUntil: Number.isFinite(last) ? new Date(last).toISOString() : null,
      by: me.id,
    })
    return wantedGrant(db, id)
  })

  mount(app, revokeGrant, async ({ params, body, me }) => {
    const grant = await store.readGrant(db, params.id)
    if (grant === null) throw new Refused(refuse('qualification.missing'))
    const { mayGrant } = await wanted(db, grant.qualificationId, me)
    if (!mayGrantLevel(mayGrant, grant.level) && grant.grantedById !== me.id) {
      throw new Refused(refuse('qualification.level', { level: grant.level }))
    }
    if (!(await store.createRevocation(db, params.id, me.id, body.reason.trim()))) {
      throw new Refused(refuse('qualification.revoked'))
    }
    return wantedGrant(db, params.id)
  })
}

/** Everything that was ever granted, and by what it is judged. */
const readRecord = async (db: Database) => ({
  now: Date.now() / 1000,
  required: await store.listQualifications(db),
  grants: await store.allGrants(db),
  uses: await store.lastUses(db),
  printers: (await listPrinters(db)).map(({ id, tags, profile }) => ({ id, tags, model: profileKey(profile) })),
})
type AllRecords = Awaited<ReturnType<typeof readRecord>>

const ofMember = ({ required, grants, uses, printers }: AllRecords, memberId: number) => ({
  required,
  printers,
  uses: uses.filter((use) => use.memberId === memberId),
  granted: grants.filter((row) => row.memberId === memberId && row.revokedReason === null).map(asGranted),
})

const asGranted = ({ qualificationId, level, at, validUntil }: store.GrantRow) => ({
  qualificationId,
  level,
  at: Date.parse(at) / 1000,
  validUntil: validUntil === null ? null : Date.parse(validUntil) / 1000,
})

const shown = (record: AllRecords, row: store.QualificationRow, me: Me): Qualification => {
  const levelOfMember = (memberId: number): Level => levelOf(row, ofMember(record, memberId), record.now)
  const people = new Map(
    record.grants
      .filter(({ qualificationId }) => qualificationId === row.id)
      .map(({ memberId, memberName }) => [memberId, memberName]),
  )
  const mentors = [...people]
    .filter(([id]) => mayGrantUpTo(levelOfMember(id), false) !== null)
    .map(([id, name]) => ({ id, name }))
  return { ...row, mentors, mayGrant: mayGrantUpTo(levelOfMember(me.id), may(me, 'steward', 'everywhere')) }
}

const grantShown = (record: AllRecords, row: store.GrantRow): Grant => {
  const { kind: _, grantedById: __, ...grant } = row
  const required = record.required.find(({ id }) => id === row.qualificationId)
  const uses = record.uses.filter(({ memberId }) => memberId === row.memberId)
  const ends = required === undefined ? null : endOfGrant(required, asGranted(row), uses, record.printers)
  const state = row.revokedReason !== null ? 'revoked' : ends !== null && ends <= record.now ? 'expired' : 'valid'
  return { ...grant, state, validUntil: ends === null ? null : new Date(ends * 1000).toISOString() }
}

const wanted = async (db: Database, id: number, me: Me): Promise<Qualification> => {
  const record = await readRecord(db)
  const row = record.required.find((one) => one.id === id)
  if (row === undefined) throw new Refused(refuse('qualification.missing'))
  return shown(record, row, me)
}

const wantedGrant = async (db: Database, id: number): Promise<Grant> => {
  const row = await store.readGrant(db, id)
  if (row === null) throw new Refused(refuse('qualification.missing'))
  return grantShown(await readRecord(db), row)
}

const check = async (db: Database, { expiry, expiryDays, covers }: QualificationShape): Promise<void> => {
  if ((expiry === 'never') !== (expiryDays === null)) throw new Refused(refuse('qualification.expiry'))
  const known = new Set((await listPrinters(db)).map(({ id }) => id))
  if ([...covers.printerIds, ...covers.modelOf].some((id) => !known.has(id))) {
    throw new Refused(refuse('qualification.printers'))
  }
}

const unlessTaken = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (brokenConstraint(error) === 'qualification_name')
      throw new Refused(refuse('qualification.name-taken', { name }))
    throw error
  }
}
