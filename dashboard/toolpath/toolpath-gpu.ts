// The chunks of a toolpath on the graphics card: their textures, and what of them is drawn.
import {
  BufferGeometry,
  ClampToEdgeWrapping,
  DataTexture,
  DoubleSide,
  FloatType,
  GLSL3,
  LinearFilter,
  LineSegments,
  Mesh,
  NearestFilter,
  Object3D,
  Points,
  RedFormat,
  RGBAFormat,
  RGBAIntegerFormat,
  RGIntegerFormat,
  ShaderMaterial,
  type Texture,
  UnsignedByteType,
  UnsignedIntType,
  UnsignedShortType,
  Vector2,
  Vector3,
  Vector4,
} from 'three'
import { OUTER_WALLS } from './kinds.ts'
import { beadFragment, beadVertex, dotFragment, dotVertex, lineVertex, plainFragment } from './toolpath-shader.ts'
import { CHUNK_POINTS, CHUNK_WIDTH, type Chunk, type Span } from './toolpath-store.ts'

/** How beads are drawn; `travel` and `dot` are for what lays no plastic. */
export type Shape = 'bead' | 'line' | 'travel' | 'dot'

const VERTICES: Readonly<Record<Shape, number>> = { bead: 6, line: 2, travel: 2, dot: 1 }

/** What is to be drawn: points of a chunk, in a shape; `coarse` as the thinned picture has them. */
export interface Draw extends Span {
  readonly shape: Shape
  readonly coarse: boolean
}

export const PALETTE_WIDTH = 256
const VALUES_WIDTH = 1024
const MOST_VALUE_ROWS = 65

/** Uniforms of all chunks; each material holds these very objects. */
export const openUniforms = () => ({
  uPalette: { value: bytesTexture(PALETTE_WIDTH, 3) },
  uRamp: { value: bytesTexture(256, 1) },
  uValues: { value: valuesTexture() },
  uColourBy: { value: 0 },
  uScale: { value: new Vector2() },
  uTools: { value: [0xffffffff, 0xffffffff] },
  uDone: { value: -1 },
  uBackground: { value: new Vector3() },
  uLight: { value: new Vector3(0, 0, 1) },
  uCut: { value: new Vector4(0, 0, 0, 1) },
  uDotSize: { value: 5 },
})
export type Uniforms = ReturnType<typeof openUniforms>

const bytesTexture = (width: number, height: number): DataTexture => {
  const texture = new DataTexture(new Uint8Array(width * height * 4), width, height, RGBAFormat, UnsignedByteType)
  texture.needsUpdate = true
  if (height > 1) return texture
  texture.magFilter = LinearFilter
  texture.minFilter = LinearFilter
  texture.wrapS = ClampToEdgeWrapping
  return texture
}

const valuesTexture = (): DataTexture => {
  const values = new Float32Array(VALUES_WIDTH * MOST_VALUE_ROWS)
  const texture = new DataTexture(values, VALUES_WIDTH, MOST_VALUE_ROWS, RedFormat, FloatType)
  texture.needsUpdate = true
  return texture
}

/** Which kinds of moves a shape shows, and how much higher than they are. */
type Look = { uKinds: { value: number }; uTall: { value: number } }
const openLook = (): Look => ({ uKinds: { value: 0 }, uTall: { value: 1 } })

interface GpuChunk {
  readonly textures: readonly Texture[]
  readonly objects: Readonly<Record<Shape, Mesh | LineSegments | Points>>
  count: number
  version: number
}

export class ToolpathGpu {
  readonly uniforms = openUniforms()
  readonly looks: Readonly<Record<Shape, readonly [full: Look, coarse: Look]>> = {
    bead: [openLook(), openLook()],
    line: [openLook(), openLook()],
    travel: [openLook(), openLook()],
    dot: [openLook(), openLook()],
  }
  readonly root = new Object3D()
  readonly #chunks = new Map<Chunk, GpuChunk>()

  /** Puts these, and nothing else, before the camera. Returns how many moves that are. */
  show(draws: readonly Draw[]): number {
    for (const { objects } of this.#chunks.values()) {
      for (const object of Object.values(objects)) {
        object.visible = false
        object.geometry.clearGroups()
      }
    }
    let moves = 0
    for (const { chunk, shape, from, to, coarse } of draws) {
      const object = this.#chunkOf(chunk).objects[shape]
      object.visible = true
      object.geometry.addGroup(from * VERTICES[shape], (to - from) * VERTICES[shape], coarse ? 1 : 0)
      moves += to - from
    }
    return moves
  }

  dispose(): void {
    for (const { textures, objects } of this.#chunks.values()) {
      for (const texture of textures) texture.dispose()
      for (const { geometry, material } of Object.values(objects)) {
        geometry.dispose()
        for (const one of Array.isArray(material) ? material : [material]) one.dispose()
      }
    }
    this.#chunks.clear()
    for (const texture of [this.uniforms.uPalette, this.uniforms.uRamp, this.uniforms.uValues]) texture.value.dispose()
  }

  #chunkOf(chunk: Chunk): GpuChunk {
    let found = this.#chunks.get(chunk)
    if (found === undefined) {
      found = this.#open(chunk)
      this.#chunks.set(chunk, found)
    }
    if (found.count !== chunk.count || found.version !== chunk.version) {
      for (const texture of found.textures) texture.needsUpdate = true
      found.count = chunk.count
      found.version = chunk.version
    }
    return found
  }

  #open(chunk: Chunk): GpuChunk {
    const height = CHUNK_POINTS / CHUNK_WIDTH
    const positions = new DataTexture(chunk.positions, CHUNK_WIDTH, height, RGIntegerFormat, UnsignedIntType)
    const measures = new DataTexture(chunk.measures, CHUNK_WIDTH, height, RGBAIntegerFormat, UnsignedShortType)
    const marks = new DataTexture(chunk.marks, CHUNK_WIDTH, height, RGIntegerFormat, UnsignedShortType)
    positions.internalFormat = 'RG32UI'
    measures.internalFormat = 'RGBA16UI'
    marks.internalFormat = 'RG16UI'
    const textures = [positions, measures, marks]
    for (const texture of textures) {
      texture.magFilter = NearestFilter
      texture.minFilter = NearestFilter
    }
    const own = {
      uPositions: { value: positions },
      uMeasures: { value: measures },
      uMarks: { value: marks },
      uFirstSlot: { value: chunk.index * CHUNK_POINTS },
    }
    const materials = (shape: Shape, vertexShader: string, fragmentShader: string): ShaderMaterial[] =>
      this.looks[shape].map(
        (look) =>
          new ShaderMaterial({
            glslVersion: GLSL3,
            uniforms: { ...this.uniforms, ...own, ...look },
            vertexShader,
            fragmentShader,
            side: DoubleSide,
          }),
      )
    const objects = {
      bead: new Mesh(new BufferGeometry(), materials('bead', beadVertex, beadFragment)),
      line: new LineSegments(new BufferGeometry(), materials('line', lineVertex, plainFragment)),
      travel: new LineSegments(new BufferGeometry(), materials('travel', lineVertex, plainFragment)),
      dot: new Points(new BufferGeometry(), materials('dot', dotVertex(OUTER_WALLS), dotFragment)),
    }
    for (const object of Object.values(objects)) {
      // There are no positions from which its size could be known.
      object.frustumCulled = false
      object.matrixAutoUpdate = false
      this.root.add(object)
    }
    return { textures, objects, count: -1, version: -1 }
  }
}
