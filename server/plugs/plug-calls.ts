// Speaks to smart plugs over HTTP: Tasmota, Shelly of the first generation, and of the second and later ones.
import { createHash, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { PlugKind } from '../contract/power.ts'
import { allowedAddress } from './private-address.ts'

export interface PlugAddress {
  readonly kind: PlugKind
  readonly address: string
  readonly outlet: number
  readonly userName: string | null
  readonly password: string | null
  readonly anywhere: boolean
}

/** The plug did not do it; in words for people. */
export class PlugTrouble extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'PlugTrouble'
  }
}

const PATIENCE_MS = 4000
const LONGEST_ANSWER_BYTES = 64 * 1024
/** The name that Shelly's second generation has for its only user. */
const SHELLY_USER = 'admin'

/** Whether it is on. Throws PlugTrouble. */
export const askPlug = (plug: PlugAddress): Promise<boolean> => talk(plug, null)

/** Switches it, and makes sure that it says so. Throws PlugTrouble. */
export const switchPlug = async (plug: PlugAddress, on: boolean): Promise<void> => {
  await talk(plug, on)
  if ((await askPlug(plug)) !== on)
    throw new PlugTrouble(`The plug at ${plug.address} has not switched ${on ? 'on' : 'off'}.`)
}

/** `on`: null only asks. */
const talk = async (plug: PlugAddress, on: boolean | null): Promise<boolean> => {
  const answer = await call(plug, pathOf(plug, on))
  const isOn = stateIn(plug, answer)
  // Shelly's second generation answers a command with how it was before.
  if (isOn === null && on === null)
    throw new PlugTrouble(`What answers at ${plug.address} is no ${names[plug.kind]} plug.`)
  return isOn ?? on === true
}

const names: Readonly<Record<PlugKind, string>> = { tasmota: 'Tasmota', 'shelly-1': 'Shelly', 'shelly-2': 'Shelly' }

const pathOf = ({ kind, outlet, userName, password }: PlugAddress, on: boolean | null): string => {
  switch (kind) {
    case 'tasmota': {
      const command = `Power${outlet + 1}${on === null ? '' : on ? ' On' : ' Off'}`
      const login = password === null ? {} : { user: userName ?? 'admin', password }
      return `/cm?${new URLSearchParams({ ...login, cmnd: command })}`
    }
    case 'shelly-1':
      return `/relay/${outlet}${on === null ? '' : `?turn=${on ? 'on' : 'off'}`}`
    case 'shelly-2':
      return on === null ? `/rpc/Switch.GetStatus?id=${outlet}` : `/rpc/Switch.Set?id=${outlet}&on=${on}`
  }
}

const stateIn = ({ kind, outlet }: PlugAddress, answer: unknown): boolean | null => {
  if (typeof answer !== 'object' || answer === null) return null
  const fields = new Map(Object.entries(answer))
  if (kind === 'tasmota') {
    const power = fields.get(`POWER${outlet + 1}`) ?? (outlet === 0 ? fields.get('POWER') : undefined)
    return power === 'ON' ? true : power === 'OFF' ? false : null
  }
  const state: unknown = fields.get(kind === 'shelly-1' ? 'ison' : 'output')
  return typeof state === 'boolean' ? state : null
}

interface Answer {
  readonly status: number
  readonly challenge: string | undefined
  readonly text: string
}

const call = async (plug: PlugAddress, path: string): Promise<unknown> => {
  const { kind, userName, password, address } = plug
  const basic =
    kind === 'shelly-1' && password !== null
      ? `Basic ${Buffer.from(`${userName ?? 'admin'}:${password}`).toString('base64')}`
      : undefined
  let answer = await get(plug, path, basic)
  if (answer.status === 401 && kind === 'shelly-2' && password !== null && answer.challenge !== undefined) {
    answer = await get(plug, path, digest(answer.challenge, path, password))
  }
  if (answer.status === 401 || /"WARNING":\s*"Need user/i.test(answer.text)) {
    throw new PlugTrouble(`The plug at ${address} wants another name or password.`)
  }
  if (answer.status !== 200) throw new PlugTrouble(`The plug at ${address} answers with an error (${answer.status}).`)
  try {
    return JSON.parse(answer.text) as unknown
  } catch (error) {
    throw new PlugTrouble(`What answers at ${address} is no ${names[kind]} plug.`, error)
  }
}

/** One GET at an address that was checked just now; where it is redirected to is not followed. */
const get = async (plug: PlugAddress, path: string, authorization: string | undefined): Promise<Answer> => {
  const match = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(plug.address)
  const host = match?.[1] ?? plug.address
  const found = await allowedAddress(host, plug.anywhere).catch((error: unknown) => {
    throw new PlugTrouble(`The plug at ${plug.address} is not found in the network.`, error)
  })
  if (found === null) {
    throw new PlugTrouble(
      `${plug.address} is not in a private network. A steward can allow it in the set-up of the printer.`,
    )
  }
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void =>
      reject(
        new PlugTrouble(`The plug at ${plug.address} does not answer. Is it plugged in and in the network?`, error),
      )
    const asked = request(
      {
        host: found,
        port: Number(match?.[2] ?? 80),
        path,
        signal: AbortSignal.timeout(PATIENCE_MS),
        headers: { host: plug.address, connection: 'close', ...(authorization ? { authorization } : {}) },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => {
          text += piece
          if (text.length > LONGEST_ANSWER_BYTES) asked.destroy(new Error('The answer is too long.'))
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, challenge: response.headers['www-authenticate'], text }),
        )
        response.on('error', failed)
      },
    )
    asked.on('error', failed)
    asked.end()
  })
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The answer to a challenge by RFC 7616 with SHA-256, as Shelly's second generation wants it. */
const digest = (challenge: string, path: string, password: string): string => {
  const field = (name: string): string => new RegExp(`${name}="?([^",]+)"?`).exec(challenge)?.[1] ?? ''
  const [realm, nonce] = [field('realm'), field('nonce')]
  const cnonce = randomBytes(8).toString('hex')
  const first = sha256(`${SHELLY_USER}:${realm}:${password}`)
  const second = sha256(`GET:${path}`)
  const response = sha256(`${first}:${nonce}:00000001:${cnonce}:auth:${second}`)
  return (
    `Digest username="${SHELLY_USER}", realm="${realm}", nonce="${nonce}", uri="${path}", algorithm=SHA-256, ` +
    `qop=auth, nc=00000001, cnonce="${cnonce}", response="${response}"`
  )
}
