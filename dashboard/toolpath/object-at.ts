// Which object of the plate a move belongs to.
import { CHUNK_POINTS, type Place, type ToolpathStore } from './toolpath-store.ts'

/** Its number among the file's objects; null where it belongs to none. */
export const objectAt = (store: ToolpathStore, { part, point }: Place): number | null => {
  const found = store.parts[part]
  if (found === undefined || found.from + point >= CHUNK_POINTS) return null
  const object = (found.chunk.marks[(found.from + point) * 2 + 1] ?? 0) & 0xff
  return object === 0 ? null : object - 1
}
