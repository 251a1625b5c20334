-- What a job carries and what became of it; filament on spools; what printers need from time to time.

ALTER TABLE site
  -- Jobs of these roles wait for an operator's yes
  ADD COLUMN approval_roles text[] NOT NULL DEFAULT '{}'
    CHECK (approval_roles <@ ARRAY['visitor', 'member', 'operator', 'steward']),
  -- What becomes of a copy that failed: somebody is asked, or it goes back into the queue
  ADD COLUMN after_failure text NOT NULL DEFAULT 'ask' CHECK (after_failure IN ('ask', 'again'));

ALTER TABLE printer
  ADD COLUMN IF NOT EXISTS tags text[] NOT NULL DEFAULT '{}',
  -- Why nothing starts on it, for people; null: it is in service
  ADD COLUMN out_of_service text,
  ADD COLUMN out_since timestamptz,
  ADD COLUMN out_by bigint REFERENCES member ON DELETE SET NULL,
  ADD CHECK ((out_of_service IS NULL) = (out_since IS NULL));

ALTER TABLE job
  ADD COLUMN copies integer NOT NULL DEFAULT 1 CHECK (copies BETWEEN 1 AND 1000),
  ADD COLUMN copies_done integer NOT NULL DEFAULT 0 CHECK (copies_done >= 0),
  -- How many prints of it may begin now. That it never falls below 0 keeps two writers from printing a copy twice.
  ADD COLUMN to_start integer NOT NULL DEFAULT 1 CHECK (to_start >= 0),
  -- Which of its files `file_id` is, from 1: the one that is printed next
  ADD COLUMN plate integer NOT NULL DEFAULT 1,
  ADD COLUMN material_wanted text,
  ADD COLUMN colour_wanted text,
  ADD COLUMN nozzle_wanted double precision CHECK (nozzle_wanted > 0),
  -- Whether the wishes above have been taken from the file, or were said by a person
  ADD COLUMN wishes_read boolean NOT NULL DEFAULT false,
  -- It may go to printers that have all of these
  ADD COLUMN printer_tags text[] NOT NULL DEFAULT '{}',
  ADD COLUMN earliest_start timestamptz,
  ADD COLUMN wanted_by timestamptz,
  ADD COLUMN note text NOT NULL DEFAULT '',
  ADD COLUMN attend_start bigint REFERENCES member ON DELETE SET NULL,
  ADD COLUMN priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high')),
  ADD COLUMN held boolean NOT NULL DEFAULT false,
  ADD COLUMN approval text NOT NULL DEFAULT 'none' CHECK (approval IN ('none', 'asked', 'approved', 'refused')),
  ADD COLUMN approval_by bigint REFERENCES member ON DELETE SET NULL,
  ADD COLUMN approval_at timestamptz,
  ADD COLUMN approval_reason text,
  ADD CHECK (printer_id IS NULL OR printer_tags = '{}');

UPDATE job SET to_start = CASE WHEN state = 'queued' THEN 1 ELSE 0 END, copies_done = CASE WHEN state = 'done' THEN 1 ELSE 0 END;
ALTER TABLE job ADD CHECK (state NOT IN ('done', 'cancelled') OR to_start = 0);
DROP INDEX job_waiting;
CREATE INDEX job_waiting ON job (rank) WHERE state NOT IN ('done', 'cancelled');
CREATE INDEX job_ended ON job (ended_at DESC) WHERE ended_at IS NOT NULL;
CREATE INDEX job_of_member ON job (member_id, id DESC);

-- The files of a job that has several, printed one after the other. A job with one file has no rows here.
CREATE TABLE job_file (
  job_id bigint NOT NULL REFERENCES job ON DELETE CASCADE,
  position integer NOT NULL CHECK (position >= 1),
  file_id bigint NOT NULL REFERENCES file,
  PRIMARY KEY (job_id, position)
);
CREATE INDEX job_file_file ON job_file (file_id);

ALTER TABLE print
  ADD COLUMN IF NOT EXISTS resumes bigint REFERENCES print,
  ADD COLUMN IF NOT EXISTS from_byte bigint NOT NULL DEFAULT 0,
  ADD COLUMN file_id bigint REFERENCES file,
  ADD COLUMN plate integer NOT NULL DEFAULT 1,
  -- What it means for its job, once it has ended: a copy more; to be printed again; a person decides; given up.
  -- Null: nobody has brought the job after it yet.
  ADD COLUMN fate text CHECK (fate IN ('counts', 'again', 'undecided', 'forgone')),
  ADD CHECK (fate IS NULL OR ended_at IS NOT NULL);

