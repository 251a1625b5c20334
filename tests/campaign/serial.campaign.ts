// npm run campaign -- serial: prints over bad lines until something goes wrong, or nothing has.
import { parseArgs } from 'node:util'
import { isModelName } from '../../firmware-bridge/simulator/models.ts'
import { dialects, runCampaign } from './serial.ts'

const usage = `npm run campaign -- serial [options]
  --lines N         lines of files to print in all, shared among the dialects (default: 200000)
  --seed S          where chance begins (default: 1); the same seed runs the same prints
  --dialect D       one of ${dialects.join(', ')} (default: all)
  --print-lines N   lines of one print, at most (default: 4000)
  --prints N        no more than N prints of each dialect: with the seed of a violation, --prints 1 shows it again`

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    dialect: { type: 'string' },
    'print-lines': { type: 'string', default: '4000' },
    prints: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const fail = (message: string): never => {
  console.error(`${message}\n\n${usage}`)
  process.exit(2)
}

const count = (text: string, name: string): number => {
  const value = Number(text)
  return Number.isSafeInteger(value) && value > 0 ? value : fail(`--${name} ${text}: a whole number above 0`)
}

const main = async (): Promise<void> => {
  const { dialect } = values
  if (dialect !== undefined && !isModelName(dialect)) fail(`There is no dialect "${dialect}".`)
  const chosen = dialect !== undefined && isModelName(dialect) ? [dialect] : dialects
  let lines = 0
  const violation = await runCampaign({
    seed: count(values.seed, 'seed'),
    linesPerDialect: Math.ceil(count(values.lines, 'lines') / chosen.length),
    linesPerPrint: count(values['print-lines'], 'print-lines'),
    dialects: chosen,
    ...(values.prints === undefined ? {} : { prints: count(values.prints, 'prints') }),
    row: (row) => {
      lines += row.lines
      console.log(JSON.stringify(row))
    },
  })
  console.log(JSON.stringify({ campaign: 'serial', seed: Number(values.seed), lines, violations: violation ? 1 : 0 }))
  if (violation === null) return
  const { seed, talk, ...what } = violation
  console.error(JSON.stringify({ ...what, seed, again: `--dialect ${what.dialect} --seed ${seed} --prints 1` }))
  for (const line of talk) console.error(line)
  process.exitCode = 1
}

if (values.help) console.log(usage)
else await main()
