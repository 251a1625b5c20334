// Keeps spools here and on a Spoolman server the same: what was printed is told there, its weights and names come here.
import sql from 'sql-template-tag'
import type { FilamentShape } from '../contract/spools.ts'
import {
  type Fields,
  type RemoteFilament,
  type RemoteSpool,
  SpoolmanAway,
  SpoolmanClient,
  SpoolmanRefused,
} from '../spoolman/spoolman-client.ts'
import type { Database } from '../store/database.ts'
import * as store from '../store/spoolman.ts'
import { importFilament, importSpool, retireMissing } from '../store/spoolman-import.ts'

/** One of these at a time over all servers on the database. */
const LOCK = 4_280_005
const FRESH_MS = 50_000
/** Weights are told and kept to a hundredth of a gram. */
const TOLERANCE_GRAMS = 0.02

/** `force`: also where it was done a moment ago. Without a Spoolman server it does nothing. */
export const syncSpoolman = async (db: Database, force = false): Promise<void> => {
  const link = await store.readLink(db)
  if (link === null) return
  const fresh = link.syncedAt !== null && Date.now() - Date.parse(link.syncedAt) < FRESH_MS
  if (fresh && link.waiting === 0 && link.trouble === null && !force) return
  await db.transaction(async (inside) => {
    const lock = await inside.row<{ free: boolean }>(sql`SELECT pg_try_advisory_xact_lock(${LOCK}) AS free`)
    if (lock?.free !== true) return
    // Not inside the transaction: each word that was told must be known as told at once.
    const trouble = await exchange(db, new SpoolmanClient(link))
    await store.saveSync(db, trouble)
  })
}

const exchange = async (db: Database, client: SpoolmanClient): Promise<string | null> => {
  try {
    await adopt(db, await client.spools())
    const refused = await tellWords(db, client)
    await bringUnknown(db, client)
    await take(db, await client.spools())
    return refused
  } catch (error) {
    if (error instanceof SpoolmanAway || error instanceof SpoolmanRefused) return error.message
    throw error
  }
}

/** By this a spool that was brought there is known again, also when the answer was lost. */
const markOf = (spoolId: number): string => `auzolan:${spoolId}`

const adopt = async (db: Database, remote: readonly RemoteSpool[]): Promise<void> => {
  for (const spool of await store.unknownSpools(db)) {
    const same = remote.find(({ comment }) => comment?.split(/\s+/).includes(markOf(spool.id)))
    if (same === undefined) continue
    await store.saveSpoolNumber(db, spool.id, same.id)
    if (spool.filament.spoolmanId === null) await store.saveFilamentNumber(db, spool.filament.id, same.filament.id)
  }
}

/** What is refused is forgotten: the server will not take it later either. Returns the last refusal. */
const tellWords = async (db: Database, client: SpoolmanClient): Promise<string | null> => {
  let refused: string | null = null
  for (const word of await store.waitingWords(db)) {
    try {
      await tell(db, client, word)
    } catch (error) {
      if (!(error instanceof SpoolmanRefused)) throw error
      refused = error.message
    }
    await store.forgetWord(db, word.id)
  }
  return refused
}

const tell = async (db: Database, client: SpoolmanClient, word: store.Word): Promise<void> => {
  const { spoolmanId, grams } = word
  switch (word.kind) {
    case 'use':
      return tellUse(db, client, word, grams ?? 0)
    case 'weight':
      await client.change(spoolmanId, { remaining_weight: grams ?? 0 })
      return
    case 'place':
      await client.change(spoolmanId, { location: word.location, lot_nr: word.lot })
      return
    case 'archive':
      await client.change(spoolmanId, { archived: word.retired })
      return
  }
}

/** Told once, also where an answer was lost: the used weight shows whether it had arrived. */
const tellUse = async (db: Database, client: SpoolmanClient, word: store.Word, grams: number): Promise<void> => {
  const { used_weight: used } = await client.spool(word.spoolmanId)
  if (word.usedBefore !== null && used >= word.usedBefore + grams - TOLERANCE_GRAMS) return
  await store.saveUsedBefore(db, word.id, used)
  await client.use(word.spoolmanId, grams)
}

