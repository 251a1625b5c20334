// What must hold for every fleet, whatever it looks like. A failure names its seed.
import { describe, expect, it } from 'vitest'
import { schedule } from '../../server/domain/schedule.ts'
import { explain, linesOf } from '../../server/domain/scheduling/explain.ts'
import type { Slot } from '../../server/domain/scheduling/slots.ts'
import type { Claim, SchedulePrinter, Snapshot, WaitingJob } from '../../server/domain/scheduling/snapshot.ts'
import { demandOf, simulatedSettings } from '../../server/domain/simulation/demand.ts'
import { play, wholeCalendar } from '../../server/domain/simulation/play.ts'
import { HOUR, noon, randomFleet } from '../support/fleet.ts'

const FLEETS = 600

const eachFleet = (check: (snapshot: Snapshot, seed: number) => void): void => {
  for (let seed = 1; seed <= FLEETS; seed++) check(randomFleet(seed), seed)
}

/** The local time of day and weekday, told by the platform and not by our own calendar. */
const localTime = (instant: number, timeZone: string): number => {
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(instant * 1000)
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
}

const isWithin = (snapshot: Snapshot, kind: 'attended' | 'quiet', instant: number): boolean => {
  const [span] = snapshot.settings.hours[kind][0] ?? []
  if (span === undefined) return false
  const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const at = localTime(instant, snapshot.timeZone)
  const [from, to] = [minutes(span.from), minutes(span.to)]
  return from < to ? from <= at && at < to : at >= from || at < to
}

/** Minute by minute, the plain way. */
const clearedAt = (snapshot: Snapshot, printer: SchedulePrinter, finish: number): number => {
  const clearing = snapshot.settings.clearMinutes * 60
  if (printer.ejects) return finish + clearing
  for (let at = finish; at < finish + 3 * 86_400; at = Math.floor(at / 60) * 60 + 60) {
    if (isWithin(snapshot, 'attended', at) && isWithin(snapshot, 'attended', at + clearing - 1)) return at + clearing
  }
  return Number.POSITIVE_INFINITY
}

/** Why this start must not be, by rules written down once more; empty where it may. */
const forbidden = (snapshot: Snapshot, job: WaitingJob, printer: SchedulePrinter): string[] => {
  const { findings } = job
  if (findings === null) return ['the file is not read']
  const material = (job.materialWanted ?? findings.filamentType ?? '').toUpperCase()
  const loaded = printer.loaded?.[0]
  const unattended = !isWithin(snapshot, 'attended', noon)
  const rules: [string, boolean][] = [
    [
      'not ready',
      job.held || job.approval === 'asked' || job.approval === 'refused' || (job.earliestStart ?? 0) > noon,
    ],
    ['another printer', job.printerId !== null && job.printerId !== printer.id],
    [
      'printer not ready',
      printer.state !== 'idle' || printer.bed !== 'clear' || !printer.takesJobs || printer.running !== null,
    ],
    ['failed twice', printer.failedInRow >= 2],
    ['too tall', (findings.extruded?.maxZ ?? 0) > printer.profile.height],
    ['nozzle', findings.nozzleDiameter !== null && findings.nozzleDiameter !== printer.profile.nozzleDiameter],
    ['too hot', findings.nozzleTemperature > printer.profile.maxNozzleTemperature],
    ['enclosure', material === 'ABS' && printer.enclosed === false],
    ['tag', job.printerTags.some((tag) => !printer.tags.includes(tag))],
    ['material', loaded !== undefined && material !== '' && loaded.material !== material],
    ['grams', loaded !== undefined && loaded.gramsLeft !== null && loaded.gramsLeft < (job.gramsByTool[0] ?? 0)],
    ['nobody there', unattended && (!snapshot.settings.startUnattended || job.attendStart)],
    ['quiet', isWithin(snapshot, 'quiet', noon)],
    ['claimed', snapshot.claims.some((claim) => isAt(claim, printer.id, noon) && !isOwn(claim, job))],
  ]
  return rules.filter(([, broken]) => broken).map(([name]) => name)
}

const isAt = (claim: Claim, printerId: number, at: number): boolean =>
  claim.printerId === printerId && claim.from <= at && at < claim.to

const isOwn = (claim: Claim, job: WaitingJob): boolean => claim.memberId !== null && claim.memberId === job.memberId

