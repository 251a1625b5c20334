// A booking as a calendar outside shows it: its owner's in full, a printer's without anybody's name or words.

export interface FeedBooking {
  readonly uid: string
  readonly version: number
  readonly kind: 'booking' | 'hold' | 'maintenance' | 'event'
  readonly printerName: string
  readonly start: string
  readonly end: string
  readonly changedAt: string
  readonly purpose: string
  readonly anyPrinter: boolean
  readonly cancelled: boolean
}

const taken = { booking: 'Booked', hold: 'Booked', maintenance: 'Maintenance', event: 'Event' } as const

/** `own`: it goes to its owner; else to anybody who has the printer's link. */
export const feedEntry = (booking: FeedBooking, own: boolean) => {
  const { uid, version, printerName, start, end, changedAt, purpose, cancelled } = booking
  const printer = booking.anyPrinter ? `any printer (${printerName} is kept)` : printerName
  return {
    uid: `${uid}@auzolan`,
    sequence: version,
    from: start,
    to: end,
    changedAt,
    summary: own ? `Booked: ${printer}` : taken[booking.kind],
    description: own ? purpose : '',
    cancelled,
  }
}
