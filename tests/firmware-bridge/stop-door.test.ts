import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openStopDoor, type StopDoor, type StopDoorOptions } from '../../firmware-bridge/stop-door.ts'
import { Stops } from '../../firmware-bridge/stops.ts'
import type { StopCall } from '../../server/contract/emergency-stop.ts'
import { callBridge, nextLine, proveLine } from '../../server/store/stop-line.ts'
import { openRig } from '../support/session-rig.ts'

const call = (id: number, printerId = 1): StopCall => ({
  id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
  printerId,
  askedBy: 'Ane',
})

const folders: string[] = []
const doors: StopDoor[] = []

afterEach(async () => {
  for (const door of doors.splice(0)) await door.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const open = async (options: Partial<StopDoorOptions> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'auzolan-door-'))
  folders.push(folder)
  const heard: StopCall[] = []
  const said: string[] = []
  const door = await openStopDoor({
    folder: join(folder, 'stop'),
    otherwise: join(folder, 'other', 'stop.sock'),
    address: null,
    carryOut: async (stop) => {
      heard.push(stop)
      return { state: 'done', answer: null }
    },
    say: (text) => said.push(text),
    ...options,
  })
  doors.push(door)
  return { door, heard, said, path: door.socket as string }
}

/** Somebody at the door, and what he is told until he is let go. */
const knock = async (path: string): Promise<{ socket: Socket; nonce: string; told: () => Promise<string> }> => {
  const socket = connect(path)
  socket.on('error', () => {})
  const nonce = await nextLine(socket)
  let text = ''
  socket.on('data', (bytes) => {
    text += String(bytes)
  })
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(text)))
  return { socket, nonce, told: () => closed }
}

describe('the door for emergency stops', () => {
  it('takes a stop from who knows the key, and answers', async () => {
    const { door, path, heard } = await open()
    expect(await callBridge({ path }, door.key, call(1), 1000)).toEqual({ state: 'done', answer: null })
    expect(heard).toEqual([call(1)])
  })

  it('is for the user of the bridge only', async () => {
    const { path } = await open()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  })

  it('does nothing for who does not know the key, and tells him nothing', async () => {
    const { path, heard } = await open()
    await expect(callBridge({ path }, Buffer.alloc(32), call(1), 1000)).rejects.toThrow('closed the line')
    expect(heard).toEqual([])
  })

  it('does not take the same words a second time, nor words that were changed', async () => {
    const { door, path, heard } = await open()
    const first = await knock(path)
    const line = proveLine(door.key, 'call', first.nonce, call(1))
    first.socket.write(line)
    expect(await first.told()).toContain('"done"')
    const second = await knock(path)
    second.socket.write(line)
    expect(await second.told()).toBe('')
    const third = await knock(path)
    third.socket.write(proveLine(door.key, 'call', third.nonce, call(1)).replace('"printerId":1', '"printerId":2'))
    expect(await third.told()).toBe('')
    // The proof of an answer is none of a call.
    const fourth = await knock(path)
    fourth.socket.write(proveLine(door.key, 'answer', fourth.nonce, call(4)))
    expect(await fourth.told()).toBe('')
    expect(heard).toEqual([call(1)])
  })

  it('understands nothing but a stop of a printer', async () => {
    const { door, path, heard } = await open()
    for (const other of [{ ...call(1), printerId: 'all' }, { kind: 'gcode', line: 'M104 S300' }, { id: 'x' }]) {
      const caller = await knock(path)
      caller.socket.write(proveLine(door.key, 'call', caller.nonce, other))
      expect(await caller.told()).toBe('')
    }
    expect(heard).toEqual([])
  })

  it('lets go who says too much, or nothing, and a hundred of them keep nobody out', async () => {
    const { door, path } = await open()
    const talker = await knock(path)
    talker.socket.write('x'.repeat(10_000))
    expect(await talker.told()).toBe('')
    const silent = await Promise.all(Array.from({ length: 100 }, () => knock(path).catch(() => null)))
    expect(await callBridge({ path }, door.key, call(1), 1000)).toEqual({ state: 'done', answer: null })
    // After its patience none is held any more.
    for (const one of silent) if (one !== null) expect(await one.told()).toBe('')
  }, 15_000)

  it('is at an address too where it is told to, and says so where that is taken', async () => {
    const taken = { host: '127.0.0.1', port: 0 }
    const probe = (await import('node:net')).createServer()
    await new Promise<void>((resolve) => probe.listen(taken, resolve))
    const { port } = probe.address() as { port: number }
    await expect(open({ address: { host: '127.0.0.1', port } })).rejects.toThrow(`127.0.0.1:${port}`)
    await new Promise((resolve) => probe.close(resolve))
    const { door, heard } = await open({ address: { host: '127.0.0.1', port } })
    expect(await callBridge({ host: '127.0.0.1', port }, door.key, call(1), 1000)).toMatchObject({ state: 'done' })
    expect(heard).toHaveLength(1)
  })

  it('lies elsewhere where the path of the data folder is too long for a socket', async () => {
    const deep = join(mkdtempSync(join(tmpdir(), 'auzolan-deep-')), 'd'.repeat(120))
    folders.push(dirname(deep))
    const { door, path, said } = await open({ folder: deep })
    expect(path).toMatch(/other\/stop\.sock$/)
    expect(await callBridge({ path }, door.key, call(1), 1000)).toMatchObject({ state: 'done' })
    expect(said).toEqual([])
  })

  it('who only pretends to be the bridge is not believed', async () => {
    const { path } = await open({ carryOut: async () => ({ state: 'done', answer: null }) })
    const wrong = callBridge({ path }, Buffer.alloc(32, 1), call(1), 500)
    await expect(wrong).rejects.toThrow()
    const net = await import('node:net')
    const pretender = net.createServer((socket) => {
      socket.write(`${'0'.repeat(64)}\n`)
      socket.on('data', () =>
        socket.end(proveLine(Buffer.alloc(32, 2), 'answer', '0'.repeat(64), { state: 'done', answer: null })),
      )
    })
    await new Promise<void>((resolve) => pretender.listen(0, '127.0.0.1', resolve))
    const { port } = pretender.address() as { port: number }
    const answer = callBridge({ host: '127.0.0.1', port }, Buffer.alloc(32, 1), call(1), 500)
    await expect(answer).rejects.toThrow('not the bridge')
    pretender.close()
  })
})

describe('one stop that comes by two ways', () => {
  it('is carried out once, and both are told the same', async () => {
    const rig = await openRig()
    const stops = new Stops((printerId) => (printerId === 1 ? rig.session : undefined))
    const answers = await Promise.all([stops.carryOut(call(1)), stops.carryOut(call(1))])
    expect(answers).toEqual([
      { state: 'done', answer: null },
      { state: 'done', answer: null },
    ])
    expect(rig.notes().filter((note) => note.includes('emergency-stop'))).toHaveLength(1)
    // Connected anew, the printer is not stopped by what was asked before.
    expect(await rig.session.command({ kind: 'reconnect' }, 'Ane')).toEqual({ done: true })
    await rig.state('idle')
    expect(await stops.carryOut(call(1))).toEqual({ state: 'done', answer: null })
    expect(rig.session.state).toBe('idle')
    expect(await stops.carryOut(call(2))).toEqual({ state: 'done', answer: null })
    expect(rig.session.state).toBe('halted')
  })

  it('is refused for a printer of another bridge', async () => {
    const stops = new Stops(() => undefined)
    expect(await stops.carryOut(call(1, 9))).toEqual({
      state: 'refused',
      answer: 'This bridge does not know the printer.',
    })
  })
})
