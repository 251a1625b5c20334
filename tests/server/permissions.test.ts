import { readdirSync } from 'node:fs'
import sql, { type Sql } from 'sql-template-tag'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeKey, signOutEverywhere } from '../../server/contract/account.ts'
import { listAudit } from '../../server/contract/audit.ts'
import { checkBlock } from '../../server/contract/blocks.ts'
import { checkBooking, findTime } from '../../server/contract/bookings.ts'
import { showCalendar } from '../../server/contract/calendar.ts'
import { forgetFile, showFile } from '../../server/contract/files.ts'
import { cancelJob, decideJob, moveJob, queueJob } from '../../server/contract/jobs.ts'
import { changeMember, invite, listMembers } from '../../server/contract/members.ts'
import { type Permission, permissionsOf, type Role, roles } from '../../server/contract/permissions.ts'
import { type PlugSettings, removePlug, setPlug, showPlug, switchPlug } from '../../server/contract/power.ts'
import { askPrinter, type CommandBody, showCommand } from '../../server/contract/printer-commands.ts'
import {
  addPrinter,
  changePrinter,
  clearBed,
  type PrinterProfile,
  removePrinter,
  showPrinter,
  showTemperatures,
} from '../../server/contract/printers.ts'
import { previewResume, type ResumeChoices, resumePrint, showResumable } from '../../server/contract/resume.ts'
import { changeRoutines, showRoutines } from '../../server/contract/routines.ts'
import { changePrivacy } from '../../server/contract/site.ts'
import { daysAhead } from '../support/bookings.ts'
import { openWorkshop, type Person, refusalOf } from '../support/workshop.ts'
import { jobRows, type Row, type Scene } from './permission-rows.ts'
import { bookingRows } from './permission-rows-bookings.ts'
import { commonsRows } from './permission-rows-commons.ts'

const profile: PrinterProfile = {
  shape: 'rectangular',
  width: 220,
  depth: 220,
  height: 250,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 280,
  maxBedTemperature: 110,
}

const { app, db, house, live, steward, join, stranger } = await openWorkshop()
const printer = async (name: string, tags: string[]): Promise<number> =>
  (
    await steward.call(addPrinter, {
      body: { name, bridge: 'room', address: `/dev/${name}`, baudRate: 0, profile, tags },
    })
  ).id
const inside = await printer('inside', ['set'])
const outside = await printer('outside', [])

const ask =
  (body: CommandBody) =>
  (person: Person, { printerId }: Scene) =>
    person.call(askPrinter, { params: { id: printerId }, body })
const at = (scene: Scene) => ({ params: { id: scene.printerId } })

const plug: PlugSettings = {
  kind: 'tasmota',
  address: '127.0.0.1:9',
  outlet: 0,
  userName: null,
  onBeforePrint: false,
  offAfterMinutes: null,
  anywhere: false,
}
const choices: ResumeChoices = { homing: 'keep', layers: 0, lines: 0, prime: 10, lift: 10 }
const newest = async (table: Sql): Promise<number> =>
  (await db.row<{ id: number }>(sql`SELECT max(id) AS id FROM ${table}`))?.id ?? 0

const slot = (scene: Scene) => ({ wish: { printerId: scene.printerId }, start: daysAhead(2, '09:00'), minutes: 60 })
const block = (scene: Scene) => ({
  kind: 'maintenance' as const,
  printerIds: [scene.printerId],
  start: daysAhead(4, '09:00'),
  minutes: 60,
  purpose: 'a look',
})

