// The toolpath on the graphics card: Three.js, and nothing of React.
import { ColorManagement, LinearSRGBColorSpace, Matrix4, Scene, Vector3, WebGLRenderer } from 'three'
import { type BedColours, buildBed, disposeBed } from './bed.ts'
import type { Bed } from './bed-edge.ts'
import { Eye } from './eye.ts'
import type { Look, Reach, Viewpoint } from './look.ts'
import { openNozzle } from './nozzle.ts'
import { paintLook } from './paint-look.ts'
import { Painter } from './painter.ts'
import { pickMove } from './pick.ts'
import { isGrown, planAdded, planFull, planThinned, type Shown, slotOf, takeSlice } from './plan-frame.ts'
import { type Draw, ToolpathGpu } from './toolpath-gpu.ts'
import type { Place, ToolpathStore } from './toolpath-store.ts'

/** ms without a change after which the full picture follows. */
const REST_MS = 160
/** A bead that is narrower than so many pixels is a line. */
const LINE_PIXELS = 0.9
const USUAL_BEAD = 0.45

export interface SceneColours extends BedColours {
  readonly background: string
}

export interface SceneEvents {
  /** The graphics card has been taken away, and given back. */
  lost(): void
  restored(): void
  /** How many pictures have been on screen; and whether the last one shows everything as it is now. */
  shown(whole: boolean, pictures: number): void
  /** Somebody has clicked on a move, or beside all of them. */
  picked(place: Place | null): void
}

/** What has been painted so far: for tests and benches, and for who wonders. */
export interface Painted {
  /** Pictures on screen so far; and whether the last one shows everything. */
  readonly pictures: number
  readonly whole: boolean
  readonly moves: number
  /** ms of script that the last change took until it was handed to the card. */
  readonly scriptMs: number
}

ColorManagement.enabled = false

/** Throws where there is no WebGL 2. */
export class ToolpathScene {
  readonly #renderer: WebGLRenderer
  readonly #painter: Painter
  readonly #scene = new Scene()
  readonly #over = new Scene()
  readonly #gpu = new ToolpathGpu()
  readonly #eye: Eye
  readonly #nozzle = openNozzle()
  readonly #canvas: HTMLCanvasElement
  readonly #resized: ResizeObserver
  readonly #events: SceneEvents
  #store: ToolpathStore
  #look: Look
  #reach: Reach | null = null
  #done: Place | null = null
  #bed: ReturnType<typeof buildBed> | null = null
  #dark = false
  #frame = 0
  #changed = true
  #added = false
  #restAt = 0
  /** What the full picture shows when it is whole, and what of it is still to be painted; null: it was not begun. */
  #full: { readonly shown: Shown; readonly bead: 'bead' | 'line'; rest: readonly Draw[] } | null = null
  #whole = false
  #overlay = false
  painted: Painted = { pictures: 0, whole: false, moves: 0, scriptMs: 0 }

