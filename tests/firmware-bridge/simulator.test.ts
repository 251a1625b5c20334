import { describe, expect, it } from 'vitest'
import { boot, type Input, nextEvent, step } from '../../firmware-bridge/simulator/firmware.ts'
import type { Firmware, FirmwareOptions, PrinterModel } from '../../firmware-bridge/simulator/firmware-state.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'

/** A firmware without a clock: what it says to each input, and what it has taken. */
const bench = (model: PrinterModel, options: FirmwareOptions = {}) => {
  const begun = boot(model, options)
  let firmware: Firmware = begun.firmware
  let now = 0
  const accepted: string[] = []
  const give = (input: Input): string[] => {
    const result = step(firmware, input, now)
    firmware = result.firmware
    accepted.push(...result.accepted.map(({ text }) => text))
    return [...result.lines]
  }
  return {
    greeting: begun.lines,
    accepted,
    give,
    firmware: () => firmware,
    say: (...lines: string[]) => give({ kind: 'bytes', text: lines.map((line) => `${line}\n`).join('') }),
    pass: (seconds: number) => {
      now += seconds * 1000
      return give({ kind: 'tick' })
    },
  }
}

const numbered = (number: number, text: string): string => {
  const body = `N${number} ${text}`
  let sum = 0
  for (const letter of body) sum ^= letter.charCodeAt(0)
  return `${body}*${sum}`
}

const oks = (lines: readonly string[]): number => lines.filter((line) => line.startsWith('ok')).length

describe('buffers of the simulated printer', () => {
  it('loses what its receive buffer has no room for, without a word', () => {
    const printer = bench(models.marlin1, { plannerBlocks: 4 })
    const moves = Array.from({ length: 31 }, (_, n) => `G1 X${n % 2 === 0 ? 10.123 : 20.123} Y20.456 F600`)
    const said = [...printer.say(...moves), ...printer.pass(200)]
    expect(oks(said)).toBeGreaterThan(8)
    expect(oks(said)).toBeLessThan(31)
    expect(said.join()).not.toMatch(/error|resend/i)
  })

  it('tells truly with ADVANCED_OK how much room there is', () => {
    const printer = bench(models.full)
    expect(printer.say('G91', 'G1 X10 F60', 'G1 X10')).toEqual(['ok P15 B31', 'ok P14 B31', 'ok P13 B31'])
    const said = printer.say(...Array.from({ length: 20 }, () => 'G1 X1'))
    expect(said.at(-1)).toBe('ok P0 B31')
    // Thirteen are planned, one waits for room, and six behind it are not answered.
    expect(oks(said)).toBe(13)
    expect(printer.firmware().queue).toHaveLength(7)
  })

  it('holds an ok back while the planner is full, and says that it is busy', () => {
    const printer = bench(models.marlin)
    printer.say('G91', 'G1 X100 F60')
    for (let n = 0; n < 14; n++) expect(oks(printer.say('G1 X1'))).toBe(1)
    expect(printer.say('G1 X1')).toEqual([])
    expect(printer.pass(5)).toEqual(['echo:busy: processing', 'echo:busy: processing'])
    expect(printer.pass(100)).toContain('ok')
  })
})

describe('people at the simulated printer', () => {
  it('asks before it goes on after M0, and hears the answer though it waits', () => {
    const printer = bench(models.full)
    expect(printer.say('M0 Look here')).toContain('//action:prompt_begin Look here')
    expect(printer.pass(3)).toEqual(['echo:busy: paused for user'])
    expect(oks(printer.say('M876 S0'))).toBe(2)
  })

  it('knows no M0 where nobody could answer', () => {
    expect(bench(models.marlin).say('M0')).toEqual(['echo:Unknown command: "M0"', 'ok'])
  })

  it('changes filament with M600, purges more when asked, and goes on', () => {
    const printer = bench(models.full)
    expect(printer.say('M600')).toContain('//action:paused')
    expect(printer.pass(20)).toContain('//action:prompt_begin Nozzle Parked')
    printer.say('M876 S0')
    expect(printer.pass(40)).toContain('//action:prompt_begin Paused')
    printer.say('M876 S0')
    expect(printer.pass(40)).toContain('//action:prompt_begin Paused')
    const said = printer.say('M876 S1')
    expect(said).toContain('//action:resumed')
    expect(oks(said)).toBeGreaterThan(0)
  })

  it('stops waiting for heat at M108', () => {
    const printer = bench(models.marlin)
    printer.say('M109 S200')
    expect(oks(printer.pass(5))).toBe(0)
    expect(oks(printer.say('M108'))).toBe(2)
  })

  it('tells of a print that somebody starts at its screen, and of its end', () => {
    const printer = bench(models.full)
    const begun = printer.give({ kind: 'press', button: 'print' })
    expect(begun).toContain('echo:Now fresh file: SMALL.GCO')
    // It takes its turn among the commands of the card.
    expect([...printer.say('M27'), ...printer.pass(10)].join()).toMatch(/SD printing byte \d+\/\d+/)
    const rest = printer.pass(600)
    expect(rest).toContain('Done printing file')
    expect(oks(rest)).toBe(0)
    expect(printer.say('M27')[0]).toBe('Not SD printing')
  })

  it('passes its buttons on to the host', () => {
    expect(bench(models.prusa).give({ kind: 'press', button: 'pause' })).toEqual(['//action:pause'])
  })
})

