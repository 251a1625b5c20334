// What runs inside of a page, as text: tests are compiled for Node, which knows no documents.

/** Parts of a picture (PNG, base64) by hue. */
export const huesScript = (base64: string): string => `(async () => {
  const image = new Image()
  image.src = 'data:image/png;base64,${base64}'
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.width
  canvas.height = image.height
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  const bytes = context.getImageData(0, 0, image.width, image.height).data
  const counts = { orange: 0, red: 0, blue: 0, grey: 0 }
  for (let n = 0; n < bytes.length; n += 4) {
    const [r, g, b] = [bytes[n], bytes[n + 1], bytes[n + 2]]
    if (Math.max(r, g, b) - Math.min(r, g, b) < 24) counts.grey++
    else if (r > b + 40 && g > b + 18) counts.orange++
    else if (r > g + 30) counts.red++
    else if (b > r + 15) counts.blue++
  }
  for (const hue of Object.keys(counts)) counts[hue] /= bytes.length / 4
  return counts
})()`

/** The graphics card of the first canvas is taken away for a moment. */
export const loseContextScript = `(async () => {
  const lose = document.querySelector('.toolpath-stage canvas').getContext('webgl2').getExtension('WEBGL_lose_context')
  lose.loseContext()
  await new Promise((resolve) => setTimeout(resolve, 300))
  lose.restoreContext()
})()`

export const withoutWebGl2Script = `{
  const get = HTMLCanvasElement.prototype.getContext
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    return kind === 'webgl2' ? null : get.call(this, kind, ...more)
  }
}`

export const littleMemoryScript = `Object.defineProperty(navigator, 'deviceMemory', { get: () => 0.5 })`
