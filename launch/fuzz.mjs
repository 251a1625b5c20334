// npm run fuzz -- NAME [--seconds N] [--seed N]: hostile input, until something gives way or the time is over.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { prepare, root, run } from './prepare.mjs'

prepare({ dev: true })
const folder = join(root, 'tests/fuzz')
const known = readdirSync(folder)
  .filter((name) => name.endsWith('.fuzz.ts'))
  .map((name) => name.slice(0, -'.fuzz.ts'.length))
const [name = '', ...rest] = process.argv.slice(2)
if (!existsSync(join(folder, `${name}.fuzz.ts`))) {
  console.error(`npm run fuzz -- NAME [--seconds N] [--seed N]   with NAME one of: ${known.join(', ')}`)
  process.exit(2)
}
run(join(root, 'node_modules/.bin/tsx'), [join(folder, `${name}.fuzz.ts`), ...rest])
