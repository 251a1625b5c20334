import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { commandsOf } from '../support/gcode.ts'
import { cube, type LastingOptions, LastingPrinter, quick } from '../support/lasting-printer.ts'

const open: LastingPrinter[] = []
afterEach(async () => {
  for (const made of open.splice(0)) await made.close()
})

const begin = async (options: LastingOptions = {}) => {
  const made = new LastingPrinter(options)
  open.push(made)
  made.session.start()
  await made.untilState('idle')
  return made
}

describe('a printer that is lost in mid print', () => {
  it('goes on by itself, every line once, when it was only unplugged and has forgotten nothing', async () => {
    const made = await begin()
    const ended = made.print()
    for (const count of [300, 900, 1500]) {
      await made.until(() => made.ofFile().length > count, `${count} lines are printed`)
      made.unplug()
      expect(made.session.state).toBe('reconnecting')
      expect(made.session.telemetry(new Date())).toMatchObject({
        state: 'reconnecting',
        reason: expect.stringContaining('waits until Test printer is there again'),
        progress: expect.objectContaining({ printId: 7 }),
      })
      made.plugIn()
      await made.untilState('printing')
    }
    expect(await ended).toMatchObject({ state: 'completed' })
    expect(made.ofFile()).toEqual(commandsOf(cube))
  })

  it('goes on when its port fails again and again on a bad cable', async () => {
    const made = await begin({ faults: 'garble=0.005,swallow-ok=0.003,unplug@700,unplug@1400,seed=4' })
    const plugs = setInterval(() => made.plugIn(), 40)
    expect(await made.print()).toMatchObject({ state: 'completed' })
    clearInterval(plugs)
    expect(made.ofFile()).toEqual(commandsOf(cube))
  })

  it('stays paused when it is lost while it is paused, and goes on when a person says so', async () => {
    const made = await begin()
    const ended = made.print()
    await made.until(() => made.ofFile().length > 300, 'part of it is printed')
    await made.session.command({ kind: 'pause' }, 'Ane')
    made.unplug()
    expect(made.session.state).toBe('reconnecting')
    made.plugIn()
    await made.untilState('paused')
    const count = made.ofFile().length
    await made.session.command({ kind: 'resume' }, 'Ane')
    expect(await ended).toMatchObject({ state: 'completed' })
    expect(made.ofFile().slice(count).slice(-20)).toEqual(commandsOf(cube).slice(-20))
    const moves = (lines: string[]): string[] =>
      lines.filter((line) => /^G1 .*E/.test(line) && !/^G1 E-?[\d.]+ F2100$/.test(line))
    expect(moves(made.ofFile())).toEqual(moves(commandsOf(cube)))
  })

  it('is interrupted when it has begun anew meanwhile, and its heaters are switched off', async () => {
    const made = await begin()
    const ended = made.print()
    await made.until(() => made.ofFile().length > 300, 'part of it is printed')
    made.unplug()
    made.printer.reset()
    made.plugIn()
    expect(await ended).toMatchObject({ state: 'interrupted', reason: expect.stringContaining('begun anew') })
    await made.untilState('idle')
    expect(made.all().slice(-8)).toEqual(expect.arrayContaining(['M104 S0', 'M140 S0']))
  })

  it('is interrupted when it greets as one that has just begun', async () => {
    const made = await begin({ session: {} })
    const ended = made.print()
    await made.until(() => made.ofFile().length > 300, 'part of it is printed')
    made.unplug()
    made.plugIn()
    await made.until(() => made.opened > 1, 'the port is opened again')
    made.printer.reset()
    expect(await ended).toMatchObject({ state: 'interrupted', reason: expect.stringContaining('begun anew') })
  })

  it('does not go on after a reset in the middle of the print', async () => {
    const made = await begin()
    const ended = made.print()
    await made.until(() => made.ofFile().length > 300, 'part of it is printed')
    made.printer.reset()
    expect(await ended).toMatchObject({ state: 'interrupted', reason: expect.stringContaining('began anew') })
  })

  it('is given up by a person while it waits: then nothing goes on, and the heaters go off when it is back', async () => {
    const made = await begin()
    const ended = made.print()
    await made.until(() => made.ofFile().length > 300, 'part of it is printed')
    made.unplug()
    expect(await made.session.command({ kind: 'cancel' }, 'Ane')).toEqual({ done: true })
    expect(await ended).toMatchObject({ state: 'cancelled' })
    const count = made.all().length
    made.plugIn()
    await made.untilState('idle')
    expect(made.all().slice(count)).toEqual(expect.arrayContaining(['M104 S0', 'M140 S0']))
    expect(
      made
        .all()
        .slice(count)
        .filter((line) => /^G[01] /.test(line)),
    ).toEqual([])
  })

  it('has its heaters switched off before the bridge leaves a print behind', async () => {
    const made = await begin()
    const ended = made.print()
    await made.until(() => made.ofFile().length > 300, 'part of it is printed')
    await made.session.stop('The bridge was stopped.')
    expect(await ended).toMatchObject({ state: 'interrupted', reason: 'The bridge was stopped.' })
    await made.until(() => made.all().slice(-3).join() === 'M104 S0,M140 S0,M107', 'the heaters are off')
  })

  it('ends as failed when it shuts itself down, whatever the reason it gives', async () => {
    const made = await begin({ faults: 'kill@400' })
    expect(await made.print()).toMatchObject({ state: 'failed', reason: expect.stringContaining('Thermal Runaway') })
    expect(made.session.state).toBe('halted')
  })

  it('tells the last line that it has certainly accepted, never one ahead', async () => {
    const made = await begin({ speed: 100 })
    const ended = made.print()
    const offsets = offsetsOf(cube)
    let seen = 0
    while (made.session.streamer !== null && seen < 200) {
      const record = made.session.streamer.record(new Date())
      const accepted = made.ofFile().length
      const recorded = record.bytes === 0 ? 0 : offsets.indexOf(record.bytes) + 1
      expect(recorded).toBeLessThanOrEqual(accepted)
      seen++
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
    await made.session.command({ kind: 'cancel' }, null)
    await ended
    expect(seen).toBeGreaterThan(50)
  })

  it('knows the layer, the object and the modes that belong to its last line', async () => {
    const path = join(tmpdir(), `auzolan-marks-${process.pid}.gcode`)
    writeFileSync(
      path,
      [
        'G28',
        'M104 S210',
        'M140 S60',
        'G90',
        'M82',
        ';LAYER_CHANGE',
        '; printing object Hook id:0 copy 0',
        'G1 X10 Y20 Z0.2 E5 F1800',
        ';LAYER_CHANGE',
        'M106 S127',
        'G1 X30 Y20 Z0.4 E9',
        'G1 E8.2 F2100',
        ...Array.from({ length: 30 }, () => 'G4 P300'),
        '',
      ].join('\n'),
    )
    const made = await begin({ speed: 1 })
    const ended = made.print(path)
    await made.until(() => (made.session.streamer?.record(new Date()).modal.e ?? 0) === 8.2, 'the last move is certain')
    const record = made.session.streamer?.record(new Date())
    expect(record).toMatchObject({
      layer: 2,
      object: 'Hook',
      modal: { x: 30, y: 20, z: 0.4, e: 8.2, relativeE: false, nozzleTargets: [210], bedTarget: 60, feedrate: 35 },
    })
    expect(record?.modal.retracted).toBeCloseTo(0.8)
    expect(record?.modal.fan).toBeCloseTo(127 / 255)
    await made.session.command({ kind: 'cancel' }, null)
    await ended
  })

  it('does not mind that the clock is set back or forth by hours', async () => {
    const made = await begin()
    const ended = made.print()
    await made.until(() => made.ofFile().length > 200, 'part of it is printed')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 5 * 3_600_000 })
    await made.until(() => made.ofFile().length > 500, 'more of it is printed')
    made.unplug()
    vi.setSystemTime(Date.now() + 9 * 3_600_000)
    made.plugIn()
    expect(await ended).toMatchObject({ state: 'completed' })
    vi.useRealTimers()
    expect(made.ofFile()).toEqual(commandsOf(cube))
  })

  it('goes on with a Prusa as well', async () => {
    const made = await begin({ model: models.prusa })
    const ended = made.print()
    await made.until(() => made.ofFile().length > 500, 'part of it is printed')
    made.unplug()
    made.plugIn()
    expect(await ended).toMatchObject({ state: 'completed' })
    expect(made.ofFile()).toEqual(commandsOf(cube))
  })
})

