// Smart plugs of printers, and what they said last.
import sql from 'sql-template-tag'
import type { Plug, PlugSettings } from '../contract/power.ts'
import type { Database } from './database.ts'
import type { Sealer } from './secrets.ts'

/** With its sealed password. */
export interface PlugRow extends Plug {
  readonly printerId: number
  readonly password: Buffer | null
}

const columns = sql`
  printer_id AS "printerId", kind, address, outlet, user_name AS "userName", password, password IS NOT NULL AS "hasPassword",
  on_before_print AS "onBeforePrint", off_after_minutes AS "offAfterMinutes", anywhere, is_on AS "isOn", trouble`

export const readPlug = (db: Database, printerId: number): Promise<PlugRow | null> =>
  db.row<PlugRow>(sql`SELECT ${columns} FROM printer_plug WHERE printer_id = ${printerId}`)

export const listPlugs = (db: Database): Promise<PlugRow[]> =>
  db.rows<PlugRow>(sql`
    SELECT ${columns} FROM printer_plug
    WHERE EXISTS (SELECT FROM printer WHERE printer.id = printer_id AND removed_at IS NULL)`)

/** `password`: sealed; null: none. */
export const savePlug = async (
  db: Database,
  printerId: number,
  { kind, address, outlet, userName, onBeforePrint, offAfterMinutes, anywhere }: PlugSettings,
  password: Buffer | null,
): Promise<void> => {
  await db.run(sql`
    INSERT INTO printer_plug (printer_id, kind, address, outlet, user_name, password, on_before_print, off_after_minutes, anywhere)
    VALUES (${printerId}, ${kind}, ${address}, ${outlet}, ${userName}, ${password}, ${onBeforePrint}, ${offAfterMinutes}, ${anywhere})
    ON CONFLICT (printer_id) DO UPDATE SET kind = excluded.kind, address = excluded.address, outlet = excluded.outlet,
      user_name = excluded.user_name, password = excluded.password, on_before_print = excluded.on_before_print,
      off_after_minutes = excluded.off_after_minutes, anywhere = excluded.anywhere, is_on = NULL, trouble = NULL`)
}

export const removePlug = async (db: Database, printerId: number): Promise<void> => {
  await db.run(sql`DELETE FROM printer_plug WHERE printer_id = ${printerId}`)
}

/** What it said, or why it could not be asked; only what is new is written. */
export const savePlugState = async (
  db: Database,
  printerId: number,
  { isOn, trouble }: { isOn: boolean | null; trouble: string | null },
): Promise<void> => {
  await db.run(sql`
    UPDATE printer_plug SET is_on = coalesce(${isOn}, is_on), trouble = ${trouble}, asked_at = now()
    WHERE printer_id = ${printerId}`)
}

/** The same that dispatching holds: nothing is sent to a printer while it is being switched off. */
const DISPATCH_LOCK = 4_280_002

/** Runs `work` while no print can be dispatched; where it has switched off (true), that is written before one can. */
export const switchOffAlone = (
  db: Database,
  printerId: number,
  work: (inside: Database) => Promise<boolean>,
): Promise<void> =>
  db.transaction(async (inside) => {
    await inside.run(sql`SELECT pg_advisory_xact_lock(${DISPATCH_LOCK})`)
    if (await work(inside)) await savePlugState(inside, printerId, { isOn: false, trouble: null })
  })

/** Printers whose plug has said last that it is off. */
export const switchedOff = async (db: Database): Promise<Set<number>> =>
  new Set(
    (await db.rows<{ id: number }>(sql`SELECT printer_id AS id FROM printer_plug WHERE is_on = false`)).map(
      ({ id }) => id,
    ),
  )

export const sealContext = (printerId: number): string => `plug ${printerId}`

/** What was sealed cannot be opened: with another key, or it was tampered with. */
export class NotOpened extends Error {
  constructor() {
    super('A password that is kept cannot be opened any more: the key file is another. Enter it again.')
    this.name = 'NotOpened'
  }
}

/** With its password opened. Throws NotOpened. */
export const withPassword = (
  plug: PlugRow,
  sealer: Sealer,
): Omit<PlugRow, 'password'> & { password: string | null } => {
  if (plug.password === null) return { ...plug, password: null }
  const password = sealer.open(sealContext(plug.printerId), plug.password)
  if (password === null) throw new NotOpened()
  return { ...plug, password }
}
