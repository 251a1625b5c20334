// A member of a workshop, as a program: signs in and calls the API.
import type { Endpoint, ReplyOf } from '../../server/contract/endpoint.ts'
import { type GcodeFile, uploadFile } from '../../server/contract/files.ts'
import type { Refusal } from '../../server/contract/refusals.ts'
import { type AskOf, requestFor } from '../../server/contract/request.ts'

/** The server said no: with which status, and why. */
export class Denied extends Error {
  readonly status: number
  readonly refusal: Refusal

  constructor(status: number, refusal: Refusal) {
    super(refusal.message)
    this.name = 'Denied'
    this.status = status
    this.refusal = refusal
  }
}

export class Client {
  readonly #base: string
  cookie = ''

  /** `base` is the server's address, without a path. */
  constructor(base: string) {
    this.#base = base
  }

  /** Throws Denied where the server refuses. */
  async call<E extends Endpoint>(endpoint: E, ask: AskOf<E>): Promise<ReplyOf<E>> {
    const { method, path, json } = requestFor(endpoint, ask)
    const headers = json === undefined ? {} : { 'content-type': 'application/json' }
    return (await this.#fetch(path, {
      method,
      headers,
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })) as ReplyOf<E>
  }

  /** Uploads the bytes of a file. */
  async upload(name: string, bytes: Uint8Array): Promise<GcodeFile> {
    const { path } = requestFor(uploadFile, { query: { name } })
    return (await this.#fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes as Uint8Array<ArrayBuffer>,
    })) as GcodeFile
  }

  async #fetch(path: string, request: RequestInit): Promise<unknown> {
    const headers = { ...(request.headers as Record<string, string>), ...(this.cookie ? { cookie: this.cookie } : {}) }
    const response = await fetch(this.#base + path, { ...request, headers })
    const [cookie] = response.headers.getSetCookie()
    if (cookie !== undefined) this.cookie = cookie.split(';')[0] ?? ''
    const reply: unknown = await response.json()
    if (!response.ok) throw new Denied(response.status, reply as Refusal)
    return reply
  }
}
