// How a server and a bridge talk past the database: three lines over a socket, each side proving that it knows the key.
//   bridge: a nonce.   server: the call, with its proof.   bridge: the answer, with its proof.
// Whoever listens in can neither say a line again (the nonce is new each time) nor make one up (HMAC-SHA256).
import { createHmac, timingSafeEqual } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import * as Value from 'typebox/value'
import { StopAnswer, type StopCall } from '../contract/emergency-stop.ts'

const LONGEST_LINE = 2048
const PROOF = /^([0-9a-f]{64}) (\{.*\})$/

type Side = 'call' | 'answer'

const proofOf = (key: Buffer, side: Side, nonce: string, text: string): Buffer =>
  createHmac('sha256', key).update(`${side}\n${nonce}\n${text}`).digest()

/** A line that proves who says it. */
export const proveLine = (key: Buffer, side: Side, nonce: string, value: object): string => {
  const text = JSON.stringify(value)
  return `${proofOf(key, side, nonce, text).toString('hex')} ${text}\n`
}

/** What a line says; null where it was not said by who knows the key, on this very connection. */
export const readLine = (key: Buffer, side: Side, nonce: string, line: string): unknown => {
  const [, proof = '', text = ''] = PROOF.exec(line) ?? []
  const given = Buffer.from(proof, 'hex')
  const wanted = proofOf(key, side, nonce, text)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
  return JSON.parse(text)
}

/** The next line of the other side; rejects where it closes or says too much. One side speaks at a time. */
export const nextLine = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    const end = (settle: () => void): void => {
      socket.off('data', take).off('close', closed).off('error', failed)
      settle()
    }
    const closed = (): void => end(() => reject(new Error('The other side has closed the line.')))
    const failed = (error: Error): void => end(() => reject(error))
    const take = (bytes: Buffer): void => {
      text += bytes.toString('utf8')
      const length = text.indexOf('\n')
      if (length >= 0) end(() => resolve(text.slice(0, length)))
      else if (text.length > LONGEST_LINE) end(() => reject(new Error('The other side says too much.')))
    }
    socket.on('data', take).on('close', closed).on('error', failed)
  })

/** Where a bridge takes stops. */
export type StopPlace = { readonly path: string } | { readonly host: string; readonly port: number }

/** Passes a stop on. Throws where nobody is there, or somebody who does not know the key. */
export const callBridge = async (
  place: StopPlace,
  key: Buffer,
  call: StopCall,
  patienceMs: number,
): Promise<StopAnswer> => {
  const socket = connect(place)
  socket.setNoDelay(true)
  // What breaks between two lines is heard with the next one.
  socket.on('error', () => {})
  const late = setTimeout(() => socket.destroy(), patienceMs)
  try {
    const nonce = await nextLine(socket)
    socket.write(proveLine(key, 'call', nonce, call))
    const answer = readLine(key, 'answer', nonce, await nextLine(socket))
    if (!Value.Check(StopAnswer, answer)) throw new Error('What answers is not the bridge.')
    return answer
  } finally {
    clearTimeout(late)
    socket.destroy()
  }
}