const rows: Row[] = [
  {
    action: 'see what would become of a booking',
    whose: 'none',
    allowed: 'mos',
    by: 'book',
    bound: true,
    run: (p, s) => p.call(checkBooking, { body: slot(s) }),
  },
  {
    action: 'find a time',
    whose: 'none',
    allowed: 'mos',
    by: 'book',
    bound: true,
    run: (p, s) => p.call(findTime, { body: { wish: { printerId: s.printerId }, minutes: 60 } }),
  },
  {
    action: 'see what maintenance would displace',
    whose: 'none',
    allowed: 'os',
    by: 'run-printers',
    bound: true,
    run: (p, s) => p.call(checkBlock, { body: block(s) }),
  },
  {
    action: 'see the calendar',
    whose: 'none',
    allowed: 'vmos',
    by: 'look',
    bound: false,
    run: (p) => {
      const from = new Date().toISOString()
      return p.call(showCalendar, { query: { from, to: new Date(Date.now() + 86_400_000).toISOString() } })
    },
  },
  {
    action: 'see its plug',
    whose: 'none',
    allowed: 'vmos',
    by: 'look',
    bound: true,
    run: (p, s) => p.call(showPlug, at(s)),
  },
  {
    action: 'set its plug',
    whose: 'none',
    allowed: 's',
    by: 'set-up-printers',
    bound: true,
    run: (p, s) => p.call(setPlug, { ...at(s), body: plug }),
  },
  {
    action: 'take its plug away',
    whose: 'none',
    allowed: 's',
    by: 'set-up-printers',
    bound: true,
    run: (p, s) => p.call(removePlug, at(s)),
  },
  {
    action: 'switch its plug',
    whose: 'none',
    allowed: 'os',
    by: 'run-printers',
    bound: true,
    run: (p, s) => p.call(switchPlug, { ...at(s), body: { on: true } }),
  },
  {
    action: 'see its scripts',
    whose: 'none',
    allowed: 'vmos',
    by: 'look',
    bound: true,
    run: (p, s) => p.call(showRoutines, at(s)),
  },
  {
    action: 'change its scripts',
    whose: 'none',
    allowed: 's',
    by: 'set-up-printers',
    bound: true,
    run: async (p, s) => p.call(changeRoutines, { ...at(s), body: await steward.call(showRoutines, at(s)) }),
  },
  {
    action: 'see what became of a command',
    whose: 'none',
    allowed: 'mos',
    by: 'emergency-stop',
    bound: true,
    run: async (p) => p.call(showCommand, { params: { id: await newest(sql`printer_command`) } }),
  },
  {
    action: 'see the resumable print',
    whose: 'none',
    allowed: 'vmos',
    by: 'look',
    bound: true,
    run: (p, s) => p.call(showResumable, at(s)),
  },
  {
    action: 'preview going on with a print',
    whose: 'own',
    allowed: 'mos',
    by: 'mind-own-prints',
    bound: true,
    run: async (p) => p.call(previewResume, { params: { id: await newest(sql`print`) }, body: choices }),
  },
  {
    action: 'go on with a print',
    whose: 'own',
    allowed: 'mos',
    by: 'mind-own-prints',
    bound: true,
    run: async (p) => p.call(resumePrint, { params: { id: await newest(sql`print`) }, body: { choices, mark: '' } }),
  },
  {
    action: 'see a printer',
    whose: 'none',
    allowed: 'vmos',
    by: 'look',
    bound: true,
    run: (p, s) => p.call(showPrinter, at(s)),
  },
  {
    action: 'see its temperatures',
    whose: 'none',
    allowed: 'vmos',
    by: 'look',
    bound: true,
    run: (p, s) => p.call(showTemperatures, at(s)),
  },
  {
    action: 'queue for a printer',
    whose: 'own',
    allowed: 'mos',
    by: 'queue',
    bound: true,
    run: (p, s) => p.call(queueJob, { body: { fileId: s.fileId, printerId: s.printerId } }),
  },
  {
    action: 'cancel a job',
    whose: 'own',
    allowed: 'mos',
    by: 'queue',
    bound: false,
    run: (p, s) => p.call(cancelJob, { params: { id: s.waiting } }),
  },
  {
    action: 'cancel a job',
    whose: 'other',
    allowed: 'os',
    by: 'run-printers',
    bound: true,
    run: (p, s) => p.call(cancelJob, { params: { id: s.waiting } }),
  },
  {
    action: 'move a job',
    whose: 'other',
    allowed: 'os',
    by: 'run-printers',
    bound: true,
    run: (p, s) => p.call(moveJob, { params: { id: s.waiting }, body: { place: 1 } }),
  },
  {
    action: 'decide on a job',
    whose: 'own',
    allowed: 'mos',
    by: 'queue',
    bound: false,
    run: (p, s) => p.call(decideJob, { params: { id: s.undecided }, body: { decision: 'done' } }),
  },
  {
    action: 'decide on a job',
    whose: 'other',
    allowed: 'os',
    by: 'run-printers',
    bound: true,
    run: (p, s) => p.call(decideJob, { params: { id: s.undecided }, body: { decision: 'done' } }),
  },
  {
    action: 'see a file',
    whose: 'other',
    allowed: 'vmos',
    by: 'look',
    bound: false,
    run: (p, s) => p.call(showFile, { params: { id: s.fileId } }),
  },
  {
    action: 'forget a file',
    whose: 'own',
    allowed: 'mos',
    by: 'queue',
    bound: false,
    run: (p, s) => p.call(forgetFile, { params: { id: s.fileId } }),
  },
  {
    action: 'forget a file',
    whose: 'other',
    allowed: 'os',
    by: 'run-printers',
    bound: 'whole',
    run: (p, s) => p.call(forgetFile, { params: { id: s.fileId } }),
  },
  {
    action: 'clear a bed',
    whose: 'none',
    allowed: 'mos',
    by: 'mind-own-prints',
    bound: true,
    run: (p, s) => p.call(clearBed, at(s)),
  },
  {
    action: 'pause a print',
    whose: 'own',
    allowed: 'mos',
    by: 'mind-own-prints',
    also: 'run-printers',
    bound: true,
    run: ask({ kind: 'pause' }),
  },
  {
    action: 'pause a print',
    whose: 'other',
    allowed: 'os',
    by: 'run-printers',
    bound: true,
    run: ask({ kind: 'pause' }),
  },
  {
    action: 'move the axes',
    whose: 'other',
    allowed: 'os',
    by: 'run-printers',
    bound: true,
    run: ask({ kind: 'home', axes: [] }),
  },
  {
    action: 'stop in an emergency',
    whose: 'other',
    allowed: 'mos',
    by: 'emergency-stop',
    bound: true,
    run: ask({ kind: 'emergency-stop' }),
  },
  {
    action: 'send G-code',
    whose: 'other',
    allowed: 'os',
    by: 'console',
    bound: true,
    run: ask({ kind: 'gcode', line: 'M115' }),
  },
  {
    action: 'set a printer up',
    whose: 'none',
    allowed: 's',
    by: 'set-up-printers',
    bound: true,
    run: (p, s) => p.call(changePrinter, { ...at(s), body: { takesJobs: false } }),
  },
  {
    action: 'remove a printer',
    whose: 'none',
    allowed: 's',
    by: 'set-up-printers',
    bound: true,
    run: (p, s) => p.call(removePrinter, at(s)),
  },
  {
    action: 'give a printer tags',
    whose: 'none',
    allowed: 's',
    by: 'set-up-printers',
    bound: 'whole',
    run: (p, s) => p.call(changePrinter, { ...at(s), body: { tags: s.printerId === inside ? ['set'] : [] } }),
  },
  {
    action: 'add a printer',
    whose: 'none',
    allowed: 's',
    by: 'set-up-printers',
    bound: 'whole',
    run: (p) =>
      p.call(addPrinter, { body: { name: 'inside', bridge: 'room', address: '/dev/inside', baudRate: 0, profile } }),
  },
  {
    action: 'list members',
    whose: 'none',
    allowed: 's',
    by: 'steward',
    bound: false,
    run: (p) => p.call(listMembers, {}),
  },
  {
    action: 'invite',
    whose: 'none',
    allowed: 's',
    by: 'steward',
    bound: false,
    run: (p) => p.call(invite, { body: { role: 'visitor' } }),
  },
  {
    action: 'change a member',
    whose: 'none',
    allowed: 's',
    by: 'steward',
    bound: false,
    run: (p) => p.call(changeMember, { params: { id: 1 }, body: { name: 'Maite' } }),
  },
  {
    action: 'change the privacy',
    whose: 'none',
    allowed: 's',
    by: 'steward',
    bound: false,
    run: (p) => p.call(changePrivacy, { body: { showsNames: true } }),
  },
  {
    action: 'read the audit log',
    whose: 'none',
    allowed: 's',
    by: 'steward',
    bound: false,
    run: (p) => p.call(listAudit, { query: {} }),
  },
  ...jobRows,
  ...commonsRows(db),
  ...bookingRows(db),
]

