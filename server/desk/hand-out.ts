// A slice that is ready: everyone who wanted it gets a file of his own with its lineage, and the job that he wished for.
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refused } from '../contract/refusals.ts'
import type { JobWishes } from '../contract/slicing.ts'
import type { SlicePlan } from '../domain/slice-plan.ts'
import type { Database } from '../store/database.ts'
import { readFile } from '../store/files.ts'
import { recordDerivation } from '../store/lineage.ts'
import { readMe } from '../store/members.ts'
import { tell } from '../store/notices.ts'
import { databaseNow } from '../store/scheduling.ts'
import * as slices from '../store/slices.ts'
import { noWishes } from './job-wishes.ts'
import { queueWished } from './queue-job.ts'

/** Doing it twice is harmless: each wish is met once. */
export const handOut = async (db: Database, id: number): Promise<void> => {
  for (const wish of await slices.wishesOfSlice(db, id)) {
    const fileId = await giveFile(db, id, wish)
    if (fileId === null || wish.queue === null) continue
    await queueOrTell(db, id, wish.memberId, fileId)
  }
}

/** To this one only, who waits for it: throws Refused where it cannot be queued as wished. */
export const handOutTo = async (db: Database, id: number, me: Me): Promise<void> => {
  const wish = (await slices.wishesOfSlice(db, id)).find(({ memberId }) => memberId === me.id)
  const fileId = wish === undefined ? null : await giveFile(db, id, wish)
  if (fileId === null) return
  try {
    await queueAsWished(db, id, me, fileId)
  } catch (error) {
    if (error instanceof Refused) await slices.saveNotQueued(db, id, me.id, error.message)
    throw error
  }
}

/** The file of this wish, with its lineage; one that was taken out of the list is put there anew. */
const giveFile = (db: Database, id: number, wish: slices.SliceWish): Promise<number | null> =>
  db.transaction(async (inside) => {
    const stored = await slices.sliceFile(inside, id)
    if (stored === null) return null
    const isListed = wish.fileId !== null && (await readFile(inside, wish.fileId)) !== null
    const fileId =
      isListed && wish.fileId !== null ? wish.fileId : await slices.copyFile(inside, stored.fileId, wish.memberId)
    if (fileId !== wish.fileId) await slices.saveWishFile(inside, id, wish.memberId, fileId)
    await recordSlice(inside, id, fileId, wish)
    return fileId
  })

/** Of no design: then there is nothing to tell. */
const recordSlice = async (db: Database, id: number, fileId: number, wish: slices.SliceWish): Promise<void> => {
  const making = wish.parents.length === 0 ? null : await slices.readMaking(db, id)
  const file = await readFile(db, fileId)
  const blob = file === null ? null : await slices.blobOfHash(db, file.hash)
  if (making === null || file === null) return
  await recordDerivation(db, {
    kind: 'slice',
    name: file.name,
    blobId: blob?.id ?? null,
    fileId,
    parents: wish.parents,
    parameters: parametersOf(making),
    memberId: wish.memberId,
  })
}

/** All that is needed to slice it again, in the words of the one who asked. */
const parametersOf = ({ engine, engineVersion, plan }: slices.SliceMaking): Record<string, unknown> => {
  const { parts, printers, material, quality, choices, settings, maker } = plan as SlicePlan
  return {
    engine,
    engineVersion,
    maker,
    material: material.name,
    quality: quality.name,
    materialSettings: material.settings,
    qualitySettings: quality.settings,
    choices,
    settings,
    printers: printers.map(({ name }) => name),
    parts: parts.map(({ hash, name, matrix }) => ({ hash, name: name ?? null, matrix: matrix ?? null })),
  }
}

const queueAsWished = (db: Database, id: number, me: Me, fileId: number): Promise<number | null> =>
  db.transaction(async (inside) => {
    const wish = await slices.takeQueueWish(inside, id, me.id)
    return wish === null ? null : queueSliced(inside, id, me, fileId, wish)
  })

/** Queues a slice as this member wishes. Throws Refused. */
export const queueSliced = async (
  db: Database,
  id: number,
  me: Me,
  fileId: number,
  { held = false, ...wishes }: JobWishes,
): Promise<number> => {
  const jobId = await queueWished(db, me, {
    fileIds: [fileId],
    held: held || !may(me, 'start'),
    // What it is made of and through which nozzle, the slice says itself.
    said: false,
    wishes: { ...noWishes, ...wishes },
  })
  await slices.saveWishJob(db, id, me.id, jobId)
  return jobId
}

/** Hours may have passed: what he may, which printers there are and what the licence says is asked anew. */
const queueOrTell = async (db: Database, id: number, memberId: number, fileId: number): Promise<void> => {
  const me = await readMe(db, memberId)
  try {
    if (me === null || !may(me, 'queue')) await tellNotQueued(db, id, memberId, NO_LONGER)
    else await queueAsWished(db, id, me, fileId)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    await tellNotQueued(db, id, memberId, error.message)
  }
}

const NO_LONGER = 'You may no longer queue jobs. Ask a steward.'

const tellNotQueued = (db: Database, id: number, memberId: number, reason: string): Promise<void> =>
  db.transaction(async (inside) => {
    await slices.saveNotQueued(inside, id, memberId, reason)
    const name = (await slices.sliceFile(inside, id))?.name ?? null
    const now = await databaseNow(inside)
    const key = `slice-${id}-not-queued-${Math.floor(now)}`
    await tell(
      inside,
      [{ memberId, event: 'slice.not-queued', facts: { name, reason }, key, endsAt: null, claimId: null }],
      now,
    )
  })
