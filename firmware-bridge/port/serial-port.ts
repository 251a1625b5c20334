// A Port over a serial device of this machine.
import { SerialPort } from 'serialport'
import { endReadsAtHangUp } from './hang-up.ts'
import { LineSplitter, type Port, type PortListener, PortRefused } from './port.ts'

const RESET_PULSE_MS = 100
const UNPLUGGED = 'The printer was unplugged or switched off.'

/** Opens the device and keeps it locked for this process. Throws PortRefused. */
export const openSerialPort = async (path: string, baudRate: number, listener: PortListener): Promise<Port> => {
  const serial = new SerialPort({ path, baudRate, autoOpen: false, lock: true, hupcl: false })
  await new Promise<void>((resolve, reject) => {
    serial.open((error) => (error ? reject(refusal(path, error)) : resolve()))
  })
  endReadsAtHangUp(serial.port)
  const splitter = new LineSplitter()
  let open = true
  serial.on('data', (bytes: Buffer) => {
    const lines = splitter.split(bytes)
    if (lines.length > 0 && open) listener.lines(lines)
  })
  const lost = (reason: string): void => {
    if (!open) return
    open = false
    listener.closed(reason)
  }
  serial.on('close', () => lost(UNPLUGGED))
  serial.on('error', (error) => lost(lossReason(error)))
  return {
    address: path,
    write(text) {
      // A write after the close would never call back (serialport 13).
      if (!open || !serial.isOpen) return
      serial.write(Buffer.from(text, 'latin1'), undefined, (error) => {
        if (error) lost(lossReason(error))
      })
    },
    async pulseReset() {
      // A pseudo-terminal has no such line and says so; that is no failure.
      const set = (dtr: boolean): Promise<void> =>
        new Promise((resolve) => serial.set({ dtr, rts: dtr }, () => resolve()))
      await set(false)
      await new Promise((resolve) => setTimeout(resolve, RESET_PULSE_MS))
      await set(true)
    },
    async close() {
      open = false
      if (!serial.isOpen) return
      await new Promise<void>((resolve) => serial.close(() => resolve()))
    },
  }
}

/** A device that is gone answers a write with EIO, and with EBADF once its end has been noticed. */
const lossReason = (error: Error): string =>
  /EIO|ENXIO|ENODEV|EBADF|hung up/.test(error.message) ? UNPLUGGED : `The port failed: ${error.message}`

const refusal = (path: string, error: Error): PortRefused => {
  const text = error.message
  if (/no such file|ENOENT|not found/i.test(text)) {
    return new PortRefused('missing', `There is no port ${path}. Is the printer switched on and plugged in?`, error)
  }
  if (/lock|EBUSY|busy|temporarily unavailable/i.test(text)) {
    return new PortRefused('held', `Another program holds ${path}. Close it, then connect again.`, error)
  }
  if (/permission|EACCES|denied/i.test(text)) {
    return new PortRefused(
      'forbidden',
      `This user may not open ${path}. On most systems, membership in the group "dialout" allows it.`,
      error,
    )
  }
  return new PortRefused('not-a-port', `${path} is not a port that can carry G-code (${text}).`, error)
}
