// Freed time that is kept for one who waits: he takes it, or lets it go to the next.
import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/during.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { mount } from '../plugins/mount.ts'
import { withClaims } from '../store/claim-locks.ts'
import { databaseNow } from '../store/scheduling.ts'
import * as line from '../store/waiting-offers.ts'
import { shownClaim } from './booking-standing.ts'
import type { House } from './house.ts'

export const mountWaitingOffers = (app: FastifyInstance, { db }: House): void => {
  mount(app, contract.listOffers, async ({ me }) => {
    const offers = await line.openOffers(db, me.id, await databaseNow(db))
    return offers.map(({ id, claimId, printerId, printerName, start, end, expiresAt }) => ({
      id,
      claimId,
      printerId,
      printerName,
      start,
      end,
      expiresAt,
    }))
  })

  mount(app, contract.answerWaitingOffer, async ({ params, body, me }) => {
    const now = await databaseNow(db)
    const offer = await line.readOffer(db, params.id, me.id, now)
    if (offer === null) throw new Refused(refuse('waiting.offer-over'))
    const who = { by: me.id, memberIds: [me.id], printerIds: [offer.printerId] }
    // What it would break of the rules was looked at when it was offered, and it has counted among his since.
    const answered = await withClaims(db, who, async (inside) => {
      const done = await line.answerOffer(inside, offer, body.take, now)
      if (!done) throw new Refused(refuse('waiting.offer-over'))
      return done
    })
    return { booking: answered && body.take ? await shownClaim(db, offer.claimId, me) : null }
  })
}
