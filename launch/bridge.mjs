// npm run bridge: a bridge for the ports of this machine, beside a server that runs elsewhere.
import { load, prepare } from './prepare.mjs'

prepare({ dev: false })
if (!process.env['DATABASE_URL']) {
  console.error('Set DATABASE_URL to the PostgreSQL of the workshop (and REDIS_URL, if the server uses one).')
  process.exit(2)
}
await load('firmware-bridge/main.js')
