// Bookings -> an iCalendar feed (RFC 5545) that calendars elsewhere subscribe to.
import ICAL from 'ical.js'

export interface FeedEntry {
  /** Never changes for the same booking. */
  readonly uid: string
  /** Counts its changes. */
  readonly sequence: number
  /** Instants, ISO 8601. */
  readonly from: string
  readonly to: string
  readonly changedAt: string
  readonly summary: string
  readonly description: string
  readonly cancelled: boolean
}

export interface Feed {
  readonly name: string
  /** Where one goes on in a browser; null: nobody has said. */
  readonly url: string | null
  readonly entries: readonly FeedEntry[]
}

// RFC 5545 allows 75 bytes a line; ical.js does not count the blank that goes before a line that was folded.
ICAL.foldLength = 74

/** How soon a calendar should look again. Most take longer. */
const REFRESH = 'PT15M'

/** The same feed gives the same text: nothing in it is taken from the clock. Instants are in UTC, so no zone need travel along. */
export const writeFeed = ({ name, url, entries }: Feed): string => {
  const calendar = new ICAL.Component('vcalendar')
  calendar.addPropertyWithValue('version', '2.0')
  calendar.addPropertyWithValue('prodid', '-//Auzolan//Bookings//EN')
  calendar.addPropertyWithValue('calscale', 'GREGORIAN')
  calendar.addPropertyWithValue('method', 'PUBLISH')
  // RFC 7986 names these two; older calendars know the other two.
  calendar.addPropertyWithValue('name', printable(name))
  calendar.addPropertyWithValue('x-wr-calname', printable(name))
  const refresh = new ICAL.Property('refresh-interval')
  refresh.resetType('duration')
  refresh.setValue(ICAL.Duration.fromString(REFRESH))
  calendar.addProperty(refresh)
  calendar.addPropertyWithValue('x-published-ttl', REFRESH)
  for (const entry of entries) calendar.addSubcomponent(eventOf(entry, url))
  return `${calendar.toString()}\r\n`
}

const eventOf = (entry: FeedEntry, url: string | null): ICAL.Component => {
  const event = new ICAL.Component('vevent')
  event.addPropertyWithValue('uid', entry.uid)
  event.addPropertyWithValue('sequence', entry.sequence)
  event.addPropertyWithValue('dtstamp', utc(entry.changedAt))
  event.addPropertyWithValue('last-modified', utc(entry.changedAt))
  event.addPropertyWithValue('dtstart', utc(entry.from))
  event.addPropertyWithValue('dtend', utc(entry.to))
  event.addPropertyWithValue('summary', printable(entry.summary))
  if (entry.description !== '') event.addPropertyWithValue('description', printable(entry.description))
  if (url !== null) event.addPropertyWithValue('url', url)
  event.addPropertyWithValue('status', entry.cancelled ? 'CANCELLED' : 'CONFIRMED')
  event.addPropertyWithValue('transp', entry.cancelled ? 'TRANSPARENT' : 'OPAQUE')
  return event
}

const utc = (instant: string): ICAL.Time =>
  ICAL.Time.fromJSDate(new Date(Math.floor(Date.parse(instant) / 1000) * 1000), true)

/** RFC 5545 allows no control characters but tab and new line in a text. */
const printable = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '')
