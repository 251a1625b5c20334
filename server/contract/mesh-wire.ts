// A mesh as bytes: how the server keeps it, how browsers and slicers get it. Reading it copies nothing.
//
//   0   4  'AZM1'
//   4   4  length of the head in bytes, a multiple of 4 (little-endian, like all numbers here)
//   8   n  head: JSON (UTF-8) as MeshHead, blanks at its end
//   .   .  12 bytes for each vertex: x, y, z as float32, millimetres, z up
//   .   .  12 bytes for each triangle: its three vertices as uint32, counter-clockwise seen from outside
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import { nullable } from './values.ts'

const Count = Type.Integer({ minimum: 0, maximum: 0xffff_ffff })

/** A named piece of a model: its triangles lie together. */
export const MeshPart = Type.Object({
  name: Type.String({ maxLength: 200 }),
  firstTriangle: Count,
  triangles: Count,
  /** `#rrggbb`; null where the file says none. */
  colour: nullable(Type.String({ pattern: '^#[0-9a-f]{6}$' })),
})
export type MeshPart = Type.Static<typeof MeshPart>

export const MeshHead = Type.Object({
  vertices: Count,
  triangles: Count,
  parts: Type.Array(MeshPart),
  /** Triangles of a colour of their own, in runs: from this triangle on, so many. Most models have none. */
  painted: Type.Array(Type.Object({ first: Count, count: Count, colour: Type.String({ pattern: '^#[0-9a-f]{6}$' }) })),
})
export type MeshHead = Type.Static<typeof MeshHead>

export interface WireMesh {
  readonly head: MeshHead
  /** x, y, z of each vertex in millimetres. */
  readonly positions: Float32Array
  /** Three vertices for each triangle. */
  readonly indices: Uint32Array
}

const MAGIC = 0x314d5a41 // 'AZM1' as bytes
const HEAD_AT = 8

export const meshType = 'application/vnd.auzolan.mesh'

/** Writes a mesh. Counts in its head must be those of its arrays. */
export const writeMesh = ({ head, positions, indices }: WireMesh): Uint8Array => {
  const json = new TextEncoder().encode(JSON.stringify(head))
  const headBytes = Math.ceil(json.length / 4) * 4
  const bytes = new Uint8Array(HEAD_AT + headBytes + positions.byteLength + indices.byteLength)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, headBytes, true)
  bytes.fill(0x20, HEAD_AT, HEAD_AT + headBytes)
  bytes.set(json, HEAD_AT)
  bytes.set(asBytes(positions), HEAD_AT + headBytes)
  bytes.set(asBytes(indices), HEAD_AT + headBytes + positions.byteLength)
  return bytes
}

const asBytes = (array: Float32Array | Uint32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/** Reads a mesh; the arrays look into `bytes`. Throws where its counts and its length do not fit together. */
export const readMesh = (bytes: Uint8Array): WireMesh => {
  const wrong = (what: string): Error => new Error(`These bytes are no mesh: ${what}.`)
  if (bytes.length < HEAD_AT) throw wrong('they are too few')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== MAGIC) throw wrong('they begin otherwise')
  const headBytes = view.getUint32(4, true)
  if (headBytes % 4 !== 0 || headBytes > bytes.length - HEAD_AT) throw wrong('the head is longer than they are')
  const head: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD_AT, HEAD_AT + headBytes)))
  if (!Value.Check(MeshHead, head)) throw wrong('the head has another shape')
  const { vertices, triangles } = head
  const from = HEAD_AT + headBytes
  if (from + (vertices + triangles) * 12 !== bytes.length) throw wrong('the head counts otherwise')
  // Arrays of numbers must begin at multiples of four; pieces of larger buffers may not.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  const at = aligned.byteOffset + from
  return {
    head,
    positions: new Float32Array(aligned.buffer, at, vertices * 3),
    indices: new Uint32Array(aligned.buffer, at + vertices * 12, triangles * 3),
  }
}
