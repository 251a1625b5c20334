// Paints in slices that a graphics card, or a processor in its place, has done in time to answer the next touch: the
// thinned picture at once, the full one piece by piece behind it, shown when it is whole.
import {
  type Camera,
  LinearFilter,
  Mesh,
  NearestFilter,
  OrthographicCamera,
  PlaneGeometry,
  type Scene,
  ShaderMaterial,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three'

/** ms of the card's time that a slice may take. */
const SLICE_MS = 70
/** Moves a millisecond: how to begin, and the bounds of what is believed. */
const RATE = { software: 350, card: 20_000, least: 60, most: 200_000 }

export class Painter {
  readonly software: boolean
  readonly #renderer: WebGLRenderer
  readonly #gl: WebGL2RenderingContext
  #target: WebGLRenderTarget
  readonly #screen: Mesh
  readonly #flat = new OrthographicCamera(-1, 1, 1, -1, 0, 1)
  #rate: number
  #fence: { readonly sync: WebGLSync; readonly moves: number; readonly at: number } | null = null

  constructor(renderer: WebGLRenderer) {
    this.#renderer = renderer
    this.#gl = renderer.getContext() as WebGL2RenderingContext
    this.software = isSoftware(this.#gl)
    this.#rate = this.software ? RATE.software : RATE.card
    this.#target = openTarget(1, 1)
    const material = new ShaderMaterial({
      uniforms: { picture: { value: this.#target.texture } },
      vertexShader: 'varying vec2 place; void main() { place = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }',
      fragmentShader:
        'uniform sampler2D picture; varying vec2 place; void main() { gl_FragColor = vec4(texture2D(picture, place).rgb, 1.0); }',
      depthTest: false,
      depthWrite: false,
    })
    this.#screen = new Mesh(new PlaneGeometry(2, 2), material)
    this.#screen.frustumCulled = false
  }

  /** How many moves can be drawn in one slice. */
  get budget(): number {
    return Math.round(this.#rate * SLICE_MS)
  }

  /** Size in pixels of the page. On a card it is drawn finer than that, and smoothed. */
  resize(width: number, height: number, pixelRatio: number): void {
    const scale = this.software ? 1 : Math.min(2, Math.max(1.5, pixelRatio))
    this.#renderer.setPixelRatio(this.software ? 1 : Math.min(2, pixelRatio))
    this.#renderer.setSize(width, height, false)
    this.#target.dispose()
    this.#target = openTarget(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)))
    const { material } = this.#screen
    if (material instanceof ShaderMaterial) material.uniforms['picture'] = { value: this.#target.texture }
  }

  /** Pixels of the picture to a pixel of the page. */
  scaleTo(width: number): number {
    return this.#target.width / Math.max(1, width)
  }

  /** False as long as what was painted last is still being drawn: what is painted now would wait behind it. */
  isReady(): boolean {
    const fence = this.#fence
    if (fence === null) return true
    if (this.#gl.getSyncParameter(fence.sync, this.#gl.SYNC_STATUS) !== this.#gl.SIGNALED && !this.#gl.isContextLost())
      return false
    this.#gl.deleteSync(fence.sync)
    this.#fence = null
    const took = Math.max(1, performance.now() - fence.at)
    // Small pictures cost what a frame costs anyway: they tell nothing of the pace.
    if (fence.moves > this.budget / 4) {
      const rate = fence.moves / took
      this.#rate = Math.min(RATE.most, Math.max(RATE.least, this.#rate * 0.5 + rate * 0.5))
    }
    return true
  }

  /** The card was taken away: what was being drawn will never be. */
  forget(): void {
    this.#fence = null
  }

  /** Paints into the picture, after what is there or on an empty one. It is not on screen before `show`. */
  paint(scene: Scene, camera: Camera, moves: number, clear: boolean): void {
    this.#renderer.setRenderTarget(this.#target)
    if (clear) this.#renderer.clear(true, true, false)
    this.#renderer.render(scene, camera)
    this.#renderer.setRenderTarget(null)
    const sync = this.#gl.fenceSync(this.#gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
    this.#gl.flush()
    if (sync === null) return
    if (this.#fence !== null) this.#gl.deleteSync(this.#fence.sync)
    this.#fence = { sync, moves, at: performance.now() }
  }

  /** Brings the picture to the screen, and what lies over it. */
  show(over: Scene, camera: Camera): void {
    this.#renderer.setRenderTarget(null)
    this.#renderer.clear(true, true, false)
    this.#renderer.render(this.#screen, this.#flat)
    this.#renderer.render(over, camera)
  }

  dispose(): void {
    if (this.#fence !== null) this.#gl.deleteSync(this.#fence.sync)
    this.#target.dispose()
    this.#screen.geometry.dispose()
    if (this.#screen.material instanceof ShaderMaterial) this.#screen.material.dispose()
  }
}

const openTarget = (width: number, height: number): WebGLRenderTarget =>
  new WebGLRenderTarget(width, height, {
    minFilter: LinearFilter,
    magFilter: width > 1 ? LinearFilter : NearestFilter,
    depthBuffer: true,
    generateMipmaps: false,
  })

/** Whether the processor draws, as far as the browser says so. */
const isSoftware = (gl: WebGL2RenderingContext): boolean => {
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const name: unknown = gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL)
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(String(name))
}
