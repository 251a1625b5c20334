import { afterEach, describe, expect, it } from 'vitest'
import { type Connection, connect } from '../../firmware-bridge/connect.ts'
import type { ConnectTiming } from '../../firmware-bridge/introduce.ts'
import type { LinkListener } from '../../firmware-bridge/link-listener.ts'
import type { DialectName } from '../../firmware-bridge/protocol/dialect.ts'
import { noFaults, parseFaults } from '../../firmware-bridge/simulator/faults.ts'
import type { FirmwareOptions } from '../../firmware-bridge/simulator/firmware-state.ts'
import { type MemoryPort, openMemoryPort } from '../../firmware-bridge/simulator/memory-port.ts'
import { type ModelName, models } from '../../firmware-bridge/simulator/models.ts'
import type { LineSource } from '../../firmware-bridge/source.ts'

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

interface Rig {
  readonly connection: Connection
  readonly port: MemoryPort
  /** Commands that the firmware has carried out, without what the link asks by itself. */
  readonly carriedOut: string[]
  /** What the listener was told to have been accepted. */
  readonly told: string[]
  readonly skipped: string[]
  readonly wire: string[]
  /** `streamed`, or why the link was lost. */
  readonly over: Promise<string>
}

const rigs: { stop(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of rigs.splice(0)) await one.stop()
})

const rig = async (
  model: ModelName,
  options: { faults?: string; firmware?: FirmwareOptions; dialect?: DialectName; mostInFlight?: number } = {},
): Promise<Rig> => {
  const { faults, firmware = {}, dialect, mostInFlight } = options
  const carriedOut: string[] = []
  const told: string[] = []
  const skipped: string[] = []
  const wire: string[] = []
  let tellOver: (how: string) => void = () => {}
  const over = new Promise<string>((resolve) => {
    tellOver = resolve
  })
  const listener: LinkListener = {
    reply: (reply) => {
      if (reply.kind === 'start' && connected) tellOver('it began anew')
    },
    accepted: ({ text }) => void told.push(text),
    skipped: ({ text }, why) => void skipped.push(`${text} ${why}`),
    streamed: () => tellOver('streamed'),
    failed: (reason) => tellOver(reason),
    lost: (reason) => tellOver(reason),
    wire: (direction, line) => void wire.push(`${direction} ${line}`),
  }
  let connected = false
  let port: MemoryPort | undefined
  const connection = await connect({
    address: 'memory',
    baudRate: 115200,
    lastBaudRate: null,
    ...(dialect === undefined ? {} : { dialect }),
    ...(mostInFlight === undefined ? {} : { mostInFlight }),
    open: async (_address, _baud, portListener) => {
      port = openMemoryPort(
        {
          model: models[model],
          firmware,
          faults: faults === undefined ? noFaults : parseFaults(faults),
          speed: 1000,
          accepted: (commands) => {
            for (const { text } of commands) if (!/^M105|^M110|^M27/.test(text)) carriedOut.push(text)
          },
        },
        portListener,
      )
      return port
    },
    timing: quick,
    listener,
    closed: (reason) => tellOver(reason),
    wanted: () => true,
  })
  connected = true
  const ticker = setInterval(() => connection.link.tick(), 5)
  rigs.push({
    stop: async () => {
      clearInterval(ticker)
      connection.link.end('The test is over.')
      await connection.port.close()
    },
  })
  carriedOut.splice(0)
  return { connection, port: port as MemoryPort, carriedOut, told, skipped, wire, over }
}

const linesOf = (texts: readonly string[]): LineSource => {
  let at = 0
  return {
    take: () => {
      const text = texts[at++]
      return text === undefined ? 'end' : { text, endOffset: at }
    },
  }
}

const moves = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `G1 X${(n * 7) % 200}.${n % 10} Y${(n * 3) % 200} F9000`)

const everyModel = Object.keys(models) as ModelName[]

/** A pseudo-terminal and USB lose nothing: these have no means against it. */
const lossy = everyModel.filter((model) => model !== 'klipper' && model !== 'reprapfirmware')

