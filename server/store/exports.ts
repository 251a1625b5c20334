// The lineage of a version's files, said in a way that holds outside of this workshop.
import sql from 'sql-template-tag'
import type { SaidParent } from '../contract/design-reading.ts'
import type { Database } from './database.ts'

/**
 * For each file that was made or copied from files of designs: those files, by source, commit, path and hash, with all
 * steps in between; and what those said of their own parents, such as before they came here.
 */
export const saidParents = (db: Database, versionId: number): Promise<SaidParent[]> =>
  db
    .rows<{ said: SaidParent }>(sql`
      WITH RECURSIVE up AS (
        SELECT f.path, d.id, d.kind, jsonb_build_array(jsonb_build_object('kind', d.kind, 'name', d.name,
          'parameters', d.parameters, 'date', d.created_at::date)) AS steps, d.created_at AS at
        FROM design_file f JOIN derived_file d ON d.id = f.derived_id WHERE f.version_id = ${versionId}
        UNION
        SELECT up.path, d.id, up.kind, up.steps || jsonb_build_object('kind', d.kind, 'name', d.name,
          'parameters', d.parameters, 'date', d.created_at::date), up.at
        FROM up JOIN derived_parent p ON p.derived_id = up.id JOIN derived_file d ON d.id = p.parent_id
      ), root AS (
        SELECT up.path, up.kind AS relation, p.design_file_id AS id, jsonb_build_object('steps', up.steps) AS parameters, up.at
        FROM up JOIN derived_parent p ON p.derived_id = up.id WHERE p.design_file_id IS NOT NULL
        UNION ALL
        SELECT f.path, 'includes', f.copy_of, '{}', v.pulled_at FROM design_file f JOIN design_version v ON v.id = f.version_id
        WHERE f.version_id = ${versionId} AND f.copy_of IS NOT NULL
      )
      SELECT jsonb_build_object('path', root.path, 'relation', root.relation, 'title', v.name,
        'source', CASE WHEN v.origin->>'url' ~ '^https?:' THEN v.origin->>'url' ELSE coalesce(v.reading->>'claimed', '') END, 'sourcePath', f.path, 'commit', v.commit,
        'sha256', encode(blob.hash, 'hex'),
        'licence', coalesce(f.licence->>'expression', v.licence->>'expression', v.licence->>'written', ''),
        'creators', to_jsonb(v.creators), 'parameters', root.parameters, 'date', root.at::date::text) AS said
      FROM root JOIN design_file f ON f.id = root.id JOIN design_version v ON v.id = f.version_id
      JOIN blob ON blob.id = f.blob_id
      UNION ALL
      SELECT one.value || jsonb_build_object('path', root.path)
      FROM root JOIN design_file f ON f.id = root.id CROSS JOIN LATERAL jsonb_array_elements(f.said_parents) one
      UNION ALL
      SELECT one.value FROM design_file f CROSS JOIN LATERAL jsonb_array_elements(f.said_parents) one
      WHERE f.version_id = ${versionId}
      ORDER BY 1`)
    .then((rows) => rows.map(({ said }) => said))
