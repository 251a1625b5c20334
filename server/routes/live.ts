// The WebSocket: what bridges and the database tell -> the browsers that look.
import type { FastifyInstance } from 'fastify'
import * as Value from 'typebox/value'
import type { WebSocket } from 'ws'
import type { Me } from '../contract/members.ts'
import { may, type PrinterPlace, reaches } from '../contract/permissions.ts'
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
import { listPlaces } from '../store/places.ts'
import { type Caller, type Credential, callersNow } from '../store/sessions.ts'

/** Changes that come close together travel together. */
const GATHER_MS = 50
/** Bridges tell a console's lines for a while after they were last asked to. */
const WATCH_MS = 4000
const PING_MS = 20_000
/** So often browsers are told that the line is alive; they give it up after three times as long. */
const HELLO_MS = 5000
/** Sessions and keys end by themselves too, without a bell. */
const RECHECK_MS = 15_000
/** What a browser is told whose session has ended: RFC 6455 leaves 4000 to 4999 to applications. */
const ENDED = 4401
/** A browser that reads so slowly gets no more telemetry until it has caught up. */
const MOST_BUFFERED_BYTES = 1 << 20

interface Viewer {
  readonly socket: WebSocket
  readonly credential: Credential
  me: Me
  console: LiveRequest['console']
  alive: boolean
}

export class Live {
  readonly #db: Database
  readonly #viewers = new Set<Viewer>()
  #gathered = new Map<string, Change>()
  #gathering: NodeJS.Timeout | undefined
  readonly #timers: NodeJS.Timeout[]
  /** Where the printers stand in the sets of the members. */
  #places: ReadonlyMap<number, PrinterPlace> = new Map()
  #checking: Promise<void> | null = null
  #checkAgain = false

  constructor(db: Database) {
    this.#db = db
    this.#timers = [
      setInterval(() => this.#watch(), WATCH_MS),
      setInterval(() => this.#ping(), PING_MS),
      setInterval(() => this.#hello(), HELLO_MS),
      setInterval(() => this.#recheck(), RECHECK_MS),
    ]
    for (const timer of this.#timers) timer.unref()
  }

  telemetry(batch: TelemetryBatch): void {
    const text = JSON.stringify({ kind: 'telemetry', printers: batch.printers } satisfies LiveMessage)
    for (const viewer of this.#viewers) {
      if (viewer.socket.bufferedAmount >= MOST_BUFFERED_BYTES) continue
      const printers = batch.printers.filter(({ printerId }) => this.#sees(viewer, printerId))
      if (printers.length === batch.printers.length) viewer.socket.send(text)
      else if (printers.length > 0) this.#send(viewer, { kind: 'telemetry', printers })
    }
  }

  change(change: Change): void {
    if (change.of === 'member' || change.of === 'printer') this.#recheck()
    this.#gathered.set(`${change.of} ${change.id}`, change)
    this.#gathering ??= setTimeout(() => {
      const changes = [...this.#gathered.values()]
      this.#gathered = new Map()
      this.#gathering = undefined
      for (const viewer of this.#viewers) {
        const told = changes.filter((one) => this.#concerns(viewer, one))
        if (told.length > 0) this.#send(viewer, { kind: 'change', changes: told })
      }
    }, GATHER_MS)
  }

  console(batch: ConsoleBatch): void {
    for (const viewer of this.#viewers) {
      if (viewer.console?.printerId === batch.printerId && this.#mayConsole(viewer, batch.printerId)) {
        this.#send(viewer, { kind: 'console', batch })
      }
    }
  }

  answered(commandId: number, printerId: number): void {
    for (const viewer of this.#viewers) {
      if (this.#sees(viewer, printerId)) this.#send(viewer, { kind: 'answered', commandId })
    }
  }

  enter(socket: WebSocket, { me, credential }: Caller): void {
    const viewer: Viewer = { socket, credential, me, console: null, alive: true }
    this.#viewers.add(viewer)
    // Between the look at the session and now it may have ended, and its bell was not for this one yet.
    this.#recheck()
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
    viewer.console =
      request.console !== null && this.#mayConsole(viewer, request.console.printerId) ? request.console : null
    this.#watch()
  }

  /** A printer of which nothing is known yet is shown to those whom no limit binds. */
  #place(printerId: number): PrinterPlace {
    return this.#places.get(printerId) ?? { id: printerId, tags: [] }
  }

  #sees({ me }: Viewer, printerId: number): boolean {
    return reaches(me, 'look', this.#place(printerId))
  }

  #mayConsole({ me }: Viewer, printerId: number): boolean {
    return may(me, 'console', this.#place(printerId))
  }

  #concerns(viewer: Viewer, { of, id }: Change): boolean {
    if (of === 'printer') return this.#sees(viewer, id)
    // By the number of its member: nobody else learns that he was told something.
    if (of === 'notice') return id === viewer.me.id
    if (of === 'member') return id === viewer.me.id || may(viewer.me, 'steward')
    return true
  }

  /** Looks again at who may still be here and what he may; one look at a time. */
  #recheck(): void {
    this.#checkAgain = this.#checking !== null
    if (this.#checkAgain || this.#viewers.size === 0) return
    this.#checking = this.#look()
      // If the database is away, the next round looks again.
      .catch(() => {})
      .finally(() => {
        this.#checking = null
        if (this.#checkAgain) this.#recheck()
      })
  }

  async #look(): Promise<void> {
    const viewers = [...this.#viewers]
    this.#places = new Map((await listPlaces(this.#db)).map((place) => [place.id, place]))
    const now = await callersNow(
      this.#db,
      viewers.map(({ credential }) => credential),
    )
    for (const viewer of viewers) {
      const me = now.get(`${viewer.credential.kind} ${viewer.credential.id}`)
      if (me === undefined || !may(me, 'look')) {
        this.#viewers.delete(viewer)
        viewer.socket.close(ENDED, 'Sign in again.')
      } else {
        viewer.me = me
        if (viewer.console !== null && !this.#mayConsole(viewer, viewer.console.printerId)) viewer.console = null
      }
    }
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
        if (!may(request.me, 'look')) throw new Refused(refuse('permission.missing'))
      },
    },
    (socket, request) => {
      if (request.caller === null) socket.close(ENDED, 'Sign in again.')
      else live.enter(socket, request.caller)
    },
  )
}
