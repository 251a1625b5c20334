// npm run simulate: a printer without a printer.
import { load, prepare } from './prepare.mjs'

prepare({ dev: false })
await load('firmware-bridge/simulator/main.js')
