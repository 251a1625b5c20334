// npm run bench -- NAME...: measures, and prints a JSON line for each measurement.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { prepare, root, run } from './prepare.mjs'

prepare({ dev: true })
const folder = join(root, 'tests/bench')
const known = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.slice(0, -'.bench.ts'.length))
const wanted = process.argv.slice(2)
if (wanted.length === 0 || wanted.some((name) => !existsSync(join(folder, `${name}.bench.ts`)))) {
  console.error(`npm run bench -- NAME...   with names of: ${known.join(', ')}`)
  process.exit(2)
}
for (const name of wanted) run(join(root, 'node_modules/.bin/tsx'), [join(folder, `${name}.bench.ts`)])
