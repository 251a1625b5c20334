import { describe, expect, it } from 'vitest'
import type { Findings } from '../../server/contract/files.ts'
import { type PrinterProfile, shownState } from '../../server/contract/printers.ts'
import { mayBecome } from '../../server/domain/job-lifecycle.ts'
import { obstacles } from '../../server/domain/match.ts'
import { type ReadyPrinter, schedule, type WaitingJob } from '../../server/domain/schedule.ts'

const profile: PrinterProfile = {
  shape: 'rectangular',
  width: 220,
  depth: 220,
  height: 250,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 260,
  maxBedTemperature: 100,
}

const box = (maxX: number, maxY: number, maxZ: number) => ({ minX: 0, minY: 0, minZ: 0, maxX, maxY, maxZ })

const findings = (changes: Partial<Findings> = {}): Findings => ({
  lines: 10,
  commands: 10,
  motionSeconds: 600,
  statedSeconds: null,
  slicer: null,
  layers: 3,
  layerHeight: 0.2,
  firstLayerHeight: 0.2,
  filament: [100],
  filamentType: 'PLA',
  filamentGrams: 1,
  nozzleDiameter: 0.4,
  printerModel: null,
  extruded: box(100, 100, 50),
  moved: box(100, 100, 50),
  nozzleTemperature: 215,
  bedTemperature: 60,
  overheadSeconds: 60,
  firstLayerSeconds: 30,
  peakFlow: 8,
  objects: [],
  warnings: [],
  ...changes,
})

const job = (id: number, changes: Partial<WaitingJob> = {}): WaitingJob => ({
  id,
  printerId: null,
  findings: findings(),
  failure: null,
  ...changes,
})

const printer = (id: number, changes: Partial<ReadyPrinter> = {}): ReadyPrinter => ({
  id,
  name: `P${id}`,
  state: 'idle',
  bed: 'clear',
  takesJobs: true,
  hasPrint: false,
  refusal: null,
  profile,
  ...changes,
})

describe('a match', () => {
  it('is one where nothing stands against it', () => {
    expect(obstacles(findings(), profile)).toEqual([])
  })

  it.each([
    [{ extruded: box(100, 100, 262) }, 'too tall by 12 mm'],
    [{ extruded: box(240, 100, 50) }, 'too wide by 20 mm'],
    [{ nozzleTemperature: 280 }, 'needs a nozzle of 280 °C, this one reaches 260 °C'],
    [{ bedTemperature: 110 }, 'needs a bed of 110 °C, this one reaches 100 °C'],
    [{ nozzleDiameter: 0.6 }, 'is sliced for a 0.6 mm nozzle, this one has 0.4 mm'],
  ])('is none where the printer cannot: %j', (changes, reason) => {
    expect(obstacles(findings(changes), profile)).toEqual([reason])
  })

  it('allows the priming line just beyond the edge', () => {
    expect(obstacles(findings({ extruded: { ...box(100, 100, 50), minY: -3 } }), profile)).toEqual([])
  })
})

describe('the schedule', () => {
  it('gives the first job the first printer that can', () => {
    const { dispatches } = schedule([job(1), job(2)], [printer(7, { bed: 'occupied' }), printer(8), printer(9)])
    expect(dispatches).toEqual([
      { jobId: 1, printerId: 8 },
      { jobId: 2, printerId: 9 },
    ])
  })

  it('does not hold up those behind a job that cannot start', () => {
    const { dispatches, reasons } = schedule(
      [job(1, { findings: findings({ extruded: box(100, 100, 900) }) }), job(2)],
      [printer(7)],
    )
    expect(dispatches).toEqual([{ jobId: 2, printerId: 7 }])
    expect(reasons.get(1)).toBe('P7: too tall by 650 mm.')
  })

  it('sends a job only where it was wanted', () => {
    const { dispatches, reasons } = schedule(
      [job(1, { printerId: 9 })],
      [printer(8), printer(9, { state: 'printing', hasPrint: true })],
    )
    expect(dispatches).toEqual([])
    expect(reasons.get(1)).toBe('P9: it is printing.')
  })

  it.each([
    [{ bed: 'unknown' }, 'its bed waits to be cleared'],
    [{ bed: 'occupied' }, 'its bed waits to be cleared'],
    [{ state: 'offline' }, 'it is not connected'],
    [{ state: 'halted' }, 'it has halted and needs a person'],
    [{ state: 'paused', hasPrint: true }, 'it is printing'],
    [{ takesJobs: false }, 'it takes no jobs at present'],
    [{ refusal: 'the cable is out' }, 'its bridge refused: the cable is out'],
  ] satisfies [Partial<ReadyPrinter>, string][])(
    'starts nothing on a printer that is not ready: %j',
    (changes, why) => {
      const { dispatches, reasons } = schedule([job(1)], [printer(7, changes)])
      expect(dispatches).toEqual([])
      expect(reasons.get(1)).toBe(`P7: ${why}.`)
    },
  )

  it('gives every waiting job a reason', () => {
    const { reasons } = schedule(
      [job(1, { findings: null }), job(2, { findings: null, failure: 'no end' }), job(3)],
      [],
    )
    expect([...reasons.values()]).toEqual([
      'The file is still being read.',
      'The file could not be read: no end',
      'There is no printer yet.',
    ])
  })
})

describe('a job', () => {
  it('goes no way that makes no sense', () => {
    expect(mayBecome('queued', 'printing')).toBe(true)
    expect(mayBecome('done', 'queued')).toBe(false)
    expect(mayBecome('cancelled', 'printing')).toBe(false)
  })
})

describe('a printer', () => {
  it('waits for a person as long as its bed is not clear', () => {
    expect(shownState('idle', 'unknown')).toBe('awaiting-clear')
    expect(shownState('idle', 'occupied')).toBe('awaiting-clear')
    expect(shownState('idle', 'clear')).toBe('idle')
    expect(shownState('printing', 'occupied')).toBe('printing')
  })
})
