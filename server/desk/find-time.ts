// Find me a time; and how long a file will take.
import type { LengthProposal, PrinterWish, Proposal } from '../contract/bookings.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { nearestPlaces, type Place } from '../domain/booking/free-time.ts'
import { profileKey } from '../domain/check-file.ts'
import { estimateOf, materialOf } from '../domain/scheduling/need.ts'
import { firstBelief, learnRatios, ratiosOf } from '../domain/scheduling/runtime.ts'
import { readBookingFacts } from '../store/booking-facts.ts'
import type { Database } from '../store/database.ts'
import { readFile } from '../store/files.ts'
import { listPrinters } from '../store/printers.ts'
import { readSettings } from '../store/schedule-settings.ts'
import { completedPrints } from '../store/scheduling.ts'
import { brokenAt, candidates, type Desk, proposalOf, reachOf, roomsOf, rulesOf } from './booking-desk.ts'

const DAY = 86_400
/** Without an end, so far is looked. */
const USUAL_REACH = 14 * DAY
const MOST_REACH = 62 * DAY
const PROPOSALS = 3
/** Proposals are told apart by at least so much: three times within one hour are no choice. */
const APART = 3 * 3600

/** Minutes in full quarters: by the 90 % time of the slowest printer that comes into question. Throws Refused. */
export const lengthFor = async (db: Database, fileId: number, printerId: number | null): Promise<LengthProposal> => {
  const file = await readFile(db, fileId)
  if (file === null) throw new Refused(refuse('file.missing'))
  if (file.findings === null) {
    throw new Refused(refuse('file.unread', { name: file.name, reason: file.reason ?? 'it is still being read' }))
  }
  const settings = await readSettings(db)
  const printers = (await listPrinters(db)).filter(({ id }) => printerId === null || id === printerId)
  const models = new Map(printers.map(({ id, profile }) => [id, profileKey(profile)]))
  const finished = (await completedPrints(db)).map((print) => ({
    ...print,
    model: models.get(print.printerId) ?? '',
    material: materialOf(print.filamentType),
  }))
  const learnt = learnRatios(finished)
  const material = materialOf(file.findings.filamentType)
  const slowest = Math.max(
    firstBelief.p50,
    ...[...new Set(models.values())].map((model) => ratiosOf(learnt, model, material).p90),
  )
  const printMinutes = Math.ceil((estimateOf(file.findings) * slowest) / 60)
  const { setupMinutes, clearMinutes } = settings
  const minutes = Math.ceil((printMinutes + setupMinutes + clearMinutes) / 15) * 15
  return { minutes, printMinutes, setupMinutes, clearMinutes }
}

/** The earliest that can be booked, then two that are another choice: later the same day, or on another. */
export const findTimes = async (
  db: Database,
  desk: Desk,
  asked: { readonly wish: PrinterWish; readonly seconds: number; readonly from: number; readonly to: number | null },
): Promise<Proposal[]> => {
  const { house } = desk
  const able = candidates(desk, asked.wish)
  const from = Math.max(asked.from, house.now)
  const to = Math.min(asked.to ?? from + USUAL_REACH, from + MOST_REACH)
  if (to - from < asked.seconds) throw new Refused(refuse('booking.range', { days: MOST_REACH / DAY }))
  const printerIds = able.map(({ id }) => id)
  const reach = reachOf(desk, from, to)
  const facts = await readBookingFacts(db, house.member?.id ?? null, printerIds, reach)
  const rooms = roomsOf(desk, facts, able)
  const search = {
    seconds: asked.seconds,
    stepSeconds: rulesOf(desk, able[0]?.id ?? null).stepMinutes * 60,
    timeZone: house.timeZone,
    from,
    to: to - asked.seconds,
    near: from,
  }
  const allowed = (printerId: number, start: number, end: number): boolean => {
    const printer = able.find(({ id }) => id === printerId)
    const wanted = { wish: asked.wish, from: start, to: end, instead: null }
    return printer !== undefined && brokenAt(desk, facts, printer, wanted).length === 0
  }
  const apart = Math.max(APART, asked.seconds)
  const found: Place[] = nearestPlaces(rooms, search, allowed, { most: PROPOSALS, apart })
  return found.map((place) => proposalOf(desk, place))
}
