// The link to a Spoolman server, and the words that wait to be told there.
import sql from 'sql-template-tag'
import type { SpoolmanLink } from '../contract/spoolman.ts'
import type { FilamentShape, SpoolShape } from '../contract/spools.ts'
import type { Database } from './database.ts'

export const readLink = (db: Database): Promise<SpoolmanLink | null> =>
  db.row<SpoolmanLink>(sql`
    SELECT address, anywhere, version, synced_at AS "syncedAt", trouble,
      (SELECT count(*) FROM spoolman_word) AS waiting
    FROM spoolman`)

/** Another server knows other numbers: those of the one before are forgotten. */
export const saveLink = (db: Database, link: { address: string; anywhere: boolean; version: string }): Promise<void> =>
  db.transaction(async (inside) => {
    const before = await inside.row<{ address: string }>(sql`SELECT address FROM spoolman FOR UPDATE`)
    if (before !== null && before.address !== link.address) await forgetNumbers(inside)
    await inside.run(sql`
      INSERT INTO spoolman (address, anywhere, version) VALUES (${link.address}, ${link.anywhere}, ${link.version})
      ON CONFLICT (id) DO UPDATE SET address = excluded.address, anywhere = excluded.anywhere,
        version = excluded.version, trouble = NULL, synced_at = NULL`)
  })

export const removeLink = (db: Database): Promise<void> =>
  db.transaction(async (inside) => {
    await inside.run(sql`DELETE FROM spoolman`)
    await forgetNumbers(inside)
  })

const forgetNumbers = async (db: Database): Promise<void> => {
  await db.run(sql`DELETE FROM spoolman_word`)
  await db.run(sql`UPDATE spool SET spoolman_id = NULL WHERE spoolman_id IS NOT NULL`)
  await db.run(sql`UPDATE filament SET spoolman_id = NULL WHERE spoolman_id IS NOT NULL`)
}

export const saveSync = async (db: Database, trouble: string | null): Promise<void> => {
  await db.run(sql`
    UPDATE spoolman SET trouble = ${trouble}, synced_at = CASE WHEN ${trouble}::text IS NULL THEN now() ELSE synced_at END`)
}

export type WordKind = 'use' | 'weight' | 'place' | 'archive'

/** Keeps what Spoolman has to be told of a spool; nothing where it does not know the spool. */
export const tellSpoolman = async (
  db: Database,
  spoolId: number,
  kind: WordKind,
  grams: number | null,
): Promise<void> => {
  if (kind === 'use' && (grams ?? 0) <= 0) return
  await db.run(sql`
    INSERT INTO spoolman_word (spool_id, kind, grams)
    SELECT id, ${kind}, ${grams} FROM spool
    WHERE id = ${spoolId} AND spoolman_id IS NOT NULL AND EXISTS (SELECT FROM spoolman)`)
}

export interface Word {
  readonly id: number
  readonly kind: WordKind
  readonly grams: number | null
  readonly usedBefore: number | null
  readonly spoolmanId: number
  readonly location: string
  readonly lot: string
  readonly retired: boolean
}

/** In the order in which they were said. */
export const waitingWords = (db: Database): Promise<Word[]> =>
  db.rows<Word>(sql`
    SELECT word.id, word.kind, word.grams, word.used_before AS "usedBefore", spool.spoolman_id AS "spoolmanId",
      spool.location, spool.lot, spool.retired_at IS NOT NULL AS retired
    FROM spoolman_word word JOIN spool ON spool.id = word.spool_id
    WHERE spool.spoolman_id IS NOT NULL ORDER BY word.id`)

export const saveUsedBefore = async (db: Database, wordId: number, usedBefore: number): Promise<void> => {
  await db.run(sql`UPDATE spoolman_word SET used_before = ${usedBefore} WHERE id = ${wordId}`)
}

export const forgetWord = async (db: Database, wordId: number): Promise<void> => {
  await db.run(sql`DELETE FROM spoolman_word WHERE id = ${wordId}`)
}

export interface UnknownSpool extends SpoolShape {
  readonly id: number
  readonly gramsLeft: number
  readonly filament: FilamentShape & { id: number; spoolmanId: number | null }
}

/** Spools in use that Spoolman does not know. */
export const unknownSpools = (db: Database): Promise<UnknownSpool[]> =>
  db.rows<UnknownSpool>(sql`
    SELECT spool.id, spool.filament_id AS "filamentId", spool.full_grams AS "fullGrams", spool.empty_grams AS "emptyGrams",
      spool.grams_left AS "gramsLeft", spool.lot, spool.location, spool.opened_at AS "openedAt",
      jsonb_build_object('id', filament.id, 'vendor', filament.vendor, 'material', filament.material,
        'colourName', filament.colour_name, 'colour', filament.colour, 'density', filament.density,
        'diameter', filament.diameter, 'nozzleTemperature', filament.nozzle_temperature,
        'bedTemperature', filament.bed_temperature, 'pricePerKg', filament.price_per_kg,
        'spoolmanId', filament.spoolman_id) AS filament
    FROM spool JOIN filament ON filament.id = spool.filament_id
    WHERE spool.spoolman_id IS NULL AND spool.retired_at IS NULL ORDER BY spool.id`)

export const saveFilamentNumber = async (db: Database, filamentId: number, spoolmanId: number): Promise<void> => {
  await db.run(sql`UPDATE filament SET spoolman_id = ${spoolmanId} WHERE id = ${filamentId}`)
}

/** False where another spool has this number already. */
export const saveSpoolNumber = async (db: Database, spoolId: number, spoolmanId: number): Promise<boolean> =>
  (await db.run(sql`
    UPDATE spool SET spoolman_id = ${spoolmanId}
    WHERE id = ${spoolId} AND spoolman_id IS NULL AND NOT EXISTS (SELECT FROM spool WHERE spoolman_id = ${spoolmanId})`)) ===
  1