  constructor(canvas: HTMLCanvasElement, store: ToolpathStore, look: Look, events: SceneEvents) {
    this.#canvas = canvas
    this.#store = store
    this.#look = look
    this.#events = events
    const context = canvas.getContext('webgl2', { antialias: false, alpha: false, powerPreference: 'high-performance' })
    if (context === null) throw new Error('This browser has no WebGL 2.')
    this.#renderer = new WebGLRenderer({ canvas, context })
    this.#renderer.outputColorSpace = LinearSRGBColorSpace
    this.#renderer.autoClear = false
    // What is drawn comes in the order of the file.
    this.#renderer.sortObjects = false
    this.#painter = new Painter(this.#renderer)
    this.#eye = new Eye(canvas, () => this.#change())
    this.#scene.add(this.#gpu.root)
    this.#over.add(this.#nozzle)
    this.#nozzle.visible = false
    this.#resized = new ResizeObserver(() => this.#resize())
    this.#resized.observe(canvas)
    canvas.addEventListener('webglcontextlost', this.#onLost)
    canvas.addEventListener('webglcontextrestored', this.#onRestored)
    this.#eye.onClick = (x, y) => this.#events.picked(this.pickAt(x, y))
    this.#resize()
  }

  get software(): boolean {
    return this.#painter.software
  }

  /** Somebody has turned or moved the view by hand. */
  get touched(): boolean {
    return this.#eye.touched
  }

  setColours(colours: SceneColours, dark: boolean, bed: Bed | null): void {
    this.#dark = dark
    this.#renderer.setClearColor(colours.background, 1)
    const [red = 0, green = 0, blue = 0] = (colours.background.match(/[0-9a-f]{2}/gi) ?? []).map(
      (part) => Number.parseInt(part, 16) / 255,
    )
    this.#gpu.uniforms.uBackground.value = new Vector3(red, green, blue)
    if (this.#bed !== null) {
      this.#scene.remove(this.#bed)
      disposeBed(this.#bed)
    }
    this.#bed = bed === null ? null : buildBed(bed, colours)
    if (this.#bed !== null) this.#scene.add(this.#bed)
    this.#eye.bed = bed?.volume ?? null
    this.setLook(this.#look)
  }

  setLook(look: Look): void {
    this.#look = look
    paintLook(this.#gpu, this.#store, look, this.#dark)
    this.#change()
  }

  /** What of the layers is shown. Where only more of the same is shown, only that is painted. */
  setReach(reach: Reach, done: Place | null = null): void {
    const began = performance.now()
    this.#reach = reach
    this.#done = done
    this.#gpu.uniforms.uDone.value = done === null ? -1 : slotOf(this.#store, done)
    const shown = this.#shown()
    if (this.#full !== null && shown !== null && isGrown(this.#store, this.#full.shown, shown)) this.#added = true
    else this.#change()
    this.#request()
    this.painted = { ...this.painted, scriptMs: performance.now() - began }
  }

  /** More of the file has been read, or it has ended: what is shown may have other colours now. */
  readMore(ended: boolean): void {
    if (ended) this.setLook(this.#look)
    this.#request()
  }

  /** Marks where the nozzle is, in mm; null where it is not to be seen. */
  setNozzle(place: { readonly x: number; readonly y: number; readonly z: number } | null): void {
    this.#nozzle.visible = place !== null
    if (place !== null) this.#nozzle.position.set(place.x, place.y, place.z)
    this.#overlay = true
    this.#request()
  }

  view(from: Viewpoint): void {
    this.#eye.lookFrom(from, this.#store.box)
    this.#change()
  }

  /** Turns the view, in degrees around and up. */
  turn(around: number, up: number): void {
    this.#eye.turn(around, up)
    this.#change()
  }

  zoom(factor: number): void {
    this.#eye.zoom(factor)
    this.#change()
  }

  /** The move at a place on screen, from -1 to 1 each. */
  pickAt(x: number, y: number): Place | null {
    if (this.#reach === null) return null
    const { camera } = this.#eye
    const project = new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse)
    return pickMove(this.#store, this.#look, this.#reach, project, { x, y, aspect: camera.aspect })
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame)
    this.#resized.disconnect()
    this.#canvas.removeEventListener('webglcontextlost', this.#onLost)
    this.#canvas.removeEventListener('webglcontextrestored', this.#onRestored)
    this.#eye.dispose()
    this.#gpu.dispose()
    if (this.#bed !== null) disposeBed(this.#bed)
    this.#painter.dispose()
    this.#renderer.dispose()
    this.#renderer.forceContextLoss()
  }

  readonly #onLost = (event: Event): void => {
    event.preventDefault()
    this.#events.lost()
  }

  readonly #onRestored = (): void => {
    this.#events.restored()
    this.#painter.forget()
    this.#resize()
    this.setLook(this.#look)
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#canvas
    if (clientWidth === 0 || clientHeight === 0) return
    this.#painter.resize(clientWidth, clientHeight, devicePixelRatio)
    this.#eye.resize(clientWidth, clientHeight)
    this.#gpu.uniforms.uDotSize.value = 6 * this.#painter.scaleTo(clientWidth)
    this.#change()
  }

  #change(): void {
    this.#changed = true
    if (this.#whole) this.#events.shown(false, this.painted.pictures)
    this.#whole = false
    this.#full = null
    this.#restAt = performance.now() + REST_MS
    this.#request()
  }

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#tick)
  }

  readonly #tick = (): void => {
    this.#frame = 0
    if (this.#renderer.getContext().isContextLost()) return
    if (!this.#painter.isReady()) return this.#request()
    const shown = this.#shown()
    if (this.#changed) {
      this.#changed = false
      this.#added = false
      this.#paintThinned(shown)
      return this.#request()
    }
    if (this.#whole && !this.#added) {
      if (this.#overlay) this.#show(this.painted.moves, true)
      return
    }
    if (performance.now() < this.#restAt && !this.#added) return this.#request()
    this.#paintFull(shown)
    if (!this.#whole) this.#request()
  }

  #shown(): Shown | null {
    if (this.#reach === null || this.#store.parts.length === 0) return null
    const { travels, retractions, seams } = this.#look
    return { ...this.#reach, done: this.#done, travels, dots: retractions || seams }
  }

  #beadShape(): 'bead' | 'line' {
    const width = this.#store.ranges.width.most > 0 ? USUAL_BEAD : 1
    return this.#eye.pixelsOf(width) * this.#painter.scaleTo(this.#canvas.clientWidth) < LINE_PIXELS ? 'line' : 'bead'
  }

  #paintThinned(shown: Shown | null): void {
    const began = performance.now()
    this.#prepareEye()
    if (shown === null) {
      this.#gpu.show([])
      this.#painter.paint(this.#scene, this.#eye.camera, 0, true)
      this.#show(0, true)
      this.#whole = true
      return
    }
    const { draws, stride } = planThinned(this.#store, shown, this.#painter.budget, this.#beadShape())
    this.#gpu.looks.bead[1].uTall.value = stride
    const moves = this.#gpu.show(draws)
    this.#painter.paint(this.#scene, this.#eye.camera, moves, true)
    this.#show(moves, false)
    this.painted = { ...this.painted, scriptMs: performance.now() - began }
  }

  #paintFull(shown: Shown | null): void {
    if (shown === null) {
      this.#whole = true
      return
    }
    const begins = this.#full === null
    if (this.#full === null) {
      const bead = this.#beadShape()
      this.#full = { shown, bead, rest: planFull(this.#store, shown, bead) }
      this.#prepareEye()
    } else if (this.#added) {
      const { bead } = this.#full
      const added = planAdded(this.#store, this.#full.shown, shown, bead)
      if (added === null) return this.#change()
      this.#full = { shown, bead, rest: [...this.#full.rest, ...added] }
    }
    this.#added = false
    const { slice, rest } = takeSlice(this.#full.rest, this.#painter.budget)
    this.#full.rest = rest
    const moves = this.#gpu.show(slice)
    if (this.#bed !== null) this.#bed.visible = begins
    this.#painter.paint(this.#scene, this.#eye.camera, moves, begins)
    if (this.#bed !== null) this.#bed.visible = true
    this.#whole = rest.length === 0
    if (this.#whole) this.#show(slotOf(this.#store, shown.to), true)
  }

  #prepareEye(): void {
    this.#eye.update()
    this.#gpu.uniforms.uLight.value.copy(this.#eye.light())
    this.#nozzle.scale.setScalar(this.#eye.sizeOf(26))
  }

  #show(moves: number, whole: boolean): void {
    this.#overlay = false
    this.#painter.show(this.#over, this.#eye.camera)
    this.painted = { ...this.painted, pictures: this.painted.pictures + 1, whole, moves }
    this.#events.shown(whole, this.painted.pictures)
  }
}
