// npm run simulate: a printer without a printer, on a tty or a TCP port.
import { createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { type FaultPlan, faultWords, parseFaults } from './faults.ts'
import type { FirmwareOptions } from './firmware-state.ts'
import { isModelName, models } from './models.ts'
import { openPseudoTerminal, type PseudoTerminal } from './pty.ts'
import { SimulatedPrinter, type SimulatedPrinterOptions } from './simulated-printer.ts'

/** When its cable is pulled, or when it has halted, somebody helps it a few seconds later. */
const HELP_MS = 5000

const usage = `npm run simulate -- [options]
  --model NAME      ${Object.keys(models).join(', ')} (default: marlin)
  --link PATH       a tty at PATH, to be opened like a serial port
  --tcp PORT        or a TCP port of this machine, to be opened as tcp://localhost:PORT
  --speed N         how many of its seconds pass in one of ours (default: 1)
  --baud N          bytes take the time that a wire of so many bits a second needs (default: none)
  --faults LIST     parted by commas. How often, for each line: NAME=RATE, with NAME one of
                      to the printer: garble, lose-byte, lose-line, resend
                      to the host: swallow-ok, double-ok, glue, noise, garble-reply, split, join, delay, late
                    Once, with the Nth line: NAME@N, with NAME one of
                      ${faultWords.happenings.slice(0, 10).join(', ')},
                      ${faultWords.happenings.slice(10).join(', ')}
                    seed=N chooses which lines it strikes: garble=0.01,swallow-ok=0.002,seed=7,reset@120
  --advanced-ok     answer with free buffers (ADVANCED_OK)
  --emergency-parser  obey M112, M108, M410 and M876 at once
  --prompts         tell the host by //action: what happens, ask questions, wait for people (M0, M600)
  --sd-card         has a card to print from
  --planner N, --buffer N, --receive N   moves in the planner, commands in the buffer, bytes in the receive buffer
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
    prompts: { type: 'boolean', default: false },
    'sd-card': { type: 'boolean', default: false },
    baud: { type: 'string' },
    planner: { type: 'string' },
    buffer: { type: 'string' },
    receive: { type: 'string' },
    record: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const fail = (message: string): never => {
  console.error(`${message}\n\n${usage}`)
  process.exit(2)
}

/** A whole number above 0; undefined where nothing was typed. */
const count = (text: string | undefined, name: string): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) && value > 0 ? value : fail(`--${name} ${text}: a whole number above 0`)
}

/** Only what was typed: the rest is as the model has it. */
const readFirmware = (): FirmwareOptions => {
  const plannerBlocks = count(values.planner, 'planner')
  const commandBuffer = count(values.buffer, 'buffer')
  const receiveBytes = count(values.receive, 'receive')
  return {
    ...(values['advanced-ok'] ? { advancedOk: true } : {}),
    ...(values['emergency-parser'] ? { emergencyParser: true } : {}),
    ...(values.prompts ? { prompts: true } : {}),
    ...(values['sd-card'] ? { sdCard: true } : {}),
    ...(plannerBlocks === undefined ? {} : { plannerBlocks }),
    ...(commandBuffer === undefined ? {} : { commandBuffer }),
    ...(receiveBytes === undefined ? {} : { receiveBytes }),
  }
}

const readFaults = (): FaultPlan => {
  try {
    return parseFaults(values.faults)
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

type PrinterOptions = Omit<SimulatedPrinterOptions, 'say' | 'unplug' | 'comeLoose'>

const readOptions = (): PrinterOptions => {
  const speed = Number(values.speed)
  if (!(speed > 0)) fail(`--speed ${values.speed}: a number above 0`)
  const model = isModelName(values.model) ? models[values.model] : fail(`There is no model "${values.model}".`)
  const baud = count(values.baud, 'baud')
  const options = { model, firmware: readFirmware(), faults: readFaults(), speed, resetAfterHalt: HELP_MS }
  const { record } = values
  return { ...options, ...(baud === undefined ? {} : { baud }), ...(record === undefined ? {} : { record }) }
}

/** One printer for the life of the program, on a terminal that comes and goes as its cable does. */
const onTerminal = (options: PrinterOptions): void => {
  let printer: SimulatedPrinter | undefined
  let terminal: PseudoTerminal | undefined
  let timer: NodeJS.Timeout | undefined
  const plugIn = (): void => {
    terminal = openPseudoTerminal(values.link, (text) => printer?.hear(text))
    console.log(`A simulated ${options.model.name} listens on ${terminal.path}`)
    // Whoever opens the port of such a board makes it begin anew.
    if (options.model.resetsOnOpen) printer?.reset()
  }
  const comeLoose = (milliseconds: number): void => {
    clearTimeout(timer)
    terminal?.close()
    terminal = undefined
    printer?.loseWire()
    timer = setTimeout(plugIn, milliseconds)
  }
  const unplug = (): void => {
    printer?.reset()
    comeLoose(HELP_MS)
  }
  const stop = (): void => {
    printer?.stop()
    terminal?.close()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  plugIn()
  printer = new SimulatedPrinter({ ...options, say: (text) => terminal?.write(text), unplug, comeLoose })
}

/** Like a network board, it serves one host at a time and begins anew for each. */
const onTcp = (options: PrinterOptions, port: number): void => {
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
      comeLoose: () => socket.destroy(),
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
