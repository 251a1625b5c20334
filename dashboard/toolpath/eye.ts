// Where one looks from: the camera, and how hands turn, move and bring it near.
import { MathUtils, PerspectiveCamera, Spherical, Vector3 } from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import type { Box, PrintVolume } from '../../gcode/index.ts'
import type { Viewpoint } from './look.ts'

const FIELD = 40
/** A pointer that moves further than so many pixels drags, and does not click. */
const CLICK_PIXELS = 5
const CLICK_MS = 600

/** Around and down from straight up, in degrees. */
const directions: Readonly<Record<Viewpoint, readonly [around: number, down: number]>> = {
  iso: [-35, 58],
  top: [0, 0.01],
  front: [0, 90],
  side: [90, 90],
}

export class Eye {
  readonly camera = new PerspectiveCamera(FIELD, 1, 1, 5000)
  bed: PrintVolume | null = null
  touched = false
  /** `x` and `y` from -1 to 1. */
  onClick: (x: number, y: number) => void = () => {}
  readonly #controls: OrbitControls
  readonly #canvas: HTMLCanvasElement
  #height = 1
  #pressed: { x: number; y: number; at: number } | null = null
  #pointers = 0

  constructor(canvas: HTMLCanvasElement, changed: () => void) {
    this.#canvas = canvas
    this.camera.up.set(0, 0, 1)
    this.camera.position.set(-200, -300, 250)
    this.#controls = new OrbitControls(this.camera, canvas)
    this.#controls.enableDamping = false
    this.#controls.zoomToCursor = true
    this.#controls.minDistance = 2
    this.#controls.maxDistance = 4000
    this.#controls.addEventListener('change', changed)
    this.#controls.addEventListener('start', () => {
      this.touched = true
    })
    canvas.addEventListener('pointerdown', this.#onDown)
    canvas.addEventListener('pointerup', this.#onUp)
    canvas.addEventListener('pointercancel', this.#onCancel)
  }

  resize(width: number, height: number): void {
    this.#height = height
    this.camera.aspect = width / height
    this.camera.updateProjectionMatrix()
  }

  update(): void {
    const distance = this.#controls.getDistance()
    this.camera.near = Math.max(0.1, distance / 100)
    this.camera.far = distance * 4 + 3000
    this.camera.updateProjectionMatrix()
    this.camera.updateMatrixWorld()
  }

  /** Looks at the part, or at the bed where there is none, so that all of it is seen. */
  lookFrom(from: Viewpoint, box: Box | null): void {
    const { centre, radius } = aroundOf(box, this.bed)
    const [around, down] = directions[from]
    const narrow = Math.min(1, this.camera.aspect)
    const distance = (radius * 1.12) / Math.sin(MathUtils.degToRad(FIELD / 2)) / narrow
    this.#controls.target.copy(centre)
    this.#place(MathUtils.degToRad(around), MathUtils.degToRad(down), distance)
  }

  turn(around: number, up: number): void {
    this.touched = true
    const way = this.camera.position.clone().sub(this.#controls.target)
    const down = Math.acos(MathUtils.clamp(way.z / way.length(), -1, 1))
    const now = Math.atan2(way.x, -way.y)
    this.#place(
      now + MathUtils.degToRad(around),
      MathUtils.clamp(down - MathUtils.degToRad(up), 0.0002, Math.PI - 0.0002),
      way.length(),
    )
  }

  zoom(factor: number): void {
    const way = this.camera.position.clone().sub(this.#controls.target)
    const distance = MathUtils.clamp(way.length() / factor, this.#controls.minDistance, this.#controls.maxDistance)
    this.camera.position.copy(this.#controls.target).add(way.setLength(distance))
    this.#controls.update()
  }

  /** From the left above of who looks. */
  light(): Vector3 {
    const right = new Vector3().setFromMatrixColumn(this.camera.matrixWorld, 0)
    const up = new Vector3().setFromMatrixColumn(this.camera.matrixWorld, 1)
    const back = new Vector3().setFromMatrixColumn(this.camera.matrixWorld, 2)
    return back.multiplyScalar(0.75).addScaledVector(up, 0.45).addScaledVector(right, -0.4).normalize()
  }

  /** How wide a length in mm looks, in pixels of the page, in the middle of what is looked at. */
  pixelsOf(length: number): number {
    return length / this.sizeOf(1)
  }

  /** How long so many pixels are there, in mm. */
  sizeOf(pixels: number): number {
    const visible = 2 * this.#controls.getDistance() * Math.tan(MathUtils.degToRad(FIELD / 2))
    return (pixels * visible) / this.#height
  }

  dispose(): void {
    this.#controls.dispose()
    this.#canvas.removeEventListener('pointerdown', this.#onDown)
    this.#canvas.removeEventListener('pointerup', this.#onUp)
    this.#canvas.removeEventListener('pointercancel', this.#onCancel)
  }

  #place(around: number, down: number, distance: number): void {
    const { x, y, z } = new Vector3().setFromSpherical(new Spherical(distance, down, around))
    // Spherical's pole is y: here it is z, and the front is -y.
    this.camera.position.copy(this.#controls.target).add(new Vector3(x, -z, y))
    this.#controls.update()
  }

  readonly #onDown = ({ clientX, clientY }: PointerEvent): void => {
    this.#pointers++
    this.#pressed = this.#pointers === 1 ? { x: clientX, y: clientY, at: performance.now() } : null
  }

  readonly #onCancel = (): void => {
    this.#pointers = Math.max(0, this.#pointers - 1)
    this.#pressed = null
  }

  readonly #onUp = ({ clientX, clientY, button }: PointerEvent): void => {
    const pressed = this.#pressed
    this.#onCancel()
    if (pressed === null || button !== 0 || performance.now() - pressed.at > CLICK_MS) return
    if (Math.hypot(clientX - pressed.x, clientY - pressed.y) > CLICK_PIXELS) return
    const { left, top, width, height } = this.#canvas.getBoundingClientRect()
    this.onClick(((clientX - left) / width) * 2 - 1, 1 - ((clientY - top) / height) * 2)
  }
}

const aroundOf = (box: Box | null, bed: PrintVolume | null): { centre: Vector3; radius: number } => {
  if (box !== null) {
    const size = Math.hypot(box.maxX - box.minX, box.maxY - box.minY, box.maxZ - box.minZ)
    return {
      centre: new Vector3((box.minX + box.maxX) / 2, (box.minY + box.maxY) / 2, (box.minZ + box.maxZ) / 2),
      radius: Math.max(8, size / 2),
    }
  }
  if (bed === null) return { centre: new Vector3(110, 110, 20), radius: 130 }
  const round = bed.shape === 'round'
  return {
    centre: new Vector3(bed.originX + (round ? 0 : bed.width / 2), bed.originY + (round ? 0 : bed.depth / 2), 0),
    radius: Math.hypot(bed.width, bed.depth) / 2,
  }
}
