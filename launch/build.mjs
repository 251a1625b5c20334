// npm run build: the programs and the dashboard, into dist/.
import { prepare } from './prepare.mjs'

prepare({ dev: false })
