// Maintenance and events: see what they displace, take the time, end it.
import type { FastifyInstance } from 'fastify'
import { checkBlock, createBlock, type Displaced, removeBlock } from '../contract/blocks.ts'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { type Block, type InItsWay, makeBlock, planBlock } from '../desk/blocks.ts'
import { type Desk, openDesk, startOf } from '../desk/booking-desk.ts'
import { cancelClaims } from '../desk/change-booking.ts'
import { claimSeen, claimsSeen, claimView } from '../plugins/claims-seen.ts'
import { mount } from '../plugins/mount.ts'
import { readClaims } from '../store/bookings.ts'
import type { Database } from '../store/database.ts'
import { ownClaim, shownClaim, wantedClaim } from './booking-standing.ts'
import type { House } from './house.ts'

export const mountBlocks = (app: FastifyInstance, { db }: House): void => {
  mount(app, checkBlock, async ({ body, me }) => {
    const desk = await openDesk(db, me.id)
    const planned = await planBlock(db, desk, blockOf(desk, me, body))
    return { displaces: await shown(db, me, planned) }
  })

  mount(app, createBlock, async ({ body, me }) => {
    const desk = await openDesk(db, me.id)
    const { ids, displaced } = await makeBlock(db, desk, blockOf(desk, me, body), body.displaces)
    const blocks = await claimsSeen(db, me, await readClaims(db, ids))
    return { blocks, displaced: await shown(db, me, displaced) }
  })

  mount(app, removeBlock, async ({ params, me }) => {
    const claim = await ownClaim(db, params.id, me)
    if (claim.kind !== 'maintenance' && claim.kind !== 'event') throw new Refused(refuse('booking.missing'))
    await cancelClaims(db, await openDesk(db, me.id), [claim], { late: true, by: me.id, reason: null })
    return shownClaim(db, (await wantedClaim(db, claim.id)).id, me)
  })
}

type Asked = Pick<Block, 'kind' | 'printerIds' | 'purpose'> & { readonly start: string; readonly minutes: number }

/** Throws Refused where one of the printers is not there, or not his to run. */
const blockOf = (desk: Desk, me: Me, { kind, printerIds, purpose, start, minutes }: Asked): Block => {
  for (const id of printerIds) {
    const printer = desk.printers.find((one) => one.id === id)
    if (printer === undefined || !reaches(me, 'look', printer)) throw new Refused(refuse('printer.missing'))
    if (!may(me, 'run-printers', printer)) throw new Refused(refuse('permission.missing'))
  }
  const from = startOf(desk, start)
  return { kind, printerIds, purpose: purpose.trim(), from, to: from + minutes * 60, by: me.id }
}

const shown = async (db: Database, me: Me, planned: readonly InItsWay[]): Promise<Displaced[]> => {
  const view = await claimView(db, me)
  return planned.map(({ claim, movesTo, alternatives }) => ({
    booking: claimSeen(view, claim),
    movesTo,
    alternatives: [...alternatives],
  }))
}