/** Where each command of a file ends, in bytes. */
const offsetsOf = (path: string): number[] => {
  const text = readText(path)
  const offsets: number[] = []
  let at = 0
  for (const line of text.split('\n')) {
    at += line.length + 1
    if ((line.split(';')[0] as string).trim() !== '') offsets.push(Math.min(at, text.length))
  }
  return offsets
}

const readText = (path: string): string => readFileSync(path, 'latin1')

describe('an emergency stop while the printer is not at hand', () => {
  it('gives the print up when it is lost: it does not go on by itself, and goes cold when it is there again', async () => {
    const made = await begin()
    const ended = made.print()
    await made.until(() => made.ofFile().length > 300, 'part of it is printed')
    made.unplug()
    expect(made.session.state).toBe('reconnecting')
    const answer = await made.session.command({ kind: 'emergency-stop' }, 'Ane')
    expect(answer).toEqual({ refused: expect.stringContaining('switch it off at its plug') })
    expect(await ended).toMatchObject({ state: 'cancelled', reason: expect.stringContaining('emergency by Ane') })
    const count = made.ofFile().length
    made.plugIn()
    await made.untilState('idle')
    expect(made.all().slice(-12)).toEqual(expect.arrayContaining(['M104 S0', 'M140 S0']))
    expect(made.ofFile().filter((line) => line.startsWith('G1')).length).toBeLessThanOrEqual(count)
  })

  it('reaches a printer that has not been met yet, and it stays stopped until a person connects anew', async () => {
    const sent: string[] = []
    const made = new LastingPrinter({
      session: { timing: { ...quick, greeting: 400 } },
      wrap: (port) => ({
        ...port,
        write: (text) => {
          sent.push(text)
          port.write(text)
        },
      }),
    })
    open.push(made)
    made.session.start()
    await made.until(() => made.session.state === 'connecting' && made.opened > 0, 'its port is open')
    expect(await made.session.command({ kind: 'emergency-stop' }, 'Ane')).toEqual({ done: true })
    expect(sent).toContain('M112\n')
    expect(made.session.state).toBe('halted')
    await made.until(() => sent.filter((text) => text === 'M112\n').length === 3, 'it is said thrice')
    expect(made.session.state).toBe('halted')
    made.printer.reset()
    expect(await made.session.command({ kind: 'reconnect' }, 'Ane')).toEqual({ done: true })
    await made.untilState('idle')
  })
})
