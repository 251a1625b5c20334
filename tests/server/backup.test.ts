import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sql from 'sql-template-tag'
import { afterAll, describe, expect, it } from 'vitest'
import { hashPassword, isPassword } from '../../server/plugins/passwords.ts'
import { readBackup, writeBackup } from '../../server/store/backup.ts'
import { readBlob, writeBlob } from '../../server/store/blobs.ts'
import type { Database } from '../../server/store/database.ts'
import { createFile, listFiles } from '../../server/store/files.ts'
import { recordDerivation } from '../../server/store/lineage.ts'
import { createMember, memberByName } from '../../server/store/members.ts'
import { createSite } from '../../server/store/site.ts'
import { createDatabase } from '../support/database.ts'
import { largeGcode } from '../support/large-gcode.ts'

const folder = mkdtempSync(join(tmpdir(), 'auzolan-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Something in each table of designs, models and slices. */
const fillCommons = async (db: Database, blobId: number, fileId: number, memberId: number): Promise<void> => {
  const id = async (row: ReturnType<typeof sql>): Promise<number> => (await db.row<{ id: number }>(row))?.id ?? 0
  const design = await id(sql`INSERT INTO design (slug, owner_id) VALUES ('foot', ${memberId}) RETURNING id`)
  const version = await id(sql`
    INSERT INTO design_version (design_id, number, name, summary, creators, keywords, materials, licence, reading, words, tree)
    VALUES (${design}, 1, 'Foot', '', '{"Jane"}', '{}', '{}', '{}', '{}', to_tsvector('simple', 'foot'), 'x') RETURNING id`)
  const part = await id(sql`
    INSERT INTO design_file (version_id, path, blob_id, kind, is_printable, preview_blob_id)
    VALUES (${version}, 'foot.scad', ${blobId}, 'scad', true, ${blobId}) RETURNING id`)
  const made = await recordDerivation(db, {
    kind: 'slice',
    name: 'foot.gcode',
    blobId,
    fileId,
    parents: [{ designFileId: part }],
    parameters: { quality: 'Draft' },
    memberId,
  })
  await db.run(sql`UPDATE design_file SET derived_id = ${made} WHERE id = ${part}`)
  await db.run(sql`INSERT INTO design_ancestor (version_id, place, title, address) VALUES (${version}, 0, 'Toe', '')`)
  await db.run(sql`INSERT INTO design_approval (design_id, licence) VALUES (${design}, 'x')`)
  await db.run(sql`INSERT INTO make (design_id, outcome, member_id) VALUES (${design}, 'good', ${memberId})`)
  await db.run(sql`INSERT INTO model (blob_id, kind) VALUES (${blobId}, 'stl')`)
  await db.run(sql`INSERT INTO scad_tree (hash, files) VALUES ('x', '[]')`)
  await db.run(sql`INSERT INTO model_work (key, kind, request) VALUES ('x', 'render', '{}')`)
  await db.run(sql`INSERT INTO commons_list (title, address) VALUES ('List', 'https://list.example')`)
  await db.run(sql`INSERT INTO slicing_profile (kind, name, settings) VALUES ('material', 'Ours', '{}')`)
  await db.run(sql`INSERT INTO slicing_script (dialect, start_gcode, end_gcode) VALUES ('marlin-2', 'G28', 'M84')`)
  const tray = await id(sql`INSERT INTO tray (name, member_id) VALUES ('Tray', ${memberId}) RETURNING id`)
  await db.run(sql`INSERT INTO tray_file (tray_id, path, blob_id) VALUES (${tray}, 'a.stl', ${blobId})`)
  await db.run(sql`INSERT INTO pull (kind, address, tray_id, member_id) VALUES ('upload', '', ${tray}, ${memberId})`)
  const slice = await id(sql`
    INSERT INTO slice (key, engine, engine_version, name, plan) VALUES ('x', 'cura-wasm', '1', 'foot', '{}') RETURNING id`)
  await db.run(sql`
    INSERT INTO slice_wish (slice_id, member_id, request, was_stored, parents, not_queued)
    VALUES (${slice}, ${memberId}, '{}', false, ${JSON.stringify([{ designFileId: part }])}, 'No printer')`)
}

/** Rows by table, with what is in them. */
const counts = async (db: Database): Promise<Record<string, unknown>> => {
  const tables = await db.rows<{ name: string }>(sql`
    SELECT relname::text AS name FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'migration' ORDER BY 1`)
  const found: Record<string, unknown> = {}
  for (const { name } of tables) {
    found[name] = await db.row(
      sql([`SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) AS what FROM ${name} t`]),
    )
  }
  return found
}

describe('a backup', async () => {
  const [from, to, other] = [await createDatabase(), await createDatabase(), await createDatabase()]
  const path = join(folder, 'workshop.auzolan')
  const bytes = Buffer.concat([...largeGcode(9_000_000)])
  await createSite(from.db, { name: 'Aldapa', timeZone: 'Europe/Madrid' })
  const memberId = await createMember(from.db, {
    name: 'Ane',
    role: 'steward',
    passwordHash: await hashPassword('a long password'),
  })
  const blob = await writeBlob(
    from.db,
    (async function* () {
      yield bytes
    })(),
  )
  await createFile(from.db, { name: 'tab\tand "quotes".gcode', blobId: blob.id, thumbnail: null, uploadedBy: memberId })

  const fileId = await createFile(from.db, { name: 'b.gcode', blobId: blob.id, thumbnail: null, uploadedBy: memberId })
  await fillCommons(from.db, blob.id, fileId, memberId ?? 0)

  it('brings a whole workshop back, every byte of it', async () => {
    await writeBackup(from.connection, createWriteStream(path))
    await readBackup(to.connection, createReadStream(path))
    expect(await listFiles(to.db, { limit: 10 })).toEqual(await listFiles(from.db, { limit: 10 }))
    const restored = await memberByName(to.db, 'ane')
    expect(await isPassword(restored?.passwordHash ?? null, 'a long password')).toBe(true)
    const parts: Buffer[] = []
    for await (const part of readBlob(to.db, blob.id)) parts.push(part)
    expect(Buffer.concat(parts).equals(bytes)).toBe(true)
    expect(await counts(to.db)).toEqual(await counts(from.db))
    // Numbers go on where they were.
    expect(await createMember(to.db, { name: 'Jon', role: 'member', passwordHash: 'x' })).toBe((memberId ?? 0) + 1)
  })

  it('is not written over a workshop', async () => {
    await expect(readBackup(to.connection, createReadStream(path))).rejects.toThrow(
      'There is a workshop in this database already',
    )
    expect(await listFiles(to.db, { limit: 10 })).toHaveLength(2)
  })

  it.each([
    ['cut short', () => readFileSync(path).subarray(0, 100_000)],
    ['that is none', () => Buffer.from('hello')],
    [
      'with a flipped bit',
      () => {
        const damaged = Buffer.from(readFileSync(path))
        damaged[Math.floor(damaged.length / 2)] = (damaged[Math.floor(damaged.length / 2)] ?? 0) ^ 4
        return damaged
      },
    ],
  ])('%s is refused, and changes nothing', async (name, make) => {
    const broken = join(folder, `${name}.auzolan`)
    writeFileSync(broken, make())
    await expect(readBackup(other.connection, createReadStream(broken))).rejects.toThrow(/backup|checksum|data check/i)
    expect(await other.db.rows(sql`SELECT FROM site`)).toEqual([])
    expect(await other.db.rows(sql`SELECT FROM member`)).toEqual([])
  })
})
