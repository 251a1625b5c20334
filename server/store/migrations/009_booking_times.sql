-- What the bookings' notices, calendars and clocks need besides: 007 has their tables.

ALTER TABLE notice
  -- From then on it no longer matters
  ADD COLUMN ends_at timestamptz,
  -- Taken off the list by its member; its key still counts
  ADD COLUMN dropped_at timestamptz;

-- `left-out`: it had lost its meaning, its member does not want it, or the way was not there.
ALTER TABLE notice_delivery DROP CONSTRAINT notice_delivery_state_check;
ALTER TABLE notice_delivery ADD CONSTRAINT notice_delivery_state_check
  CHECK (state IN ('waiting', 'sent', 'failed', 'left-out'));

-- The bell carries the member, not the notice: nobody else learns that he was told something.
DROP TRIGGER ring ON notice;
CREATE FUNCTION ring_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('auzolan_change', json_build_object('of', 'notice', 'id', NEW.member_id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER ring AFTER INSERT OR UPDATE ON notice FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION ring_notice();

-- Calendars of public holidays that were read: suggestions come from them.
CREATE TABLE holiday_source (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  -- Null: it was uploaded
  address text UNIQUE,
  read_at timestamptz NOT NULL DEFAULT now(),
  days integer NOT NULL DEFAULT 0
);
ALTER TABLE holiday_suggestion ADD COLUMN source_id bigint REFERENCES holiday_source ON DELETE SET NULL;
CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON holiday_suggestion FOR EACH ROW
  WHEN (NOT is_restoring()) EXECUTE FUNCTION ring_change('site');

-- The last round of what is done by the clock: who looks after the workshop sees that it runs.
CREATE TABLE clock_round (
  id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  at timestamptz NOT NULL
);

-- When its printer was last seen not to be ready for it: its member's grace begins after that.
ALTER TABLE claim ADD COLUMN unready_at timestamptz;
