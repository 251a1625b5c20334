// The workshop's own row.
import sql from 'sql-template-tag'
import type { Database } from './database.ts'

export interface SiteRow {
  readonly name: string
  readonly timeZone: string
}

export const readSite = (db: Database): Promise<SiteRow | null> =>
  db.row<SiteRow>(sql`SELECT name, time_zone AS "timeZone" FROM site`)

/** Names the workshop; false where it has a name already. Two at once: one wins. */
export const createSite = async (db: Database, site: SiteRow): Promise<boolean> =>
  (await db.run(sql`
    INSERT INTO site (name, time_zone) VALUES (${site.name}, ${site.timeZone}) ON CONFLICT DO NOTHING`)) === 1
