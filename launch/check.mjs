// npm run check: format, lint, types, architecture, tests. It passes before every commit.
import { join } from 'node:path'
import { prepare, root, run } from './prepare.mjs'

prepare({ dev: true })
const bin = join(root, 'node_modules/.bin')
run(join(bin, 'biome'), ['check', '--config-path', 'tests/biome-rules.json', '--error-on-warnings', '.'])
run(join(bin, 'tsc'), ['-p', '.'])
run(join(bin, 'tsc'), ['-p', 'dashboard'])
run(process.execPath, [join(root, 'launch/test.mjs'), ...process.argv.slice(2)])
