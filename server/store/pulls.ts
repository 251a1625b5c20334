// Designs on their way here: pulls, trays of uploads, and lists elsewhere.
import sql, { type Sql } from 'sql-template-tag'
import type { UpstreamNews } from '../contract/commons.ts'
import type { CommonsList, Pull, Tray } from '../contract/pulls.ts'
import { brokenConstraint, type Database } from './database.ts'

export interface PullRow extends Pull {
  readonly trayId: number | null
}

const selectPull = (where: Sql): Sql => sql`
  SELECT id, kind, address, state, step, files_done AS "filesDone", files_total AS "filesTotal", bytes_done AS "bytesDone",
    reason, design_id AS "designId", news, member_id AS "memberId", created_at AS "createdAt", ended_at AS "endedAt",
    tray_id AS "trayId"
  FROM pull ${where}`

export const createPull = async (
  db: Database,
  pull: {
    kind: Pull['kind']
    address: string
    memberId: number
    designId?: number | undefined
    trayId?: number | undefined
  },
): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO pull (kind, address, member_id, design_id, tray_id)
    VALUES (${pull.kind}, ${pull.address}, ${pull.memberId}, ${pull.designId ?? null}, ${pull.trayId ?? null}) RETURNING id`)
  return (row as { id: number }).id
}

export const readPull = (db: Database, id: number): Promise<PullRow | null> =>
  db.row<PullRow>(selectPull(sql`WHERE id = ${id}`))

/** `memberId` null: everyone's. */
export const listPulls = (db: Database, memberId: number | null): Promise<PullRow[]> =>
  db.rows<PullRow>(
    selectPull(sql`WHERE ${memberId}::bigint IS NULL OR member_id = ${memberId} ORDER BY id DESC LIMIT 100`),
  )

export const countOpenPulls = async (db: Database, memberId: number): Promise<number> =>
  (await db.rows(sql`SELECT FROM pull WHERE member_id = ${memberId} AND ended_at IS NULL`)).length

/** The one who carries it out takes it; false: somebody has, or it was cancelled. */
export const takePull = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`
    UPDATE pull SET state = 'working', touched_at = now() WHERE id = ${id} AND state = 'waiting'`)) === 1

/** False: it was cancelled meanwhile. */
export const saveProgress = async (
  db: Database,
  id: number,
  at: { step: string; filesDone: number; filesTotal: number | null; bytesDone: number },
): Promise<boolean> =>
  (await db.run(sql`
    UPDATE pull SET step = ${at.step}, files_done = ${at.filesDone}, files_total = ${at.filesTotal},
      bytes_done = ${at.bytesDone}, touched_at = now() WHERE id = ${id} AND state = 'working'`)) === 1

export const endPull = async (
  db: Database,
  id: number,
  end: {
    state: 'done' | 'failed' | 'cancelled'
    reason?: string | undefined
    designId?: number | undefined
    news?: UpstreamNews | undefined
  },
): Promise<boolean> =>
  (await db.run(sql`
    UPDATE pull SET state = ${end.state}, reason = ${end.reason ?? null}, step = '', ended_at = now(),
      design_id = coalesce(${end.designId ?? null}, design_id), news = ${end.news ? JSON.stringify(end.news) : null}
    WHERE id = ${id} AND ended_at IS NULL`)) === 1

/** Orders that were lost are given again; what stopped in the middle is said to have failed; old ones are forgotten. */
export const sweepPulls = async (db: Database): Promise<number[]> => {
  await db.run(sql`
    UPDATE pull SET state = 'failed', ended_at = now(), step = '',
      reason = 'The server stopped in the middle of it. Nothing was kept; begin it again.'
    WHERE state = 'working' AND touched_at < now() - interval '30 minutes'`)
  await db.run(sql`DELETE FROM pull WHERE ended_at < now() - interval '30 days'`)
  await db.run(sql`
    DELETE FROM tray WHERE touched_at < now() - interval '2 days'
      AND NOT EXISTS (SELECT FROM pull WHERE pull.tray_id = tray.id AND pull.ended_at IS NULL)`)
  return (await db.rows<{ id: number }>(sql`SELECT id FROM pull WHERE state = 'waiting'`)).map(({ id }) => id)
}

export interface TrayRow extends Tray {
  readonly memberId: number
  readonly designId: number | null
  readonly licence: string | null
  readonly creator: string | null
}

export const createTray = async (
  db: Database,
  tray: { name: string; memberId: number; designId: number | null; licence: string | null; creator: string | null },
): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO tray (name, member_id, design_id, licence, creator)
    VALUES (${tray.name}, ${tray.memberId}, ${tray.designId}, ${tray.licence}, ${tray.creator}) RETURNING id`)
  return (row as { id: number }).id
}

export const readTray = (db: Database, id: number): Promise<TrayRow | null> =>
  db.row<TrayRow>(sql`
    SELECT id, name, member_id AS "memberId", design_id AS "designId", licence, creator, coalesce((
      SELECT jsonb_agg(jsonb_build_object('path', path, 'sizeBytes', size_bytes) ORDER BY path)
      FROM tray_file JOIN blob ON blob.id = tray_file.blob_id WHERE tray_id = tray.id), '[]') AS files
    FROM tray WHERE id = ${id}`)

export const trayFiles = (db: Database, id: number): Promise<{ path: string; blobId: number; sizeBytes: number }[]> =>
  db.rows(sql`
    SELECT path, blob_id AS "blobId", size_bytes AS "sizeBytes" FROM tray_file JOIN blob ON blob.id = tray_file.blob_id
    WHERE tray_id = ${id} ORDER BY path`)

export const layOnTray = async (db: Database, id: number, path: string, blobId: number): Promise<void> => {
  await db.run(sql`
    WITH touched AS (UPDATE tray SET touched_at = now() WHERE id = ${id})
    INSERT INTO tray_file (tray_id, path, blob_id) VALUES (${id}, ${path}, ${blobId})
    ON CONFLICT (tray_id, path) DO UPDATE SET blob_id = excluded.blob_id`)
}

export const takeFromTray = async (db: Database, id: number, path: string): Promise<void> => {
  await db.run(sql`DELETE FROM tray_file WHERE tray_id = ${id} AND path = ${path}`)
}

export const removeTray = async (db: Database, id: number): Promise<void> => {
  await db.run(sql`DELETE FROM tray WHERE id = ${id}`)
}

const selectList = sql`
  SELECT list.id, list.title, list.address, member.name::text AS "addedBy"
  FROM commons_list list LEFT JOIN member ON member.id = list.added_by`

export const listLists = (db: Database): Promise<CommonsList[]> =>
  db.rows<CommonsList>(sql`${selectList} ORDER BY lower(list.title), list.id`)

export const readList = (db: Database, id: number): Promise<CommonsList | null> =>
  db.row<CommonsList>(sql`${selectList} WHERE list.id = ${id}`)

/** The one of this address where it is here already. */
export const addList = async (
  db: Database,
  list: { title: string; address: string; memberId: number },
): Promise<number> => {
  try {
    const row = await db.row<{ id: number }>(sql`
      INSERT INTO commons_list (title, address, added_by) VALUES (${list.title}, ${list.address}, ${list.memberId}) RETURNING id`)
    return (row as { id: number }).id
  } catch (error) {
    if (brokenConstraint(error) !== 'commons_list_address_key') throw error
    const same = await db.row<{ id: number }>(sql`SELECT id FROM commons_list WHERE address = ${list.address}`)
    return (same as { id: number }).id
  }
}

export const removeList = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`DELETE FROM commons_list WHERE id = ${id}`)) === 1
