import { afterEach, describe, expect, it } from 'vitest'
import { PrinterSession } from '../../firmware-bridge/printer-session.ts'
import { Supervisor } from '../../firmware-bridge/supervisor.ts'
import { cube, LastingPrinter, until } from '../support/lasting-printer.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

/** A printer whose port breaks a rule that every port keeps: its write throws at a certain line. */
const brittle = (breaksAt: string) => {
  const made = new LastingPrinter({
    wrap: (port) => ({
      ...port,
      write: (text) => {
        if (text.includes(breaksAt) && broken.left-- > 0) throw new RangeError('an index that nobody has seen')
        port.write(text)
      },
    }),
  })
  const broken = { left: 1 }
  const logs: { failure: string; lines: string }[] = []
  const sessions: PrinterSession[] = []
  const supervisor = new Supervisor({
    make: (failed) => new PrinterSession({ ...made.session.options, failed }),
    began: (session) => sessions.push(session),
    keepLog: (failure, lines) => logs.push({ failure, lines }),
    pause: { first: 20, most: 100 },
  })
  opened.push({
    close: async () => {
      await supervisor.stop('The test is over.')
      made.printer.stop()
    },
  })
  return { made, supervisor, logs, sessions, broken }
}

const printOn = (session: PrinterSession) => {
  const ended = session.print({ printId: 3, totalBytes: 1, course: null, fetch: async () => cube })
  if ('refused' in ended) throw new Error(ended.refused)
  return ended
}

describe('a session that fails in a way that nobody foresaw', () => {
  it('is ended with its print, logged with what went over the wire, and begun anew by itself', async () => {
    const { supervisor, logs, sessions, made } = brittle('X110.63')
    await until(() => supervisor.session.state === 'idle', 'it is connected')
    const ended = printOn(supervisor.session)
    expect(await ended).toMatchObject({ state: 'interrupted', reason: expect.stringContaining('kept in its log') })
    expect(logs).toHaveLength(1)
    expect(logs[0]?.failure).toContain('an index that nobody has seen')
    expect(logs[0]?.lines).toMatch(/ > G1 X[\s\S]* < ok[\s\S]* # The session failed/)
    await until(() => sessions.length === 2 && supervisor.session.state === 'idle', 'another session is connected')
    expect(made.all().slice(-12)).toEqual(expect.arrayContaining(['M104 S0', 'M140 S0']))
    expect(await printOn(supervisor.session)).toMatchObject({ state: 'completed' })
  })

  it('does not touch the print of another printer', async () => {
    const one = brittle('X110.63')
    const other = brittle('nothing')
    await until(
      () => one.supervisor.session.state === 'idle' && other.supervisor.session.state === 'idle',
      'both are there',
    )
    const [first, second] = [printOn(one.supervisor.session), printOn(other.supervisor.session)]
    expect(await first).toMatchObject({ state: 'interrupted' })
    expect(await second).toMatchObject({ state: 'completed' })
    expect(other.logs).toEqual([])
  })

  it('is left longer alone each time, and stays alone when it is stopped', async () => {
    const { supervisor, logs, sessions, broken } = brittle('X110.63')
    broken.left = 1000
    while (logs.length < 3) {
      await until(() => supervisor.session.state === 'idle', 'it is connected')
      expect(await printOn(supervisor.session)).toMatchObject({ state: 'interrupted' })
    }
    await supervisor.stop('Enough.')
    const count = sessions.length
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(sessions.length).toBe(count)
  })
})
