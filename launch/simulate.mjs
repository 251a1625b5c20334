// npm run simulate: a printer without a printer; with --weeks, a whole workshop and its queue.
import { load, prepare } from './prepare.mjs'

prepare({ dev: false })
const ofQueue = process.argv.some((argument) => /^--(weeks|printers|seed)(=|$)/.test(argument))
await load(ofQueue ? 'server/simulate.js' : 'firmware-bridge/simulator/main.js')
