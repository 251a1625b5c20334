// A small web server on this machine, to play the houses that designs are pulled from.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface WebServer {
  readonly url: string
  /** `127.0.0.1:port` */
  readonly host: string
  /** Method and path of everything asked for so far. */
  readonly asked: string[]
  readonly close: () => Promise<void>
}

export type Answering = (request: IncomingMessage, response: ServerResponse, url: URL) => unknown

export const startWebServer = async (answer: Answering): Promise<WebServer> => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://here')
    asked.push(`${request.method} ${url.pathname}`)
    response.on('error', () => {})
    void Promise.resolve(answer(request, response, url)).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export const answerJson = (response: ServerResponse, told: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(told))
}

export const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}
