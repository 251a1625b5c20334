// What becomes of the booking in the form while one fills it: its place is kept, or it is said what stands in the way.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Broken } from '../../server/contract/booking-rules.ts'
import { checkSeries, createSeries, type Series } from '../../server/contract/booking-series.ts'
import {
  type BookingWish,
  type Claim,
  cancelBooking,
  changeBooking,
  checkBooking,
  createBooking,
  type Proposal,
} from '../../server/contract/bookings.ts'
import type { ReplyOf } from '../../server/contract/endpoint.ts'
import { CallFailed, call } from '../api/call.ts'

export type SeriesDates = ReplyOf<typeof checkSeries>['dates']

export type Outlook =
  | { readonly kind: 'waiting' }
  /** A draft keeps the place, for some minutes. */
  | { readonly kind: 'kept'; readonly claim: Claim }
  | { readonly kind: 'possible'; readonly proposal: Proposal }
  | { readonly kind: 'dates'; readonly dates: SeriesDates }
  | {
      readonly kind: 'refused'
      readonly code: string
      readonly message: string
      readonly broken: readonly Broken[]
      readonly alternatives: readonly Proposal[]
    }

export interface Wanted {
  readonly booking: BookingWish
  /** Of a booking that is there: what is different now. What stays is not sent, because some of it may not be changed. */
  readonly changed: Partial<BookingWish>
  /** The rule of a series; null: once. */
  readonly rule: string | null
  /** The booking that is moved; null: a new one. */
  readonly moved: number | null
}

export interface Booked {
  readonly claim: Claim | null
  readonly series: Series | null
}

/** While somebody types, the server is not asked at each key. */
const PAUSE_MS = 350

const random = (): string =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

const refusedBy = (error: unknown): Outlook => {
  if (!(error instanceof CallFailed)) throw error
  const { code, message, broken, alternatives } = error
  return { kind: 'refused', code, message, broken, alternatives }
}

/** The place that is kept for the form. Drafts that are not booked are given back. */
class Draft {
  claim: Claim | null = null
  #key = { of: '', key: '' }

  /** The same for the same booking: where an answer is lost on its way, asking again does not book twice. */
  keyFor(booking: BookingWish): string {
    const of = JSON.stringify(booking)
    if (this.#key.of !== of) this.#key = { of, key: random() }
    return this.#key.key
  }

  async keep(booking: BookingWish): Promise<Claim> {
    if (this.claim !== null) {
      try {
        this.claim = await call(changeBooking, { params: { id: this.claim.id }, body: booking })
        return this.claim
      } catch (error) {
        if (!isGone(error)) throw error
      }
    }
    this.claim = await call(createBooking, { body: { ...booking, draft: true } })
    return this.claim
  }

  async giveBack(): Promise<void> {
    const { claim } = this
    this.claim = null
    // It lapses by itself where this does not arrive.
    if (claim !== null) await call(cancelBooking, { params: { id: claim.id }, body: {} }).catch(() => {})
  }
}

/** Its five minutes are over. */
const isGone = (error: unknown): boolean =>
  error instanceof CallFailed && (error.code === 'booking.state' || error.code === 'booking.missing')

const lookAt = async ({ booking, rule, moved }: Wanted, draft: Draft): Promise<Outlook> => {
  try {
    if (rule !== null) {
      await draft.giveBack()
      return { kind: 'dates', ...(await call(checkSeries, { body: { ...booking, rule } })) }
    }
    if (moved === null) return { kind: 'kept', claim: await draft.keep(booking) }
    const { proposal, alternatives } = await call(checkBooking, { body: { ...booking, instead: moved } })
    if (proposal !== null && proposal.broken.length === 0) return { kind: 'possible', proposal }
    const broken = proposal?.broken ?? []
    return {
      kind: 'refused',
      code: proposal === null ? 'booking.taken' : 'booking.rules',
      message: '',
      broken,
      alternatives,
    }
  } catch (error) {
    return refusedBy(error)
  }
}

export interface BookingOutlook {
  readonly outlook: Outlook
  readonly busy: boolean
  /** Books what is in the form. Null where it was refused; then the outlook says why. */
  book(more: { overrule?: string; scope?: 'this' | 'following' | 'all' }): Promise<Booked | null>
}

export const useBookingOutlook = (wanted: Wanted | null): BookingOutlook => {
  const [outlook, setOutlook] = useState<Outlook>({ kind: 'waiting' })
  const [busy, setBusy] = useState(false)
  const draft = useRef(new Draft())
  const line = useRef<Promise<unknown>>(Promise.resolve())
  const round = useRef(0)
  const asked = JSON.stringify(wanted)

  /** One after another: a draft is not changed while it is made. */
  const inTurn = useCallback(<T>(work: () => Promise<T>): Promise<T> => {
    const next = line.current.then(work)
    line.current = next.catch(() => {})
    return next
  }, [])

  useEffect(() => {
    const current = ++round.current
    const now: Wanted | null = JSON.parse(asked)
    if (now === null) return
    const timer = window.setTimeout(() => {
      setOutlook({ kind: 'waiting' })
      inTurn(async () => {
        if (round.current !== current) return
        const found = await lookAt(now, draft.current)
        if (round.current === current) setOutlook(found)
      }).catch(() => {})
    }, PAUSE_MS)
    return () => window.clearTimeout(timer)
  }, [asked, inTurn])

  useEffect(() => {
    const mine = draft.current
    return () => {
      round.current += 1
      inTurn(() => mine.giveBack()).catch(() => {})
    }
  }, [inTurn])

  const book: BookingOutlook['book'] = async (more) => {
    const now: Wanted | null = JSON.parse(asked)
    if (now === null) return null
    round.current += 1
    setBusy(true)
    try {
      return await inTurn(() => bookNow(now, draft.current, more))
    } catch (error) {
      setOutlook(refusedBy(error))
      return null
    } finally {
      setBusy(false)
    }
  }
  return { outlook, busy, book }
}

const bookNow = async (
  { booking, changed, rule, moved }: Wanted,
  draft: Draft,
  more: { overrule?: string; scope?: 'this' | 'following' | 'all' },
): Promise<Booked> => {
  if (rule !== null) {
    await draft.giveBack()
    return { claim: null, series: await call(createSeries, { body: { ...booking, rule } }) }
  }
  if (moved !== null) {
    return { claim: await call(changeBooking, { params: { id: moved }, body: { ...changed, ...more } }), series: null }
  }
  const { overrule } = more
  const against = overrule === undefined ? {} : { overrule }
  if (draft.claim !== null) {
    try {
      const params = { id: draft.claim.id }
      const claim = await call(changeBooking, { params, body: { ...booking, confirm: true, ...against } })
      draft.claim = null
      return { claim, series: null }
    } catch (error) {
      if (!isGone(error)) throw error
      draft.claim = null
    }
  }
  return {
    claim: await call(createBooking, { body: { ...booking, key: draft.keyFor(booking), ...against } }),
    series: null,
  }
}
