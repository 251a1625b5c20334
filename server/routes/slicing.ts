// What is chosen from when something is sliced: engines, printers by class, profiles; what stands before and after.
import type { FastifyInstance } from 'fastify'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import { firmwareDialects, type Printer } from '../contract/printers.ts'
import { type Refusal, Refused, refuse } from '../contract/refusals.ts'
import * as contract from '../contract/slicing.ts'
import * as setUp from '../contract/slicing-scripts.ts'
import { dialectOf, listClasses, type SlicedPrinter, usualSlicing } from '../domain/printer-classes.ts'
import { ownScripts, refuseScripts, type Scripts, scriptWords } from '../domain/slice-scripts.ts'
import { materials, qualities } from '../domain/slicing-profiles.ts'
import { hasMachine, listMachines } from '../engines/cura/definitions.ts'
import { listSettings, wrongSetting } from '../engines/cura/setting-list.ts'
import { readProfileFile } from '../engines/profiles/read-profile.ts'
import { listEngines } from '../engines/slicers/slicers.ts'
import { mount } from '../plugins/mount.ts'
import { brokenConstraint, type Database } from '../store/database.ts'
import { listPrinters } from '../store/printers.ts'
import * as store from '../store/slicing-profiles.ts'
import type { House } from './house.ts'

export const mountSlicing = (app: FastifyInstance, house: House): void => {
  const { db } = house
  mount(app, contract.listSlicing, async ({ me }) => ({
    engines: await listEngines(),
    classes: listClasses((await slicedPrinters(db)).filter(({ place }) => reaches(me, 'look', place))),
    materials: [...materials, ...(await store.listProfiles(db, 'material'))],
    qualities: [...qualities, ...(await store.listProfiles(db, 'quality'))],
  }))
  mount(app, contract.listSettings, async () => listSettings())
  mount(app, setUp.listDefinitions, async () => listMachines())
  mount(app, contract.readProfile, async ({ body }) => {
    const reading = readProfileFile(body.name, Buffer.from(body.base64, 'base64'))
    if ('reason' in reading) throw new Refused(refuse('slicing.import', { name: body.name, reason: reading.reason }))
    return reading
  })
  mountProfiles(app, db)
  mountScripts(app, db)
}

const mountProfiles = (app: FastifyInstance, db: Database): void => {
  mount(app, contract.addSlicingProfile, async ({ body, me }) => {
    checkProfile(me, body)
    return wantedProfile(db, await unlessTaken(body.name, () => store.createProfile(db, body, me.id)))
  })
  mount(app, contract.changeSlicingProfile, async ({ params: { key }, body, me }) => {
    checkProfile(me, body)
    refuseBuiltIn(key)
    const isChanged = await unlessTaken(body.name, () => store.changeProfile(db, key, body, me.id))
    if (!isChanged) throw new Refused(refuse('slicing.profile-missing', { key }))
    return wantedProfile(db, key)
  })
  mount(app, contract.removeSlicingProfile, async ({ params: { key }, me }) => {
    checkEverywhere(me, 'run-printers')
    refuseBuiltIn(key)
    if (!(await store.removeProfile(db, key))) throw new Refused(refuse('slicing.profile-missing', { key }))
    return {}
  })
}

/** Profiles and scripts are of no single printer. */
const checkEverywhere = (me: Me, permission: 'run-printers' | 'set-up-printers'): void => {
  if (!may(me, permission, 'everywhere')) throw new Refused(refuse('permission.missing'))
}

const checkProfile = (me: Me, { settings }: store.ProfileText): void => {
  checkEverywhere(me, 'run-printers')
  const wrong = wrongSetting(settings)
  if (wrong !== null) throw new Refused(refuse('slicing.setting', { ...wrong }))
}

const refuseBuiltIn = (key: string): void => {
  const ours = [...materials, ...qualities].find((profile) => profile.key === key)
  if (ours !== undefined) throw new Refused(refuse('slicing.profile-built-in', { name: ours.name }))
}

const wantedProfile = async (db: Database, key: string): Promise<contract.SlicingProfile> => {
  const profile = await store.readProfile(db, key)
  if (profile === null) throw new Refused(refuse('slicing.profile-missing', { key }))
  return profile
}

