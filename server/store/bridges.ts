// Bridges: which process is one, and which ports it sees.
import sql from 'sql-template-tag'
import type { Bridge, FoundPort } from '../contract/printers.ts'
import type { Database } from './database.ts'
import { publish } from './notify.ts'

/** After this long without a sign a bridge counts as gone. */
const SILENCE = '5 seconds'

/** A port as a bridge found it. */
export interface SeenPort {
  readonly identity: string
  readonly path: string
  readonly label: string
  readonly serialNumber: string | null
}

/** Who is the bridge of that name, as the row says; `seenAt` moves while that process lives. */
export const holderOf = (
  db: Database,
  name: string,
): Promise<{ instance: string; host: string; seenAt: string } | null> =>
  db.row(sql`SELECT instance, host, seen_at AS "seenAt" FROM bridge WHERE name = ${name}`)

/** Becomes the bridge of that name in place of `instead` (null: nobody yet). False where another was quicker. */
export const becomeBridge = async (
  db: Database,
  bridge: { name: string; instance: string; host: string; instead: string | null },
): Promise<boolean> => {
  const { name, instance, host, instead } = bridge
  if (instead === null) {
    return (
      (await db.run(sql`
        INSERT INTO bridge (name, instance, host) VALUES (${name}, ${instance}, ${host}) ON CONFLICT DO NOTHING`)) === 1
    )
  }
  return (
    (await db.run(sql`
      UPDATE bridge SET instance = ${instance}, host = ${host}, started_at = now(), seen_at = now()
      WHERE name = ${name} AND instance = ${instead}`)) === 1
  )
}

/** Where this process takes emergency stops past the database. */
export const saveStopDoor = async (
  db: Database,
  door: {
    name: string
    instance: string
    socket: string | null
    address: { host: string; port: number } | null
    key: Buffer
  },
): Promise<void> => {
  const { name, instance, socket, address, key } = door
  await db.run(sql`
    UPDATE bridge SET stop_socket = ${socket}, stop_key = ${key},
      stop_host = ${address?.host ?? null}, stop_port = ${address?.port ?? null}
    WHERE name = ${name} AND instance = ${instance}`)
  await publish(db, 'change', { of: 'bridge', id: 0 })
}

/** A sign of life; false where another process has become this bridge. */
export const touchBridge = async (db: Database, name: string, instance: string): Promise<boolean> =>
  (await db.run(sql`UPDATE bridge SET seen_at = now() WHERE name = ${name} AND instance = ${instance}`)) === 1

/** Replaces what is known of a bridge's ports, and rings if anything is new. */
export const savePorts = (db: Database, bridge: string, ports: readonly SeenPort[]): Promise<void> =>
  db.transaction(async (inside) => {
    await inside.run(sql`DELETE FROM port WHERE bridge = ${bridge}`)
    await inside.run(sql`
      INSERT INTO port (bridge, identity, path, label, serial_number)
      SELECT ${bridge}, identity, path, label, "serialNumber"
      FROM jsonb_to_recordset(${JSON.stringify(ports)}::jsonb)
        AS found (identity text, path text, label text, "serialNumber" text)`)
    await inside.run(sql`SELECT pg_notify('auzolan_change', '{"of":"bridge","id":0}')`)
  })

export const listBridges = async (db: Database): Promise<Bridge[]> => {
  const bridges = await db.rows<Omit<Bridge, 'ports'>>(sql`
    SELECT name, host, seen_at > now() - ${SILENCE}::interval AS alive FROM bridge ORDER BY name`)
  const ports = await db.rows<FoundPort>(sql`
    SELECT port.bridge, port.identity, port.path, port.label, port.serial_number AS "serialNumber",
      printer.name AS "printerName"
    FROM port LEFT JOIN printer ON printer.bridge = port.bridge AND printer.removed_at IS NULL
      AND printer.address IN (port.identity, port.path)
    ORDER BY port.bridge, port.label, port.identity`)
  return bridges.map((bridge) => ({ ...bridge, ports: ports.filter((port) => port.bridge === bridge.name) }))
}

export const isBridgeAlive = async (db: Database, name: string): Promise<boolean> =>
  (await db.row(sql`SELECT 1 AS yes FROM bridge WHERE name = ${name} AND seen_at > now() - ${SILENCE}::interval`)) !==
  null
