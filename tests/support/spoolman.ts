// A server that speaks as Spoolman does, over real HTTP: enough of it to share spools with, and to be away.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Filament {
  id: number
  name?: string
  vendor?: { id: number; name: string }
  material?: string
  density: number
  diameter: number
  weight?: number
  spool_weight?: number
  color_hex?: string
  price?: number
}
interface Spool {
  id: number
  filament: Filament
  initial_weight: number
  spool_weight?: number
  used_weight: number
  location?: string
  lot_nr?: string
  comment?: string
  archived: boolean
}

export class PlayedSpoolman {
  readonly filaments: Filament[] = []
  readonly vendors: { id: number; name: string }[] = []
  readonly spools: Spool[] = []
  /** Of each request that changed something. */
  readonly told: string[] = []
  /** The next so many changes are carried out, and their answers are lost. */
  loseAnswers = 0
  #server: Server | null = null
  #port = 0

  get address(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async open(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request)
        .then((answer) => {
          if (answer === null) return request.socket.destroy()
          response.writeHead(answer.status, { 'content-type': 'application/json' })
          return response.end(JSON.stringify(answer.body))
        })
        .catch(() => request.socket.destroy())
    })
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = null
    server?.closeAllConnections()
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)))
  }

  add(fields: { material: string; name: string; vendor?: string; grams?: number; used?: number }): Spool {
    const { material, name, vendor, grams = 1000, used = 0 } = fields
    const filament: Filament = {
      id: this.filaments.length + 1,
      name,
      material,
      density: 1.27,
      diameter: 1.75,
      weight: grams,
    }
    if (vendor !== undefined) filament.vendor = this.#vendor(vendor)
    this.filaments.push(filament)
    return this.#spool({ filament, initial_weight: grams, used_weight: used })
  }

  #vendor(name: string): { id: number; name: string } {
    const vendor = this.vendors.find((one) => one.name === name) ?? { id: this.vendors.length + 1, name }
    if (!this.vendors.includes(vendor)) this.vendors.push(vendor)
    return vendor
  }

  #spool(fields: Omit<Spool, 'id' | 'archived'>): Spool {
    const spool = { id: 500 + this.spools.length, archived: false, ...fields }
    this.spools.push(spool)
    return spool
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown } | null> {
    const url = new URL(request.url ?? '/', this.address)
    const [, , , noun, id, verb] = url.pathname.split('/')
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = parts.length > 0 ? (JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>) : {}
    const answer = this.#reply(request.method ?? '', url, { noun, id, verb, body })
    if (request.method === 'GET') return answer
    this.told.push(`${request.method} ${url.pathname.replace('/api/v1', '')} ${JSON.stringify(body)}`)
    return this.loseAnswers-- > 0 ? null : answer
  }

  #reply(
    method: string,
    url: URL,
    asked: {
      noun: string | undefined
      id: string | undefined
      verb: string | undefined
      body: Record<string, unknown>
    },
  ): { status: number; body: unknown } {
    const { noun, id, verb, body } = asked
    if (noun === 'info') return { status: 200, body: { version: '0.22.1' } }
    if (noun === 'vendor' && method === 'GET') return { status: 200, body: this.vendors }
    if (noun === 'vendor') return { status: 200, body: this.#vendor(body['name'] as string) }
    if (noun === 'filament') {
      const { vendor_id: vendorId, ...fields } = body as Record<string, unknown>
      const vendor = this.vendors.find((one) => one.id === vendorId)
      const filament = { id: this.filaments.length + 1, ...fields, ...(vendor ? { vendor } : {}) } as Filament
      this.filaments.push(filament)
      return { status: 200, body: filament }
    }
    if (noun !== 'spool') return { status: 404, body: { message: 'Not Found' } }
    if (id === undefined && method === 'GET') return { status: 200, body: this.#page(url) }
    if (id === undefined) {
      const { filament_id: filamentId, remaining_weight: remaining, ...fields } = body as Record<string, unknown>
      const filament = this.filaments.find((one) => one.id === filamentId) as Filament
      const full = fields['initial_weight'] as number
      return {
        status: 200,
        body: this.#spool({ filament, initial_weight: full, used_weight: full - (remaining as number), ...fields }),
      }
    }
    const spool = this.spools.find((one) => one.id === Number(id))
    if (spool === undefined) return { status: 404, body: { message: 'No spool with that ID.' } }
    if (verb === 'use') spool.used_weight += body['use_weight'] as number
    else if (method === 'PATCH') {
      const { remaining_weight: remaining, ...fields } = body as Record<string, unknown>
      if (remaining !== undefined) spool.used_weight = spool.initial_weight - (remaining as number)
      Object.assign(spool, fields)
    }
    return { status: 200, body: shown(spool) }
  }

  #page(url: URL): unknown[] {
    const [limit, offset] = [Number(url.searchParams.get('limit') ?? 1e9), Number(url.searchParams.get('offset') ?? 0)]
    return this.spools.slice(offset, offset + limit).map(shown)
  }
}

const shown = (spool: Spool) => ({ ...spool, remaining_weight: Math.max(0, spool.initial_weight - spool.used_weight) })
