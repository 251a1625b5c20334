import { createHash } from 'node:crypto'
import { mkdtempSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Plug } from '../../server/contract/power.ts'
import { hindranceToOff, isDueOff, isDueOn, type PowerView } from '../../server/domain/power.ts'
import { askPlug, type PlugAddress, switchPlug } from '../../server/plugs/plug-calls.ts'
import { allowedAddress, isPrivate } from '../../server/plugs/private-address.ts'
import { NotOpened, type PlugRow, withPassword } from '../../server/store/plugs.ts'
import { openSealer } from '../../server/store/secrets.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A plug on this machine: answers as the real ones do; tells its address. */
const plugAt = async (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> => {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

const plug = (kind: PlugAddress['kind'], address: string, more: Partial<PlugAddress> = {}): PlugAddress => ({
  kind,
  address,
  outlet: 0,
  userName: null,
  password: null,
  anywhere: false,
  ...more,
})

const json = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

const tasmota = (password: string | null = null) => {
  let on = false
  return plugAt((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://plug')
    if (password !== null && searchParams.get('password') !== password) {
      return json(response, { WARNING: 'Need user=<username>&password=<password>' })
    }
    const command = searchParams.get('cmnd') ?? ''
    if (/ On$/.test(command)) on = true
    if (/ Off$/.test(command)) on = false
    json(response, { POWER: on ? 'ON' : 'OFF' })
  })
}

const shellyOne = (login: string | null = null) => {
  let on = false
  return plugAt((request, response) => {
    const wanted = login && `Basic ${Buffer.from(login).toString('base64')}`
    if (wanted && request.headers.authorization !== wanted) return json(response, {}, 401)
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://plug')
    if (pathname !== '/relay/0') return json(response, {}, 404)
    if (searchParams.has('turn')) on = searchParams.get('turn') === 'on'
    json(response, { ison: on, has_timer: false })
  })
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

const shellyTwo = (password: string | null = null) => {
  let on = false
  return plugAt((request, response) => {
    const url = request.url ?? ''
    if (password !== null) {
      const field = (name: string): string =>
        new RegExp(`${name}="?([^",]+)"?`).exec(request.headers.authorization ?? '')?.[1] ?? ''
      const first = hash(`admin:shelly-plug:${password}`)
      const wanted = hash(`${first}:abc123:${field('nc')}:${field('cnonce')}:auth:${hash(`GET:${url}`)}`)
      if (field('response') !== wanted) {
        response.setHeader(
          'www-authenticate',
          'Digest qop="auth", realm="shelly-plug", nonce="abc123", algorithm=SHA-256',
        )
        return json(response, {}, 401)
      }
    }
    const { pathname, searchParams } = new URL(url, 'http://plug')
    if (pathname === '/rpc/Switch.Set') {
      const was = on
      on = searchParams.get('on') === 'true'
      return json(response, { was_on: was })
    }
    json(response, { id: 0, output: on, apower: 4.2 })
  })
}

describe('a smart plug', () => {
  it.each([
    ['tasmota', null, () => tasmota()],
    ['tasmota', 'geheim&more', () => tasmota('geheim&more')],
    ['shelly-1', null, () => shellyOne()],
    ['shelly-1', 'secret', () => shellyOne('admin:secret')],
    ['shelly-2', null, () => shellyTwo()],
    ['shelly-2', 'secret', () => shellyTwo('secret')],
  ] as const)('%s (password: %s) is asked, switched on and off', async (kind, password, made) => {
    const one = plug(kind, await made(), { password })
    expect(await askPlug(one)).toBe(false)
    await switchPlug(one, true)
    expect(await askPlug(one)).toBe(true)
    await switchPlug(one, false)
    expect(await askPlug(one)).toBe(false)
  })

  it('says in plain words what is wrong: wrong password, another device, nobody there, does not switch', async () => {
    for (const [kind, made] of [
      ['tasmota', tasmota('a')],
      ['shelly-1', shellyOne('admin:a')],
      ['shelly-2', shellyTwo('a')],
    ] as const) {
      await expect(askPlug(plug(kind, await made, { password: 'b' }))).rejects.toThrow('another name or password')
    }
    const other = await plugAt((_request, response) => response.end('<html>a printer</html>'))
    await expect(askPlug(plug('tasmota', other))).rejects.toThrow('is no Tasmota plug')
    await expect(askPlug(plug('tasmota', '127.0.0.1:1'))).rejects.toThrow('does not answer')
    const stuck = await plugAt((_request, response) => json(response, { POWER: 'OFF' }))
    await expect(switchPlug(plug('tasmota', stuck), true)).rejects.toThrow('has not switched on')
  })

  it('is not followed to where it redirects, and is heard only so long', async () => {
    let visited = false
    const inner = await plugAt((_request, response) => {
      visited = true
      json(response, { POWER: 'ON' })
    })
    const outer = await plugAt((_request, response) => response.writeHead(302, { location: `http://${inner}/` }).end())
    await expect(askPlug(plug('tasmota', outer))).rejects.toThrow('error (302)')
    expect(visited).toBe(false)
    const endless = await plugAt((_request, response) => void response.end('x'.repeat(1_000_000)))
    await expect(askPlug(plug('tasmota', endless))).rejects.toThrow('does not answer')
  })

  it('is looked for in private networks only, unless a steward allows more', async () => {
    for (const address of [
      '10.1.2.3',
      '172.20.0.1',
      '192.168.1.5',
      '127.0.0.1',
      'fd12::1',
      'fe80::1',
      '::1',
      '::ffff:10.0.0.1',
    ]) {
      expect(isPrivate(address), address).toBe(true)
    }
    for (const address of [
      '8.8.8.8',
      '172.32.0.1',
      '169.254.169.254',
      '2001:db8::1',
      '::ffff:8.8.8.8',
      '0.0.0.0',
      '224.0.0.1',
    ]) {
      expect(isPrivate(address), address).toBe(false)
    }
    expect(await allowedAddress('8.8.8.8', false)).toBeNull()
    expect(await allowedAddress('8.8.8.8', true)).toBe('8.8.8.8')
    expect(await allowedAddress('169.254.169.254', true)).toBeNull()
    await expect(askPlug(plug('tasmota', '8.8.8.8'))).rejects.toThrow('not in a private network')
  })
})

describe('a password of a plug', () => {
  it('is sealed with a key that only its owner can read, for one printer alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'auzolan-key-'))
    const path = join(folder, 'secret.key')
    const sealer = openSealer(path)
    const sealed = sealer.seal('plug 1', 'geheim')
    expect(statSync(path).mode & 0o077).toBe(0)
    expect(sealed.includes('geheim')).toBe(false)
    const plug = { printerId: 1, password: sealed } as PlugRow
    expect(withPassword(plug, openSealer(path)).password).toBe('geheim')
    expect(() => withPassword({ ...plug, printerId: 2 }, sealer)).toThrow(NotOpened)
    sealed[20] = (sealed[20] ?? 0) ^ 1
    expect(() => withPassword(plug, sealer)).toThrow(NotOpened)
  })
})

describe('a printer with a plug', () => {
  const view: PowerView = {
    name: 'Etxe',
    bridgeAlive: true,
    state: 'idle',
    nozzle: 30,
    hasPrint: false,
    heating: false,
  }
  const settings: Plug = {
    kind: 'tasmota',
    address: '10.0.0.2',
    outlet: 0,
    userName: null,
    onBeforePrint: true,
    offAfterMinutes: 15,
    anywhere: false,
    hasPassword: false,
    isOn: true,
    trouble: null,
  }

  it('is never switched off during a print, while it is hot or heats, or when nobody can see it', () => {
    expect(hindranceToOff(view)).toBeNull()
    expect(hindranceToOff({ ...view, hasPrint: true })).toContain('has a print on it')
    for (const state of [
      'printing',
      'pausing',
      'paused',
      'resuming',
      'cancelling',
      'reconnecting',
      'manual',
    ] as const) {
      expect(hindranceToOff({ ...view, state }), state).not.toBeNull()
    }
    expect(hindranceToOff({ ...view, nozzle: 50 })).toContain('50 °C')
    expect(hindranceToOff({ ...view, heating: true })).toContain('is heating')
    expect(hindranceToOff({ ...view, bridgeAlive: false })).toContain('nobody knows')
  })

  it('goes off when it was idle and cool for long enough, and not a moment before', () => {
    expect(isDueOff(settings, view, 15 * 60_000)).toBe(true)
    expect(isDueOff(settings, view, 15 * 60_000 - 1)).toBe(false)
    expect(isDueOff({ ...settings, offAfterMinutes: null }, view, 1e9)).toBe(false)
    expect(isDueOff({ ...settings, isOn: false }, view, 1e9)).toBe(false)
    expect(isDueOff(settings, { ...view, nozzle: null }, 1e9)).toBe(false)
    expect(isDueOff(settings, { ...view, state: 'offline' }, 1e9)).toBe(false)
  })

  it('goes on when a job waits for it, if that is wanted', () => {
    const off = { ...settings, isOn: false }
    expect(isDueOn(off, { ...view, state: 'offline' }, true)).toBe(true)
    expect(isDueOn(off, { ...view, state: 'offline' }, false)).toBe(false)
    expect(isDueOn({ ...off, onBeforePrint: false }, { ...view, state: 'offline' }, true)).toBe(false)
    expect(isDueOn(settings, { ...view, state: 'offline' }, true)).toBe(false)
  })
})
