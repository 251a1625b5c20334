// npm run demo: a workshop to try, with simulated printers, in a folder that is thrown away.
import { load, prepare } from './prepare.mjs'

prepare({ dev: false })
const { openDemo } = await load('launch/demo/demo.js')
await openDemo(process.env)
