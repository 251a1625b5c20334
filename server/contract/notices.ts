// What a member is told: the list behind the bell, and which ways each kind of news takes to him.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, Nothing, nullable, oneOf } from './values.ts'

/** What a member can be told of. The dashboard words each in his language; `domain/notice-text.ts` does for e-mails. */
export const noticeEvents = [
  /** His booking begins soon. */
  'booking.reminder',
  /** Somebody else, or the workshop itself, has changed, moved or cancelled it. */
  'booking.changed',
  /** Nobody came: the rest of it was given back. */
  'booking.released',
  /** The printer may not be ready in time, because another print still runs there. */
  'booking.late',
  /** He is done early: he may give the rest back. */
  'booking.rest',
  /** His print may run into the booking of somebody else. */
  'print.overruns',
  /** What he waited for has become free, for some minutes. */
  'waiting.offer',
  /** What he waited for went to somebody else, or its time is over. */
  'waiting.over',
  /** Something is asked of him: to take over a booking, or to swap one. */
  'booking.asked',
  /** His slice is ready, and could not be queued as he wished. */
  'slice.not-queued',
] as const
export const NoticeEvent = oneOf(...noticeEvents)
export type NoticeEvent = (typeof noticeEvents)[number]

/** The ways by which a notice leaves the dashboard. */
export const noticeChannels = ['mail'] as const
export const NoticeChannel = oneOf(...noticeChannels)
export type NoticeChannel = (typeof noticeChannels)[number]

/** Words and instants that its sentence needs. */
export const NoticeFacts = Type.Record(Type.String(), Type.Union([Type.Null(), Type.String(), Type.Number()]))
export type NoticeFacts = Type.Static<typeof NoticeFacts>

export const Notice = Type.Object({
  id: Id,
  event: NoticeEvent,
  facts: NoticeFacts,
  createdAt: Instant,
  /** The booking that it is about. */
  claimId: nullable(Id),
  /** From then on it no longer matters. */
  endsAt: nullable(Instant),
  readAt: nullable(Instant),
})
export type Notice = Type.Static<typeof Notice>

/** The bell shows no more of them. */
export const MOST_NOTICES = 50

export const listNotices = endpoint({
  method: 'GET',
  url: '/api/notices',
  summary: 'What one was told lately, newest first',
  access: 'signed-in',
  reply: Type.Object({ unread: Type.Integer(), notices: Type.Array(Notice) }),
})

export const readNotices = endpoint({
  method: 'POST',
  url: '/api/notices/read',
  summary: 'Marks notices as read, up to and with the newest that was shown',
  access: 'signed-in',
  body: Type.Object({ upTo: Id }),
  reply: Nothing,
})

export const dropNotice = endpoint({
  method: 'DELETE',
  url: '/api/notices/:id',
  summary: 'Takes a notice off the list',
  access: 'signed-in',
  params: IdParams,
  reply: Nothing,
})

/** `21:30`, in the workshop's time zone. */
const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' })

/** Where `to` is not after `from`, they end on the next day. */
export const QuietHours = Type.Object({ from: TimeOfDay, to: TimeOfDay })
export type QuietHours = Type.Static<typeof QuietHours>

export const NoticeChoices = Type.Object({
  /** By channel: the events that also go there. What is in the dashboard is always there. */
  channels: Type.Object({ mail: Type.Array(NoticeEvent, { maxItems: noticeEvents.length, uniqueItems: true }) }),
  /** Then nothing leaves; it is sent when they end, if it still matters. */
  quiet: Type.Union([Type.Null(), QuietHours]),
  /** So long before a booking one is reminded. */
  reminderMinutes: Type.Integer({ minimum: 5, maximum: 7 * 24 * 60 }),
})
export type NoticeChoices = Type.Static<typeof NoticeChoices>

/** For who has chosen nothing. */
export const usualChoices: NoticeChoices = {
  channels: { mail: [...noticeEvents] },
  quiet: null,
  reminderMinutes: 120,
}

export const NoticeSettings = Type.Object({
  choices: NoticeChoices,
  /** Ways that work here and now; an e-mail needs a server of the workshop and an address of one's own. */
  ways: Type.Object({ mail: oneOf('ready', 'no-address', 'off') }),
})
export type NoticeSettings = Type.Static<typeof NoticeSettings>

export const showNoticeSettings = endpoint({
  method: 'GET',
  url: '/api/me/notice-settings',
  summary: 'Which news reach one by which ways',
  access: 'in-person',
  reply: NoticeSettings,
})

export const changeNoticeSettings = endpoint({
  method: 'PUT',
  url: '/api/me/notice-settings',
  summary: 'Chooses which news reach one by which ways',
  access: 'in-person',
  body: NoticeChoices,
  reply: NoticeSettings,
})
