import { describe, expect, it } from 'vitest'
import type { Holder, Role } from '../../server/contract/permissions.ts'
import { approvalAfter, approvalOfNew } from '../../server/domain/approval.ts'
import { type Ending, fateOf, type PlateTally, standingOf, type Tally } from '../../server/domain/copies.ts'

const somebody = (role: Role): Holder => ({ role, limits: [], scopes: null })
const plate = (position: number, changes: Partial<PlateTally> = {}): PlateTally => ({
  position,
  fileId: 100 + position,
  counted: 0,
  running: 0,
  undecided: 0,
  ...changes,
})
const tally = (changes: Partial<Tally> = {}): Tally => ({ copies: 1, givenUp: false, plates: [plate(1)], ...changes })

describe('a job of several copies', () => {
  it('may start as many prints as are missing', () => {
    expect(standingOf(tally({ copies: 5, plates: [plate(1, { counted: 1, running: 2 })] }))).toEqual({
      state: 'printing',
      copiesDone: 1,
      toStart: 2,
      plate: 1,
      fileId: 101,
    })
  })

  it('is done when as many are good as were wanted, and not before the last print has ended', () => {
    expect(standingOf(tally({ copies: 2, plates: [plate(1, { counted: 2 })] })).state).toBe('done')
    expect(standingOf(tally({ copies: 1, plates: [plate(1, { counted: 1, running: 1 })] })).state).toBe('printing')
  })

  it('starts nothing as long as somebody must say what becomes of a failed copy; what runs goes on', () => {
    expect(standingOf(tally({ copies: 4, plates: [plate(1, { running: 1, undecided: 1 })] }))).toMatchObject({
      state: 'undecided',
      toStart: 0,
    })
  })

  it('ends when it was given up and its last print has ended', () => {
    expect(standingOf(tally({ copies: 3, givenUp: true, plates: [plate(1, { running: 1 })] }))).toMatchObject({
      state: 'printing',
      toStart: 0,
    })
    expect(standingOf(tally({ copies: 3, givenUp: true, plates: [plate(1, { counted: 1 })] })).state).toBe('cancelled')
  })
})

describe('a job of several plates', () => {
  const twoOf = (first: Partial<PlateTally>, second: Partial<PlateTally>, copies = 2) =>
    standingOf(tally({ copies, plates: [plate(1, first), plate(2, second)] }))

  it('prints the second when the first of that copy is done', () => {
    expect(twoOf({ running: 1 }, {}, 1)).toMatchObject({ plate: 1, toStart: 0, state: 'printing' })
    expect(twoOf({ counted: 1 }, {}, 1)).toMatchObject({ plate: 2, toStart: 1, state: 'queued', fileId: 102 })
  })

  it('finishes a copy that was begun before it begins the next', () => {
    expect(twoOf({ counted: 1 }, {})).toMatchObject({ plate: 2, toStart: 1 })
    expect(twoOf({ counted: 1 }, { running: 1 })).toMatchObject({ plate: 1, toStart: 1 })
    expect(twoOf({ counted: 2 }, { counted: 1 })).toMatchObject({ plate: 2, toStart: 1, copiesDone: 1 })
    expect(twoOf({ counted: 2 }, { counted: 2 })).toMatchObject({ state: 'done', copiesDone: 2 })
  })

  it('never prints any plate more often than there are copies, whatever order prints end in', () => {
    let seed = 7
    const random = (): number => {
      seed = (seed * 48271) % 2147483647
      return seed / 2147483647
    }
    for (let round = 0; round < 300; round++) {
      const copies = 1 + Math.floor(random() * 4)
      const plates = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, n) => plate(n + 1)) as {
        -readonly [K in keyof PlateTally]: PlateTally[K]
      }[]
      for (let step = 0; step < 400; step++) {
        const standing = standingOf({ copies, givenUp: false, plates })
        if (standing.state === 'done') break
        const running = plates.filter((one) => one.running > 0)
        const next = plates[standing.plate - 1] as (typeof plates)[number]
        if (standing.toStart > 0 && (running.length === 0 || random() < 0.5)) next.running++
        else {
          const one = running[Math.floor(random() * running.length)] as (typeof plates)[number]
          one.running--
          // Two of three are good; the others go back.
          if (random() < 0.66) one.counted++
        }
        for (const [n, { counted, running: runs }] of plates.entries()) {
          expect(counted + runs).toBeLessThanOrEqual(n === 0 ? copies : (plates[n - 1]?.counted ?? 0))
        }
      }
      expect(plates.map(({ counted }) => counted)).toEqual(plates.map(() => copies))
    }
  })
})

describe('a print that has ended', () => {
  const ending = (changes: Partial<Ending>): Ending => ({
    state: 'failed',
    givenUp: false,
    afterFailure: 'ask',
    failuresBefore: 0,
    ...changes,
  })

  it('counts where it is complete, also when its member has given the rest up', () => {
    expect(fateOf(ending({ state: 'completed', givenUp: true }))).toBe('counts')
  })

  it('is printed again where it never began', () => {
    expect(fateOf(ending({ state: 'refused' }))).toBe('again')
    expect(fateOf(ending({ state: 'refused', givenUp: true }))).toBe('forgone')
  })

  it('that failed goes back by itself only where the workshop wants it, and not for ever', () => {
    for (const state of ['failed', 'interrupted'] as const) {
      expect(fateOf(ending({ state }))).toBe('undecided')
      expect(fateOf(ending({ state, afterFailure: 'again' }))).toBe('again')
      expect(fateOf(ending({ state, afterFailure: 'again', failuresBefore: 2 }))).toBe('undecided')
    }
  })

  it('that a person stopped is never begun again without a word', () => {
    expect(fateOf(ending({ state: 'cancelled', afterFailure: 'again' }))).toBe('undecided')
    expect(fateOf(ending({ state: 'cancelled', givenUp: true }))).toBe('forgone')
  })

  it('means nothing while it runs', () => {
    for (const state of ['dispatched', 'printing', 'paused'] as const) expect(fateOf(ending({ state }))).toBeNull()
  })
})

describe('an approval', () => {
  it('is asked of the roles that the workshop has chosen, and never of who gives it', () => {
    expect(approvalOfNew(somebody('member'), ['member', 'operator'])).toBe('asked')
    expect(approvalOfNew(somebody('operator'), ['member', 'operator'])).toBe('none')
    expect(approvalOfNew(somebody('member'), [])).toBe('none')
  })

  it('holds for what was looked at', () => {
    expect(approvalAfter('approved', somebody('member'), ['note', 'wantedBy'])).toBe('approved')
    expect(approvalAfter('approved', somebody('member'), ['copies'])).toBe('asked')
    expect(approvalAfter('refused', somebody('member'), ['materialWanted'])).toBe('asked')
    expect(approvalAfter('approved', somebody('operator'), ['copies'])).toBe('approved')
    expect(approvalAfter('none', somebody('member'), ['copies'])).toBe('none')
  })
})
