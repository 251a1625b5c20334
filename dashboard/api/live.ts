// The WebSocket: what changes on the server, as it changes. It comes back by itself.
import { type LiveMessage, type LiveRequest, liveUrl } from '../../server/contract/signals.ts'

export interface LiveListener {
  message(message: LiveMessage): void
  /** Connected, or not since a moment ago. */
  connected(connected: boolean): void
  /** The session has ended: there is nobody to be connected for. */
  signedOut(): void
}

export interface LiveChannel {
  /** Says what this page shows. */
  request(request: LiveRequest): void
  close(): void
}

const RETRY_MS = { first: 500, most: 8000 }
/** The server says something every 5 s: a connection that is silent for longer is dead, though nobody closed it. */
const SILENCE_MS = 15_000
/** The server's code for a session that has ended. */
const SIGNED_OUT = 4401

export const openLive = (listener: LiveListener): LiveChannel => {
  let socket: WebSocket | null = null
  let closed = false
  let wait = RETRY_MS.first
  let timer: ReturnType<typeof setTimeout> | undefined
  let wanted: LiveRequest = { console: null }

  const open = (): void => {
    const next = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${liveUrl}`)
    socket = next
    let silence: ReturnType<typeof setTimeout> | undefined
    const heard = (): void => {
      clearTimeout(silence)
      silence = setTimeout(ended, SILENCE_MS)
    }
    const ended = (): void => {
      clearTimeout(silence)
      if (closed || socket !== next) return
      socket = null
      next.close()
      listener.connected(false)
      // Spread out: after a restart of the server all browsers come back.
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2))
      wait = Math.min(wait * 2, RETRY_MS.most)
    }
    heard()
    next.addEventListener('open', () => {
      wait = RETRY_MS.first
      listener.connected(true)
      if (wanted.console !== null) next.send(JSON.stringify(wanted))
    })
    next.addEventListener('message', ({ data }) => {
      heard()
      listener.message(JSON.parse(String(data)) as LiveMessage)
    })
    next.addEventListener('close', ({ code }) => {
      if (code === SIGNED_OUT && !closed) listener.signedOut()
      ended()
    })
  }
  open()
  return {
    request: (request) => {
      wanted = request
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request))
    },
    close: () => {
      closed = true
      clearTimeout(timer)
      socket?.close()
    },
  }
}
