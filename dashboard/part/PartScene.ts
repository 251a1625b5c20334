// Parts on a bed, drawn by the GPU: Three.js, and nothing of React. Drawn only when something changes.
import {
  type BufferGeometry,
  Color,
  DirectionalLight,
  Group,
  HemisphereLight,
  Matrix4,
  Mesh,
  type MeshLambertMaterial,
  PerspectiveCamera,
  Plane,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from 'three'
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js'
import type { WireMesh } from '../../server/contract/mesh-wire.ts'
import { bedLines, type SceneBed } from './bed-lines.ts'
import { BoxMarks } from './box-marks.ts'
import { geometryOf, isPainted } from './part-geometry.ts'
import { partColours, partMaterial } from './part-materials.ts'
import type { Matrix, Vector } from './placing.ts'

export interface SceneItem {
  readonly key: string
  readonly mesh: WireMesh
  readonly matrix: Matrix
}

export interface SceneLook {
  readonly overhangs: boolean
  readonly boxes: boolean
  /** A cut across this axis; `share` from 0 (all is cut away) to 1 (nothing is). */
  readonly section: { readonly axis: 'x' | 'y' | 'z'; readonly share: number } | null
  readonly dark: boolean
  /** Its inside may be seen: through a hole, if not through a cut. */
  readonly open: boolean
  readonly selected: string | null
}

export type SceneView = 'fit' | 'front' | 'top' | 'iso'

export interface SceneListener {
  /** Pressed and let go at the same place: which part, and where that face of it looks as it lies now. */
  pressed(key: string, normal: Vector): void
  /** For the lengths beside the box. */
  lengthText(millimetres: number): string
}

/** A little beyond the end (mm), so that nothing is cut where nothing is to be. */
const CUT_BEYOND = 0.01

/** A finger or mouse that moves less has not dragged (pixels). */
const STILL = 5

export class PartScene {
  readonly #renderer: WebGLRenderer
  readonly #scene = new Scene()
  readonly #camera = new PerspectiveCamera(32, 1, 0.5, 20_000)
  readonly #controls: OrbitControls
  readonly #parts = new Group()
  readonly #bedGroup = new Group()
  readonly #marks: BoxMarks
  readonly #geometries = new Map<WireMesh, BufferGeometry>()
  readonly #listener: SceneListener
  readonly #watch: ResizeObserver
  readonly #place: HTMLElement
  readonly #plane = new Plane(new Vector3(0, 0, -1), 0)
  #frame = 0
  #down: { x: number; y: number } | null = null
  #hasFitted = false

  /** Throws where there is no WebGL. */
  constructor(place: HTMLElement, listener: SceneListener) {
    this.#place = place
    this.#listener = listener
    this.#renderer = new WebGLRenderer({ antialias: true, alpha: true, powerPreference: 'low-power' })
    this.#renderer.localClippingEnabled = true
    this.#renderer.setPixelRatio(Math.min(globalThis.devicePixelRatio, 2))
    const canvas = this.#renderer.domElement
    canvas.setAttribute('aria-hidden', 'true')
    place.append(canvas)
    this.#marks = new BoxMarks(place)
    this.#camera.up.set(0, 0, 1)
    const lamp = new DirectionalLight('#ffffff', 1.6)
    lamp.position.set(0.4, 0.7, 1)
    this.#camera.add(lamp)
    this.#scene.add(this.#camera, new HemisphereLight('#ffffff', '#a8b0ad', 1.7), this.#parts, this.#bedGroup)
    this.#scene.add(this.#marks.group)
    this.#controls = new OrbitControls(this.#camera, canvas)
    this.#controls.addEventListener('change', () => this.draw())
    canvas.addEventListener('pointerdown', ({ clientX, clientY }) => {
      this.#down = { x: clientX, y: clientY }
    })
    canvas.addEventListener('pointerup', (event) => this.#press(event))
    this.#watch = new ResizeObserver(() => this.#resize())
    this.#watch.observe(place)
    this.#resize()
  }

  /** Shows these, in the place of what was shown. The camera stays where it is after the first time. */
  show(items: readonly SceneItem[], bed: SceneBed | null, look: SceneLook): void {
    const colours = partColours[look.dark ? 'dark' : 'light']
    this.#clearParts()
    const planes = look.section === null ? [] : [this.#plane]
    for (const { key, mesh, matrix } of items) {
      const colour = look.selected === null || look.selected === key ? colours.part : colours.other
      const material = partMaterial({
        colour,
        colours,
        overhangs: look.overhangs,
        painted: isPainted(mesh) && !look.overhangs,
        planes,
        inside: look.open || look.section !== null,
      })
      const part = new Mesh(this.#geometryOf(mesh, colours.part), material)
      part.name = key
      part.matrixAutoUpdate = false
      part.matrix.copy(asMatrix4(matrix))
      part.updateMatrixWorld(true)
      this.#parts.add(part)
    }
    this.#forgetUnused(items)
    this.#setBed(bed, colours)
    this.#marks.show(this.#parts, look.boxes ? look.selected : null, look.boxes, {
      colour: look.dark ? '#cfd8d4' : '#46524d',
      text: (length) => this.#listener.lengthText(length),
    })
    this.#cut(look.section)
    if (!this.#hasFitted && items.length > 0) {
      this.#hasFitted = true
      this.view('iso')
    }
    this.draw()
  }

  view(view: SceneView): void {
    const box = this.#marks.boxOf(this.#parts)
    const middle = box.getCenter(new Vector3())
    const radius = Math.max(box.getSize(new Vector3()).length() / 2, 5)
    const offset = this.#camera.position.clone().sub(this.#controls.target)
    if (view === 'front') offset.set(0, -1, 0)
    // Not straight from above: there, which way is up would be left to chance.
    if (view === 'top') offset.set(0, -0.0001, 1)
    if (view === 'iso') offset.set(-0.75, -1, 0.7)
    const half = (this.#camera.fov * Math.PI) / 360
    const narrow = Math.min(1, this.#camera.aspect)
    const distance = (radius / Math.sin(half) / narrow) * 1.08
    this.#controls.target.copy(middle)
    this.#camera.position.copy(middle).add(offset.normalize().multiplyScalar(distance))
    this.#camera.near = distance / 200
    this.#camera.far = distance * 60
    this.#camera.updateProjectionMatrix()
    this.#controls.update()
    this.draw()
  }

  /** Around the parts by so many degrees. */
  orbit(around: number, up: number): void {
    const offset = this.#camera.position.clone().sub(this.#controls.target)
    const length = offset.length()
    const theta = Math.atan2(offset.y, offset.x) + (around * Math.PI) / 180
    const phi = Math.min(Math.max(Math.acos(offset.z / length) - (up * Math.PI) / 180, 0.01), Math.PI - 0.01)
    offset.set(Math.sin(phi) * Math.cos(theta), Math.sin(phi) * Math.sin(theta), Math.cos(phi)).multiplyScalar(length)
    this.#camera.position.copy(this.#controls.target).add(offset)
    this.#controls.update()
    this.draw()
  }

  /** Nearer (below 1) or farther. */
  zoom(factor: number): void {
    const offset = this.#camera.position.clone().sub(this.#controls.target).multiplyScalar(factor)
    this.#camera.position.copy(this.#controls.target).add(offset)
    this.#controls.update()
    this.draw()
  }

  draw(): void {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.drawNow()
    })
  }

  drawNow(): void {
    this.#renderer.render(this.#scene, this.#camera)
    this.#marks.place(this.#camera, this.#place.clientWidth, this.#place.clientHeight)
  }

  close(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = -1
    this.#watch.disconnect()
    this.#controls.dispose()
    this.#clearParts()
    for (const geometry of this.#geometries.values()) geometry.dispose()
    this.#marks.close()
    this.#renderer.dispose()
    this.#renderer.forceContextLoss()
    this.#renderer.domElement.remove()
  }

  #geometryOf(mesh: WireMesh, plain: string): BufferGeometry {
    const known = this.#geometries.get(mesh)
    if (known !== undefined) return known
    const made = geometryOf(mesh, plain)
    this.#geometries.set(mesh, made)
    return made
  }

  #forgetUnused(items: readonly SceneItem[]): void {
    const used = new Set(items.map(({ mesh }) => mesh))
    for (const [mesh, geometry] of this.#geometries) {
      if (used.has(mesh)) continue
      geometry.dispose()
      this.#geometries.delete(mesh)
    }
  }

  #clearParts(): void {
    for (const part of [...this.#parts.children]) {
      ;((part as Mesh).material as MeshLambertMaterial).dispose()
      this.#parts.remove(part)
    }
  }

  #setBed(bed: SceneBed | null, colours: { line: string }): void {
    for (const old of [...this.#bedGroup.children]) this.#bedGroup.remove(old)
    if (bed !== null) {
      const edge = new Color(colours.line).multiplyScalar(0.75).getStyle()
      this.#bedGroup.add(bedLines(bed, { line: colours.line, edge }))
    }
  }

  #cut(section: SceneLook['section']): void {
    if (section === null) return
    const box = this.#marks.boxOf(this.#parts)
    const [low, high] = [box.min[section.axis], box.max[section.axis]]
    const normal = new Vector3()
    // What is taken away lies before the eye of the first view: at the left, at the front, above.
    const side = section.axis === 'z' ? -1 : 1
    normal[section.axis] = side
    const depth = (high - low) * section.share + CUT_BEYOND
    this.#plane.set(normal, side < 0 ? low + depth : depth - high)
  }

  #press({ clientX, clientY }: PointerEvent): void {
    const down = this.#down
    this.#down = null
    if (down === null || Math.hypot(clientX - down.x, clientY - down.y) > STILL) return
    const { left, top, width, height } = this.#renderer.domElement.getBoundingClientRect()
    const point = new Vector2(((clientX - left) / width) * 2 - 1, 1 - ((clientY - top) / height) * 2)
    const ray = new Raycaster()
    ray.setFromCamera(point, this.#camera)
    const [hit] = ray.intersectObjects(this.#parts.children, false)
    if (!hit?.face) return
    const { a, b, c } = hit.face
    const positions = (hit.object as Mesh<BufferGeometry>).geometry.getAttribute('position')
    const corner = (at: number) => new Vector3().fromBufferAttribute(positions, at).applyMatrix4(hit.object.matrixWorld)
    const [first, second, third] = [corner(a), corner(b), corner(c)]
    const normal = second.sub(first).cross(third.sub(first)).normalize()
    if (hit.object.matrixWorld.determinant() < 0) normal.negate()
    this.#listener.pressed(hit.object.name, [normal.x, normal.y, normal.z])
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#place
    if (clientWidth === 0 || clientHeight === 0) return
    this.#renderer.setSize(clientWidth, clientHeight)
    this.#camera.aspect = clientWidth / clientHeight
    this.#camera.updateProjectionMatrix()
    this.drawNow()
  }
}

const asMatrix4 = ([
  a = 1,
  b = 0,
  c = 0,
  d = 0,
  e = 0,
  f = 1,
  g = 0,
  h = 0,
  i = 0,
  j = 0,
  k = 1,
  l = 0,
]: Matrix): Matrix4 => new Matrix4(a, b, c, d, e, f, g, h, i, j, k, l, 0, 0, 0, 1)