describe('an emergency at the simulated printer', () => {
  it('is obeyed at once with EMERGENCY_PARSER, whatever is in its buffers', () => {
    const printer = bench(models.full)
    printer.say('G91', ...Array.from({ length: 20 }, () => 'G1 X100 F600'))
    expect(printer.say('M112')).toContain('Error:Printer halted. kill() called!')
    expect(printer.say('M105')).toEqual([])
    expect(nextEvent(printer.firmware())).toBeNull()
  })

  it('waits its turn without it, while the command buffer is full', () => {
    const printer = bench(models.marlin)
    printer.say('G28', 'M105', 'M105', 'M105')
    expect(printer.say('M112')).toEqual([])
    expect(printer.pass(60)).toContain('Error:Printer halted. kill() called!')
  })

  it('is told by Klipper to each command until it is restarted', () => {
    const printer = bench(models.klipper)
    expect(printer.say('M112')).toEqual(['// Klipper state: Shutdown', 'ok'])
    expect(printer.say('G28')).toContain('!! Shutdown due to M112 command')
    expect(printer.say('FIRMWARE_RESTART')).toEqual(['ok'])
    expect(printer.pass(2)).toEqual(['// Klipper state: Disconnect', '// Klipper state: Ready'])
    expect(oks(printer.say('G28'))).toBe(0)
  })
})

describe('what breaks at the simulated printer', () => {
  it('stops when a heater does not heat', () => {
    const printer = bench(models.marlin)
    printer.give({ kind: 'break', part: 'heater' })
    printer.say('M104 S200')
    expect(printer.pass(30)).toContain('Error:Heating failed, system stopped! Heater_ID: E0')
  })

  it('stops when its probe fails', () => {
    const printer = bench(models.marlin)
    printer.give({ kind: 'break', part: 'probe' })
    expect(printer.say('G29')).toContain('Error:Probing Failed')
    expect(printer.firmware().halted).toBe(true)
  })

  it('greets as after a brown-out, with everything forgotten', () => {
    const printer = bench(models.marlin)
    printer.say(numbered(1, 'G90'), 'M104 S200')
    const said = printer.give({ kind: 'reset', why: 'brown-out' })
    expect(said.slice(0, 2)).toEqual(['start', ' Brown out Reset'])
    expect(printer.firmware().lastLine).toBe(0)
    expect(printer.firmware().heaters['T0']?.target).toBe(0)
  })

  it('asks for a line that nobody has, when it has lost count', () => {
    const printer = bench(models.marlin)
    printer.say(numbered(1, 'G90'))
    printer.give({ kind: 'miscount', lines: 1000 })
    expect(printer.say(numbered(2, 'G90'))).toContain('Resend: 1002')
  })
})

describe('feeds, flows and objects', () => {
  it.each([
    ['M220', ['FR:100%', 'ok']],
    ['M220 S50', ['ok']],
    ['M221 S110', ['ok']],
    ['M290 Z0.05', ['ok']],
    ['M73 P5', ['ok']],
    ['M486 S1', ['ok']],
    ['G10', ['ok']],
    ['G11', ['ok']],
  ])('takes %s', (command, answer) => {
    expect(bench(models.marlin).say(command)).toEqual(answer)
  })

  it('moves at half the speed after M220 S50', () => {
    const took = (factor: number): number => {
      const printer = bench(models.marlin)
      printer.say(`M220 S${factor}`, 'G91', 'G1 X50 F600')
      return (printer.firmware().planner[0]?.endsAt ?? 0) / 1000
    }
    expect(took(50)).toBeCloseTo(2 * took(100))
  })

  it('reports by the clock what it was asked to', () => {
    const printer = bench(models.full)
    printer.say('M155 S1', 'M154 S1')
    const said = printer.pass(3)
    expect(said.filter((line) => line.startsWith(' T:'))).toHaveLength(3)
    expect(said.filter((line) => line.startsWith('X:'))).toHaveLength(3)
  })
})
