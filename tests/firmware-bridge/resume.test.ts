import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { PlaceReader } from '../../server/domain/place.ts'
import { resumePlan } from '../../server/domain/resume.ts'
import { commandsOf } from '../support/gcode.ts'
import { cube, LastingPrinter, profile } from '../support/lasting-printer.ts'

const open: LastingPrinter[] = []
afterEach(async () => {
  for (const made of open.splice(0)) await made.close()
})

const begin = async (speed = 300) => {
  const made = new LastingPrinter({ speed })
  open.push(made)
  made.session.start()
  await made.untilState('idle')
  return made
}

/** Prints until the power goes; tells where it stood by its last record. */
const cutOff = async (made: LastingPrinter, lines: number) => {
  const ended = made.print()
  await made.until(
    () => (made.session.streamer?.record(new Date()).bytes ?? 0) > offsetOf(lines),
    'part of it is printed',
  )
  const record = made.session.streamer?.record(new Date())
  made.printer.reset()
  const outcome = await ended
  expect(outcome).toMatchObject({ state: 'interrupted' })
  await made.untilState('idle')
  if (!record) throw new Error('There is no record.')
  return { record, outcome }
}

const offsets = (): number[] => {
  let at = 0
  return readFileSync(cube, 'latin1')
    .split('\n')
    .flatMap((line) => {
      at += line.length + 1
      return (line.split(';')[0] as string).trim() === '' ? [] : [at]
    })
}
const offsetOf = (line: number): number => offsets()[line - 1] as number

const planAt = (bytes: number) => {
  const reader = new PlaceReader(bytes)
  reader.feed(readFileSync(cube))
  const place = reader.place()
  const plan = resumePlan(place, profile, { homing: 'keep', layers: 0, lines: 0, prime: 5, lift: 10 })
  if ('refused' in plan) throw new Error(plan.refused)
  return { place, lines: plan.lines }
}

describe('a print that is gone on with after a reset', () => {
  it('sends the lines that were shown, then the file from just that line on, each once', async () => {
    const made = await begin()
    const { record } = await cutOff(made, 400)
    const { place, lines } = planAt(record.bytes)
    // What the bridge has followed is what the file says.
    expect(record.modal).toEqual(place.modal)
    const before = made.all().length
    const outcome = await made.print(cube, { bytes: record.bytes, lines })
    expect(outcome).toMatchObject({ state: 'completed' })
    const own = /^M110 N\d+$|^M400$|^M105$|^M155|^M11[345]/
    const sent = made
      .all()
      .slice(before)
      .filter((line) => !own.test(line))
    const rest = commandsOf(cube).slice(offsets().indexOf(record.bytes) + 1)
    expect(sent).toEqual([...lines, ...rest])
  })

  it('counts from where it goes on, and its record never falls behind that', async () => {
    const made = await begin(100)
    const { record } = await cutOff(made, 300)
    const { lines } = planAt(record.bytes)
    const ended = made.print(cube, { bytes: record.bytes, lines })
    expect(made.session.telemetry(new Date()).progress?.acceptedBytes).toBe(record.bytes)
    expect(made.session.streamer?.record(new Date()).bytes).toBe(record.bytes)
    await made.session.command({ kind: 'cancel' }, null)
    expect(await ended).toMatchObject({ state: 'cancelled', acceptedBytes: record.bytes })
  })

  it('is cancelled on its way back: no further line of the way goes out, and the heaters go off', async () => {
    const made = await begin(20)
    const bytes = offsetOf(400)
    const { lines } = planAt(bytes)
    const ended = made.print(cube, { bytes, lines })
    await made.until(() => made.all().includes('M190 S60'), 'the bed is being heated')
    await made.session.command({ kind: 'cancel' }, 'Ane')
    expect(await ended).toMatchObject({ state: 'cancelled' })
    expect(made.all().some((line) => /^G28|^G92 Z/.test(line))).toBe(false)
    expect(made.all()).toContain('M104 S0')
  })

  it('is interrupted again when the printer is lost on its way back: nobody knows where it stands', async () => {
    const made = await begin(20)
    const bytes = offsetOf(400)
    const ended = made.print(cube, { bytes, lines: planAt(bytes).lines })
    await made.until(() => made.all().includes('M190 S60'), 'the bed is being heated')
    made.unplug()
    expect(await ended).toMatchObject({ state: 'interrupted', acceptedBytes: bytes })
  })
})
