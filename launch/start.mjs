// npm start: everything of one workshop, on this machine.
import { load, prepare } from './prepare.mjs'

prepare({ dev: false })
const { openHouse } = await load('launch/house.js')
await openHouse(process.env)
