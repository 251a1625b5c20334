// The queue's rules, and what it tells people: reasons, predictions, shares.
import type { FastifyInstance } from 'fastify'
import { reaches } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import {
  addCircuit,
  changeCircuit,
  changeRule,
  changeSettings,
  listCircuits,
  listRules,
  type PrinterRule,
  removeCircuit,
  type ScheduleSettings,
  showReasons,
  showSettings,
  showShares,
  trustPrinter,
} from '../contract/scheduling.ts'
import { seesNames } from '../domain/privacy.ts'
import { schedule } from '../domain/schedule.ts'
import { assemble } from '../domain/scheduling/assemble.ts'
import { explain } from '../domain/scheduling/explain.ts'
import { Account } from '../domain/scheduling/order.ts'
import { mount } from '../plugins/mount.ts'
import { placesById } from '../plugins/seen.ts'
import { brokenConstraint, type Database } from '../store/database.ts'
import { openNames } from '../store/places.ts'
import * as settings from '../store/schedule-settings.ts'
import { databaseNow, heldSeconds, queuedJobs, readStanding } from '../store/scheduling.ts'
import type { House } from './house.ts'
import { seenJob } from './job-standing.ts'

export const mountScheduling = (app: FastifyInstance, { db }: House): void => {
  mount(app, showReasons, async ({ params, me }) => {
    await seenJob(db, params.id, me)
    const now = await databaseNow(db)
    const reasons = explain(schedule(assemble(await readStanding(db), now), now), params.id)
    if (reasons === null) throw new Refused(refuse('job.not-waiting'))
    const places = await placesById(db)
    const inView = (id: number): boolean => reaches(me, 'look', places.get(id) ?? { id, tags: [] })
    return { ...reasons, printers: reasons.printers.filter(({ printerId }) => inView(printerId)) }
  })

  mount(app, showShares, async ({ me }) => {
    const rules = await openNames(db)
    const { halfLifeDays, damping, weights } = await settings.readSettings(db)
    const held = await heldSeconds(db, halfLifeDays)
    const waiting = (await queuedJobs(db)).map(({ memberId }) => memberId)
    const account = new Account(held, waiting, damping)
    const members = held.map(({ memberId, name, heldSeconds }) => {
      const factor = account.factorOf(memberId)
      const waitingJobs = waiting.filter((id) => id === memberId).length
      const part = account.partOf(memberId)
      const shown = seesNames(me, memberId, rules)
      return {
        memberId: shown ? memberId : null,
        name: shown ? name : null,
        heldSeconds,
        part,
        factor,
        points: weights.fairShare * factor,
        waitingJobs,
      }
    })
    return { halfLifeDays, weights, members: members.sort((one, other) => other.heldSeconds - one.heldSeconds) }
  })

  mount(app, showSettings, () => settings.readSettings(db))
  mount(app, changeSettings, async ({ body, me }) => {
    checkDates(body)
    await settings.saveSettings(db, body, me.id)
    return settings.readSettings(db)
  })
  mountCircuits(app, db)
  mountRules(app, db)
}

const mountCircuits = (app: FastifyInstance, db: Database): void => {
  mount(app, listCircuits, () => settings.listCircuits(db))
  mount(app, addCircuit, ({ body }) => unlessTaken(body.name, () => settings.createCircuit(db, body)))
  mount(app, changeCircuit, async ({ params, body }) => {
    const circuit = await unlessTaken(body.name, () => settings.changeCircuit(db, { id: params.id, ...body }))
    if (circuit === null) throw new Refused(refuse('circuit.missing'))
    return circuit
  })
  mount(app, removeCircuit, async ({ params }) => {
    if (!(await settings.removeCircuit(db, params.id))) throw new Refused(refuse('circuit.missing'))
    return {}
  })
}

const mountRules = (app: FastifyInstance, db: Database): void => {
  mount(app, listRules, async ({ me }) => {
    const places = await placesById(db)
    const rules = await settings.listRules(db)
    return rules.filter(({ printerId: id }) => reaches(me, 'look', places.get(id) ?? { id, tags: [] }))
  })
  mount(app, changeRule, async ({ params, body }) => {
    await wantedRule(db, params.id)
    await unlessGone(() => settings.saveRule(db, params.id, body))
    return wantedRule(db, params.id)
  })
  mount(app, trustPrinter, async ({ params }) => {
    await wantedRule(db, params.id)
    await settings.trustPrinter(db, params.id)
    return wantedRule(db, params.id)
  })
}

const wantedRule = async (db: Database, printerId: number): Promise<PrinterRule> => {
  const rule = await settings.readRule(db, printerId)
  if (rule === null) throw new Refused(refuse('printer.missing'))
  return rule
}

/** The schema has checked how they look, not that there is a 31 February. */
const checkDates = ({ hours }: ScheduleSettings): void => {
  const seen = new Set<string>()
  for (const { date } of hours.exceptions) {
    const real = !Number.isNaN(Date.parse(date)) && new Date(date).toISOString().startsWith(date)
    if (!real || seen.has(date)) throw new Refused(refuse('schedule.date', { date }))
    seen.add(date)
  }
}

const unlessTaken = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (brokenConstraint(error) === 'circuit_name_key') throw new Refused(refuse('circuit.name-taken', { name }))
    throw error
  }
}

const unlessGone = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (brokenConstraint(error) === 'printer_rule_circuit_id_fkey') throw new Refused(refuse('circuit.missing'))
    throw error
  }
}
