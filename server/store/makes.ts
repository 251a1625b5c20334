// How it went when designs were made here.
import sql, { type Sql } from 'sql-template-tag'
import type { Make } from '../contract/makes.ts'
import type { Database } from './database.ts'

const selectMake = (where: Sql): Sql => sql`
  SELECT make.id, make.design_id AS "designId", make.version_id AS "versionId", make.print_id AS "printId",
    printer.name::text AS "printerName", make.outcome, make.material, make.settings, make.remarks,
    make.photo_blob_id IS NOT NULL AS "hasPhoto", make.member_id AS "memberId", member.name::text AS "memberName",
    make.created_at AS "createdAt"
  FROM make LEFT JOIN print ON print.id = make.print_id LEFT JOIN printer ON printer.id = print.printer_id
  LEFT JOIN member ON member.id = make.member_id ${where}`

export const listMakes = (db: Database, designId: number): Promise<Make[]> =>
  db.rows<Make>(selectMake(sql`WHERE make.design_id = ${designId} ORDER BY make.id DESC LIMIT 500`))

export const readMake = (db: Database, id: number): Promise<Make | null> =>
  db.row<Make>(selectMake(sql`WHERE make.id = ${id}`))

export const createMake = async (
  db: Database,
  make: Pick<Make, 'designId' | 'versionId' | 'printId' | 'outcome' | 'material' | 'settings' | 'remarks'> & {
    memberId: number
  },
): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO make (design_id, version_id, print_id, outcome, material, settings, remarks, member_id)
    VALUES (${make.designId}, ${make.versionId}, ${make.printId}, ${make.outcome}, ${make.material},
      ${JSON.stringify(make.settings)}, ${make.remarks}, ${make.memberId}) RETURNING id`)
  return (row as { id: number }).id
}

export const savePhoto = async (db: Database, id: number, blobId: number, type: string): Promise<void> => {
  await db.run(sql`UPDATE make SET photo_blob_id = ${blobId}, photo_type = ${type} WHERE id = ${id}`)
}

export const readPhoto = (
  db: Database,
  id: number,
): Promise<{ blobId: number; type: string; designId: number; isPublished: boolean } | null> =>
  db.row(sql`
    SELECT make.photo_blob_id AS "blobId", make.photo_type AS type, make.design_id AS "designId",
      design.is_published AS "isPublished"
    FROM make JOIN design ON design.id = make.design_id
    WHERE make.id = ${id} AND photo_blob_id IS NOT NULL AND design.removed_at IS NULL`)

export const deleteMake = async (db: Database, id: number): Promise<void> => {
  await db.run(sql`DELETE FROM make WHERE id = ${id}`)
}
