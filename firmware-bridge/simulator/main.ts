// npm run simulate: a printer without a printer, on a tty or a TCP port.
import { createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { parseFaults } from './faults.ts'
import { isModelName, models } from './models.ts'
import { openPseudoTerminal } from './pty.ts'
import { SimulatedPrinter, type SimulatedPrinterOptions } from './simulated-printer.ts'

/** When its cable is pulled, or when it has halted, somebody helps it a few seconds later. */
const HELP_MS = 5000

const usage = `npm run simulate -- [options]
  --model NAME      ${Object.keys(models).join(', ')} (default: marlin)
  --link PATH       a tty at PATH, to be opened like a serial port
  --tcp PORT        or a TCP port of this machine, to be opened as tcp://localhost:PORT
  --speed N         how many of its seconds pass in one of ours (default: 1)
  --faults LIST     garble=0.01,swallow-ok=0.002,resend=0.001,seed=7,reset@120,unplug@500,stall@9,kill@9
  --advanced-ok     answer with free buffers (ADVANCED_OK)
  --emergency-parser  obey M112 at once
  --record FILE     write accepted commands to FILE`

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'marlin' },
    link: { type: 'string' },
    tcp: { type: 'string' },
    speed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '' },
    'advanced-ok': { type: 'boolean', default: false },
    'emergency-parser': { type: 'boolean', default: false },
    record: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const fail = (message: string): never => {
  console.error(`${message}\n\n${usage}`)
  process.exit(2)
}

const readOptions = (): Omit<SimulatedPrinterOptions, 'say' | 'unplug'> => {
  const speed = Number(values.speed)
  if (!(speed > 0)) fail(`--speed ${values.speed}: a number above 0`)
  const model = isModelName(values.model) ? models[values.model] : fail(`There is no model "${values.model}".`)
  const firmware = { advancedOk: values['advanced-ok'], emergencyParser: values['emergency-parser'] }
  const options = { model, firmware, faults: parseFaults(values.faults), speed, resetAfterHalt: HELP_MS }
  return values.record === undefined ? options : { ...options, record: values.record }
}

const onTerminal = (options: Omit<SimulatedPrinterOptions, 'say'>): void => {
  let unplugged: (() => void) | undefined
  const plugIn = (): void => {
    let printer: SimulatedPrinter | undefined
    const terminal = openPseudoTerminal(values.link, (text) => printer?.hear(text))
    unplugged = () => {
      printer?.stop()
      terminal.close()
    }
    const unplug = (): void => {
      unplugged?.()
      setTimeout(plugIn, HELP_MS)
    }
    printer = new SimulatedPrinter({ ...options, say: (text) => terminal.write(text), unplug })
    console.log(`A simulated ${options.model.name} listens on ${terminal.path}`)
  }
  const stop = (): void => {
    unplugged?.()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  plugIn()
}

/** Like a network board, it serves one host at a time and begins anew for each. */
const onTcp = (options: Omit<SimulatedPrinterOptions, 'say'>, port: number): void => {
  let busy = false
  const server = createServer((socket) => {
    if (busy) return void socket.destroy()
    busy = true
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    const printer = new SimulatedPrinter({
      ...options,
      say: (text) => void socket.write(text, 'latin1'),
      unplug: () => socket.destroy(),
    })
    socket.on('data', (text) => printer.hear(String(text)))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      printer.stop()
      busy = false
    })
  })
  server.listen(port, '127.0.0.1', () => {
    const address = server.address()
    const shown = typeof address === 'object' && address !== null ? address.port : port
    console.log(`A simulated ${options.model.name} listens on tcp://127.0.0.1:${shown}`)
  })
}

if (values.help) console.log(usage)
else if (values.tcp !== undefined) onTcp(readOptions(), Number(values.tcp))
else onTerminal(readOptions())
