// A model's mesh, as it lies at the server.
import { readMesh, type WireMesh } from '../../server/contract/mesh-wire.ts'
import { meshUrl } from '../../server/contract/models.ts'
import { CallFailed, readReply } from './call.ts'

export interface ArrivedMesh extends WireMesh {
  /** `performance.now()` when its last byte was here. */
  readonly arrivedAt: number
}

/** Throws CallFailed. */
export const fetchMesh = async (hash: string, signal: AbortSignal): Promise<ArrivedMesh> => {
  const response = await fetch(meshUrl(hash), { signal }).catch((error: Error) => {
    if (error.name === 'AbortError') throw error
    throw new CallFailed(0, 'server.away', 'The connection broke while the model was fetched. Try again.')
  })
  if (!response.ok) readReply(response.status, false, await response.text())
  const bytes = new Uint8Array(await response.arrayBuffer())
  return { ...readMesh(bytes), arrivedAt: performance.now() }
}
