// The WebSocket: what bridges and the database tell -> the browsers that look.
import type { FastifyInstance } from 'fastify'
import * as Value from 'typebox/value'
import type { WebSocket } from 'ws'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import {
  type Change,
  type ConsoleBatch,
  type LiveMessage,
  LiveRequest,
  liveUrl,
  type TelemetryBatch,
} from '../contract/signals.ts'
import type { Database } from '../store/database.ts'
import { publish } from '../store/notify.ts'

/** Changes that come close together travel together. */
const GATHER_MS = 50
/** Bridges tell a console's lines for a while after they were last asked to. */
const WATCH_MS = 4000
const PING_MS = 20_000
/** So often browsers are told that the line is alive; they give it up after three times as long. */
const HELLO_MS = 5000
/** A browser that reads so slowly gets no more telemetry until it has caught up. */
const MOST_BUFFERED_BYTES = 1 << 20

interface Viewer {
  readonly socket: WebSocket
  readonly mayConsole: boolean
  console: LiveRequest['console']
  alive: boolean
}

export class Live {
  readonly #db: Database
  readonly #viewers = new Set<Viewer>()
  #gathered = new Map<string, Change>()
  #gathering: NodeJS.Timeout | undefined
  readonly #timers: NodeJS.Timeout[]

  constructor(db: Database) {
    this.#db = db
    this.#timers = [
      setInterval(() => this.#watch(), WATCH_MS),
      setInterval(() => this.#ping(), PING_MS),
      setInterval(() => this.#hello(), HELLO_MS),
    ]
    for (const timer of this.#timers) timer.unref()
  }

  telemetry(batch: TelemetryBatch): void {
    const text = JSON.stringify({ kind: 'telemetry', printers: batch.printers } satisfies LiveMessage)
    for (const { socket } of this.#viewers) if (socket.bufferedAmount < MOST_BUFFERED_BYTES) socket.send(text)
  }

  change(change: Change): void {
    this.#gathered.set(`${change.of} ${change.id}`, change)
    this.#gathering ??= setTimeout(() => {
      const message: LiveMessage = { kind: 'change', changes: [...this.#gathered.values()] }
      this.#gathered = new Map()
      this.#gathering = undefined
      for (const viewer of this.#viewers) this.#send(viewer, message)
    }, GATHER_MS)
  }

  console(batch: ConsoleBatch): void {
    for (const viewer of this.#viewers) {
      if (viewer.console?.printerId === batch.printerId) this.#send(viewer, { kind: 'console', batch })
    }
  }

  answered(commandId: number): void {
    for (const viewer of this.#viewers) this.#send(viewer, { kind: 'answered', commandId })
  }

  enter(socket: WebSocket, mayConsole: boolean): void {
    const viewer: Viewer = { socket, mayConsole, console: null, alive: true }
    this.#viewers.add(viewer)
    socket.on('close', () => this.#viewers.delete(viewer))
    // A connection that breaks closes too; nothing else is to be done about it.
    socket.on('error', () => socket.terminate())
    socket.on('pong', () => {
      viewer.alive = true
    })
    socket.on('message', (data) => this.#take(viewer, String(data)))
    this.#hello()
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    clearTimeout(this.#gathering)
    for (const { socket } of this.#viewers) socket.close(1001, 'The server stops.')
  }

  #take(viewer: Viewer, text: string): void {
    let request: unknown
    try {
      request = JSON.parse(text)
    } catch {
      return viewer.socket.close(1007, 'This is no JSON.')
    }
    if (!Value.Check(LiveRequest, request)) return viewer.socket.close(1008, 'This is no request of the live channel.')
    viewer.console = viewer.mayConsole ? request.console : null
    this.#watch()
  }

  /** Asks the bridges for the consoles that somebody looks at. */
  #watch(): void {
    const watched = new Map<number, boolean>()
    for (const { console } of this.#viewers) {
      if (console) watched.set(console.printerId, console.everything || (watched.get(console.printerId) ?? false))
    }
    for (const [printerId, everything] of watched) {
      // If the database is away, the next round asks again.
      publish(this.#db, 'watch', { printerId, everything }).catch(() => {})
    }
  }

  #hello(): void {
    for (const viewer of this.#viewers) this.#send(viewer, { kind: 'hello', at: new Date().toISOString() })
  }

  #ping(): void {
    for (const viewer of this.#viewers) {
      if (!viewer.alive) viewer.socket.terminate()
      viewer.alive = false
      viewer.socket.ping()
    }
  }

  #send({ socket }: Viewer, message: LiveMessage): void {
    socket.send(JSON.stringify(message))
  }
}

export const mountLive = (app: FastifyInstance, live: Live): void => {
  app.get(
    liveUrl,
    {
      websocket: true,
      onRequest: async (request) => {
        if (request.me === null) throw new Refused(refuse('session.none'))
      },
    },
    (socket, request) => live.enter(socket, request.me !== null && may(request.me.role, 'look')),
  )
}