const bringUnknown = async (db: Database, client: SpoolmanClient): Promise<void> => {
  const filaments = new Map<number, number>()
  for (const { id, filament, fullGrams, emptyGrams, gramsLeft, lot, location } of await store.unknownSpools(db)) {
    let filamentId = filament.spoolmanId ?? filaments.get(filament.id)
    if (filamentId === undefined) {
      filamentId = await client.addFilament(await filamentFields(client, filament, fullGrams, emptyGrams))
      filaments.set(filament.id, filamentId)
      await store.saveFilamentNumber(db, filament.id, filamentId)
    }
    const spoolmanId = await client.addSpool({
      filament_id: filamentId,
      remaining_weight: gramsLeft,
      initial_weight: fullGrams,
      ...(emptyGrams === null ? {} : { spool_weight: emptyGrams }),
      lot_nr: lot,
      location,
      comment: markOf(id),
    })
    await store.saveSpoolNumber(db, id, spoolmanId)
  }
}

const filamentFields = async (
  client: SpoolmanClient,
  filament: FilamentShape,
  fullGrams: number,
  emptyGrams: number | null,
): Promise<Fields> => ({
  name: filament.colourName || filament.material,
  material: filament.material,
  density: filament.density,
  diameter: filament.diameter,
  weight: fullGrams,
  ...(filament.vendor === '' ? {} : { vendor_id: await client.vendor(filament.vendor) }),
  ...(emptyGrams === null ? {} : { spool_weight: emptyGrams }),
  ...(filament.colour === null ? {} : { color_hex: filament.colour.slice(1).toUpperCase() }),
  ...(filament.nozzleTemperature === null ? {} : { settings_extruder_temp: Math.round(filament.nozzleTemperature) }),
  ...(filament.bedTemperature === null ? {} : { settings_bed_temp: Math.round(filament.bedTemperature) }),
  ...(filament.pricePerKg === null ? {} : { price: (filament.pricePerKg * fullGrams) / 1000 }),
})

const USUAL_SPOOL_GRAMS = 1000

const take = async (db: Database, remote: readonly RemoteSpool[]): Promise<void> => {
  const filaments = new Map<number, number>()
  for (const spool of remote) {
    const { filament } = spool
    const filamentId = filaments.get(filament.id) ?? (await importFilament(db, filament.id, shapeOf(filament)))
    filaments.set(filament.id, filamentId)
    const full = positive(spool.initial_weight) ?? positive(filament.weight) ?? USUAL_SPOOL_GRAMS
    await importSpool(db, {
      spoolmanId: spool.id,
      filamentId,
      fullGrams: full,
      emptyGrams: spool.spool_weight ?? filament.spool_weight ?? null,
      gramsLeft: Math.max(0, spool.remaining_weight ?? full - spool.used_weight),
      lot: short(spool.lot_nr),
      location: short(spool.location),
      openedAt: instantOf(spool.first_used),
      retired: spool.archived,
    })
  }
  await retireMissing(
    db,
    remote.map(({ id }) => id),
  )
}

const shapeOf = (filament: RemoteFilament): FilamentShape => ({
  vendor: short(filament.vendor?.name),
  material: short(filament.material) || 'PLA',
  colourName: short(filament.name),
  colour: colourOf(filament.color_hex),
  density: filament.density,
  diameter: filament.diameter,
  nozzleTemperature: filament.settings_extruder_temp ?? null,
  bedTemperature: filament.settings_bed_temp ?? null,
  pricePerKg: pricePerKg(filament),
})

const positive = (value: number | null | undefined): number | null => (value != null && value > 0 ? value : null)

const pricePerKg = ({ price, weight }: RemoteFilament): number | null => {
  const grams = positive(weight)
  return price == null || grams === null ? null : Math.round((price / grams) * 100_000) / 100
}

const short = (text: string | null | undefined): string =>
  (text ?? '')
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 80)

const colourOf = (hex: string | null | undefined): string | null => {
  const digits = /^#?([0-9a-f]{6})/i.exec(hex ?? '')?.[1]
  return digits === undefined ? null : `#${digits.toLowerCase()}`
}

/** It tells instants in UTC and does not say so. */
const instantOf = (text: string | null | undefined): string | null => {
  if (text == null) return null
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}
