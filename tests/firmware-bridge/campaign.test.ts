import { describe, expect, it } from 'vitest'
import { Judge } from '../campaign/judge.ts'
import { type CampaignRow, dialects, runCampaign } from '../campaign/serial.ts'

const round = async (seed: number, prints: number): Promise<{ rows: CampaignRow[]; violation: unknown }> => {
  const rows: CampaignRow[] = []
  const violation = await runCampaign({
    seed,
    dialects: ['marlin', 'marlin1', 'prusa', 'buddy', 'repetier', 'smoothieware', 'reprapfirmware', 'full'],
    linesPerDialect: 2000,
    linesPerPrint: 400,
    prints,
    row: (row) => rows.push(row),
  })
  return { rows, violation }
}

describe('the fault campaign', () => {
  it('prints every line once and in order over bad lines, or says where it stopped', async () => {
    const { rows, violation } = await round(5, 6)
    expect(violation).toBeNull()
    for (const row of rows) expect(row.lines, row.dialect).toBeGreaterThan(500)
    expect(rows.reduce((sum, { resends }) => sum + resends, 0)).toBeGreaterThan(0)
  })

  it('runs the same again from the same seed', async () => {
    const untimed = ({ rows }: { rows: CampaignRow[] }): unknown => rows.map(({ linesPerSecond: _, ...row }) => row)
    expect(untimed(await round(9, 2))).toEqual(untimed(await round(9, 2)))
  })

  it('knows every dialect', () => {
    expect(dialects).toHaveLength(10)
  })
})

describe('the judge of the campaign', () => {
  const commands = ['G28', 'G1 X1', 'G1 X2', 'G1 X3']
  const judge = (taken: readonly string[], mayRepeat = false): Judge => {
    const made = new Judge(commands, mayRepeat)
    taken.forEach((text, n) => {
      made.take({ text, number: n + 1 })
    })
    return made
  }

  it('sees a line twice, a line left out and two in the wrong order', () => {
    expect(judge(['G28', 'G1 X1', 'G1 X1']).violation).toContain('line 1 of the file')
    expect(judge(['G28', 'G1 X2']).violation).toContain('"G1 X1" was due')
    expect(judge(['G28', 'G1 X2', 'G1 X1']).violation).not.toBeNull()
  })

  it('lets a host ask its questions, and torn ends of lines be unknown', () => {
    const made = judge(['G28', 'M105', 'G1 X1'])
    made.take({ text: 'M05', number: -1 })
    made.take({ text: 'M105M105', number: -1 })
    made.take({ text: '77', number: -1 })
    expect(made.violation).toBeNull()
    made.take({ text: 'G1 X99', number: -1 })
    expect(made.violation).not.toBeNull()
  })

  it('lets a host that has given the print up cool and park', () => {
    const made = judge(['G28'])
    made.giveUp()
    for (const text of ['G1 X1', 'M104 S0', 'M84']) made.take({ text, number: 9 })
    expect([made.violation, made.taken]).toEqual([null, 2])
  })

  it('does not believe a host that is ahead of its printer, nor one far behind', () => {
    const ahead = judge(['G28'])
    ahead.compare(2, 40)
    expect(ahead.violation).toContain('believes that 2 lines')
    const behind = judge(commands)
    behind.compare(1, 2)
    expect(behind.violation).toContain('knows of 1 lines only')
  })

  it('wants all lines of a print that is called complete', () => {
    const short = judge(['G28'])
    short.complete()
    expect(short.violation).toContain('1 of 4')
  })
})
