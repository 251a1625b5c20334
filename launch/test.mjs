// npm test: installs what is missing, builds, and runs every test. Arguments go to vitest.
import { join } from 'node:path'
import { prepare, root, run } from './prepare.mjs'

prepare({ dev: true })
run(process.execPath, [
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--config',
  join(root, 'tests/vitest.config.ts'),
  ...process.argv.slice(2),
])
