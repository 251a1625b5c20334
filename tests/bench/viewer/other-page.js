// Runs in the browser: gcode-preview shows the file, as its own README does it.
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

show().catch((error) => {
  window.failed = String(error)
})
