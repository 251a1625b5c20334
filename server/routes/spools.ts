// Filaments and spools: add, load, weigh, put away.
import type { FastifyInstance } from 'fastify'
import { reaches } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import {
  addFilament,
  addSpool,
  changeFilament,
  changeSpool,
  type Filament,
  listFilaments,
  listLoaded,
  listSpools,
  listSpoolUses,
  loadSpool,
  removeFilament,
  retireSpool,
  type Spool,
  showSpool,
  weighSpool,
} from '../contract/spools.ts'
import { PRIVATE_PART, seesNames } from '../domain/privacy.ts'
import { usesSince } from '../domain/spool-use.ts'
import { mount } from '../plugins/mount.ts'
import { placesById } from '../plugins/seen.ts'
import type { Database } from '../store/database.ts'
import * as filaments from '../store/filaments.ts'
import { openNames } from '../store/places.ts'
import { lengthsSaved, loadedIn, readOpenRun, saveUses } from '../store/print-uses.ts'
import { readPrinter } from '../store/printers.ts'
import * as spools from '../store/spools.ts'
import type { House } from './house.ts'

export const mountSpools = (app: FastifyInstance, { db }: House): void => {
  mountFilaments(app, db)
  mount(app, listSpools, ({ query }) => spools.listSpools(db, query.retired === true))
  mount(app, showSpool, ({ params }) => wantedSpool(db, params.id))
  mount(app, listSpoolUses, async ({ params, me }) => {
    await wantedSpool(db, params.id)
    const [rules, places] = [await openNames(db), await placesById(db)]
    return (await spools.listSpoolUses(db, params.id))
      .filter(
        ({ printerId: id, memberId }) => memberId === me.id || reaches(me, 'look', places.get(id) ?? { id, tags: [] }),
      )
      .map((use) => (seesNames(me, use.memberId, rules) ? use : { ...use, fileName: PRIVATE_PART }))
  })

  mount(app, addSpool, async ({ body }) => {
    await wantedFilament(db, body.filamentId)
    return wantedSpool(db, await spools.createSpool(db, { ...body, gramsLeft: body.gramsLeft ?? body.fullGrams }))
  })

  mount(app, changeSpool, async ({ params, body }) => {
    const spool = await wantedSpool(db, params.id)
    if (body.filamentId !== undefined) await wantedFilament(db, body.filamentId)
    const { filamentId, fullGrams, emptyGrams, lot, location, openedAt } = spool
    await spools.changeSpool(db, spool.id, { filamentId, fullGrams, emptyGrams, lot, location, openedAt, ...body })
    return wantedSpool(db, spool.id)
  })

  mount(app, weighSpool, async ({ params, body }) => {
    const spool = await wantedSpool(db, params.id)
    const gramsLeft = 'net' in body ? body.net : netOf(spool, body.gross)
    await db.transaction(async (inside) => {
      if (spool.printerId !== null) await takeSoFar(inside, spool.printerId)
      await spools.saveWeight(inside, spool.id, gramsLeft)
    })
    return wantedSpool(db, spool.id)
  })

  mount(app, retireSpool, async ({ params, body }) => {
    const spool = await wantedSpool(db, params.id)
    await db.transaction(async (inside) => {
      if (body.retired && spool.printerId !== null) await takeSoFar(inside, spool.printerId)
      await spools.retireSpool(inside, spool.id, body.retired)
    })
    return wantedSpool(db, spool.id)
  })

  mountLoaded(app, db)
}

const mountFilaments = (app: FastifyInstance, db: Database): void => {
  mount(app, listFilaments, () => filaments.listFilaments(db))
  mount(app, addFilament, async ({ body }) => wantedFilament(db, await filaments.createFilament(db, body)))

  mount(app, changeFilament, async ({ params, body }) => {
    const filament = await wantedFilament(db, params.id)
    await filaments.changeFilament(db, params.id, { ...filament, ...body })
    return wantedFilament(db, params.id)
  })

  mount(app, removeFilament, async ({ params }) => {
    await wantedFilament(db, params.id)
    if (!(await filaments.removeFilament(db, params.id))) throw new Refused(refuse('filament.in-use'))
    return {}
  })
}

const mountLoaded = (app: FastifyInstance, db: Database): void => {
  mount(app, listLoaded, () => spools.listLoaded(db))

  mount(app, loadSpool, async ({ params, body, me }) => {
    const { printerId } = params
    if ((await readPrinter(db, printerId)) === null) throw new Refused(refuse('printer.missing'))
    const spool = body.spoolId === null ? null : await wantedSpool(db, body.spoolId)
    if (spool?.retiredAt) throw new Refused(refuse('spool.retired', { id: spool.id }))
    await db.transaction(async (inside) => {
      // In turn of their numbers: of two who exchange spools at once, one waits for the other.
      for (const id of [...new Set([printerId, spool?.printerId ?? printerId])].sort((one, other) => one - other)) {
        await takeSoFar(inside, id)
      }
      await spools.saveLoaded(inside, params, body.spoolId, me.id)
    })
    return spools.listLoaded(db, printerId)
  })
}

/** A spool is changed or weighed in the middle of a print: what it took until now comes off those that are loaded now. */
const takeSoFar = async (db: Database, printerId: number): Promise<void> => {
  const run = await readOpenRun(db, printerId)
  if (run === null || !run.started) return
  await saveUses(db, run.printId, usesSince(run, await lengthsSaved(db, run.printId), await loadedIn(db, printerId)))
}

const wantedSpool = async (db: Database, id: number): Promise<Spool> => {
  const spool = await spools.readSpool(db, id)
  if (spool === null) throw new Refused(refuse('spool.missing'))
  return spool
}

const wantedFilament = async (db: Database, id: number): Promise<Filament> => {
  const filament = await filaments.readFilament(db, id)
  if (filament === null) throw new Refused(refuse('filament.missing'))
  return filament
}

const netOf = ({ emptyGrams }: Spool, gross: number): number => {
  if (emptyGrams === null) throw new Refused(refuse('spool.no-tare'))
  if (gross < emptyGrams) throw new Refused(refuse('spool.lighter', { empty: emptyGrams }))
  return gross - emptyGrams
}