UPDATE print SET file_id = job.file_id, fate = CASE
    WHEN print.ended_at IS NULL OR job.state = 'printing' AND print.id = last.id THEN NULL
    WHEN print.state = 'completed' OR job.state = 'done' AND print.id = last.id THEN 'counts'
    WHEN print.state = 'refused' OR print.id <> last.id THEN 'again'
    WHEN job.state = 'undecided' THEN 'undecided'
    WHEN job.state = 'cancelled' THEN 'forgone'
    ELSE 'again' END
  FROM job, LATERAL (SELECT max(id) AS id FROM print one WHERE one.job_id = job.id) last
  WHERE job.id = print.job_id;
ALTER TABLE print ALTER COLUMN file_id SET NOT NULL;

-- Copies of one job are printed at once where printers are free.
DROP INDEX print_of_job;
CREATE INDEX print_unsettled ON print (job_id) WHERE ended_at IS NOT NULL AND fate IS NULL;
CREATE UNIQUE INDEX print_resumed_once ON print (resumes) WHERE ended_at IS NULL;

-- Everything that happened to a job, in turn. Names of kinds and facts: contract/job-events.ts
CREATE TABLE job_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id bigint NOT NULL REFERENCES job ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  by_id bigint REFERENCES member ON DELETE SET NULL,
  kind text NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX job_event_job ON job_event (job_id, id);

-- Who does what this transaction does, as `actAs` has said; null: the server itself.
CREATE FUNCTION acting_member() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('auzolan.member', true), '')::bigint
$$;

-- A backup brings events and counts with it: while it is read, nothing is told or counted again.
CREATE FUNCTION is_restoring() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('auzolan.restoring', true), '') = 'on'
$$;

-- A new print takes a copy of its job, and prints the plate whose turn it is. One that goes on with another takes its place.
CREATE FUNCTION take_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.resumes IS NOT NULL THEN
    SELECT file_id, plate INTO NEW.file_id, NEW.plate FROM print WHERE id = NEW.resumes;
  ELSE
    UPDATE job SET to_start = to_start - 1 WHERE id = NEW.job_id RETURNING file_id, plate INTO NEW.file_id, NEW.plate;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_copy BEFORE INSERT ON print FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION take_copy();

CREATE FUNCTION tell_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO job_event (job_id, by_id, kind) VALUES (NEW.id, coalesce(acting_member(), NEW.member_id), 'made');
  ELSE
    INSERT INTO job_event (job_id, by_id, kind, facts)
    VALUES (NEW.id, acting_member(), 'state', jsonb_build_object('from', OLD.state, 'to', NEW.state));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_new AFTER INSERT ON job FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION tell_job();
CREATE TRIGGER tell_state AFTER UPDATE OF state ON job FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION tell_job();

CREATE FUNCTION tell_print() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO job_event (job_id, by_id, kind, facts)
  SELECT NEW.job_id, acting_member(), 'print', jsonb_build_object(
    'printId', NEW.id, 'printerId', NEW.printer_id, 'printer', printer.name, 'state', NEW.state, 'reason', NEW.reason)
  FROM printer WHERE printer.id = NEW.printer_id;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_new AFTER INSERT ON print FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION tell_print();
CREATE TRIGGER tell_state AFTER UPDATE OF state ON print FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION tell_print();

