// The box around parts, with its lengths written beside it.
import {
  Box3,
  BufferAttribute,
  BufferGeometry,
  Group,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  type Object3D,
  type PerspectiveCamera,
  Vector3,
} from 'three'

export interface MarkLook {
  readonly colour: string
  text(millimetres: number): string
}

const EDGES = [0, 1, 1, 3, 3, 2, 2, 0, 4, 5, 5, 7, 7, 6, 6, 4, 0, 4, 1, 5, 2, 6, 3, 7]

export class BoxMarks {
  readonly group = new Group()
  readonly #labels: HTMLSpanElement[]
  #anchors: readonly Vector3[] = []

  constructor(place: HTMLElement) {
    this.#labels = ['x', 'y', 'z'].map((axis) => {
      const label = document.createElement('span')
      label.className = `part-length ${axis}`
      // The same lengths are told in words beneath.
      label.setAttribute('aria-hidden', 'true')
      place.append(label)
      return label
    })
  }

  /** Of all parts, or of the chosen one. */
  show(parts: Group, chosen: string | null, isShown: boolean, look: MarkLook): void {
    this.group.clear()
    const target: Object3D = (chosen === null ? undefined : parts.getObjectByName(chosen)) ?? parts
    const box = this.boxOf(target)
    if (!isShown || box.isEmpty()) {
      this.#anchors = []
      for (const label of this.#labels) label.hidden = true
      return
    }
    const { min, max } = box
    const corners = Array.from({ length: 8 }, (_, at) => [
      at & 1 ? max.x : min.x,
      at & 2 ? max.y : min.y,
      at & 4 ? max.z : min.z,
    ])
    const geometry = new BufferGeometry()
    const points = EDGES.flatMap((at) => corners[at] ?? [])
    geometry.setAttribute('position', new BufferAttribute(new Float32Array(points), 3))
    const line = new LineBasicMaterial({ color: look.colour, transparent: true, opacity: 0.55 })
    this.group.add(new LineSegments(geometry, line))
    const size = box.getSize(new Vector3())
    this.#anchors = [
      new Vector3((min.x + max.x) / 2, min.y, min.z),
      new Vector3(max.x, (min.y + max.y) / 2, min.z),
      new Vector3(max.x, min.y, (min.z + max.z) / 2),
    ]
    const lengths = [size.x, size.y, size.z]
    this.#labels.forEach((label, at) => {
      label.hidden = false
      label.textContent = look.text(lengths[at] ?? 0)
    })
  }

  /** Puts the lengths where their edges are on the screen now. */
  place(camera: PerspectiveCamera, width: number, height: number): void {
    this.#anchors.forEach((anchor, at) => {
      const point = anchor.clone().project(camera)
      const label = this.#labels[at]
      if (label === undefined) return
      label.style.transform = `translate(-50%, -50%) translate(${((point.x + 1) / 2) * width}px, ${((1 - point.y) / 2) * height}px)`
      label.style.visibility = point.z > 1 ? 'hidden' : 'visible'
    })
  }

  boxOf(target: Object3D): Box3 {
    const box = new Box3()
    target.traverse((part) => {
      if (!(part instanceof Mesh)) return
      part.geometry.boundingBox ?? part.geometry.computeBoundingBox()
      box.expandByObject(part, true)
    })
    return box
  }

  close(): void {
    for (const label of this.#labels) label.remove()
  }
}