describe('a link', () => {
  it.each(everyModel)('streams every line once and in order to %s', async (model) => {
    const { connection, carriedOut, told, over } = await rig(model)
    const lines = ['G28', ...moves(600)]
    connection.link.stream(linesOf(lines))
    expect(await over).toBe('streamed')
    expect(carriedOut).toEqual(lines)
    expect(told).toEqual(lines)
  })

  it.each(lossy)(
    'loses no line and sends none twice to %s over a bad wire',
    async (model) => {
      const faults = 'garble=0.01,swallow-ok=0.005,double-ok=0.01,resend=0.003,noise=0.02,split=0.02,join=0.02,seed=7'
      const made = await rig(model, { faults })
      const { connection, told, over } = made
      const lines = ['G28', ...moves(1500)]
      connection.link.stream(linesOf(lines))
      const end = await over
      // With its N spoilt, a line is taken for a command that there is none of, and then asked for again.
      const carriedOut = made.carriedOut.filter((line) => /^G\d/.test(line))
      // Too bad a wire may end the print, but never spoil it.
      expect(carriedOut).toEqual(lines.slice(0, carriedOut.length))
      expect(told).toEqual(lines.slice(0, told.length))
      expect(told.length).toBeLessThanOrEqual(carriedOut.length)
      expect(end).toBe('streamed')
    },
    60_000,
  )

  it('has several lines in flight where the firmware tells how full its buffer is, and says so', async () => {
    const { connection, wire, over } = await rig('marlin', { firmware: { advancedOk: true } })
    expect(connection.facts.advancedOk).toBe(true)
    connection.link.stream(linesOf(['G28', ...moves(400)]))
    expect(await over).toBe('streamed')
    expect(connection.link.quality).toMatchObject({ depth: 4, stepDowns: 0, knowsUnderruns: true, resends: 0 })
    let inFlight = 0
    let most = 0
    for (const line of wire) {
      if (line.startsWith('file ')) most = Math.max(most, ++inFlight)
      if (line.startsWith('received ok N')) inFlight = Math.max(0, inFlight - 1)
    }
    expect(most).toBe(4)
  })

  it('has one line in flight where people want it so', async () => {
    const { connection, over } = await rig('marlin', { firmware: { advancedOk: true }, mostInFlight: 1 })
    connection.link.stream(linesOf(moves(100)))
    expect(await over).toBe('streamed')
    expect(connection.link.quality.depth).toBe(1)
  })

  it('falls back to one line in flight when lines are asked for again and again, and stays there', async () => {
    const { connection, carriedOut, over } = await rig('marlin', {
      firmware: { advancedOk: true },
      faults: 'garble=0.02,seed=5',
    })
    const lines = moves(1200)
    connection.link.stream(linesOf(lines))
    expect(await over).toBe('streamed')
    expect(connection.link.quality).toMatchObject({ depth: 1, stepDowns: 1, steppedDown: true })
    expect(connection.link.quality.resends).toBeGreaterThan(5)
    expect(new Set(carriedOut.filter((line) => line.startsWith('G1')))).toEqual(new Set(lines))
  })

  it('is not led ahead of the printer by oks too many', async () => {
    const { connection, carriedOut, told, over } = await rig('marlin', { faults: 'double-ok=0.05,split=0.3,seed=3' })
    const lines = moves(900)
    connection.link.stream(linesOf(lines))
    expect(await over).toBe('streamed')
    expect(carriedOut).toEqual(lines)
    expect(told).toEqual(lines)
    expect(connection.link.quality.spuriousOks).toBeGreaterThan(0)
  })

  it('leaves out what would take the printer out of its hands, and says why', async () => {
    const { connection, carriedOut, skipped, over } = await rig('marlin')
    const lines = [
      'M110 N5',
      'G28',
      'M28 part.gcode',
      'M118 A1 action:cancel',
      'g1 x5',
      '@pause',
      `G1 X${'1'.repeat(90)}`,
    ]
    connection.link.stream(linesOf([...lines, 'M117 see M110 N40 ; and *', 'G1 X6']))
    expect(await over).toBe('streamed')
    expect(carriedOut).toEqual(['G28', 'G1 X5', 'M117 see M 110 N40', 'G1 X6'])
    expect(skipped).toHaveLength(5)
    expect(skipped[0]).toBe('M110 N5 would break the line numbers')
    expect(skipped[4]).toContain('longer than this firmware can take')
  })

  it('tells which lines are in doubt when it ends', async () => {
    const { connection, carriedOut, told } = await rig('marlin')
    const lines = moves(3000)
    connection.link.stream(linesOf(lines))
    while (told.length < 200) await new Promise((resolve) => setImmediate(resolve))
    connection.link.end('Somebody pulled the cable.')
    const { accepted, lines: doubtful } = connection.link.doubt
    expect(doubtful[0]?.number).toBe(accepted + 1)
    const sources = doubtful.flatMap(({ source }) => (source === null ? [] : [source.text]))
    expect([...told, ...sources].slice(0, carriedOut.length)).toEqual(carriedOut)
    expect(sources.length).toBeLessThanOrEqual(4)
  })

  it('knows at a pause that everything has arrived', async () => {
    const { connection, carriedOut, told } = await rig('marlin')
    connection.link.stream(linesOf(moves(3000)))
    while (told.length < 100) await new Promise((resolve) => setImmediate(resolve))
    connection.link.hold()
    await connection.link.whenQuiet()
    expect(told).toEqual(carriedOut)
  })

  it('begins its numbers anew in a very long print, at a point where nothing is in doubt', async () => {
    const { connection, carriedOut, over, wire } = await rig('marlin', { faults: 'garble=0.003,seed=2' })
    const { link } = connection
    link.speak({ ...link.dialect, renumberAfter: 500 })
    const lines = moves(1600)
    link.stream(linesOf(lines))
    expect(await over).toBe('streamed')
    expect(carriedOut).toEqual(lines)
    expect(wire.filter((line) => line === 'sent M110 N100').length).toBeGreaterThanOrEqual(3)
  })

  it('measures how good it is', async () => {
    const { connection, over } = await rig('marlin', { faults: 'garble=0.2,seed=4' })
    connection.link.stream(linesOf(moves(200)))
    await over
    const { linesSent, resends, poor, okLatencyP99, okLatency } = connection.link.quality
    expect(linesSent).toBeGreaterThan(100)
    expect(resends).toBeGreaterThan(10)
    expect(poor).toBe(true)
    expect(okLatency).toBeGreaterThan(0)
    expect(okLatencyP99).toBeGreaterThanOrEqual(okLatency * 0.5)
  })
})

