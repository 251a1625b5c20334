// What wall times and series come to, told as JSON: run as a process of its own under a time zone of its own.
import { occurrences } from '../../server/domain/booking/recurrence.ts'
import { instantOfLocal, instantOfStart, isShown, localOf, weekOf } from '../../server/domain/wall-time.ts'

const iso = (instant: number): string => new Date(instant * 1000).toISOString()

const changes = {
  'Europe/Madrid': { spring: '2026-03-29T02:30', autumn: '2026-10-25T02:30', first: '2026-10-11T02:30' },
  'America/New_York': { spring: '2026-03-08T02:30', autumn: '2026-11-01T01:30', first: '2026-10-18T01:30' },
  // Half an hour only.
  'Australia/Lord_Howe': { spring: '2026-10-04T02:15', autumn: '2026-04-05T01:45', first: '2026-03-22T01:45' },
}

const told = Object.entries(changes).map(([timeZone, { spring, autumn, first }]) => {
  const weekly = (localStart: string) =>
    occurrences({ rule: 'FREQ=WEEKLY;COUNT=4', localStart, timeZone }, instantOfLocal('2026-12-31T00:00', timeZone))
  const night = instantOfLocal(`${autumn.slice(0, 10)}T00:00`, timeZone) - 2 * 3600
  const week = weekOf(instantOfLocal(autumn, timeZone), timeZone)
  return {
    timeZone,
    left: { shown: isShown(spring, timeZone), at: iso(instantOfLocal(spring, timeZone)) },
    twice: { shown: isShown(autumn, timeZone), at: iso(instantOfLocal(autumn, timeZone)) },
    instant: iso(instantOfStart('2026-07-01T10:00:00+05:30', timeZone)),
    overSpring: weekly(`${minusWeeks(spring, 1)}`).map(({ date, start }) => [date, start && iso(start)]),
    overAutumn: weekly(first).map(({ local, start }) => [local, start && iso(start)]),
    // Eight hours stay eight hours: the clock at their end is another.
    eightHours: [localOf(night, timeZone), localOf(night + 8 * 3600, timeZone)],
    weekHours: (week.to - week.from) / 3600,
  }
})

function minusWeeks(local: string, weeks: number): string {
  const day = new Date(`${local.slice(0, 10)}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() - 7 * weeks)
  return `${day.toISOString().slice(0, 10)}${local.slice(10)}`
}

process.stdout.write(JSON.stringify(told))
