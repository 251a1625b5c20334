// An SMTP server that keeps what it is sent: as much of RFC 5321 as one letter needs.
import { createServer } from 'node:net'
import { afterAll } from 'vitest'

export interface Mailbox {
  readonly url: string
  /** Letters as they came over the wire. */
  readonly letters: string[]
}

export const openMailbox = async (): Promise<Mailbox> => {
  const letters: string[] = []
  const server = createServer((socket) => {
    let pending = ''
    let letter: string[] | null = null
    const say = (line: string): boolean => socket.write(`${line}\r\n`)
    const take = (line: string): void => {
      if (letter !== null) {
        if (line !== '.') return void letter.push(line.replace(/^\.\./, '.'))
        letters.push(letter.join('\n'))
        letter = null
        say('250 kept')
      } else if (/^DATA/i.test(line)) {
        letter = []
        say('354 go on')
      } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n')
      else say('250 ok')
    }
    say('220 mailbox')
    socket.on('data', (bytes) => {
      const lines = (pending + String(bytes)).split('\r\n')
      pending = lines.pop() ?? ''
      for (const line of lines) take(line)
    })
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as { port: number }
  return { url: `smtp://127.0.0.1:${port}`, letters }
}