describe('connecting', () => {
  const expected: Readonly<Record<string, DialectName>> = {
    marlin: 'marlin-2',
    full: 'marlin-2',
    workhorse: 'marlin-2',
    marlin1: 'marlin-1',
    prusa: 'prusa',
    buddy: 'prusa-buddy',
    reprapfirmware: 'reprapfirmware',
    repetier: 'repetier',
    smoothieware: 'smoothieware',
    klipper: 'klipper',
  }

  it.each(everyModel.filter((model) => model in expected))('tells what firmware %s has, by its M115', async (model) => {
    const { connection } = await rig(model)
    expect(connection.facts).toMatchObject({ dialect: expected[model], dialectBy: 'M115', cardPrint: null })
    expect(connection.facts.extruders).toBeGreaterThan(0)
    expect(connection.link.dialect.name).toBe(expected[model])
  })

  it('believes people more than the firmware', async () => {
    const { connection } = await rig('marlin', { dialect: 'smoothieware' })
    expect(connection.facts).toMatchObject({ dialect: 'smoothieware', dialectBy: 'people' })
  })

  it('survives noise on the wire while greetings are exchanged', async () => {
    const { connection } = await rig('marlin', { faults: 'noise=0.2,split=0.3,join=0.2,seed=11' })
    expect(connection.facts).toMatchObject({ name: 'Marlin 2.1.2.1', version: '2.1.2.1', dialect: 'marlin-2' })
  })
})
