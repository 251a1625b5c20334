// A simulated printer as an in-memory Port: for tests on fake time, and where a system has no terminals.
import { LineSplitter, type Port, type PortListener } from '../port/port.ts'
import { SimulatedPrinter, type SimulatedPrinterOptions } from './simulated-printer.ts'

export interface MemoryPort extends Port {
  readonly printer: SimulatedPrinter
  /** Pulls the cable. */
  unplug(): void
}

export const openMemoryPort = (
  options: Omit<SimulatedPrinterOptions, 'say' | 'unplug'>,
  listener: PortListener,
): MemoryPort => {
  const splitter = new LineSplitter()
  let open = true
  const unplug = (): void => {
    if (!open) return
    open = false
    listener.closed('The printer was unplugged or switched off.')
  }
  const printer = new SimulatedPrinter({
    ...options,
    unplug,
    // A host never hears an answer before its own write has returned.
    say: (text) => setImmediate(() => open && listener.lines(splitter.split(Buffer.from(text, 'latin1')))),
  })
  return {
    address: 'memory',
    printer,
    unplug,
    write: (text) => {
      if (open) printer.hear(text)
    },
    pulseReset: async () => printer.reset(),
    close: async () => {
      open = false
      printer.stop()
    },
  }
}
