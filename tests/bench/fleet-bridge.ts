// A process like the bridge's, with one session for each tty in a folder: all print the same file, as long as it takes.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openSession, printFile } from './bench-session.ts'

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '.' },
    count: { type: 'string', default: '1' },
    file: { type: 'string', default: '' },
  },
})

const ttys = Array.from({ length: Number(values.count) }, (_, n) => join(values.folder, String(n)))
console.log('ready')
const sessions = await Promise.all(ttys.map((tty, n) => openSession(n + 1, tty)))
const before = process.cpuUsage()
const began = performance.now()
let peak = 0
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss())
}, 200)
await Promise.all(sessions.map((session) => printFile(session, values.file)))
clearInterval(watch)
const { user, system } = process.cpuUsage(before)
const seconds = (performance.now() - began) / 1000
const underruns = sessions.reduce((sum, session) => sum + session.telemetry(new Date()).resends, 0)
console.log(JSON.stringify({ cores: (user + system) / 1e6 / seconds, megabytes: peak / 1e6, resends: underruns }))
await Promise.all(sessions.map((session) => session.stop('The bench is over.')))
process.exit(0)
