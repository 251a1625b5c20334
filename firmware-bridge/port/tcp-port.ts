// A Port over TCP: printers with a network board, and ser2net.
import { connect } from 'node:net'
import { LineSplitter, type Port, type PortListener, PortRefused } from './port.ts'

const CONNECT_TIMEOUT_MS = 5000
const KEEP_ALIVE_MS = 5000

/** `tcp://host:port` -> its parts, or null where it is none. */
export const parseTcpAddress = (address: string): { host: string; port: number } | null => {
  const match = /^tcp:\/\/(\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/i.exec(address)
  if (!match) return null
  const port = Number(match[2])
  if (port < 1 || port > 65535) return null
  return { host: (match[1] as string).replace(/^\[|\]$/g, ''), port }
}

/** Throws PortRefused. */
export const openTcpPort = async (address: string, listener: PortListener): Promise<Port> => {
  const place = parseTcpAddress(address)
  if (place === null) throw new PortRefused('not-a-port', `${address} is not an address. Write tcp://host:port.`)
  const socket = connect({ ...place, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS })
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error): void => {
      socket.destroy()
      reject(new PortRefused('unreachable', `Nothing answers at ${address} (${error.message}).`, error))
    }
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => refuse(new Error('no answer within 5 s')))
    socket.once('error', refuse)
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.off('error', refuse)
      resolve()
    })
  })
  const splitter = new LineSplitter()
  let open = true
  const lost = (reason: string): void => {
    if (!open) return
    open = false
    socket.destroy()
    listener.closed(reason)
  }
  socket.on('data', (bytes) => {
    const lines = splitter.split(bytes)
    if (lines.length > 0 && open) listener.lines(lines)
  })
  socket.on('error', (error) => lost(`The network connection failed: ${error.message}`))
  socket.on('close', () => lost('The printer closed the network connection.'))
  return {
    address,
    write(text) {
      if (open) socket.write(text, 'latin1')
    },
    async pulseReset() {},
    async close() {
      open = false
      socket.destroy()
    },
  }
}
