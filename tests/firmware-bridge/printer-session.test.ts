import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConnectTiming } from '../../firmware-bridge/introduce.ts'
import { PortRefused } from '../../firmware-bridge/port/port.ts'
import { PrinterSession } from '../../firmware-bridge/printer-session.ts'
import { type FaultPlan, noFaults, parseFaults } from '../../firmware-bridge/simulator/faults.ts'
import type { FirmwareOptions, PrinterModel } from '../../firmware-bridge/simulator/firmware-state.ts'
import { type MemoryPort, openMemoryPort } from '../../firmware-bridge/simulator/memory-port.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import type { PrintOutcome } from '../../firmware-bridge/streamer.ts'
import type { PrinterProfile, SessionState } from '../../server/contract/printers.ts'
import { commandsOf } from '../support/gcode.ts'

const profile: PrinterProfile = {
  shape: 'rectangular',
  width: 220,
  depth: 220,
  height: 250,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 280,
  maxBedTemperature: 110,
}

/** The same rules as ever, but nobody has to wait for them. */
const quick: ConnectTiming = {
  greeting: 60,
  answer: 300,
  quiet: 10,
  probeAfter: 60,
  probeLongAfter: 200,
  probeLongAfterWithoutKeepalive: 3000,
  settleAfter: 30,
  deadAfter: 1500,
  deadAfterWithoutKeepalive: 1500,
  deadInLongCommand: 5000,
}

const cube = fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'auzolan-session-'))
const openSessions: PrinterSession[] = []

afterEach(async () => {
  for (const session of openSessions.splice(0)) await session.stop('The test is over.')
})

interface Rig {
  readonly session: PrinterSession
  /** What the printer has carried out, numbered lines of prints only, in order. */
  accepted(): string[]
  all(): string[]
  port(): MemoryPort
  present: boolean
}

const rig = (
  options: { faults?: string; speed?: number; model?: PrinterModel; firmware?: FirmwareOptions } = {},
): Rig => {
  const record = join(folder, `${Math.random()}.txt`)
  writeFileSync(record, '')
  const faults: FaultPlan = options.faults ? parseFaults(options.faults) : noFaults
  let port: MemoryPort | undefined
  const made: Rig = {
    present: true,
    session: new PrinterSession({
      printerId: 1,
      name: 'Test printer',
      address: '/dev/ttyTEST',
      baudRate: 115200,
      profile,
      timing: quick,
      open: async (_address, _baud, listener) => {
        if (!made.present) throw new PortRefused('missing', 'There is no port.')
        const { model = models.marlin, firmware = {}, speed = 1000 } = options
        port = openMemoryPort({ model, firmware, faults, speed, record }, listener)
        return port
      },
      resolve: async (address) => (made.present ? address : null),
      changed: () => {},
    }),
    all: () =>
      readFileSync(record, 'latin1')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split('\t')[1] as string),
    accepted: () =>
      readFileSync(record, 'latin1')
        .split('\n')
        .filter((line) => /^\d/.test(line))
        .map((line) => line.split('\t')[1] as string),
    port: () => port as MemoryPort,
  }
  openSessions.push(made.session)
  made.session.start()
  return made
}

