// Where the bridges take emergency stops, as the database said last: it stays known while the database is away.
import sql from 'sql-template-tag'
import type { StopAnswer, StopCall } from '../contract/emergency-stop.ts'
import type { PrinterPlace } from '../contract/permissions.ts'
import type { Database } from './database.ts'
import { callBridge, type StopPlace } from './stop-line.ts'

/** A bridge that has not answered by then does not. */
const PATIENCE_MS = 4000

/** A printer that could be stopped. */
export interface StoppablePrinter extends PrinterPlace {
  readonly name: string
  readonly bridge: string
}

interface Door extends StoppablePrinter {
  readonly socket: string | null
  readonly host: string | null
  readonly port: number | null
  readonly key: Buffer | null
}

export class StopDoors {
  #doors: ReadonlyMap<number, Door> = new Map()

  /** Looks anew. Throws where the database is away; what was known stays known then. */
  async look(db: Database): Promise<void> {
    const doors = await db.rows<Door>(sql`
      SELECT printer.id, printer.name, printer.tags, printer.bridge,
        bridge.stop_socket AS socket, bridge.stop_host AS host, bridge.stop_port AS port, bridge.stop_key AS key
      FROM printer LEFT JOIN bridge ON bridge.name = printer.bridge WHERE printer.removed_at IS NULL`)
    this.#doors = new Map(doors.map((door) => [door.id, door]))
  }

  printer(id: number): StoppablePrinter | null {
    return this.#doors.get(id) ?? null
  }

  /** Tells the bridge of the printer by all ways that are known; null where none leads there. Never rejects. */
  async stop(call: StopCall): Promise<StopAnswer | null> {
    const door = this.#doors.get(call.printerId)
    const key = door?.key
    if (door === undefined || !key) return null
    const calls = placesOf(door).map((place) => callBridge(place, key, call, PATIENCE_MS))
    return Promise.any(calls).catch(() => null)
  }
}

const placesOf = ({ socket, host, port }: Door): StopPlace[] => [
  // A socket of another computer leads nowhere here, and that is known at once.
  ...(socket === null ? [] : [{ path: socket }]),
  ...(host === null || port === null ? [] : [{ host, port }]),
]
