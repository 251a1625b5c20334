// An address -> an open Port of the right kind.
import type { Port, PortListener } from './port.ts'
import { openSerialPort } from './serial-port.ts'
import { openTcpPort } from './tcp-port.ts'

/** Baud rate 0 means: the port has none (TCP). Throws PortRefused. */
export type OpenPort = (address: string, baudRate: number, listener: PortListener) => Promise<Port>

export const openPort: OpenPort = (address, baudRate, listener) =>
  address.startsWith('tcp://') ? openTcpPort(address, listener) : openSerialPort(address, baudRate, listener)