const until = async (holds: () => boolean, what: string, milliseconds = 10_000): Promise<void> => {
  const end = Date.now() + milliseconds
  while (!holds()) {
    if (Date.now() > end) throw new Error(`It did not come to pass that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const untilState = (session: PrinterSession, state: SessionState): Promise<void> =>
  until(() => session.state === state, `the printer is ${state} (it is ${session.state})`)

const print = (session: PrinterSession, path = cube): Promise<PrintOutcome> => {
  const plan = { printId: 7, totalBytes: readFileSync(path).length, course: null, fetch: async () => path }
  const started = session.print(plan)
  if ('refused' in started) throw new Error(started.refused)
  return started
}

/** The lines of a print alone: what the bridge itself sends before and after is left out. */
const ofFile = (accepted: readonly string[]): string[] => {
  const begin = accepted.lastIndexOf('M110 N0')
  return accepted.slice(begin + 1).filter((line) => line !== 'M400' && line !== 'M105')
}

const notes = (session: PrinterSession): string[] =>
  session.console
    .last(500, false)
    .filter(({ direction }) => direction === 'note')
    .map(({ text }) => text)

describe('a printer session', () => {
  it('finds out who is there', async () => {
    const { session } = rig()
    await untilState(session, 'idle')
    expect(session.telemetry(new Date())).toMatchObject({ state: 'idle', firmware: 'Marlin 2.1.2.1', reason: null })
  })

  it('prints every command of the file once, in order, and ends when the last move is made', async () => {
    const { session, accepted } = rig()
    await untilState(session, 'idle')
    const outcome = await print(session)
    expect(outcome).toEqual({ state: 'completed', reason: null, acceptedBytes: expect.any(Number) })
    expect(ofFile(accepted())).toEqual(commandsOf(cube))
    expect(accepted().at(-1)).toBe('M400')
    expect(session.state).toBe('idle')
  })

  it('prints every command once over a bad cable', async () => {
    const { session, accepted } = rig({ faults: 'garble=0.02,swallow-ok=0.01,resend=0.005,seed=3' })
    await untilState(session, 'idle')
    expect(await print(session)).toMatchObject({ state: 'completed' })
    expect(ofFile(accepted())).toEqual(commandsOf(cube))
    expect(session.telemetry(new Date()).resends).toBeGreaterThan(5)
  })

  it('tells how far it is', async () => {
    const { session } = rig({ speed: 200 })
    await untilState(session, 'idle')
    const ended = print(session)
    await until(
      () => (session.telemetry(new Date()).progress?.acceptedBytes ?? 0) > 3000,
      'some of the file is printed',
    )
    expect(session.telemetry(new Date()).progress).toMatchObject({ printId: 7, fetching: false })
    await ended
    expect(session.telemetry(new Date()).progress).toBeNull()
  })

  it('takes one print at a time', async () => {
    const { session } = rig({ speed: 200 })
    await untilState(session, 'idle')
    const first = print(session)
    expect(() => print(session)).toThrow('Test printer is printing')
    await first
  })

  it('pauses out of the way of the part, and goes on where it was with the modes it had', async () => {
    const { session, all, accepted } = rig({ speed: 300 })
    await untilState(session, 'idle')
    const ended = print(session)
    await until(() => accepted().length > 300, 'part of the file is printed')
    expect(await session.command({ kind: 'pause' }, 'Ane')).toEqual({ done: true })
    expect(session.state).toBe('paused')
    expect(session.telemetry(new Date()).reason).toBe('Paused by Ane.')
    const count = accepted().length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(accepted().length).toBe(count)
    expect(await session.command({ kind: 'resume' }, 'Ane')).toEqual({ done: true })
    expect(await ended).toMatchObject({ state: 'completed' })

    const lines = ofFile(all())
    const park = lines.indexOf('G1 E-2 F2100') - 2
    const back = lines.indexOf('G1 E2 F2100')
    const resumed = lines.findIndex((line, n) => n > back + 1 && line === 'M83')
    // What lies between is the bridge's own; without it, the file is whole.
    expect([...lines.slice(0, park), ...lines.slice(resumed + 1)]).toEqual(commandsOf(cube))
    expect(lines.slice(park, resumed + 1)).toEqual([
      'M114',
      'M83',
      'G1 E-2 F2100',
      'G91',
      'G1 Z10 F600',
      'G90',
      'G1 X0 Y0 F6000',
      'G21',
      'G90',
      expect.stringMatching(/^G1 Z[\d.]+ F600$/),
      expect.stringMatching(/^G1 X[\d.]+ Y[\d.]+ F6000$/),
      expect.stringMatching(/^G1 Z[\d.]+ F600$/),
      'M83',
      'G1 E2 F2100',
      expect.stringMatching(/^G92 E[\d.]+$/),
      expect.stringMatching(/^G1 F[\d.]+$/),
      'G90',
      'M83',
    ])
  })

  it('cancels: heaters off first, then out of the way', async () => {
    const { session, all, accepted } = rig({ speed: 300 })
    await untilState(session, 'idle')
    const ended = print(session)
    await until(() => accepted().length > 300, 'part of the file is printed')
    expect(await session.command({ kind: 'cancel' }, 'Ane')).toEqual({ done: true })
    expect(await ended).toMatchObject({ state: 'cancelled', reason: 'Cancelled by Ane.' })
    expect(session.state).toBe('idle')
    const last = all().slice(all().lastIndexOf('M104 S0'))
    expect(last.slice(0, 3)).toEqual(['M104 S0', 'M140 S0', 'M107'])
    expect(last.at(-1)).toBe('M84')
  })

  it('does not wait for the heat when it is cancelled during heat-up', async () => {
    const { session, all } = rig({ speed: 10 })
    await untilState(session, 'idle')
    const ended = print(session)
    await until(() => all().includes('M190 S60'), 'the bed is being heated')
    const asked = Date.now()
    await session.command({ kind: 'cancel' }, null)
    expect(await ended).toMatchObject({ state: 'cancelled' })
    expect(Date.now() - asked).toBeLessThan(2000)
    expect(all()).toContain('M140 S0')
  })

  it('stops at once in an emergency, whatever is on the wire, and obeys nothing until it is connected anew', async () => {
    const { session, accepted } = rig({ speed: 20 })
    await untilState(session, 'idle')
    const ended = print(session)
    await until(() => accepted().includes('G28'), 'the print has begun')
    const asked = performance.now()
    expect(await session.command({ kind: 'emergency-stop' }, 'Ane')).toEqual({ done: true })
    expect(performance.now() - asked).toBeLessThan(50)
    expect(await ended).toMatchObject({ state: 'cancelled', reason: expect.stringContaining('emergency by Ane') })
    expect(session.state).toBe('halted')
    expect(await session.command({ kind: 'home', axes: [] }, null)).toEqual({
      refused: 'Test printer is halted: this cannot be done now.',
    })
    expect(await session.command({ kind: 'reconnect' }, null)).toEqual({ done: true })
    await untilState(session, 'idle')
  })

  it('says what the firmware says when it shuts itself down', async () => {
    const { session } = rig({ faults: 'kill@200', speed: 300 })
    await untilState(session, 'idle')
    expect(await print(session)).toMatchObject({ state: 'failed', reason: expect.stringContaining('Thermal Runaway') })
    expect(session.state).toBe('halted')
    expect(session.telemetry(new Date()).reason).toContain('Thermal Runaway')
  })

  it('comes back by itself when somebody presses the reset button of a halted printer', async () => {
    const { session, port } = rig({ faults: 'kill@200', speed: 300 })
    await untilState(session, 'idle')
    await print(session)
    port().printer.reset()
    await until(() => session.state !== 'halted', 'the session notices the reset')
    await untilState(session, 'idle')
  })

  it('does not go on after the printer has begun anew in the middle of a print', async () => {
    const { session, accepted } = rig({ faults: 'reset@300', speed: 300 })
    await untilState(session, 'idle')
    expect(await print(session)).toMatchObject({ state: 'interrupted', reason: expect.stringContaining('began anew') })
    await untilState(session, 'idle')
    expect(ofFile(accepted()).filter((line) => line.startsWith('G1'))).toEqual([])
  })

  it('notices a printer that has fallen silent', async () => {
    const { session } = rig({ faults: 'stall@300', speed: 300 })
    await untilState(session, 'idle')
    expect(await print(session)).toMatchObject({
      state: 'interrupted',
      reason: expect.stringContaining('The printer has stopped answering.'),
    })
  })

  it('leaves out a line that the firmware cannot take, and says so', async () => {
    const path = join(folder, 'long.gcode')
    writeFileSync(path, `G28\nEXCLUDE_OBJECT_DEFINE NAME=${'x'.repeat(100)}\nM117 ${'y'.repeat(100)}\nG1 X1\n`)
    const { session, accepted } = rig()
    await untilState(session, 'idle')
    expect(await print(session, path)).toMatchObject({ state: 'completed' })
    expect(ofFile(accepted()).map((line) => line.slice(0, 6))).toEqual(['G28', 'M117 y', 'G1 X1'])
    expect(notes(session).join()).toMatch(/left out/i)
  })

  it('ends a print whose file cannot be read, with the heaters off', async () => {
    const { session, all } = rig()
    await untilState(session, 'idle')
    const fetch = async (): Promise<string> => {
      throw new Error('the store does not answer')
    }
    const ended = session.print({ printId: 7, totalBytes: 1, course: null, fetch })
    expect(await ended).toMatchObject({
      state: 'failed',
      reason: 'The file could not be read: the store does not answer',
    })
    expect(session.state).toBe('idle')
    expect(all()).toContain('M104 S0')
  })

  it('heats no higher than the profile allows', async () => {
    const { session, all } = rig()
    await untilState(session, 'idle')
    expect(await session.command({ kind: 'heat', heater: 'T0', target: 300 }, null)).toEqual({
      refused: "300 °C is more than the 280 °C that this printer's profile allows.",
    })
    expect(await session.command({ kind: 'heat', heater: 'B', target: 60 }, null)).toEqual({ done: true })
    expect(all()).toContain('M140 S60')
  })

  it('sends no raw command that would take the printer out of its hands', async () => {
    const { session } = rig()
    await untilState(session, 'idle')
    for (const line of ['M110 N5', 'm28 x.gco', 'M997', 'M112', 'M575 P0 B9600', '; nothing']) {
      expect(await session.command({ kind: 'gcode', line }, null), line).toHaveProperty('refused')
    }
    expect(await session.command({ kind: 'gcode', line: 'm117 hello ; there' }, null)).toEqual({ done: true })
  })

  it('cools a printer down that an earlier bridge left hot', async () => {
    const { session, all } = rig()
    session.coolDownFirst = true
    await untilState(session, 'idle')
    expect(all()).toEqual(expect.arrayContaining(['M104 S0', 'M140 S0']))
  })

  it('obeys the buttons of the printer', async () => {
    const { session, accepted, port } = rig({ speed: 300 })
    await untilState(session, 'idle')
    const ended = print(session)
    await until(() => accepted().length > 200, 'part of the file is printed')
    port().printer.hear('M118 //action:pause\n')
    await untilState(session, 'paused')
    await session.command({ kind: 'cancel' }, null)
    await ended
  })

  it('speaks Prusa as well', async () => {
    const { session, accepted } = rig({ model: models.prusa, faults: 'garble=0.01,seed=5' })
    await untilState(session, 'idle')
    expect(session.telemetry(new Date()).firmware).toBe('Prusa-Firmware 3.14.0 based on Marlin')
    expect(await print(session)).toMatchObject({ state: 'completed' })
    expect(ofFile(accepted())).toEqual(commandsOf(cube))
  })
})

process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