/** Asked, and not turned away: 409 and 422 come from behind the door (the bridge is away, a print is on it). */
const outcome = async (work: Promise<unknown>): Promise<number | 'yes'> => {
  try {
    await work
  } catch (error) {
    const { status } = error as { status: number }
    if (status === undefined) throw error
    return status === 401 || status === 403 || status === 404 ? status : 'yes'
  }
  return 'yes'
}

const idOf = async (name: string): Promise<number> =>
  (await db.row<{ id: number }>(sql`SELECT id FROM member WHERE name = ${name}`))?.id ?? 0

const people = {} as Record<Role, Person>
for (const role of roles) people[role] = await join(`The ${role}`, role)
await join('Another', 'member')

/** A file, a waiting job, an undecided one, and a print, all of this member, at this printer. */
const stage = async (owner: string, printerId: number): Promise<Scene> => {
  await db.run(sql`DELETE FROM printer_command`)
  await db.run(sql`DELETE FROM slice_wish`)
  await db.run(sql`DELETE FROM print`)
  await db.run(sql`DELETE FROM job`)
  await db.run(sql`DELETE FROM printer_spool`)
  await db.run(sql`DELETE FROM maintenance_entry`)
  await db.run(sql`DELETE FROM maintenance_task`)
  await db.run(sql`DELETE FROM circuit`)
  await db.run(sql`UPDATE printer SET out_of_service = NULL, out_since = NULL, out_by = NULL`)
  await db.run(sql`UPDATE printer SET bed = 'unknown', takes_jobs = true, removed_at = NULL`)
  const memberId = await idOf(owner)
  const blob = await db.row<{ id: number }>(
    sql`INSERT INTO blob (hash) VALUES (uuid_send(gen_random_uuid())) RETURNING id`,
  )
  const file = await db.row<{ id: number }>(sql`
    INSERT INTO file (name, blob_id, uploaded_by) VALUES ('part.gcode', ${blob?.id}, ${memberId}) RETURNING id`)
  const job = async (state: string): Promise<number> =>
    (
      await db.row<{ id: number }>(sql`
        INSERT INTO job (file_id, member_id, printer_id, state, rank)
        VALUES (${file?.id}, ${memberId}, ${printerId}, ${state}, 1) RETURNING id`)
    )?.id ?? 0
  const made = async (row: Sql): Promise<number> => (await db.row<{ id: number }>(row))?.id ?? 0
  const filamentId = await made(sql`
    INSERT INTO filament (vendor, material, density, diameter) VALUES ('V', 'PLA', 1.24, 1.75) RETURNING id`)
  return {
    printerId,
    waiting: await job('queued'),
    undecided: await job('undecided'),
    fileId: file?.id ?? 0,
    filamentId,
    spoolId: await made(sql`
      INSERT INTO spool (filament_id, full_grams, grams_left) VALUES (${filamentId}, 1000, 900) RETURNING id`),
    taskId: await made(sql`
      INSERT INTO maintenance_task (printer_id, name, every_hours) VALUES (${printerId}, 'Oil', 50) RETURNING id`),
    circuitId: await made(sql`INSERT INTO circuit (name, limit_watts) VALUES ('East', 2000) RETURNING id`),
    memberId: await made(sql`INSERT INTO member (name, role) VALUES (gen_random_uuid()::text, 'member') RETURNING id`),
    invitationId: await invitationOf(),
  }
}

