-- How the queue is worked off: rules, circuits, machine time held, what was promised, and what jobs wait for.

-- One row, once a steward has set something. What is missing in it is as usual.
CREATE TABLE schedule_settings (
  id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  settings jsonb NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  changed_by bigint REFERENCES member ON DELETE SET NULL
);

CREATE TABLE circuit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name citext NOT NULL UNIQUE,
  limit_watts integer NOT NULL CHECK (limit_watts > 0)
);

-- What the scheduler must know of a printer beyond its profile. No row: as the defaults say.
CREATE TABLE printer_rule (
  printer_id bigint PRIMARY KEY REFERENCES printer ON DELETE CASCADE,
  ejects boolean NOT NULL DEFAULT false,
  enclosed boolean,
  circuit_id bigint REFERENCES circuit ON DELETE SET NULL,
  heating_watts integer NOT NULL DEFAULT 0 CHECK (heating_watts >= 0),
  holding_watts integer NOT NULL DEFAULT 0 CHECK (holding_watts >= 0),
  -- Failed prints before this one no longer count: a person has looked after the printer.
  trusted_after_print bigint NOT NULL DEFAULT 0
);

-- The account on which prints and bookings draw alike. One line for each, written when it has ended.
CREATE TABLE held_time (
  source text NOT NULL CHECK (source IN ('print', 'booking')),
  source_id bigint NOT NULL,
  member_id bigint REFERENCES member ON DELETE CASCADE,
  printer_id bigint REFERENCES printer ON DELETE CASCADE,
  -- Nothing where the machine was at fault
  seconds double precision NOT NULL CHECK (seconds >= 0),
  ended_at timestamptz NOT NULL,
  PRIMARY KEY (source, source_id)
);
CREATE INDEX held_time_member ON held_time (member_id, ended_at);

-- What a job that waits was told: a printer, and when at the latest.
CREATE TABLE job_promise (
  job_id bigint PRIMARY KEY REFERENCES job ON DELETE CASCADE,
  -- Each printer is kept for one job at a time.
  printer_id bigint NOT NULL UNIQUE REFERENCES printer ON DELETE CASCADE,
  starts_at timestamptz NOT NULL,
  slips integer NOT NULL DEFAULT 0,
  -- Nothing else is given this time any more, bookings neither.
  hard boolean NOT NULL DEFAULT false
);

ALTER TABLE job DROP COLUMN waits_for;

-- Why each job waits and until when, as of the last pass. It rings no bell: a pass must not wake itself.
CREATE TABLE job_outlook (
  job_id bigint PRIMARY KEY REFERENCES job ON DELETE CASCADE,
  turn integer,
  waits_for text NOT NULL,
  prediction jsonb
);

CREATE INDEX print_completed ON print (ended_at DESC) WHERE state = 'completed';

CREATE TRIGGER ring AFTER INSERT OR UPDATE ON schedule_settings FOR EACH ROW EXECUTE FUNCTION ring_change('site');
CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON circuit FOR EACH ROW EXECUTE FUNCTION ring_change('site');
CREATE FUNCTION ring_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('auzolan_change', json_build_object('of', 'printer', 'id', NEW.printer_id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER ring AFTER INSERT OR UPDATE ON printer_rule FOR EACH ROW EXECUTE FUNCTION ring_rule();

-- What was held before there was an account.
INSERT INTO held_time (source, source_id, member_id, printer_id, seconds, ended_at)
SELECT 'print', print.id, job.member_id, print.printer_id,
  CASE WHEN print.state IN ('failed', 'interrupted') THEN 0 ELSE extract(epoch FROM print.ended_at - print.started_at) END,
  print.ended_at
FROM print JOIN job ON job.id = print.job_id
WHERE print.ended_at IS NOT NULL AND print.started_at IS NOT NULL;
