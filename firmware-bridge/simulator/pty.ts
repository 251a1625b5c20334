// A pseudo-terminal: one end is a device that any program can open as a serial port, the other is ours.
import { chmodSync, closeSync, constants, openSync, rmSync, symlinkSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import koffi from 'koffi'

export interface PseudoTerminal {
  /** The device that a host opens: the link, where one was asked for. */
  readonly path: string
  write(text: string): void
  close(): void
}

/** Its end for us speaks through `heard`, one character a byte. Linux and macOS. */
export const openPseudoTerminal = (link: string | undefined, heard: (text: string) => void): PseudoTerminal => {
  const libc = koffi.load(process.platform === 'darwin' ? 'libSystem.dylib' : 'libc.so.6')
  const openMaster = libc.func('int posix_openpt(int)')
  const grant = libc.func('int grantpt(int)')
  const unlock = libc.func('int unlockpt(int)')
  const nameOf = libc.func('str ptsname(int)')
  const getAttributes = libc.func('int tcgetattr(int, void*)')
  const setAttributes = libc.func('int tcsetattr(int, int, void*)')
  const makeRaw = libc.func('void cfmakeraw(void*)')

  const master: number = openMaster(constants.O_RDWR | constants.O_NOCTTY)
  if (master < 0 || grant(master) !== 0 || unlock(master) !== 0) {
    throw new Error('This system gives out no pseudo-terminal: simulate over TCP instead (--tcp PORT)')
  }
  const device: string = nameOf(master)
  chmodSync(device, 0o666)
  // Our own hold on the device keeps the terminal alive between one host and the next.
  const hold = openSync(device, constants.O_RDWR | constants.O_NOCTTY)
  const attributes = Buffer.alloc(256)
  getAttributes(hold, attributes)
  makeRaw(attributes)
  setAttributes(hold, 0, attributes)
  const stream = new ReadStream(master)
  stream.setEncoding('latin1')
  stream.on('data', (text) => heard(String(text)))
  stream.on('error', () => {})
  if (link !== undefined) {
    rmSync(link, { force: true })
    symlinkSync(device, link)
  }
  return {
    path: link ?? device,
    write: (text) => void stream.write(text, 'latin1'),
    close: () => {
      stream.destroy()
      closeSync(hold)
      if (link !== undefined) rmSync(link, { force: true })
    },
  }
}