const invitationOf = async (): Promise<number> => {
  await steward.call(invite, { body: { role: 'visitor' } })
  return newest(sql`invitation`)
}

const startPrint = async (scene: Scene): Promise<void> => {
  await db.run(sql`
    INSERT INTO print (job_id, printer_id, state, started_at)
    SELECT id, printer_id, 'printing', now() FROM job WHERE id = ${scene.undecided}`)
}

/** Uploads have tests of their own: they send bytes. */
const triedElsewhere = new Set(['POST /api/files'])

const isEndpoint = (value: unknown): value is { method: string; url: string } => {
  if (typeof value !== 'object' || value === null || !('access' in value)) return false
  const { method, access } = value as { method: string; access: string }
  return method !== 'GET' && !['anyone', 'signed-in', 'in-person'].includes(access)
}

const needsPrint = new Set(['pause a print', 'remove a printer', 'preview going on with a print', 'go on with a print'])
const needsPlug = new Set(['switch its plug'])
const needsCommand = new Set(['see what became of a command'])
const needsNoJobs = new Set(['forget a file'])
const needsAsked = new Set(['say yes to a job', 'ask again for a yes'])

const setScene = async (row: Row, name: string, printerId: number): Promise<Scene> => {
  const scene = await stage(row.whose === 'own' ? name : 'Another', printerId)
  if (needsPrint.has(row.action)) await startPrint(scene)
  if (needsPlug.has(row.action)) await steward.call(setPlug, { params: { id: printerId }, body: plug })
  if (needsCommand.has(row.action)) {
    await db.run(sql`
      INSERT INTO printer_command (printer_id, body, asked_by, deadline)
      VALUES (${printerId}, '{"kind": "pause"}', ${await idOf('Another')}, now())`)
  }
  if (needsAsked.has(row.action)) {
    const approval = row.action === 'say yes to a job' ? 'asked' : 'refused'
    await db.run(sql`UPDATE job SET approval = ${approval}`)
  }
  await row.prepare?.(scene)
  if (needsNoJobs.has(row.action)) await db.run(sql`DELETE FROM job`)
  return scene
}

