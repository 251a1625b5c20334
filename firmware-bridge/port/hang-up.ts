// An unplugged tty must be noticed: serialport 13 reads on for ever where it only says that there is nothing more.
import { read } from 'node:fs'
import { promisify } from 'node:util'
import { BindingsError, LinuxPortBinding } from '@serialport/bindings-cpp'

const readAsync = promisify(read)
const comeLater = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR'])

const closed = (): BindingsError => new BindingsError('Port is not open', { canceled: true })

/**
 * After a hang-up the kernel answers a read with no bytes at all (hung_up_tty_read), which serialport takes for a
 * reason to read again at once (unix-read.js). Here it is the end, as for any other file.
 */
export const endReadsAtHangUp = (binding: unknown): void => {
  if (!(binding instanceof LinuxPortBinding)) return
  const readable = (): Promise<void> =>
    new Promise((resolve, reject) => {
      binding.poller.once('readable', (error: Error | null) => (error ? reject(error) : resolve()))
    })
  binding.read = async (buffer, offset, length) => {
    for (;;) {
      if (binding.fd === null) throw closed()
      try {
        const { bytesRead } = await readAsync(binding.fd, buffer, offset, length, null)
        if (bytesRead > 0) return { bytesRead, buffer }
      } catch (error) {
        if (!comeLater.has((error as NodeJS.ErrnoException).code ?? '')) throw error
        // It may have been closed meanwhile, and its poller with it: that must not be asked any more.
        if (!binding.isOpen) throw closed()
        await readable()
        continue
      }
      throw new Error('The device hung up.')
    }
  }
}
