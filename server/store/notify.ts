// LISTEN and NOTIFY: doorbells between processes, typed by channel. A bell may be lost; the rows are the truth.
import pg from 'pg'
import sql from 'sql-template-tag'
import * as Value from 'typebox/value'
import { type Channel, channels, type SignalOf } from '../contract/signals.ts'
import type { Database } from './database.ts'

/** PostgreSQL takes less than 8000 bytes; this leaves room. */
export const LARGEST_SIGNAL_BYTES = 7600

const nameOf = (channel: Channel): string => `auzolan_${channel}`

/** Rings a bell. Within a transaction it rings when that commits. */
export const publish = async <C extends Channel>(db: Database, channel: C, signal: SignalOf<C>): Promise<void> => {
  await db.run(sql`SELECT pg_notify(${nameOf(channel)}, ${JSON.stringify(signal)})`)
}

/** Several bells in one statement. */
export const publishAll = async <C extends Channel>(
  db: Database,
  channel: C,
  signals: readonly SignalOf<C>[],
): Promise<void> => {
  if (signals.length === 0) return
  const payloads = signals.map((signal) => JSON.stringify(signal))
  await db.run(sql`SELECT pg_notify(${nameOf(channel)}, payload) FROM unnest(${payloads}::text[]) payload`)
}

export type Handlers = { readonly [C in Channel]?: (signal: SignalOf<C>) => void }

export interface Listening {
  close(): Promise<void>
}

const RETRY_MS = 500

/**
 * Hears the bells of the channels that have a handler, on a connection of its own that comes back by itself.
 * `heard` is called each time it is connected: bells in between were lost, so read what matters anew.
 */
export const listen = async (
  connection: pg.ClientConfig,
  handlers: Handlers,
  heard: () => void,
  failed: (error: Error) => void,
): Promise<Listening> => {
  let client: pg.Client | null = null
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const take = (message: pg.Notification): void => {
    const channel = message.channel.replace(/^auzolan_/, '') as Channel
    const handler = handlers[channel] as ((signal: unknown) => void) | undefined
    if (handler === undefined) return
    try {
      const signal: unknown = JSON.parse(message.payload ?? 'null')
      if (Value.Check(channels[channel], signal)) handler(signal)
      else failed(new Error(`A signal on ${channel} has the wrong shape; it is left out.`))
    } catch (error) {
      failed(error instanceof Error ? error : new Error(String(error)))
    }
  }
  const open = async (): Promise<void> => {
    const next = new pg.Client({ ...connection, keepAlive: true })
    const lost = (): void => {
      if (client !== next || closed) return
      client = null
      timer = setTimeout(again, RETRY_MS)
    }
    next.on('error', lost)
    next.on('end', lost)
    next.on('notification', take)
    await next.connect()
    for (const channel of Object.keys(handlers)) await next.query(`LISTEN ${nameOf(channel as Channel)}`)
    client = next
    if (closed) await next.end()
    else heard()
  }
  const again = (): void => {
    open().catch(() => {
      // Still away: the next try will tell.
      if (!closed) timer = setTimeout(again, RETRY_MS)
    })
  }
  await open()
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}