const everything = async (): Promise<unknown> =>
  db.rows(sql`
    SELECT 'job' AS kind, id, state || rank || held || approval || note AS what FROM job UNION ALL
    SELECT 'filament', id, coalesce(price_per_kg::text, '') FROM filament UNION ALL
    SELECT 'spool', id, grams_left || location || coalesce(retired_at::text, '') FROM spool UNION ALL
    SELECT 'loaded', spool_id, tool || '' FROM printer_spool UNION ALL
    SELECT 'task', id, name FROM maintenance_task UNION ALL
    SELECT 'entry', id, kind FROM maintenance_entry UNION ALL
    SELECT 'circuit', id, name || limit_watts FROM circuit UNION ALL
    SELECT 'rule', printer_id, ejects || '' FROM printer_rule UNION ALL
    SELECT 'printer', id, bed || takes_jobs || coalesce(removed_at::text, '') || tags::text || name FROM printer UNION ALL
    SELECT 'file', id, coalesce(forgotten_at::text, '') FROM file UNION ALL
    SELECT 'command', id, state FROM printer_command UNION ALL
    SELECT 'invitation', id, role FROM invitation UNION ALL
    SELECT 'design', id, is_published || coalesce(removed_at::text, '') FROM design UNION ALL
    SELECT 'version', id, number || '' FROM design_version UNION ALL
    SELECT 'approval', design_id, question || coalesce(decision, '') FROM design_approval UNION ALL
    SELECT 'derived', id, name FROM derived_file UNION ALL
    SELECT 'make', id, outcome FROM make UNION ALL
    SELECT 'pull', id, state FROM pull UNION ALL
    SELECT 'tray', id, name FROM tray UNION ALL
    SELECT 'list', id, title FROM commons_list UNION ALL
    SELECT 'work', id, kind FROM model_work UNION ALL
    SELECT 'slice', id, state FROM slice UNION ALL
    SELECT 'wish', slice_id, given_up || coalesce(job_id, 0)::text FROM slice_wish UNION ALL
    SELECT 'profile', id, name || coalesce(removed_at::text, '') FROM slicing_profile UNION ALL
    SELECT 'claim', id, state || during::text || coalesce(member_id, 0) FROM claim UNION ALL
    SELECT 'handover', id, coalesce(answer, '') FROM claim_handover UNION ALL
    SELECT 'series', id, coalesce(ended_at::text, '') FROM claim_series UNION ALL
    SELECT 'waiting', id, state FROM waiting_entry UNION ALL
    SELECT 'offer', id, coalesce(answer, '') FROM waiting_offer UNION ALL
    SELECT 'rules', id, rules::text FROM booking_rules UNION ALL
    SELECT 'qualification', id, name || coalesce(removed_at::text, '') FROM qualification UNION ALL
    SELECT 'member', id, name || role || limits::text FROM member ORDER BY 1, 2`)

