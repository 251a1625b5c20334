// Kinds of filament.
import sql, { type Sql } from 'sql-template-tag'
import type { Filament, FilamentShape } from '../contract/spools.ts'
import type { Database } from './database.ts'

/** A filament as JSON; `filament` is its row. */
export const filamentAsJson = sql`jsonb_build_object(
  'id', filament.id, 'vendor', filament.vendor, 'material', filament.material, 'colourName', filament.colour_name,
  'colour', filament.colour, 'density', filament.density, 'diameter', filament.diameter,
  'nozzleTemperature', filament.nozzle_temperature, 'bedTemperature', filament.bed_temperature,
  'pricePerKg', filament.price_per_kg, 'spoolmanId', filament.spoolman_id,
  'spools', (SELECT count(*) FROM spool one WHERE one.filament_id = filament.id AND one.retired_at IS NULL))`

const select = async (db: Database, where: Sql): Promise<Filament[]> =>
  (
    await db.rows<{ filament: Filament }>(sql`
      SELECT ${filamentAsJson} AS filament FROM filament ${where} ORDER BY vendor, material, colour_name, id`)
  ).map(({ filament }) => filament)

export const listFilaments = (db: Database): Promise<Filament[]> => select(db, sql``)

export const readFilament = async (db: Database, id: number): Promise<Filament | null> =>
  (await select(db, sql`WHERE id = ${id}`))[0] ?? null

export const createFilament = async (db: Database, shape: FilamentShape): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO filament (vendor, material, colour_name, colour, density, diameter, nozzle_temperature, bed_temperature,
      price_per_kg)
    VALUES (${shape.vendor}, ${shape.material}, ${shape.colourName}, ${shape.colour}, ${shape.density}, ${shape.diameter},
      ${shape.nozzleTemperature}, ${shape.bedTemperature}, ${shape.pricePerKg}) RETURNING id`)
  return (row as { id: number }).id
}

export const changeFilament = async (db: Database, id: number, shape: FilamentShape): Promise<void> => {
  await db.run(sql`
    UPDATE filament SET vendor = ${shape.vendor}, material = ${shape.material}, colour_name = ${shape.colourName},
      colour = ${shape.colour}, density = ${shape.density}, diameter = ${shape.diameter},
      nozzle_temperature = ${shape.nozzleTemperature}, bed_temperature = ${shape.bedTemperature},
      price_per_kg = ${shape.pricePerKg}
    WHERE id = ${id}`)
}

/** False where there is or was a spool of it. */
export const removeFilament = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`
    DELETE FROM filament WHERE id = ${id} AND NOT EXISTS (SELECT FROM spool WHERE filament_id = ${id})`)) === 1
