import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Connection, connect, NoAnswer } from '../../firmware-bridge/connect.ts'
import type { ConnectTiming } from '../../firmware-bridge/introduce.ts'
import { openPort } from '../../firmware-bridge/port/open-port.ts'
import { usualSilence } from '../../firmware-bridge/protocol/silence.ts'
import { openPseudoTerminal, type PseudoTerminal } from '../../firmware-bridge/simulator/pty.ts'

const timing: ConnectTiming = { ...usualSilence, greeting: 150, answer: 200, quiet: 20 }
const folder = mkdtempSync(join(tmpdir(), 'auzolan-connect-'))
const open: { close(): void }[] = []

afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

/** A board on a tty, which gets each line that arrives and says what it likes. */
const board = (heard: (line: string, say: (text: string) => void) => void): PseudoTerminal => {
  let rest = ''
  const terminal = openPseudoTerminal(join(folder, `${Math.random()}`), (text) => {
    rest += text
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end)
      rest = rest.slice(end + 1)
      heard(line, (answer) => terminal.write(answer))
    }
  })
  open.push(terminal)
  return terminal
}

/** Says `ok`, and who it is. */
const answer = (line: string, say: (text: string) => void, name = 'Marlin 2.1.2.1'): void => {
  if (line === '') return
  if (line.includes('M115')) say(`FIRMWARE_NAME:${name} MACHINE_TYPE:Test EXTRUDER_COUNT:2\nok\n`)
  else say(line.includes('M105') ? 'ok T:20.0 /0.0 B:20.0 /0.0 @:0 B@:0\n' : 'ok\n')
}

const attempt = async (terminal: PseudoTerminal, baudRate = 115200): Promise<Connection> => {
  const connection = await connect({
    address: terminal.path,
    baudRate,
    lastBaudRate: null,
    open: openPort,
    timing,
    listener: {
      reply: () => {},
      accepted: () => {},
      skipped: () => {},
      streamed: () => {},
      failed: () => {},
      lost: () => {},
      wire: () => {},
    },
    closed: () => {},
    wanted: () => true,
  })
  open.push({ close: () => void connection.port.close().catch(() => {}) })
  return connection
}

describe('§12 connecting', () => {
  it('takes a board that never greets for one that was not reset', async () => {
    const { facts } = await attempt(board(answer))
    expect(facts).toMatchObject({ name: 'Marlin 2.1.2.1', machine: 'Test', extruders: 2, dialectBy: 'M115' })
  })

  it('tries again where the boot loader swallowed what came first, and the board greets late', async () => {
    let awake = false
    let lines = 0
    const terminal = board((line, say) => {
      if (awake) return answer(line, say)
      if (++lines < 3) return
      awake = true
      say('\u0000\u00ffstart\nPowerUp\nMarlin 2.1.2.1\necho:SD card ok\n')
    })
    expect((await attempt(terminal)).facts.version).toBe('2.1.2.1')
  })

  it('is not misled by the ok that some firmware gives to an empty line', async () => {
    const terminal = board((line, say) => (line === '' ? say('ok\n') : answer(line, say, 'Smoothieware')))
    const { facts, link } = await attempt(terminal)
    expect(facts.dialect).toBe('smoothieware')
    expect(link.isQuiet).toBe(true)
  })

  it('wakes a RepRapFirmware that says no ok before it is told to', async () => {
    let speaksMarlin = false
    const terminal = board((line, say) => {
      if (line.includes('M555')) speaksMarlin = true
      const name = ' RepRapFirmware for Duet 2 WiFi/Ethernet FIRMWARE_VERSION: 3.5.1'
      if (speaksMarlin) answer(line, say, name)
      else if (line === '') say('\n')
      else say(line.includes('M115') ? `FIRMWARE_NAME:${name} ELECTRONICS: Duet 2\n` : 'done\n')
    })
    expect((await attempt(terminal)).facts).toMatchObject({ dialect: 'reprapfirmware', version: '3.5.1' })
  })

  it('waits for a printer that is busy with what it did before', async () => {
    let answers = false
    let waiting: string[] = []
    const terminal = board((line, say) => {
      if (answers) return answer(line, say)
      waiting.push(line)
      if (waiting.length > 2) return
      for (const after of [50, 300, 550]) setTimeout(() => say('echo:busy: processing\n'), after)
      setTimeout(() => {
        answers = true
        for (const one of waiting.splice(0)) answer(one, say)
        waiting = []
      }, 800)
    })
    expect((await attempt(terminal)).facts.dialect).toBe('marlin-2')
  })

  it('says of a card print that somebody began at the printer', async () => {
    const terminal = board((line, say) => {
      if (line.includes('M27')) say('SD printing byte 2134/235422\nok\n')
      else answer(line, say)
    })
    expect((await attempt(terminal)).facts.cardPrint).toEqual({ done: 2134, total: 235_422 })
  })

  it('says plainly that nobody answers', async () => {
    const terminal = board(() => {})
    const failure = await attempt(terminal).catch((error: Error) => error)
    expect(failure).toBeInstanceOf(NoAnswer)
    expect(failure).toMatchObject({
      message: `The port ${terminal.path} is open, but no printer answers at 115200 baud.`,
    })
  })
})