const tried = new Set<string>()

/** The same person, of whose every question it is noted at which door it was asked. */
const noted = (person: Person): Person => {
  const other = Object.create(person) as Person
  other.call = (endpoint, asked) => {
    tried.add(`${endpoint.method} ${endpoint.url}`)
    return person.call(endpoint, asked)
  }
  return other
}

/** Tries it, and looks that a refusal has changed nothing. */
const attempt = async (row: Row, person: Person, scene: Scene): Promise<number | 'yes'> => {
  const before = await everything()
  const got = await outcome(row.run(noted(person), scene))
  if (got !== 'yes') expect(await everything(), `${row.action}: refused, and yet something changed`).toEqual(before)
  return got
}

const limit = async (role: Role, limits: readonly { permission: Permission; tags: string[] }[]): Promise<void> => {
  await db.run(sql`
    UPDATE member SET limits = ${JSON.stringify(limits.map((one) => ({ ...one, printerIds: [] })))}
    WHERE name = ${`The ${role}`}`)
  // As the bell does in a server: an emergency stop asks what was last known.
  await house.callers.recheck(db)
}

const maySo = (row: Row, role: Role): boolean => row.allowed.includes(role[0] as string)

/** What is hidden is not there for who may not touch it. */
const isTurnedAway = (row: Row, got: number | 'yes'): boolean => got === 403 || (row.hidden === true && got === 404)

describe.each(rows)('$action ($whose)', (row) => {
  beforeEach(async () => {
    for (const role of roles) await limit(role, [])
  })

  it('is for these roles and no others, and for nobody who is not signed in', async () => {
    for (const role of roles) {
      const scene = await setScene(row, `The ${role}`, inside)
      const got = await attempt(row, people[role], scene)
      expect(isTurnedAway(row, got) && !maySo(row, role) ? 403 : got, role).toBe(maySo(row, role) ? 'yes' : 403)
    }
    expect(await attempt(row, stranger(), await setScene(row, 'Another', inside))).toBe(401)
  })

  if (row.by !== 'steward')
    it('holds at the printers of the set that a member is held to, and not beyond', async () => {
      for (const role of roles.filter((one) => maySo(row, one))) {
        const bound = row.also === undefined ? [row.by] : [row.by, row.also]
        await limit(
          role,
          bound.map((permission) => ({ permission, tags: ['set'] })),
        )
        const here = await attempt(row, people[role], await setScene(row, `The ${role}`, inside))
        expect(isTurnedAway(row, here) ? 403 : here, `${role} within`).toBe(row.bound === 'whole' ? 403 : 'yes')
        const there = await attempt(row, people[role], await setScene(row, `The ${role}`, outside))
        const turnedAway = row.by === 'look' ? 404 : 403
        expect(isTurnedAway(row, there) ? turnedAway : there, `${role} beyond`).toBe(
          row.bound === false ? 'yes' : turnedAway,
        )
      }
    })

  if (row.bound === true)
    it('is about a printer that does not exist, for who may not see it', async () => {
      for (const role of roles.filter((one) => maySo(row, one))) {
        await limit(role, [{ permission: 'look', tags: ['set'] }])
        const there = await attempt(row, people[role], await setScene(row, `The ${role}`, outside))
        // Only one's own is still there.
        expect(there, role).toBe(404)
      }
    })

  it('needs its scope where a key asks', async () => {
    const role = roles.find((one) => maySo(row, one)) as Role
    const key = async (scopes: readonly Permission[]): Promise<Person> => {
      const made = await people[role].call(makeKey, {
        body: { name: 'A program', scopes: scopes as never, days: 1 },
      })
      const program = stranger()
      program.headers = { authorization: `Bearer ${made.key}` }
      return program
    }
    const without = permissionsOf(role).filter((one) => one !== row.by && one !== row.also && one !== 'steward')
    if (without.length > 0) {
      const got = await attempt(row, await key(without), await setScene(row, `The ${role}`, inside))
      expect(isTurnedAway(row, got) ? 403 : got).toBe(403)
    }
    if (row.by === 'steward') return
    // Cancelling a running print, forgetting and moving ask for the door's permission too.
    const needed = [...new Set<Permission>([row.by, row.door ?? row.by, 'look', 'queue'])].filter((one) =>
      permissionsOf(role).includes(one),
    )
    expect(await attempt(row, await key(needed), await setScene(row, `The ${role}`, inside))).toBe('yes')
    await db.run(sql`DELETE FROM api_key`)
  })
})

