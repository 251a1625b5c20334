// A simulated printer as an in-memory Port: for tests on fake time, and where a system has no terminals.
import { LineSplitter, type Port, type PortListener, PortRefused } from '../port/port.ts'
import { SimulatedPrinter, type SimulatedPrinterOptions } from './simulated-printer.ts'

export interface MemoryPort extends Port {
  readonly printer: SimulatedPrinter
  /** Pulls the cable. */
  unplug(): void
}

/** Until somebody plugs it in again. */
const POWER_LOSS_MS = 5000

type PrinterOptions = Omit<SimulatedPrinterOptions, 'say' | 'unplug' | 'comeLoose'>

/** A printer that begins its life as its port is opened, and ends it with the port. */
export const openMemoryPort = (options: PrinterOptions, listener: PortListener): MemoryPort => {
  let port: (MemoryPort & { hand(text: string): void }) | undefined
  let greeting = ''
  const printer = new SimulatedPrinter({
    ...options,
    unplug: () => port?.unplug(),
    comeLoose: () => port?.unplug(),
    say: (text) => {
      if (port === undefined) greeting += text
      else port.hand(text)
    },
  })
  port = portTo(printer, listener, options.model.resetsOnOpen, () => printer.stop())
  port.hand(greeting)
  return port
}

/** A printer that has a life of its own, whoever opens its port, and how often. */
export interface MemoryBoard {
  readonly printer: SimulatedPrinter
  /** Throws PortRefused while the cable is out or somebody else has the port. */
  open(listener: PortListener): MemoryPort
  unplug(): void
  plugIn(): void
  stop(): void
}

/** Unplugged by a fault, it is plugged in again after a while. */
export const memoryBoard = (options: PrinterOptions): MemoryBoard => {
  let plugged = true
  let port: (MemoryPort & { hand(text: string): void }) | undefined
  let timer: NodeJS.Timeout | undefined
  const unplug = (): void => {
    clearTimeout(timer)
    plugged = false
    port?.unplug()
  }
  const plugIn = (): void => {
    plugged = true
  }
  const comeLoose = (milliseconds: number): void => {
    unplug()
    timer = setTimeout(plugIn, milliseconds)
  }
  const powerLoss = (): void => {
    printer.reset()
    comeLoose(POWER_LOSS_MS)
  }
  const printer = new SimulatedPrinter({
    ...options,
    unplug: powerLoss,
    comeLoose,
    say: (text) => port?.hand(text),
  })
  return {
    printer,
    unplug,
    plugIn,
    stop: () => {
      clearTimeout(timer)
      printer.stop()
    },
    open: (listener) => {
      if (!plugged) throw new PortRefused('missing', 'The printer is not plugged in.')
      if (port !== undefined) throw new PortRefused('held', 'Another program holds the port.')
      port = portTo(printer, listener, options.model.resetsOnOpen, () => {
        printer.loseWire()
        port = undefined
      })
      if (options.model.resetsOnOpen) printer.reset()
      return port
    },
  }
}

/** `resets`: DTR is its reset line. `left` is told when the port is closed, by either end. */
const portTo = (
  printer: SimulatedPrinter,
  listener: PortListener,
  resets: boolean,
  left: () => void,
): MemoryPort & { hand(text: string): void } => {
  const splitter = new LineSplitter()
  let open = true
  const leave = (): void => {
    open = false
    left()
  }
  return {
    address: 'memory',
    printer,
    // A host never hears an answer before its own write has returned.
    hand: (text) => void setImmediate(() => open && listener.lines(splitter.split(Buffer.from(text, 'latin1')))),
    unplug: () => {
      if (!open) return
      leave()
      listener.closed('The printer was unplugged or switched off.')
    },
    write: (text) => {
      if (open) printer.hear(text)
    },
    pulseReset: async () => {
      if (resets) printer.reset()
    },
    close: async () => {
      if (open) leave()
    },
  }
}
