// The far end of a bench: a tty that answers `ok` to every line at once. Run as a process of its own.
import { openPseudoTerminal } from '../../firmware-bridge/simulator/pty.ts'

let rest = ''
const terminal = openPseudoTerminal(process.argv[2], (text) => {
  rest += text
  let oks = ''
  for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
    if (end > 0) oks += 'ok\n'
    rest = rest.slice(end + 1)
  }
  if (oks !== '') terminal.write(oks)
})
console.log('ready')
