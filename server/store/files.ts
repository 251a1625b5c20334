// G-code files, and what was found in them.
import sql, { empty, type Sql } from 'sql-template-tag'
import type { Course } from '../../gcode/index.ts'
import type { Findings, GcodeFile } from '../contract/files.ts'
import type { Database } from './database.ts'

const selectFile = (where: Sql): Sql => sql`
  SELECT file.id, file.name, blob.size_bytes AS "sizeBytes", encode(blob.hash, 'hex') AS hash, file.state, file.reason,
    file.findings, file.thumbnail IS NOT NULL AS "hasThumbnail", file.uploaded_by AS "memberId",
    member.name AS "uploadedBy",
    file.uploaded_at AS "uploadedAt"
  FROM file JOIN blob ON blob.id = file.blob_id LEFT JOIN member ON member.id = file.uploaded_by
  ${where}`

/** Adds a file; its blob is whole. */
export const createFile = async (
  db: Database,
  file: { name: string; blobId: number; thumbnail: Buffer | null; uploadedBy: number | null },
): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO file (name, blob_id, thumbnail, uploaded_by)
    VALUES (${file.name}, ${file.blobId}, ${file.thumbnail}, ${file.uploadedBy}) RETURNING id`)
  return (row as { id: number }).id
}

export const readFile = (db: Database, id: number): Promise<GcodeFile | null> =>
  db.row<GcodeFile>(selectFile(sql`WHERE file.id = ${id} AND file.forgotten_at IS NULL`))

/** Also one that was taken out of the list. */
export const readAnyFile = (db: Database, id: number): Promise<GcodeFile | null> =>
  db.row<GcodeFile>(selectFile(sql`WHERE file.id = ${id}`))

/** Files in the list that have these very bytes. */
export const filesOfBlob = (db: Database, blobId: number): Promise<GcodeFile[]> =>
  db.rows<GcodeFile>(selectFile(sql`WHERE file.blob_id = ${blobId} AND file.forgotten_at IS NULL ORDER BY file.id`))

/** Newest first, those older than `before`; with `owners`, only theirs. */
export const listFiles = (
  db: Database,
  {
    search,
    before,
    limit,
    owners = null,
  }: {
    search?: string | undefined
    before?: number | undefined
    limit: number
    owners?: readonly number[] | null
  },
): Promise<GcodeFile[]> =>
  db.rows<GcodeFile>(
    selectFile(sql`
      WHERE file.forgotten_at IS NULL
        ${before === undefined ? empty : sql`AND file.id < ${before}`}
        ${owners === null ? empty : sql`AND file.uploaded_by = ANY(${[...owners]}::bigint[])`}
        ${search === undefined ? empty : sql`AND strpos(lower(file.name), lower(${search})) > 0`}
      ORDER BY file.id DESC LIMIT ${limit}`),
  )

/** Takes a file out of the list, unless a job still needs it: then nothing happens, and false comes back. */
export const forgetFile = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`
    UPDATE file SET forgotten_at = now()
    WHERE id = ${id} AND forgotten_at IS NULL
      AND NOT EXISTS (SELECT FROM job WHERE file_id = ${id} AND state IN ('queued', 'printing', 'undecided'))
      AND NOT EXISTS (
        SELECT FROM job_file JOIN job ON job.id = job_file.job_id
        WHERE job_file.file_id = ${id} AND job.state IN ('queued', 'printing', 'undecided'))`)) === 1

export const saveFindings = async (
  db: Database,
  id: number,
  found: { findings: Findings; course: Course; thumbnail: Buffer | null },
): Promise<void> => {
  await db.run(sql`
    UPDATE file SET state = 'analysed', reason = NULL, findings = ${JSON.stringify(found.findings)},
      course = ${JSON.stringify(found.course)}, thumbnail = coalesce(${found.thumbnail}, thumbnail)
    WHERE id = ${id}`)
}

export const saveFailure = async (db: Database, id: number, reason: string): Promise<void> => {
  await db.run(sql`UPDATE file SET state = 'failed', reason = ${reason} WHERE id = ${id}`)
}

export const readThumbnail = async (db: Database, id: number): Promise<Buffer | null> =>
  (await db.row<{ thumbnail: Buffer | null }>(sql`SELECT thumbnail FROM file WHERE id = ${id}`))?.thumbnail ?? null

/** What is needed to read or print a file's bytes, also of one that was taken out of the list. */
export const fileBytes = (
  db: Database,
  id: number,
): Promise<{ blobId: number; hash: string; sizeBytes: number; name: string } | null> =>
  db.row(sql`
    SELECT blob.id AS "blobId", encode(blob.hash, 'hex') AS hash, blob.size_bytes AS "sizeBytes", file.name
    FROM file JOIN blob ON blob.id = file.blob_id WHERE file.id = ${id}`)

export const readCourse = async (db: Database, id: number): Promise<Course | null> =>
  (await db.row<{ course: Course | null }>(sql`SELECT course FROM file WHERE id = ${id}`))?.course ?? null

/** Files that nobody has analysed yet. */
export const unreadFiles = async (db: Database): Promise<number[]> =>
  (await db.rows<{ id: number }>(sql`SELECT id FROM file WHERE state = 'waiting' AND forgotten_at IS NULL`)).map(
    ({ id }) => id,
  )
