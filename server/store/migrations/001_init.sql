-- The workshop, its members, their files, jobs and prints, its bridges and printers.

CREATE EXTENSION IF NOT EXISTS citext;

-- One row: the workshop itself.
CREATE TABLE site (
  id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  name text NOT NULL,
  time_zone text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE member (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name citext NOT NULL UNIQUE,
  role text NOT NULL CHECK (role IN ('visitor', 'member', 'operator', 'steward')),
  -- argon2id, with its parameters and salt
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The token itself is only in the member's cookie; here lies its SHA-256.
CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  ends_at timestamptz NOT NULL
);
CREATE INDEX session_member ON session (member_id);

CREATE TABLE invitation (
  token_hash bytea PRIMARY KEY,
  role text NOT NULL CHECK (role IN ('visitor', 'member', 'operator', 'steward')),
  invited_by bigint REFERENCES member ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  ends_at timestamptz NOT NULL,
  used_at timestamptz
);

-- Bytes. A blob whose hash is null is still arriving, and nobody may refer to it.
CREATE TABLE blob (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash bytea UNIQUE,
  size_bytes bigint NOT NULL DEFAULT 0,
  -- When a part was last added: what stays unfinished is swept away.
  touched_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE blob_chunk (
  blob_id bigint NOT NULL REFERENCES blob ON DELETE CASCADE,
  part integer NOT NULL,
  -- Up to 1 MiB of the blob, as a raw deflate stream
  bytes bytea NOT NULL,
  PRIMARY KEY (blob_id, part)
);
-- They are compressed already; searching them for more to save would only cost time.
ALTER TABLE blob_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE file (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  blob_id bigint NOT NULL REFERENCES blob,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'analysed', 'failed')),
  reason text,
  findings jsonb,
  -- How time runs through the file: {"bytes": [...], "seconds": [...]}
  course jsonb,
  thumbnail bytea,
  uploaded_by bigint REFERENCES member ON DELETE SET NULL,
  uploaded_at timestamptz NOT NULL DEFAULT now(),
  -- Taken out of the list; kept for the prints that were made of it
  forgotten_at timestamptz
);
CREATE INDEX file_blob ON file (blob_id);

CREATE TABLE bridge (
  name text PRIMARY KEY,
  -- The process that is this bridge now
  instance uuid NOT NULL,
  host text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE port (
  bridge text NOT NULL REFERENCES bridge ON DELETE CASCADE,
  identity text NOT NULL,
  path text NOT NULL,
  label text NOT NULL,
  serial_number text,
  PRIMARY KEY (bridge, identity)
);

CREATE TABLE printer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name citext NOT NULL,
  bridge text NOT NULL,
  address text NOT NULL,
  baud_rate integer NOT NULL DEFAULT 0,
  profile jsonb NOT NULL,
  bed text NOT NULL DEFAULT 'unknown' CHECK (bed IN ('clear', 'occupied', 'unknown')),
  bed_changed_at timestamptz NOT NULL DEFAULT now(),
  bed_signed_by bigint REFERENCES member ON DELETE SET NULL,
  takes_jobs boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  removed_at timestamptz
);
CREATE UNIQUE INDEX printer_name ON printer (name) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX printer_port ON printer (bridge, address) WHERE removed_at IS NULL;

-- The last telemetry, for those who come late. Written by the bridge once a second at the most.
CREATE TABLE printer_snapshot (
  printer_id bigint PRIMARY KEY REFERENCES printer ON DELETE CASCADE,
  telemetry jsonb NOT NULL,
  at timestamptz NOT NULL
);

CREATE TABLE job (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  file_id bigint NOT NULL REFERENCES file,
  member_id bigint REFERENCES member ON DELETE SET NULL,
  -- The only printer it may go to; null: any
  printer_id bigint REFERENCES printer ON DELETE SET NULL,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'printing', 'undecided', 'done', 'cancelled')),
  -- Order in the queue: smaller first
  rank double precision NOT NULL,
  waits_for text,
  -- Its member has given it up while it printed: when the print has ended, nothing is left to decide
  given_up boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CHECK ((state IN ('done', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX job_waiting ON job (rank) WHERE state = 'queued';

CREATE TABLE print (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id bigint NOT NULL REFERENCES job,
  printer_id bigint NOT NULL REFERENCES printer,
  state text NOT NULL DEFAULT 'dispatched' CHECK (state IN
    ('dispatched', 'refused', 'printing', 'paused', 'completed', 'failed', 'cancelled', 'interrupted')),
  reason text,
  -- The bridge process that runs it
  instance uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz,
  accepted_bytes bigint NOT NULL DEFAULT 0,
  CHECK ((state IN ('dispatched', 'printing', 'paused')) = (ended_at IS NULL)),
  CHECK (state IN ('dispatched', 'refused') OR started_at IS NOT NULL)
);
-- One print at a time on one printer, and one print at a time of one job.
CREATE UNIQUE INDEX print_of_printer ON print (printer_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX print_of_job ON print (job_id) WHERE ended_at IS NULL;
CREATE INDEX print_history ON print (printer_id, id DESC);
CREATE INDEX print_job ON print (job_id, id DESC);

CREATE TABLE printer_command (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  printer_id bigint NOT NULL REFERENCES printer ON DELETE CASCADE,
  body jsonb NOT NULL,
  state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'taken', 'done', 'refused', 'timed-out')),
  answer text,
  asked_by bigint REFERENCES member ON DELETE SET NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz
);
CREATE INDEX printer_command_open ON printer_command (printer_id) WHERE ended_at IS NULL;

-- A change rings a bell; whoever cares reads the row. PostgreSQL sends equal bells of one transaction once.
CREATE FUNCTION ring_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record := COALESCE(NEW, OLD);
BEGIN
  PERFORM pg_notify('auzolan_change', json_build_object('of', TG_ARGV[0], 'id', changed.id)::text);
  RETURN NULL;
END $$;

CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON site FOR EACH ROW EXECUTE FUNCTION ring_change('site');
CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON file FOR EACH ROW EXECUTE FUNCTION ring_change('file');
CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON printer FOR EACH ROW EXECUTE FUNCTION ring_change('printer');
CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON job FOR EACH ROW EXECUTE FUNCTION ring_change('job');
CREATE TRIGGER ring_new AFTER INSERT OR DELETE ON print FOR EACH ROW EXECUTE FUNCTION ring_change('print');
-- Progress comes every second and is told by telemetry; only a new state is a change.
CREATE TRIGGER ring_state AFTER UPDATE OF state ON print FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION ring_change('print');
