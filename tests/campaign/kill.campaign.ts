// npm run campaign -- kill --times N --seed S: bridge, server and PostgreSQL are killed at random moments of prints.
import { parseArgs } from 'node:util'
import { killCampaign } from './kill.ts'

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log('npm run campaign -- kill [--times N] [--seed S]')
  process.exit(0)
}
const violations = await killCampaign({
  times: Number(values.times),
  seed: Number(values.seed),
  tell: (row) => console.log(JSON.stringify(row)),
})
process.exit(violations === 0 ? 0 : 1)
