-- Slicing: profiles of the workshop, what stands before and after a slice, and the slices themselves.

CREATE TABLE slicing_profile (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('material', 'quality')),
  name citext NOT NULL,
  note text NOT NULL DEFAULT '',
  material_type text,
  density double precision,
  -- By Cura's keys
  settings jsonb NOT NULL,
  changed_by bigint REFERENCES member ON DELETE SET NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  -- Taken out of the list; slices that were made with it name it
  removed_at timestamptz
);
CREATE UNIQUE INDEX slicing_profile_name ON slicing_profile (kind, name) WHERE removed_at IS NULL;

-- Where a steward has written others than ours.
CREATE TABLE slicing_script (
  dialect text PRIMARY KEY,
  start_gcode text NOT NULL,
  end_gcode text NOT NULL,
  changed_by bigint REFERENCES member ON DELETE SET NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);

-- How slices for one printer differ: contract/slicing.ts, PrinterSlicing.
CREATE TABLE printer_slicing (
  printer_id bigint PRIMARY KEY REFERENCES printer ON DELETE CASCADE,
  slicing jsonb NOT NULL
);

CREATE TABLE slice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- SHA-256 of all that decides what comes out
  key bytea NOT NULL,
  state text NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'slicing', 'checking', 'done', 'failed', 'cancelled')),
  progress double precision NOT NULL DEFAULT 0,
  reason text,
  remarks jsonb NOT NULL DEFAULT '[]',
  engine text NOT NULL,
  engine_version text NOT NULL,
  name text NOT NULL,
  -- Everything worked out: work/slice-plan.ts
  plan jsonb NOT NULL,
  -- The G-code as the first who asked for it has it; others get files of the same bytes
  file_id bigint REFERENCES file,
  seconds double precision,
  filament_millimetres double precision,
  grams double precision,
  layers integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
  CHECK (state <> 'done' OR file_id IS NOT NULL)
);
-- The same wish twice is one slice; one that failed or was cancelled may be tried again.
CREATE UNIQUE INDEX slice_key ON slice (key) WHERE state IN ('waiting', 'slicing', 'checking', 'done');

-- Who wants it. When nobody does any more, it is cancelled.
CREATE TABLE slice_wish (
  slice_id bigint NOT NULL REFERENCES slice ON DELETE CASCADE,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  -- As asked: contract/slicing.ts, SliceRequest
  request jsonb NOT NULL,
  file_id bigint REFERENCES file,
  -- To be queued as soon as it is ready: contract/slicing.ts, JobWishes
  queue jsonb,
  job_id bigint REFERENCES job,
  was_stored boolean NOT NULL,
  given_up boolean NOT NULL DEFAULT false,
  asked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (slice_id, member_id)
);
CREATE INDEX slice_wish_member ON slice_wish (member_id, asked_at DESC);

CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON slice FOR EACH ROW EXECUTE FUNCTION ring_change('slice');