describe('the table', () => {
  it('has a row for every door behind which something is changed', async () => {
    const folder = new URL('../../server/contract/', import.meta.url)
    const doors: string[] = []
    for (const name of readdirSync(folder)) {
      const exported: Record<string, unknown> = await import(new URL(name, folder).href)
      for (const one of Object.values(exported)) {
        // What is described and not mounted opens nothing.
        if (isEndpoint(one) && app.hasRoute({ method: one.method as 'POST', url: one.url }))
          doors.push(`${one.method} ${one.url}`)
      }
    }
    expect(doors.length).toBeGreaterThan(50)
    expect(doors.filter((door) => !tried.has(door) && !triedElsewhere.has(door))).toEqual([])
  })
})

describe('over the WebSocket', () => {
  const telemetry = (printerId: number) => ({
    printerId,
    state: 'idle' as const,
    reason: null,
    firmware: null,
    temperatures: {},
    position: null,
    progress: null,
    linesSent: 0,
    resends: 0,
    okLatency: 0,
    at: new Date().toISOString(),
  })
  const open = async (headers: Record<string, string>) => {
    const heard: Record<string, unknown>[] = []
    let closed: number | null = null
    const socket = await app.injectWS(
      '/api/live',
      { headers },
      {
        onInit: (ws) => {
          ws.on('message', (data) => heard.push(JSON.parse(String(data)) as Record<string, unknown>))
          ws.on('close', (code) => {
            closed = code
          })
        },
      },
    )
    const until = async (what: () => boolean): Promise<void> => {
      for (let n = 0; n < 100 && !what(); n++) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return { socket, heard, until, closedWith: () => closed, kinds: () => heard.map(({ kind }) => kind) }
  }
  const looked = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150))

  it.each(roles)('a %s hears of the printers of his set only, and of consoles only where he may send', async (role) => {
    await limit(role, [])
    const all = await open({ cookie: people[role].cookie })
    await looked()
    all.socket.send(JSON.stringify({ console: { printerId: outside, everything: true } }))
    await looked()
    live.telemetry({ bridge: 'room', printers: [telemetry(inside), telemetry(outside)] })
    live.console({ printerId: outside, left: 0, lines: [] })
    await looked()
    expect(all.heard.find(({ kind }) => kind === 'telemetry')).toMatchObject({ printers: [{}, {}] })
    expect(all.kinds().includes('console')).toBe(role === 'operator' || role === 'steward')

    await limit(role, [{ permission: 'look', tags: ['set'] }])
    live.change({ of: 'member', id: await idOf(`The ${role}`) })
    await looked()
    all.heard.length = 0
    live.telemetry({ bridge: 'room', printers: [telemetry(inside), telemetry(outside)] })
    live.telemetry({ bridge: 'room', printers: [telemetry(outside)] })
    live.console({ printerId: outside, left: 0, lines: [] })
    live.answered(1, outside)
    live.change({ of: 'printer', id: outside })
    await looked()
    expect(all.heard.filter(({ kind }) => kind === 'telemetry')).toEqual([
      expect.objectContaining({ printers: [expect.objectContaining({ printerId: inside })] }),
    ])
    expect(all.kinds()).not.toContain('console')
    expect(all.kinds()).not.toContain('answered')
    expect(JSON.stringify(all.heard)).not.toContain(`{"of":"printer","id":${outside}}`)
    all.socket.terminate()
    await limit(role, [])
  })

  it('nobody comes in without a session, by another page, or by a key that may not look', async () => {
    await expect(open({})).rejects.toThrow(/401/)
    await expect(open({ cookie: people.member.cookie, origin: 'https://evil.example' })).rejects.toThrow(/403/)
    const made = await people.member.call(makeKey, { body: { name: 'Blind', scopes: ['queue'], days: 1 } })
    await expect(open({ authorization: `Bearer ${made.key}` })).rejects.toThrow(/403/)
    await expect(open({ authorization: 'Bearer auz_wrong' })).rejects.toThrow(/401/)
    const seeing = await people.member.call(makeKey, { body: { name: 'Seeing', scopes: ['look'], days: 1 } })
    const program = await open({ authorization: `Bearer ${seeing.key}` })
    expect(program.closedWith()).toBeNull()
    program.socket.terminate()
  })

  it('who is signed out, switched off, or whose key was revoked or has ended, is put out of the open channel', async () => {
    const put = async (work: (person: Person, name: string) => Promise<unknown>, name: string, byKey = false) => {
      const person = await join(name, 'member')
      let headers: Record<string, string> = { cookie: person.cookie }
      if (byKey) {
        const { key } = await person.call(makeKey, { body: { name: 'Screen', scopes: ['look'], days: 1 } })
        headers = { authorization: `Bearer ${key}` }
      }
      const channel = await open(headers)
      await looked()
      expect(channel.closedWith()).toBeNull()
      await work(person, name)
      // The bell of the database rings in the running server; here it is rung by hand.
      live.change({ of: 'member', id: await idOf(name) })
      await channel.until(() => channel.closedWith() !== null)
      expect(channel.closedWith()).toBe(4401)
    }
    await put((person) => person.call(signOutEverywhere, { query: {} }), 'Signed out')
    await put(
      async (_person, name) =>
        steward.call(changeMember, { params: { id: await idOf(name) }, body: { active: false } }),
      'Switched off',
    )
    await put(
      () =>
        db.run(
          sql`UPDATE session SET ends_at = now() - interval '1 second' WHERE member_id = (SELECT max(id) FROM member)`,
        ),
      'Ended',
    )
    await put(() => db.run(sql`DELETE FROM api_key`), 'Revoked key', true)
    await put(() => db.run(sql`UPDATE api_key SET ends_at = now()`), 'Ended key', true)
  })
})