const unlessTaken = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (brokenConstraint(error) !== 'slicing_profile_name') throw error
    throw new Refused(refuse('slicing.profile-name', { name }))
  }
}

const mountScripts = (app: FastifyInstance, db: Database): void => {
  mount(app, setUp.listSlicingScripts, async () => {
    const changed = await store.readScripts(db)
    return {
      scripts: firmwareDialects.map((dialect) => {
        const own = changed.find((one) => one.dialect === dialect)
        return { dialect, ...ownScripts(dialect), ...own, isChanged: own !== undefined }
      }),
      words: Object.entries(scriptWords).map(([word, meaning]) => ({ word, meaning })),
    }
  })
  mount(app, setUp.changeSlicingScripts, async ({ params: { dialect }, body, me }) => {
    checkEverywhere(me, 'set-up-printers')
    const ours = ownScripts(dialect)
    const isChanged = body.start !== null || body.end !== null
    const scripts: Scripts = { start: body.start ?? ours.start, end: body.end ?? ours.end }
    if (isChanged) await checkScripts(db, dialect, scripts)
    await store.saveScripts(db, dialect, isChanged ? scripts : null, me.id)
    return { dialect, ...scripts, isChanged }
  })
  mount(app, setUp.showPrinterSlicing, async ({ params }) => (await wantedPrinter(db, params.id)).slicing)
  mount(app, setUp.changePrinterSlicing, async ({ params, body }) => {
    const printer = await wantedPrinter(db, params.id)
    if (body.definition !== null && !hasMachine(body.definition)) {
      throw new Refused(refuse('slicing.definition', { definition: body.definition }))
    }
    const scripts = await scriptsOf(db, { ...printer, slicing: body })
    const wrong = body.start === null && body.end === null ? null : refuseScripts(scripts, printer.profile)
    throwIf(wrong)
    await store.savePrinterSlicing(db, params.id, body)
    return body
  })
}

const throwIf = (refusal: Refusal | null): void => {
  if (refusal !== null) throw new Refused(refusal)
}

/** Scripts are tried on each printer that they are for; where there is none yet, on a usual one. */
const checkScripts = async (
  db: Database,
  dialect: SlicedPrinter['profile']['dialect'],
  scripts: Scripts,
): Promise<void> => {
  const printers = (await slicedPrinters(db)).filter(({ profile }) => dialectOf(profile) === dialect)
  const usual = {
    shape: 'rectangular' as const,
    ...{ width: 220, depth: 220, height: 250, originX: 0, originY: 0 },
    ...{ nozzleDiameter: 0.4, maxNozzleTemperature: 260, maxBedTemperature: 100 },
  }
  const profiles =
    printers.length > 0 ? printers.map(({ profile }) => profile) : [{ ...usual, ...(dialect ? { dialect } : {}) }]
  for (const profile of profiles) throwIf(refuseScripts(scripts, profile))
}

/** What a printer's slices begin and end with. */
export const scriptsOf = async (db: Database, { profile, slicing }: SlicedPrinter): Promise<Scripts> => {
  const dialect = dialectOf(profile)
  const changed = (await store.readScripts(db)).find((one) => one.dialect === dialect)
  const ours = ownScripts(dialect)
  return {
    start: slicing.start ?? changed?.start ?? ours.start,
    end: slicing.end ?? changed?.end ?? ours.end,
  }
}

/** A printer with what says whose sets it is in. */
export interface PlacedPrinter extends SlicedPrinter {
  readonly place: Pick<Printer, 'id' | 'tags'>
}

export const slicedPrinters = async (db: Database): Promise<PlacedPrinter[]> => {
  const slicing = await store.readPrinterSlicing(db)
  return (await listPrinters(db)).map(({ id, name, profile, tags }) => ({
    id,
    name,
    profile,
    slicing: slicing.get(id) ?? usualSlicing,
    place: { id, tags },
  }))
}

const wantedPrinter = async (db: Database, id: number): Promise<SlicedPrinter> => {
  const printer = (await slicedPrinters(db)).find((one) => one.id === id)
  if (printer === undefined) throw new Refused(refuse('printer.missing'))
  return printer
}
