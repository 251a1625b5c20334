// npm run campaign -- NAME [options]: tries something very often, with everything that may go wrong, from a seed.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { prepare, root, run } from './prepare.mjs'

const folder = join(root, 'tests/campaign')
const known = readdirSync(folder)
  .filter((name) => name.endsWith('.campaign.ts'))
  .map((name) => name.slice(0, -'.campaign.ts'.length))
const [name = '', ...options] = process.argv.slice(2)
const script = join(folder, `${name}.campaign.ts`)
if (name === '' || !existsSync(script)) {
  console.error(`npm run campaign -- NAME [--help]   with one of the names: ${known.join(', ')}`)
  process.exit(2)
}
prepare({ dev: true })
run(join(root, 'node_modules/.bin/tsx'), [script, ...options])
