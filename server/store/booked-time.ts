// Machine time that bookings held, on the same account as prints: no second is counted twice.
import sql from 'sql-template-tag'
import type { Database } from './database.ts'

/**
 * Writes down what bookings that are over have held, beyond what their members' prints in them are counted for already.
 * One that was cancelled in time, displaced or expired holds nothing. One that nobody came to, or that was cancelled too
 * late, holds all that was booked but what others could use of it. Doing it again changes nothing.
 */
export const settleBookings = async (db: Database): Promise<void> => {
  await db.run(sql`
    WITH over AS (
      SELECT claim.id, claim.member_id, claim.printer_id, upper(claim.booked_during) AS ended_at, claim.state,
        CASE WHEN claim.state IN ('completed', 'released_early') THEN tstzmultirange(claim.during * claim.booked_during)
          WHEN claim.state = 'no_show' OR claim.state = 'cancelled' AND EXISTS (SELECT FROM claim_event
            WHERE claim_event.claim_id = claim.id AND claim_event.kind = 'cancelled' AND claim_event.facts->'late' = 'true')
            THEN tstzmultirange(claim.booked_during)
          ELSE '{}'::tstzmultirange END AS held
      FROM claim
      WHERE claim.ended_at IS NOT NULL AND claim.charged_seconds IS NULL AND upper(claim.booked_during) <= now()
      FOR UPDATE OF claim SKIP LOCKED
    ), used AS (
      SELECT over.id, over.held
        - coalesce((SELECT range_agg(tstzrange(print.started_at, greatest(print.started_at, print.ended_at)))
            FROM print JOIN job ON job.id = print.job_id
            WHERE print.printer_id = over.printer_id AND print.started_at IS NOT NULL
              AND (job.member_id = over.member_id OR over.state IN ('no_show', 'cancelled'))), '{}'::tstzmultirange)
        - CASE WHEN over.state IN ('no_show', 'cancelled') THEN coalesce((SELECT range_agg(other.during) FROM claim other
            WHERE other.printer_id = over.printer_id AND other.id <> over.id AND other.member_id IS DISTINCT FROM over.member_id
              AND other.state IN ('booked', 'checked_in', 'completed', 'released_early')), '{}'::tstzmultirange)
          ELSE '{}'::tstzmultirange END AS left_over
      FROM over
    ), charged AS (
      SELECT used.id, coalesce((SELECT sum(extract(epoch FROM upper(part) - lower(part)))
        FROM unnest(used.left_over) part), 0)::float8 AS seconds
      FROM used
    ), written AS (
      INSERT INTO held_time (source, source_id, member_id, printer_id, seconds, ended_at)
      SELECT 'booking', over.id, over.member_id, over.printer_id, charged.seconds, over.ended_at
      FROM over JOIN charged ON charged.id = over.id WHERE over.member_id IS NOT NULL AND charged.seconds > 0
      ON CONFLICT DO NOTHING)
    UPDATE claim SET charged_seconds = charged.seconds FROM charged WHERE claim.id = charged.id`)
}