describe('what is not one’s own', () => {
  it('does not open by changing an id', async () => {
    const scene = await stage('Another', inside)
    const { member } = people
    expect(await refusalOf(member.call(cancelJob, { params: { id: scene.waiting } }))).toMatchObject({ status: 403 })
    expect(await refusalOf(member.call(cancelJob, { params: { id: 999_999 } }))).toMatchObject({ status: 404 })
    expect(await refusalOf(member.call(showPrinter, { params: { id: 999_999 } }))).toMatchObject({ status: 404 })
  })

  it('an ended or revoked session or key opens nothing', async () => {
    const scene = await stage('Another', inside)
    const expired = await join('Expired', 'steward')
    const { key } = await expired.call(makeKey, {
      body: { name: 'k', scopes: ['run-printers', 'look', 'queue'], days: 1 },
    })
    const program = stranger()
    program.headers = { authorization: `Bearer ${key}` }
    const memberId = await idOf('Expired')
    await db.run(sql`UPDATE session SET ends_at = now() WHERE member_id = ${memberId}`)
    await db.run(sql`UPDATE api_key SET ends_at = now() WHERE member_id = ${memberId}`)
    for (const person of [expired, program]) {
      expect(await refusalOf(person.call(cancelJob, { params: { id: scene.waiting } }))).toMatchObject({
        status: 401,
        code: 'session.none',
      })
    }
    expect(await db.row(sql`SELECT state FROM job WHERE id = ${scene.waiting}`)).toEqual({ state: 'queued' })
  })
})
