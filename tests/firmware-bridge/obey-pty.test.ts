import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openSerialPort } from '../../firmware-bridge/port/serial-port.ts'
import { PrinterSession } from '../../firmware-bridge/printer-session.ts'
import { noFaults } from '../../firmware-bridge/simulator/faults.ts'
import type { PrinterModel } from '../../firmware-bridge/simulator/firmware-state.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { openPseudoTerminal } from '../../firmware-bridge/simulator/pty.ts'
import { SimulatedPrinter } from '../../firmware-bridge/simulator/simulated-printer.ts'
import { profile, quick, until } from '../support/session-rig.ts'

const ends: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const end of ends) await end()
})

/** A session that reaches its printer by a real serial port on a pseudo-terminal. */
const openOnTerminal = async (model: PrinterModel, heard: (text: string) => void = () => {}) => {
  let printer: SimulatedPrinter | undefined
  const terminal = openPseudoTerminal(undefined, (text) => {
    heard(text)
    printer?.hear(text)
  })
  const simulated = new SimulatedPrinter({ model, faults: noFaults, speed: 40, say: (text) => terminal.write(text) })
  printer = simulated
  const session = new PrinterSession({
    printerId: 1,
    name: 'Test printer',
    address: terminal.path,
    baudRate: 115200,
    profile,
    timing: { ...quick, deadAfter: 5000, deadAfterWithoutKeepalive: 5000 },
    open: openSerialPort,
    resolve: async (address) => address,
    changed: () => {},
  })
  ends.push(async () => {
    await session.stop('The test is over.')
    simulated.stop()
    terminal.close()
  })
  session.start()
  await until(() => session.state === 'idle', 'it is connected')
  const path = join(tmpdir(), `auzolan-pty-${process.pid}-${Math.random()}.gcode`)
  const print = (gcode: string) => {
    writeFileSync(path, gcode)
    const started = session.print({ printId: 1, totalBytes: gcode.length, course: null, fetch: async () => path })
    if ('refused' in started) throw new Error(started.refused)
    return started
  }
  return { session, print }
}

const long = `G28\n${Array.from({ length: 4000 }, (_, n) => `G1 X${10 + (n % 90)} Y${20 + (n % 70)} F6000`).join('\n')}\n`

describe('over a real serial port', () => {
  it('pauses, resumes and cancels', async () => {
    const { session, print } = await openOnTerminal(models.marlin)
    const ended = print(long)
    await until(() => session.telemetry(new Date()).linesSent > 100, 'it prints')
    expect(await session.command({ kind: 'pause' }, 'Ane')).toEqual({ done: true })
    expect(await session.command({ kind: 'jog', x: 5, y: 0, z: 0 }, 'Ane')).toEqual({ done: true })
    expect(await session.command({ kind: 'resume' }, 'Ane')).toEqual({ done: true })
    expect(session.state).toBe('printing')
    expect(await session.command({ kind: 'cancel' }, 'Ane')).toEqual({ done: true })
    expect(await ended).toMatchObject({ state: 'cancelled' })
  })

  it.each([
    ['one line in flight', models.marlin],
    ['a full window', models.full],
  ])('has the emergency stop at the printer within 50 ms with %s', async (_, model) => {
    let stoppedAt = 0
    const { session, print } = await openOnTerminal(model, (text) => {
      if (stoppedAt === 0 && text.includes('M112')) stoppedAt = performance.now()
    })
    const ended = print(long)
    await until(() => session.telemetry(new Date()).linesSent > 100, 'it prints')
    const askedAt = performance.now()
    expect(await session.command({ kind: 'emergency-stop' }, 'Ane')).toEqual({ done: true })
    await until(() => stoppedAt > 0, 'the printer hears it')
    expect(stoppedAt - askedAt).toBeLessThan(50)
    expect(await ended).toMatchObject({ state: 'cancelled' })
    expect(session.state).toBe('halted')
  })
})