describe('over random fleets', () => {
  it('no print starts that a constraint forbids', () => {
    let starts = 0
    eachFleet((snapshot, seed) => {
      const { dispatches } = schedule(snapshot, noon)
      const printers = dispatches.map(({ printerId }) => printerId)
      expect(new Set(printers).size, `seed ${seed}`).toBe(printers.length)
      for (const { jobId, printerId } of dispatches) {
        const job = snapshot.jobs.find(({ id }) => id === jobId) as WaitingJob
        const printer = snapshot.printers.find(({ id }) => id === printerId) as SchedulePrinter
        expect(forbidden(snapshot, job, printer), `seed ${seed}: job ${jobId} on printer ${printerId}`).toEqual([])
        expect(dispatches.filter((one) => one.jobId === jobId).length).toBeLessThanOrEqual(job.copies)
        starts += 1
      }
      const heating =
        snapshot.printers.filter(({ id, circuitId }) => circuitId === 1 && printers.includes(id)).length * 350
      const drawn = snapshot.printers
        .filter(({ circuitId }) => circuitId === 1)
        .reduce((sum, { heating: state }) => sum + { no: 0, warming: 350, holding: 120 }[state], 0)
      if (heating > 0) expect(heating + drawn, `seed ${seed}: watts`).toBeLessThanOrEqual(900)
    })
    expect(starts).toBeGreaterThan(FLEETS / 3)
  })

  it('no admitted job delays a claim when its real time is within the predicted 90 %', () => {
    let met = 0
    eachFleet((snapshot, seed) => {
      const { dispatches, floor } = schedule(snapshot, noon)
      for (const { jobId, printerId } of dispatches) {
        const job = snapshot.jobs.find(({ id }) => id === jobId) as WaitingJob
        const slot = floor.slots.find(({ printer }) => printer.id === printerId) as Slot
        const [claim] = snapshot.claims
          .filter((one) => one.printerId === printerId && one.from > noon && !isOwn(one, job))
          .sort((one, other) => one.from - other.from)
        if (claim === undefined) continue
        const ratios = slot.kind.ratios.get(job.findings?.filamentType ?? '') ?? slot.kind.ratios.get('')
        const longest = snapshot.settings.setupMinutes * 60 + (job.findings?.motionSeconds ?? 0) * (ratios?.p90 ?? 1.25)
        for (const part of [1, 0.97, 0.8, 0.5, 0.05]) {
          const clear = clearedAt(snapshot, slot.printer, noon + longest * part)
          expect(clear, `seed ${seed}: job ${jobId}`).toBeLessThanOrEqual(claim.from)
        }
        met += 1
      }
    })
    expect(met).toBeGreaterThan(30)
  })

  it('the same snapshot gives the same decisions', () => {
    eachFleet((snapshot) => {
      const one = schedule(snapshot, noon)
      const other = schedule(structuredClone(snapshot), noon)
      expect(other.dispatches).toEqual(one.dispatches)
      expect(other.promises).toEqual(one.promises)
      expect([...other.predictions]).toEqual([...one.predictions])
      expect([...linesOf(other)]).toEqual([...linesOf(one)])
    })
  })

  it('every waiting job has a reason, for the queue and for each printer', () => {
    eachFleet((snapshot, seed) => {
      const plan = schedule(snapshot, noon)
      const lines = linesOf(plan)
      const started = new Set(plan.dispatches.map(({ jobId }) => jobId))
      for (const { id } of snapshot.jobs) {
        if (started.has(id)) continue
        expect(lines.get(id), `seed ${seed}: job ${id}`).toMatch(/^\S.+\.$/)
        const told = explain(plan, id)
        const reasons = [...(told?.reasons ?? []), ...(told?.printers.flatMap((printer) => printer.reasons) ?? [])]
        expect(reasons.length, `seed ${seed}: job ${id}`).toBeGreaterThan(0)
        expect(reasons.filter(({ message }) => message === '' || /[{}]|undefined|NaN|Invalid/.test(message))).toEqual(
          [],
        )
        if (told?.turn != null) expect(told.printers.every((printer) => printer.reasons.length > 0)).toBe(true)
      }
    })
  })
})

describe('over weeks', () => {
  it('nobody starves: also one who has printed far more than all others gets a long part done', () => {
    const begin = Date.UTC(2026, 8, 28) / 1000
    const end = begin + 21 * 86_400
    for (const seed of [1, 2]) {
      const calendar = wholeCalendar(begin, end)
      const demand = demandOf({ seed, weeks: 3, printers: 2, load: 1.3 }, begin, calendar.attended)
      const unloved = {
        id: 100_000,
        memberId: 999,
        at: begin + 2 * 86_400,
        estimate: 14 * HOUR,
        actual: 14 * HOUR,
        fails: false,
      }
      const jobs = [...demand.jobs, unloved].sort((one, other) => one.at - other.at)
      const played = play({ ...demand, jobs }, 2, begin, end, (snapshot, now) =>
        schedule({ ...snapshot, use: [...snapshot.use, { memberId: 999, heldSeconds: 3000 * HOUR }] }, now),
      )
      const start = played.begun.find(({ job }) => job.id === unloved.id)?.start ?? Number.POSITIVE_INFINITY
      expect(start - unloved.at, `seed ${seed}`).toBeLessThan((simulatedSettings.holdHours + 7 * 24) * HOUR)
    }
  })
})
