// A page with the npm package gcode-preview alone, for comparison: bundled here, served with the file that it shows.
import { createReadStream, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const entry = fileURLToPath(new URL('other-page.js', import.meta.url))

const bundle = async (): Promise<string> => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'other' }, minify: true },
  })
  const outputs = Array.isArray(built) ? built : [built]
  for (const one of outputs) {
    if (!('output' in one)) continue
    const [chunk] = one.output
    return chunk.code
  }
  throw new Error('gcode-preview was not bundled.')
}

export interface OtherPage {
  readonly address: string
  close(): void
}

/** Its page says in `window.shown` when the file is on screen. */
export const serveOther = async (path: string): Promise<OtherPage> => {
  const script = await bundle()
  const html =
    '<!doctype html><meta charset="utf-8"><body style="margin:0"><canvas id="view" style="width:960px;height:620px"></canvas><script src="/page.js"></script>'
  const server: Server = createServer((request, response) => {
    if (request.url === '/file.gcode') {
      response.setHeader('content-length', statSync(path).size)
      createReadStream(path).pipe(response)
      return
    }
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() }
}
