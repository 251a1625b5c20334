import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sql from 'sql-template-tag'
import { afterAll, describe, expect, it } from 'vitest'
import { hashPassword, isPassword } from '../../server/plugins/passwords.ts'
import { readBackup, writeBackup } from '../../server/store/backup.ts'
import { readBlob, writeBlob } from '../../server/store/blobs.ts'
import { createFile, listFiles } from '../../server/store/files.ts'
import { createMember, memberByName } from '../../server/store/members.ts'
import { createSite } from '../../server/store/site.ts'
import { createDatabase } from '../support/database.ts'
import { largeGcode } from '../support/large-gcode.ts'

const folder = mkdtempSync(join(tmpdir(), 'auzolan-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

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

  it('brings a whole workshop back, every byte of it', async () => {
    await writeBackup(from.connection, createWriteStream(path))
    await readBackup(to.connection, createReadStream(path))
    expect(await listFiles(to.db, { limit: 10 })).toEqual(await listFiles(from.db, { limit: 10 }))
    const restored = await memberByName(to.db, 'ane')
    expect(await isPassword(restored?.passwordHash ?? null, 'a long password')).toBe(true)
    const parts: Buffer[] = []
    for await (const part of readBlob(to.db, blob.id)) parts.push(part)
    expect(Buffer.concat(parts).equals(bytes)).toBe(true)
    // Numbers go on where they were.
    expect(await createMember(to.db, { name: 'Jon', role: 'member', passwordHash: 'x' })).toBe((memberId ?? 0) + 1)
  })

  it('is not written over a workshop', async () => {
    await expect(readBackup(to.connection, createReadStream(path))).rejects.toThrow(
      'There is a workshop in this database already',
    )
    expect(await listFiles(to.db, { limit: 10 })).toHaveLength(1)
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
