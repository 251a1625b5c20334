// What a Spoolman server says of its filaments and spools becomes what is known here. Rows that stay the same are not
// written: each write rings a bell.
import sql from 'sql-template-tag'
import type { FilamentShape, SpoolShape } from '../contract/spools.ts'
import type { Database } from './database.ts'

/** Returns its number here. */
export const importFilament = async (db: Database, spoolmanId: number, shape: FilamentShape): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    WITH told AS (
      INSERT INTO filament (spoolman_id, vendor, material, colour_name, colour, density, diameter, nozzle_temperature,
        bed_temperature, price_per_kg)
      VALUES (${spoolmanId}, ${shape.vendor}, ${shape.material}, ${shape.colourName}, ${shape.colour}, ${shape.density},
        ${shape.diameter}, ${shape.nozzleTemperature}, ${shape.bedTemperature}, ${shape.pricePerKg})
      ON CONFLICT (spoolman_id) DO UPDATE SET vendor = excluded.vendor, material = excluded.material,
        colour_name = excluded.colour_name, colour = excluded.colour, density = excluded.density,
        diameter = excluded.diameter, nozzle_temperature = excluded.nozzle_temperature,
        bed_temperature = excluded.bed_temperature, price_per_kg = coalesce(excluded.price_per_kg, filament.price_per_kg)
      WHERE (filament.vendor, filament.material, filament.colour_name, filament.colour, filament.density, filament.diameter,
          filament.nozzle_temperature, filament.bed_temperature, filament.price_per_kg)
        IS DISTINCT FROM (excluded.vendor, excluded.material, excluded.colour_name, excluded.colour, excluded.density,
          excluded.diameter, excluded.nozzle_temperature, excluded.bed_temperature,
          coalesce(excluded.price_per_kg, filament.price_per_kg))
      RETURNING id)
    SELECT id FROM told UNION ALL SELECT id FROM filament WHERE spoolman_id = ${spoolmanId} LIMIT 1`)
  return (row as { id: number }).id
}

export interface ImportedSpool extends SpoolShape {
  readonly spoolmanId: number
  readonly gramsLeft: number
  readonly retired: boolean
}

/**
 * Spoolman's weight counts, less what it has still to be told of; but not where somebody has weighed the spool here and it
 * does not know of that yet.
 */
export const importSpool = async (db: Database, spool: ImportedSpool): Promise<void> => {
  await db.run(sql`
    INSERT INTO spool (spoolman_id, filament_id, full_grams, empty_grams, grams_left, lot, location, opened_at, retired_at)
    VALUES (${spool.spoolmanId}, ${spool.filamentId}, ${spool.fullGrams}, ${spool.emptyGrams}, ${spool.gramsLeft},
      ${spool.lot}, ${spool.location}, ${spool.openedAt}, CASE WHEN ${spool.retired} THEN now() END)
    ON CONFLICT (spoolman_id) DO NOTHING`)
  await db.run(sql`
    WITH told AS (
      SELECT spool.id,
        EXISTS (SELECT FROM spoolman_word WHERE spool_id = spool.id AND kind = 'weight') AS weighed,
        EXISTS (SELECT FROM spoolman_word WHERE spool_id = spool.id AND kind = 'place') AS placed,
        EXISTS (SELECT FROM spoolman_word WHERE spool_id = spool.id AND kind = 'archive') AS archived,
        coalesce((SELECT sum(grams) FROM spoolman_word WHERE spool_id = spool.id AND kind = 'use'), 0) AS untold
      FROM spool WHERE spoolman_id = ${spool.spoolmanId} FOR UPDATE
    ), wanted AS (
      SELECT spool.id, ${spool.filamentId}::bigint AS filament_id, ${spool.fullGrams}::float8 AS full_grams,
        coalesce(${spool.emptyGrams}::float8, spool.empty_grams) AS empty_grams,
        CASE WHEN told.weighed THEN spool.grams_left ELSE greatest(0, ${spool.gramsLeft}::float8 - told.untold) END AS grams_left,
        CASE WHEN told.placed THEN spool.lot ELSE ${spool.lot} END AS lot,
        CASE WHEN told.placed THEN spool.location ELSE ${spool.location} END AS location,
        coalesce(${spool.openedAt}::timestamptz, spool.opened_at) AS opened_at,
        CASE WHEN told.archived OR (spool.retired_at IS NOT NULL) = ${spool.retired} THEN spool.retired_at
          WHEN ${spool.retired} THEN now() END AS retired_at
      FROM told JOIN spool ON spool.id = told.id)
    UPDATE spool SET filament_id = wanted.filament_id, full_grams = wanted.full_grams, empty_grams = wanted.empty_grams,
      grams_left = wanted.grams_left, lot = wanted.lot, location = wanted.location, opened_at = wanted.opened_at,
      retired_at = wanted.retired_at
    FROM wanted WHERE spool.id = wanted.id
      AND (spool.filament_id, spool.full_grams, spool.empty_grams, round(spool.grams_left::numeric, 2), spool.lot,
          spool.location, spool.opened_at, spool.retired_at)
        IS DISTINCT FROM (wanted.filament_id, wanted.full_grams, wanted.empty_grams, round(wanted.grams_left::numeric, 2),
          wanted.lot, wanted.location, wanted.opened_at, wanted.retired_at)`)
}

/** Spools that Spoolman no longer has are put away here, and those that it archived leave their printers. */
export const retireMissing = async (db: Database, known: readonly number[]): Promise<void> => {
  await db.run(sql`
    UPDATE spool SET retired_at = now()
    WHERE spoolman_id IS NOT NULL AND retired_at IS NULL AND spoolman_id <> ALL(${[...known]}::bigint[])`)
  await db.run(sql`
    DELETE FROM printer_spool USING spool
    WHERE spool.id = printer_spool.spool_id AND spool.retired_at IS NOT NULL AND spool.spoolman_id IS NOT NULL`)
}
