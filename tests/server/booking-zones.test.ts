// Wall time of the workshop, whatever the clock of the computer: the same under four time zones of the process.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

interface Told {
  readonly timeZone: string
  readonly left: { readonly shown: boolean; readonly at: string }
  readonly twice: { readonly shown: boolean; readonly at: string }
  readonly instant: string
  readonly overSpring: readonly [string, string | null][]
  readonly overAutumn: readonly [string, string | null][]
  readonly eightHours: readonly [string, string]
  readonly weekHours: number
}

const processZones = ['UTC', 'Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe']
const answers = new Map<string, Told[]>()

beforeAll(async () => {
  for (const TZ of processZones) {
    const { stdout } = await run(join(root, 'node_modules/.bin/tsx'), [join(root, 'tests/support/zones-child.ts')], {
      env: { ...process.env, TZ },
    })
    answers.set(TZ, JSON.parse(stdout) as Told[])
  }
}, 120_000)

const of = (timeZone: string): Told => answers.get('UTC')?.find((one) => one.timeZone === timeZone) as Told

describe('wall time', () => {
  it('comes to the same in processes of four time zones', () => {
    for (const zone of processZones) expect(answers.get(zone), zone).toEqual(answers.get('UTC'))
  })

  it('that the clocks leave out moves on, that they show twice is the first', () => {
    expect(of('Europe/Madrid').left).toEqual({ shown: false, at: '2026-03-29T01:30:00.000Z' })
    expect(of('Europe/Madrid').twice).toEqual({ shown: true, at: '2026-10-25T00:30:00.000Z' })
    expect(of('America/New_York').left).toEqual({ shown: false, at: '2026-03-08T07:30:00.000Z' })
    expect(of('America/New_York').twice).toEqual({ shown: true, at: '2026-11-01T05:30:00.000Z' })
    expect(of('Australia/Lord_Howe').left).toEqual({ shown: false, at: '2026-10-03T15:45:00.000Z' })
    expect(of('Australia/Lord_Howe').twice).toEqual({ shown: true, at: '2026-04-04T14:45:00.000Z' })
    for (const zone of processZones.slice(1)) expect(of(zone).instant).toBe('2026-07-01T04:30:00.000Z')
  })

  it('is kept by series over both changes, and the date that has no such time is left out', () => {
    for (const zone of processZones.slice(1)) {
      const { overSpring, overAutumn } = of(zone)
      expect(overSpring.map(([, start]) => start === null)).toEqual([false, true, false, false])
      expect(new Set(overAutumn.map(([local]) => local.slice(11))).size).toBe(1)
      expect(overAutumn.every(([, start]) => start !== null)).toBe(true)
    }
    expect(of('Europe/Madrid').overAutumn.map(([, start]) => start)).toEqual([
      '2026-10-11T00:30:00.000Z',
      '2026-10-18T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-11-01T01:30:00.000Z',
    ])
  })

  it('leaves a booking its length over the change, and a week its real hours', () => {
    expect(of('Europe/Madrid').eightHours).toEqual(['2026-10-24T22:00', '2026-10-25T05:00'])
    expect(of('Australia/Lord_Howe').eightHours).toEqual(['2026-04-04T22:00', '2026-04-05T05:30'])
    expect(of('Europe/Madrid').weekHours).toBe(169)
    expect(of('America/New_York').weekHours).toBe(169)
    expect(of('Australia/Lord_Howe').weekHours).toBe(168.5)
  })
})
