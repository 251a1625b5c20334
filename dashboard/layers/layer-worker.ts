// Reads G-code off the page's own thread, and hands out its layers as they come.
import { ToolpathReader, type toolpath } from '../../gcode/index.ts'

export type FromLayerWorker =
  | { readonly kind: 'layer'; readonly layer: toolpath.ToolpathLayer }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed' }

/** Points that a picture of this size can show. */
const POINT_BUDGET = 2_000_000

const say = (message: FromLayerWorker, transfer: Transferable[] = []): void =>
  globalThis.postMessage(message, { transfer })

const read = async (url: string): Promise<void> => {
  const response = await fetch(url)
  if (!response.ok || response.body === null) throw new Error(`The file cannot be fetched (${response.status}).`)
  const reader = new ToolpathReader({
    pointBudget: POINT_BUDGET,
    layer: (layer) => say({ kind: 'layer', layer }, [layer.buffer]),
  })
  const chunks = response.body.getReader()
  for (;;) {
    const { done, value } = await chunks.read()
    if (done) break
    reader.feed(value)
  }
  reader.end()
  say({ kind: 'end' })
}

globalThis.addEventListener('message', ({ data }: MessageEvent<string>) => {
  read(data).catch(() => say({ kind: 'failed' }))
})
