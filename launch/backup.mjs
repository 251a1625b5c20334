// npm run backup -- FILE, npm run restore -- FILE: the first argument says which.
import { load, prepare } from './prepare.mjs'

prepare({ dev: false })
await load('server/backup.js')