CREATE FUNCTION ring_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('auzolan_change', json_build_object('of', 'job', 'id', NEW.job_id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER ring AFTER INSERT ON job_event FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION ring_event();

-- A kind of filament. Lengths in mm, density in g/cm³, temperatures in °C, the price in the site's currency.
CREATE TABLE filament (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  vendor text NOT NULL DEFAULT '',
  material text NOT NULL,
  colour_name text NOT NULL DEFAULT '',
  colour text CHECK (colour ~ '^#[0-9a-f]{6}$'),
  density double precision NOT NULL CHECK (density > 0),
  diameter double precision NOT NULL CHECK (diameter > 0),
  nozzle_temperature double precision,
  bed_temperature double precision,
  price_per_kg double precision CHECK (price_per_kg >= 0),
  spoolman_id bigint UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE spool (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  filament_id bigint NOT NULL REFERENCES filament,
  -- Of the filament on a full one; of the empty one itself, where it is known; of the filament that is left
  full_grams double precision NOT NULL CHECK (full_grams > 0),
  empty_grams double precision CHECK (empty_grams >= 0),
  grams_left double precision NOT NULL CHECK (grams_left >= 0),
  lot text NOT NULL DEFAULT '',
  location text NOT NULL DEFAULT '',
  opened_at timestamptz,
  weighed_at timestamptz,
  retired_at timestamptz,
  spoolman_id bigint UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX spool_filament ON spool (filament_id);

-- What is loaded where. A spool is in one place.
CREATE TABLE printer_spool (
  printer_id bigint NOT NULL REFERENCES printer ON DELETE CASCADE,
  tool integer NOT NULL CHECK (tool BETWEEN 0 AND 63),
  spool_id bigint NOT NULL UNIQUE REFERENCES spool,
  loaded_at timestamptz NOT NULL DEFAULT now(),
  loaded_by bigint REFERENCES member ON DELETE SET NULL,
  PRIMARY KEY (printer_id, tool)
);

-- What a print took: of one tool from one spool, or from none that is known. More than one row where spools were changed.
CREATE TABLE print_use (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  print_id bigint NOT NULL REFERENCES print,
  tool integer NOT NULL,
  spool_id bigint REFERENCES spool,
  length double precision NOT NULL CHECK (length >= 0),
  grams double precision NOT NULL CHECK (grams >= 0),
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX print_use_print ON print_use (print_id);
CREATE INDEX print_use_spool ON print_use (spool_id, id DESC);

CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON spool FOR EACH ROW EXECUTE FUNCTION ring_change('spool');
CREATE TRIGGER ring AFTER UPDATE ON filament FOR EACH ROW EXECUTE FUNCTION ring_change('spool');
CREATE FUNCTION ring_loaded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record := COALESCE(NEW, OLD);
BEGIN
  PERFORM pg_notify('auzolan_change', json_build_object('of', 'spool', 'id', changed.spool_id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON printer_spool FOR EACH ROW EXECUTE FUNCTION ring_loaded();

-- A Spoolman server with which filaments and spools are shared; one row, or none.
CREATE TABLE spoolman (
  id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  address text NOT NULL,
  -- Also outside of private networks
  anywhere boolean NOT NULL DEFAULT false,
  version text,
  synced_at timestamptz,
  -- Why it could not be asked last, or null
  trouble text
);
-- What it has to be told; kept while it is away.
CREATE TABLE spoolman_word (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  spool_id bigint NOT NULL REFERENCES spool ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('use', 'weight', 'place', 'archive')),
  grams double precision,
  -- Its used weight when it was told: whoever asks again sees by it whether the word had arrived
  used_before double precision,
  at timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind IN ('use', 'weight')) = (grams IS NOT NULL))
);

-- What a printer needs every so many hours, metres of filament, prints or days; and its counts when it was done last.
CREATE TABLE maintenance_task (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  printer_id bigint NOT NULL REFERENCES printer ON DELETE CASCADE,
  name text NOT NULL,
  note text NOT NULL DEFAULT '',
  every_hours double precision CHECK (every_hours > 0),
  every_metres double precision CHECK (every_metres > 0),
  every_prints integer CHECK (every_prints > 0),
  every_days double precision CHECK (every_days > 0),
  last_at timestamptz NOT NULL DEFAULT now(),
  last_hours double precision NOT NULL DEFAULT 0,
  last_metres double precision NOT NULL DEFAULT 0,
  last_prints integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  removed_at timestamptz,
  CHECK (num_nonnulls(every_hours, every_metres, every_prints, every_days) > 0)
);
CREATE INDEX maintenance_task_printer ON maintenance_task (printer_id) WHERE removed_at IS NULL;

-- Done, taken out of service, put back into service: what people did for a printer.
CREATE TABLE maintenance_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  printer_id bigint NOT NULL REFERENCES printer ON DELETE CASCADE,
  task_id bigint REFERENCES maintenance_task,
  kind text NOT NULL CHECK (kind IN ('done', 'out', 'back')),
  by_id bigint REFERENCES member ON DELETE SET NULL,
  note text NOT NULL DEFAULT '',
  hours double precision NOT NULL,
  metres double precision NOT NULL,
  prints integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX maintenance_entry_printer ON maintenance_entry (printer_id, id DESC);
CREATE TRIGGER ring AFTER INSERT OR UPDATE ON maintenance_task FOR EACH ROW EXECUTE FUNCTION ring_change('maintenance');
