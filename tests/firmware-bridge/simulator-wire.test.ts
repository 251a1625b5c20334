import { afterEach, describe, expect, it, vi } from 'vitest'
import { noFaults, parseFaults } from '../../firmware-bridge/simulator/faults.ts'
import type { PrinterModel } from '../../firmware-bridge/simulator/firmware-state.ts'
import { memoryBoard } from '../../firmware-bridge/simulator/memory-port.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { SimulatedPrinter } from '../../firmware-bridge/simulator/simulated-printer.ts'
import { Wire } from '../../firmware-bridge/simulator/wire.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** What a printer says, each read by itself, on a clock that we wind. */
const onFakeTime = (faults: string, more: { model?: PrinterModel; baud?: number } = {}) => {
  vi.useFakeTimers()
  const reads: string[] = []
  const { model = models.full, baud } = more
  const printer = new SimulatedPrinter({
    model,
    faults: faults === '' ? noFaults : parseFaults(faults),
    speed: 1,
    ...(baud === undefined ? {} : { baud }),
    say: (text) => reads.push(text),
  })
  vi.advanceTimersByTime(2000)
  reads.length = 0
  return { printer, reads }
}

describe('faults of the simulated wire', () => {
  it('are typed as they are named, and refused where they are unknown', () => {
    const plan = parseFaults('garble=0.01,double-ok=0.5,split=1,seed=7,reset@120,touch-print@3')
    expect(plan).toMatchObject({ garble: 0.01, doubleOk: 0.5, split: 1, seed: 7 })
    expect(plan.at).toEqual([
      { line: 120, fault: 'reset' },
      { line: 3, fault: 'touch-print' },
    ])
    expect(() => parseFaults('gremlins=1')).toThrow('is no fault')
    expect(() => parseFaults('garble=often')).toThrow('write garble=0.01')
  })

  it('strike the same lines from the same seed', () => {
    const lines = Array.from({ length: 500 }, (_, n) => `N${n} G1 X${n}*1\n`)
    const struck = (): string[] => {
      const wire = new Wire(parseFaults('garble=0.1,lose-byte=0.1,lose-line=0.1,seed=4'))
      return lines.map((line) => wire.toPrinter(line).text)
    }
    expect(struck()).toEqual(struck())
    expect(struck()).not.toEqual(lines)
  })

  it('can swallow, double, glue and split an ok, and join two', () => {
    const said = (faults: string): string[] => {
      const { printer, reads } = onFakeTime(faults)
      printer.hear('G90\n')
      printer.hear('G91\n')
      vi.advanceTimersByTime(100)
      return reads
    }
    const ok = 'ok P15 B31\n'
    expect(said('')).toEqual([ok, ok])
    expect(said('swallow-ok@1')).toEqual([ok])
    expect(said('double-ok@1')).toEqual([ok, ok, ok])
    expect(said('glue=1')[0]).toMatch(/^ T:.*ok P15 B31\n$/)
    expect(said('join=1')).toEqual([ok + ok])
    expect(said('split=1').join('')).toBe(ok + ok)
    expect(said('split=1')).toHaveLength(4)
  })

  it('can make an answer late, and those behind it with it', () => {
    const { printer, reads } = onFakeTime('late@1')
    printer.hear('G90\n')
    printer.hear('M105\n')
    vi.advanceTimersByTime(7000)
    expect(reads).toEqual([])
    vi.advanceTimersByTime(2000)
    expect(reads[0]).toBe('ok P15 B31\n')
    expect(reads[1]).toMatch(/^ok T:/)
  })

  it('can make a printer ask for a line that it has', () => {
    const { printer, reads } = onFakeTime('resend=1')
    printer.hear('N1 G90*17\n')
    expect(reads.join('')).toContain('Resend: 2\nok\n')
  })

  it('can make it deaf to all for a while, or for good until it is reset', () => {
    const { printer, reads } = onFakeTime('stall@1,mute@3')
    for (const line of ['G90\n', 'G91\n']) printer.hear(line)
    vi.advanceTimersByTime(21_000)
    reads.length = 0
    printer.hear('G90\n')
    printer.hear('G91\n')
    vi.advanceTimersByTime(100_000)
    expect(reads).toHaveLength(1)
    printer.reset()
    expect(reads.join('')).toContain('start')
  })

  it('can refuse line after line', () => {
    const { printer, reads } = onFakeTime('storm@1')
    for (let n = 0; n < 7; n++) printer.hear('N1 G90*17\n')
    expect(reads.join('').match(/Resend: 1|Unknown command/g)?.length).toBeGreaterThanOrEqual(5)
  })
})

describe('a slow wire', () => {
  it('takes its time for each byte, both ways', () => {
    const { printer, reads } = onFakeTime('', { baud: 9600 })
    printer.hear('G1 X10 Y10 F600\n')
    vi.advanceTimersByTime(16)
    expect(reads).toEqual([])
    vi.advanceTimersByTime(15)
    expect(reads).toEqual(['ok P14 B31\n'])
  })
})

describe('a printer on a cable', () => {
  const listen = () => {
    const heard: string[] = []
    const closed: string[] = []
    return {
      heard,
      closed,
      listener: {
        lines: (lines: readonly string[]) => void heard.push(...lines),
        closed: (why: string) => void closed.push(why),
      },
    }
  }

  it('lives on while its cable is out, if it has its own power', () => {
    vi.useFakeTimers()
    const board = memoryBoard({ model: models.full, faults: parseFaults('cable@2'), speed: 1 })
    const first = listen()
    const port = board.open(first.listener)
    port.write('N1 G90*17\n')
    port.write('N2 G91*19\n')
    expect(first.closed).toHaveLength(1)
    expect(() => board.open(first.listener)).toThrow('not plugged in')
    vi.advanceTimersByTime(5000)
    const again = listen()
    board.open(again.listener).write('N3 G90*19\n')
    vi.advanceTimersByTime(1)
    expect(again.heard).toEqual(['ok N3 P15 B31'])
    board.stop()
  })

  it('begins anew when its port is opened, if it is a board that does', () => {
    vi.useFakeTimers()
    const board = memoryBoard({ model: models.marlin, faults: noFaults, speed: 1 })
    const { heard, listener } = listen()
    board.open(listener)
    vi.advanceTimersByTime(1)
    expect(heard[0]).toBe('start')
    board.stop()
  })

  it('vanishes from the host for a moment when a board with its own USB is reset', () => {
    vi.useFakeTimers()
    const board = memoryBoard({ model: models.reprapfirmware, faults: parseFaults('reset@1'), speed: 1 })
    const { closed, listener } = listen()
    board.open(listener).write('G28\n')
    expect(closed).toHaveLength(1)
    vi.advanceTimersByTime(1500)
    board.open(listener)
    board.stop()
  })
})
