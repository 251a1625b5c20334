import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { listFiles, showFile } from '../../server/contract/files.ts'
import { type Farm, openFarm } from '../support/farm.ts'
import { largeGcode } from '../support/large-gcode.ts'

const MB = 1_000_000

/** Memory that a process holds, in bytes; Linux only. */
const memoryOf = (pid: number, what: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024

describe('an upload', () => {
  let farm: Farm
  beforeAll(async () => {
    farm = await openFarm({ bridges: [] })
    return () => farm.close()
  })

  const names = async (): Promise<string[]> =>
    (await farm.steward.call(listFiles, { query: {} })).map(({ name }) => name)

  /** Sends pieces as fast as they are taken; returns the status and what was answered. */
  const send = async (
    name: string,
    pieces: Iterable<Buffer>,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string }> => {
    const url = new URL(`/api/files?name=${encodeURIComponent(name)}`, farm.address)
    const sending = request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', cookie: farm.steward.cookie, ...headers },
    })
    const answered = once(sending, 'response')
    for (const piece of pieces) if (!sending.write(piece)) await once(sending, 'drain')
    sending.end()
    const [response] = await answered
    let text = ''
    for await (const piece of response.setEncoding('utf8')) text += piece
    return { status: response.statusCode, text }
  }

  it('of 500 MB does not make the server larger by more than 50 MB', async () => {
    const warmUp = JSON.parse((await send('warm-up.gcode', largeGcode(20 * MB, 7))).text) as { id: number }
    // The thread that reads files starts with the first of them.
    const stateOf = async (): Promise<string> =>
      (await farm.steward.call(showFile, { params: { id: warmUp.id } })).state
    await expect.poll(stateOf, { timeout: 30_000 }).toBe('analysed')
    const before = memoryOf(farm.server.pid, 'VmRSS')
    let peak = 0
    const watch = setInterval(() => {
      peak = Math.max(peak, memoryOf(farm.server.pid, 'VmRSS'))
    }, 20)
    const { status, text } = await send('large.gcode', largeGcode(500 * MB))
    clearInterval(watch)
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ name: 'large.gcode' })
    expect((peak - before) / MB).toBeLessThan(50)
  }, 120_000)

  it('that is cut off leaves nothing, and the next one goes through', async () => {
    const { hostname, port } = new URL(farm.address)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.write(
      `POST /api/files?name=half.gcode HTTP/1.1\r\nHost: ${hostname}:${port}\r\nCookie: ${farm.steward.cookie}\r\n` +
        'Content-Type: application/octet-stream\r\nContent-Length: 50000000\r\n\r\n',
    )
    for (const piece of largeGcode(5 * MB, 3)) if (!socket.write(piece)) await once(socket, 'drain')
    socket.destroy()
    await expect.poll(async () => (await names()).includes('half.gcode')).toBe(false)
    expect((await send('whole.gcode', largeGcode(MB, 4))).status).toBe(200)
    expect(await names()).toContain('whole.gcode')
  }, 30_000)

  it('that announces more than is allowed is refused before it has come', async () => {
    const { status, text } = await send('vast.gcode', [Buffer.from('G28\n')], {
      'content-length': String(5000 * MB),
    }).catch(() => ({
      status: 413,
      text: '',
    }))
    expect(status).toBe(413)
    expect(text === '' || text.includes('file.too-large')).toBe(true)
  })
})

describe('an upload on a disk that is nearly full', () => {
  let farm: Farm
  beforeAll(async () => {
    // So much shall stay free that nothing is left for files.
    farm = await openFarm({ bridges: [], environment: { AUZOLAN_DISK_RESERVE_MB: '9000000' } })
    return () => farm.close()
  })

  it('is refused with 507 and a sentence, and changes nothing', async () => {
    const refused = farm.steward.upload('part.gcode', Buffer.from('G28\nG1 X1\n'))
    await expect(refused).rejects.toMatchObject({
      status: 507,
      refusal: { code: 'disk.full', message: expect.stringContaining('disk of the workshop is full') },
    })
    expect(await farm.steward.call(listFiles, { query: {} })).toEqual([])
  })
})
