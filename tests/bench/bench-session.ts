// A printer session on a tty of a bench, and what a host costs at the least.
import { statSync } from 'node:fs'
import { SerialPort } from 'serialport'
import { defaultConnectTiming } from '../../firmware-bridge/introduce.ts'
import { openPort } from '../../firmware-bridge/port/open-port.ts'
import { PrinterSession } from '../../firmware-bridge/printer-session.ts'

const profile = {
  shape: 'rectangular',
  width: 220,
  depth: 220,
  height: 2000,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 300,
  maxBedTemperature: 120,
} as const

/** A session that is connected. */
export const openSession = async (printerId: number, tty: string): Promise<PrinterSession> => {
  const session = new PrinterSession({
    printerId,
    name: `Bench ${printerId}`,
    address: tty,
    baudRate: 250000,
    profile,
    timing: { ...defaultConnectTiming, greeting: 50, quiet: 20 },
    open: openPort,
    resolve: async (address) => address,
    changed: () => {},
  })
  session.start()
  while (session.state !== 'idle') await new Promise((resolve) => setTimeout(resolve, 10))
  return session
}

/** Prints a file to its end; throws where it does not come to it. */
export const printFile = async (session: PrinterSession, file: string): Promise<void> => {
  const plan = { printId: 1, totalBytes: statSync(file).size, course: null, fetch: async () => file }
  const result = await session.print(plan)
  if ('refused' in result || result.state !== 'completed') throw new Error(JSON.stringify(result))
}

/** Lines a second when the next line goes out as the ok of the last has come, with nothing else in between. */
export const bareLoop = async (tty: string, lines: readonly string[]): Promise<number> => {
  const port = new SerialPort({ path: tty, baudRate: 250000, autoOpen: false })
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())))
  const began = performance.now()
  await new Promise<void>((resolve) => {
    let at = 0
    const next = (): void => void port.write(lines[at++] as string)
    port.on('data', (bytes: Buffer) => {
      if (!bytes.includes(10)) return
      if (at === lines.length) resolve()
      else next()
    })
    next()
  })
  const seconds = (performance.now() - began) / 1000
  await new Promise<void>((resolve) => port.close(() => resolve()))
  return lines.length / seconds
}
