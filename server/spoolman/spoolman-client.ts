// Speaks with a Spoolman server: its REST API, version 1.
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import { guardedLookup, isAllowed, NotAllowed } from './allowed-address.ts'

const TIMEOUT_MS = 8000
const MOST_BYTES = 20_000_000
const PAGE = 200

/** It does not answer, or nothing that makes sense: later it may. */
export class SpoolmanAway extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'SpoolmanAway'
  }
}

/** It does not take what it was told: asking again would not help. */
export class SpoolmanRefused extends Error {
  readonly status: number

  constructor(status: number, what: string) {
    super(`Spoolman does not take it (${status}): ${what}`)
    this.name = 'SpoolmanRefused'
    this.status = status
  }
}

const Maybe = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))

const RemoteVendor = Type.Object({ id: Type.Integer(), name: Type.String() })

/** Weights in g, lengths in mm, density in g/cm³. What it does not know is left out. */
const RemoteFilament = Type.Object({
  id: Type.Integer(),
  name: Maybe(Type.String()),
  vendor: Maybe(RemoteVendor),
  material: Maybe(Type.String()),
  price: Maybe(Type.Number()),
  density: Type.Number({ exclusiveMinimum: 0 }),
  diameter: Type.Number({ exclusiveMinimum: 0 }),
  /** Of the filament on a full spool; of the spool without. */
  weight: Maybe(Type.Number()),
  spool_weight: Maybe(Type.Number()),
  settings_extruder_temp: Maybe(Type.Number()),
  settings_bed_temp: Maybe(Type.Number()),
  color_hex: Maybe(Type.String()),
})
export type RemoteFilament = Type.Static<typeof RemoteFilament>

export const RemoteSpool = Type.Object({
  id: Type.Integer(),
  filament: RemoteFilament,
  remaining_weight: Maybe(Type.Number()),
  initial_weight: Maybe(Type.Number()),
  spool_weight: Maybe(Type.Number()),
  used_weight: Type.Number(),
  location: Maybe(Type.String()),
  lot_nr: Maybe(Type.String()),
  comment: Maybe(Type.String()),
  archived: Type.Boolean(),
  first_used: Maybe(Type.String()),
})
export type RemoteSpool = Type.Static<typeof RemoteSpool>

const Info = Type.Object({ version: Type.String() })
const Numbered = Type.Object({ id: Type.Integer() })

export interface SpoolmanAddress {
  readonly address: string
  readonly anywhere: boolean
}

/** What is told of a new filament or spool: names as in its API. */
export type Fields = Readonly<Record<string, string | number | boolean | null>>

export class SpoolmanClient {
  readonly #server: SpoolmanAddress

  constructor(server: SpoolmanAddress) {
    this.#server = server
  }

  /** All of these throw SpoolmanAway, or SpoolmanRefused. */
  async version(): Promise<string> {
    return (await this.#ask('GET', '/info', Info)).version
  }

  /** All spools, also archived ones. Those that make no sense are left out. */
  async spools(): Promise<RemoteSpool[]> {
    const found = new Map<number, RemoteSpool>()
    for (let offset = 0; ; offset += PAGE) {
      const page = await this.#ask(
        'GET',
        `/spool?allow_archived=true&sort=id:asc&limit=${PAGE}&offset=${offset}`,
        Type.Array(Type.Unknown()),
      )
      for (const one of page) if (Value.Check(RemoteSpool, one)) found.set(one.id, one)
      if (page.length < PAGE) return [...found.values()]
    }
  }

  spool(id: number): Promise<RemoteSpool> {
    return this.#ask('GET', `/spool/${id}`, RemoteSpool)
  }

  use(id: number, grams: number): Promise<RemoteSpool> {
    return this.#ask('PUT', `/spool/${id}/use`, RemoteSpool, { use_weight: grams })
  }

  change(id: number, fields: Fields): Promise<RemoteSpool> {
    return this.#ask('PATCH', `/spool/${id}`, RemoteSpool, fields)
  }

  /** The number of the vendor of this name, who is added where he is not known. */
  async vendor(name: string): Promise<number> {
    const known = await this.#ask('GET', `/vendor?name=${encodeURIComponent(name)}`, Type.Array(RemoteVendor))
    const same = known.find((vendor) => vendor.name.toLowerCase() === name.toLowerCase())
    return same?.id ?? (await this.#ask('POST', '/vendor', Numbered, { name })).id
  }

  async addFilament(fields: Fields): Promise<number> {
    return (await this.#ask('POST', '/filament', Numbered, fields)).id
  }

  async addSpool(fields: Fields): Promise<number> {
    return (await this.#ask('POST', '/spool', Numbered, fields)).id
  }

  async #ask<S extends Type.TSchema>(method: string, path: string, shape: S, body?: Fields): Promise<Type.Static<S>> {
    const { status, text } = await this.#exchange(method, `${this.#server.address}/api/v1${path}`, body)
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      throw new SpoolmanRefused(status, `${method} ${path.split('?')[0]}`)
    }
    if (status !== 200 && status !== 201) throw new SpoolmanAway(`It answers ${status} instead of what was asked for.`)
    let reply: unknown
    try {
      reply = JSON.parse(text)
    } catch (error) {
      throw new SpoolmanAway('It answers, but not as Spoolman does. Is the address right?', error)
    }
    if (!Value.Check(shape, reply))
      throw new SpoolmanAway('It answers, but not as Spoolman does. Is the address right?')
    return reply
  }

  /** Goes to no other place than it was told: redirections are not followed. */
  #exchange(method: string, url: string, body: Fields | undefined): Promise<{ status: number; text: string }> {
    const { anywhere } = this.#server
    const { protocol, hostname } = new URL(url)
    const host = hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) !== 0 && !isAllowed(host, anywhere)) return Promise.reject(away(new NotAllowed(host)))
    const payload = body === undefined ? undefined : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(away(error))
      const asked = (protocol === 'https:' ? httpsRequest : httpRequest)(
        url,
        {
          method,
          agent: false,
          lookup: guardedLookup(anywhere),
          signal: AbortSignal.timeout(TIMEOUT_MS),
          headers: { accept: 'application/json', ...(payload ? { 'content-type': 'application/json' } : {}) },
        },
        (response) => {
          const parts: Buffer[] = []
          let sizeBytes = 0
          response.on('data', (part: Buffer) => {
            parts.push(part)
            sizeBytes += part.length
            if (sizeBytes > MOST_BYTES) response.destroy(new Error('Its answer is too long.'))
          })
          response.on('error', failed)
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
          )
        },
      )
      asked.on('error', failed)
      asked.end(payload)
    })
  }
}

const away = (error: Error): SpoolmanAway => {
  if (error instanceof NotAllowed) return new SpoolmanAway(error.message, error)
  const { code } = error as NodeJS.ErrnoException
  if (error.name === 'TimeoutError' || code === 'ABORT_ERR')
    return new SpoolmanAway('It does not answer in time.', error)
  if (code === 'ECONNREFUSED') return new SpoolmanAway('Nothing listens there. Does Spoolman run?', error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new SpoolmanAway('There is no computer of this name.', error)
  return new SpoolmanAway(`It cannot be reached: ${error.message}`, error)
}
