import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { listPorts } from '../../firmware-bridge/port/list-ports.ts'
import { openPort } from '../../firmware-bridge/port/open-port.ts'
import { LineSplitter, type PortListener, type PortRefused } from '../../firmware-bridge/port/port.ts'
import { openPseudoTerminal } from '../../firmware-bridge/simulator/pty.ts'
import { startSimulator } from '../support/processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'auzolan-ports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const deaf: PortListener = { lines: () => {}, closed: () => {} }
const refused = (work: Promise<unknown>): Promise<PortRefused> =>
  work.then(
    () => Promise.reject(new Error('It opened.')),
    (error: PortRefused) => error,
  )

describe('a serial port', () => {
  it('carries lines both ways', async () => {
    const heard: string[] = []
    const terminal = openPseudoTerminal(join(folder, 'echo'), (text) => {
      heard.push(text)
      terminal.write('ok\nT:20')
      terminal.write('.5 /0\r\n')
    })
    const lines: string[] = []
    const port = await openPort(terminal.path, 115200, { ...deaf, lines: (some) => lines.push(...some) })
    port.write('N1 G28*18\n')
    await expect.poll(() => lines).toEqual(['ok', 'T:20.5 /0'])
    expect(heard.join('')).toBe('N1 G28*18\n')
    await port.pulseReset()
    await port.close()
    terminal.close()
  })

  it('tells at once when the cable is pulled, in whatever moment', async () => {
    for (let n = 0; n < 25; n++) {
      const terminal = openPseudoTerminal(join(folder, 'pulled'), () => terminal.write('ok\n'))
      let reason = ''
      let lines = 0
      const port = await openPort(terminal.path, 115200, {
        lines: () => {
          lines++
          port.write('M105\n')
        },
        closed: (why) => {
          reason = why
        },
      })
      port.write('M105\n')
      await expect.poll(() => lines).toBeGreaterThan(10 + n)
      terminal.close()
      const pulledAt = performance.now()
      await expect.poll(() => reason, { interval: 2, timeout: 2000 }).toContain('unplugged')
      expect(performance.now() - pulledAt).toBeLessThan(500)
      port.write('M105\n')
      await port.close()
    }
  })

  it('is held by one program at a time', async () => {
    const { program, address } = await startSimulator({ link: join(folder, 'held') })
    const port = await openPort(address, 115200, deaf)
    const other = await refused(openPort(address, 115200, deaf))
    expect(other).toMatchObject({
      code: 'held',
      message: `Another program holds ${address}. Close it, then connect again.`,
    })
    await port.close()
    await (await openPort(address, 115200, deaf)).close()
    await program.kill()
  })

  it('says plainly what is wrong', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, 'x')
    expect(await refused(openPort(join(folder, 'nothing'), 115200, deaf))).toMatchObject({ code: 'missing' })
    expect(await refused(openPort(file, 115200, deaf))).toMatchObject({ code: 'not-a-port' })
    expect(await refused(openPort('tcp://127.0.0.1:1', 0, deaf))).toMatchObject({ code: 'unreachable' })
    expect(await refused(openPort('tcp://nowhere', 0, deaf))).toMatchObject({ code: 'not-a-port' })
  })

  it('is found where it is looked for', async () => {
    const terminal = openPseudoTerminal(join(folder, 'found'), () => {})
    expect(await listPorts([folder])).toContainEqual({
      identity: join(folder, 'found'),
      path: join(folder, 'found'),
      label: 'found',
      serialNumber: null,
    })
    terminal.close()
    expect((await listPorts([folder])).map(({ label }) => label)).not.toContain('found')
  })
})

describe('a network port', () => {
  it('carries lines, and tells when the other end is gone', async () => {
    const server = createServer((socket) => {
      socket.on('data', () => socket.write('ok\n', () => socket.destroy()))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port: number } = server.address() as { port: number }
    const told: string[] = []
    const port = await openPort(`tcp://127.0.0.1:${number}`, 0, {
      lines: (lines) => told.push(...lines),
      closed: (reason) => told.push(reason),
    })
    port.write('M105\n')
    await expect.poll(() => told).toEqual(['ok', 'The printer closed the network connection.'])
    server.close()
  })
})

describe('lines', () => {
  const split = (...pieces: string[]): string[] => {
    const splitter = new LineSplitter()
    return pieces.flatMap((piece) => splitter.split(Buffer.from(piece, 'latin1')))
  }

  it('end by LF, CR or both, however the reads are cut', () => {
    expect(split('o', 'k\nT:1', '\r\n', '\r', 'wait\n')).toEqual(['ok', 'T:1', 'wait'])
  })

  it('keep bytes that no firmware means as one character each', () => {
    expect(split('\u00ff\u0000start\n')).toEqual(['\u00ff\u0000start'])
  })

  it('do not fill the memory when they have no end', () => {
    const splitter = new LineSplitter()
    const noise = Buffer.alloc(3000, 'x')
    expect([...splitter.split(noise), ...splitter.split(noise)].map((line) => line.length)).toEqual([6000])
  })
})
