// The rules of booking as they were set; what is not set is as usual.
import sql from 'sql-template-tag'
import type { RuleSet } from '../contract/booking-rules.ts'
import type { Database } from './database.ts'

const columns = sql`id, role, printer_id AS "printerId", rules`

export const listRuleSets = (db: Database): Promise<RuleSet[]> =>
  db.rows<RuleSet>(sql`
    SELECT ${columns} FROM booking_rules ORDER BY role NULLS FIRST, printer_id NULLS FIRST`)

export const saveRuleSet = async (db: Database, set: Omit<RuleSet, 'id'>, memberId: number): Promise<RuleSet> =>
  (await db.row<RuleSet>(sql`
    INSERT INTO booking_rules (role, printer_id, rules, changed_by)
    VALUES (${set.role}, ${set.printerId}, ${JSON.stringify(set.rules)}, ${memberId})
    ON CONFLICT (coalesce(role, ''), coalesce(printer_id, 0)) DO UPDATE
      SET rules = excluded.rules, changed_at = now(), changed_by = excluded.changed_by
    RETURNING ${columns}`)) as RuleSet

export const removeRuleSet = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`DELETE FROM booking_rules WHERE id = ${id}`)) === 1
