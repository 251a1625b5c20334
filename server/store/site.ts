// The workshop's own row.
import sql from 'sql-template-tag'
import type { Database } from './database.ts'

export interface SiteRow {
  readonly name: string
  readonly timeZone: string
  /** Whether members see the names of each other's jobs. */
  readonly showsNames: boolean
}

export const readSite = (db: Database): Promise<SiteRow | null> =>
  db.row<SiteRow>(sql`SELECT name, time_zone AS "timeZone", shows_names AS "showsNames" FROM site`)

/** Names the workshop; false where it has a name already. Two at once: one wins. */
export const createSite = async (db: Database, site: { name: string; timeZone: string }): Promise<boolean> =>
  (await db.run(sql`
    INSERT INTO site (name, time_zone) VALUES (${site.name}, ${site.timeZone}) ON CONFLICT DO NOTHING`)) === 1

export const changePrivacy = async (db: Database, showsNames: boolean): Promise<void> => {
  await db.run(sql`UPDATE site SET shows_names = ${showsNames}`)
}

export const isCataloguePublic = async (db: Database): Promise<boolean> =>
  (await db.row<{ isPublic: boolean }>(sql`SELECT catalogue_public AS "isPublic" FROM site`))?.isPublic ?? false

export const openCatalogue = async (db: Database, isPublic: boolean): Promise<void> => {
  await db.run(sql`UPDATE site SET catalogue_public = ${isPublic}`)
}
