// The rules of booking: shown to all, set by stewards.
import type { FastifyInstance } from 'fastify'
import { type BookingRules, listBookingRules, removeBookingRules, setBookingRules } from '../contract/booking-rules.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { rulesFor } from '../domain/booking/rules.ts'
import { mount } from '../plugins/mount.ts'
import * as rules from '../store/booking-rules.ts'
import type { Database } from '../store/database.ts'
import { placeOf } from '../store/places.ts'
import type { House } from './house.ts'

export const mountBookingRules = (app: FastifyInstance, { db }: House): void => {
  mount(app, listBookingRules, async ({ query, me }) => {
    const sets = await rules.listRuleSets(db)
    return { sets, mine: rulesFor(sets, me.role, query.printerId ?? null) }
  })
  mount(app, setBookingRules, async ({ body, me }) => {
    await checkRules(db, body)
    return rules.saveRuleSet(db, body, me.id)
  })
  mount(app, removeBookingRules, async ({ params }) => {
    if (!(await rules.removeRuleSet(db, params.id))) throw new Refused(refuse('rules.missing'))
    return {}
  })
}

const checkRules = async (
  db: Database,
  body: { readonly printerId: number | null; readonly rules: Partial<BookingRules> },
): Promise<void> => {
  if (body.printerId !== null && (await placeOf(db, body.printerId)) === null) {
    throw new Refused(refuse('printer.missing'))
  }
  const { shortestMinutes, longestMinutes } = body.rules
  if (shortestMinutes !== undefined && longestMinutes != null && shortestMinutes > longestMinutes) {
    throw new Refused(refuse('rules.crossed'))
  }
}
