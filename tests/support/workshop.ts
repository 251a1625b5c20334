// A server over a database of its own, without a port: requests go in by inject().
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll } from 'vitest'
import { Denied } from '../../launch/demo/client.ts'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import type { Endpoint, ReplyOf } from '../../server/contract/endpoint.ts'
import type { uploadFile } from '../../server/contract/files.ts'
import { acceptInvitation, invite } from '../../server/contract/members.ts'
import type { Role } from '../../server/contract/permissions.ts'
import type { Refusal } from '../../server/contract/refusals.ts'
import { type AskOf, requestFor } from '../../server/contract/request.ts'
import { changePrivacy, setUpSite } from '../../server/contract/site.ts'
import type { House } from '../../server/routes/house.ts'
import { Live } from '../../server/routes/live.ts'
import { usualLimits } from '../../server/sources/limits.ts'
import { openSources } from '../../server/sources/sources.ts'
import { Answers } from '../../server/store/answers.ts'
import type { DatabasePool } from '../../server/store/database.ts'
import { KnownCallers } from '../../server/store/known-callers.ts'
import { openOrders } from '../../server/store/queues.ts'
import { StopDoors } from '../../server/store/stop-doors.ts'
import { TemperatureMemory } from '../../server/store/temperatures.ts'
import { Unwritten } from '../../server/store/unwritten.ts'
import { createDatabase } from './database.ts'

export const PASSWORD = 'correct horse battery'

/** Somebody at a browser. */
export class Person {
  readonly app: FastifyInstance
  cookie = ''
  /** The address from which he comes. */
  remoteAddress = '127.0.0.1'
  headers: Record<string, string> = {}

  constructor(app: FastifyInstance) {
    this.app = app
  }

  /** Throws Denied where the server refuses. */
  async call<E extends Endpoint>(endpoint: E, ask: AskOf<E>): Promise<ReplyOf<E>> {
    const { method, path, json } = requestFor(endpoint, ask)
    return (await this.raw(method, path, json)) as ReplyOf<E>
  }

  async upload(
    name: string,
    bytes: Buffer | string,
    headers: Record<string, string> = {},
  ): Promise<ReplyOf<typeof uploadFile>> {
    const path = `/api/files?name=${encodeURIComponent(name)}`
    return (await this.raw('POST', path, bytes, {
      'content-type': 'application/octet-stream',
      ...headers,
    })) as ReplyOf<typeof uploadFile>
  }

  async raw(method: string, url: string, payload: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    const response = await this.app.inject({
      method: method as 'GET',
      url,
      remoteAddress: this.remoteAddress,
      headers: { ...headers, ...this.headers, ...(this.cookie ? { cookie: this.cookie } : {}) },
      ...(payload === undefined ? {} : { payload: payload as object }),
    })
    const cookie = response.cookies[0]
    if (cookie) this.cookie = `${cookie.name}=${cookie.value}`
    const reply: unknown = response.json()
    if (response.statusCode >= 400) throw new Denied(response.statusCode, reply as Refusal)
    return reply
  }
}

export interface Workshop {
  readonly app: FastifyInstance
  readonly db: DatabasePool
  readonly house: House
  readonly live: Live
  /** The first steward, signed in. */
  readonly steward: Person
  stranger(): Person
  /** A new member of this role, signed in. */
  join(name: string, role: Role): Promise<Person>
}

/** A key of its own: what is sealed in one workshop of a test opens in it again. */
const keyFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'auzolan-key-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'secret.key')
}

/**
 * `setUp`: with its first steward; without, as on the first day. `showsNames`: its members see whose jobs are whose,
 * which few tests are about.
 */
export const openWorkshop = async ({
  setUp = true,
  showsNames = true,
  environment = {},
  allowedHosts = [] as readonly string[],
} = {}): Promise<Workshop> => {
  const { db, connection, url } = await createDatabase()
  const orders = openOrders(connection, null, (error) => console.error(error.message))
  const config = readConfig({ DATABASE_URL: url, AUZOLAN_LOG: 'silent', AUZOLAN_KEY_FILE: keyFile(), ...environment })
  const sources = openSources({
    limits: usualLimits,
    temporaryFolder: `${tmpdir()}/auzolan-pulls-${process.pid}`,
    allowedHosts,
    tokens: new Map(),
    manyfold: new Map(),
  })
  const house: House = {
    db,
    sources,
    orders,
    config,
    temperatures: new TemperatureMemory(),
    answers: new Answers(),
    callers: new KnownCallers(),
    doors: new StopDoors(),
    unwritten: new Unwritten(),
    setUpCode: 'A1B2C3D4',
  }
  const live = new Live(db)
  const app = await buildApp({ house, live, pagesFolder: '/nowhere', version: '0.0.0' })
  await app.ready()
  afterAll(async () => {
    live.close()
    await app.close()
    await orders.close()
    await sources.close()
  })
  const steward = new Person(app)
  if (setUp) {
    await steward.call(setUpSite, {
      body: { siteName: 'Test workshop', timeZone: 'Europe/Madrid', stewardName: 'Maite', password: PASSWORD },
    })
    await steward.call(changePrivacy, { body: { showsNames } })
  }
  const join = async (name: string, role: Role): Promise<Person> => {
    const person = new Person(app)
    // Each from an address of his own: the limits on guessing are not what these tests are about.
    person.remoteAddress = `10.0.0.${Math.floor(Math.random() * 250) + 1}`
    const { token } = await steward.call(invite, { body: { role } })
    await person.call(acceptInvitation, { body: { token, name, password: PASSWORD } })
    return person
  }
  return { app, db, house, live, steward, stranger: () => new Person(app), join }
}

/** What the server refuses: its status and code. */
export const refusalOf = async (work: Promise<unknown>): Promise<{ status: number; code: string; message: string }> => {
  try {
    await work
  } catch (error) {
    if (error instanceof Denied)
      return { status: error.status, code: error.refusal.code, message: error.refusal.message }
    throw error
  }
  throw new Error('It was not refused.')
}
