// A page with the npm package gcode-preview alone, for comparison: bundled here, served with the file that it shows.
import { createReadStream, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs in the browser: shows the file as the package's own README does it. */
const script = `
import { init } from 'gcode-preview'
const show = async () => {
  const began = performance.now()
  const canvas = document.getElementById('view')
  const preview = init({ canvas, buildVolume: { x: 220, y: 220, z: 250 } })
  const text = await (await fetch('/file.gcode')).text()
  preview.processGCode(text)
  preview.render()
  const gl = preview.renderer.getContext()
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4))
  window.shown = performance.now() - began
}
show().catch((error) => { window.failed = String(error) })
`

const bundle = async (folder: string): Promise<string> => {
  const entry = join(folder, 'other.js')
  writeFileSync(entry, script)
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    resolve: { alias: { 'gcode-preview': join(root, 'node_modules/gcode-preview') } },
    build: { write: false, lib: { entry, formats: ['iife'], name: 'other' }, minify: true },
  })
  const outputs = Array.isArray(built) ? built : [built]
  for (const one of outputs) {
    if ('output' in one) return one.output[0].code
  }
  throw new Error('gcode-preview was not bundled.')
}

export interface OtherPage {
  readonly address: string
  close(): void
}

/** Its page says in `window.shown` when the file is on screen. */
export const serveOther = async (path: string): Promise<OtherPage> => {
  const bundled = await bundle(dirname(path))
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
    response.end(isScript ? bundled : html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() }
}
