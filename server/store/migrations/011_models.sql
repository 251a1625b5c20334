-- Models: what was found in the 3D files of designs, and what is made of them. All of it can be made anew.

CREATE TABLE model (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The file itself. Whoever keeps that file keeps the model; it goes with it.
  blob_id bigint NOT NULL UNIQUE REFERENCES blob ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('stl', 'obj', '3mf', 'amf', 'step', 'mesh')),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'reading', 'ready', 'failed')),
  progress real NOT NULL DEFAULT 0,
  reason text,
  facts jsonb,
  notes jsonb NOT NULL DEFAULT '[]',
  -- The mesh as bytes; of a mesh that was made here, the file itself
  mesh_blob_id bigint REFERENCES blob,
  -- PNG, 512 and 256 pixels wide
  large_picture bytea,
  small_picture bytea,
  touched_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((state = 'failed') = (reason IS NOT NULL)),
  CHECK (state <> 'ready' OR (facts IS NOT NULL AND mesh_blob_id IS NOT NULL))
);
CREATE INDEX model_mesh_blob ON model (mesh_blob_id);
CREATE INDEX model_unread ON model (id) WHERE state IN ('waiting', 'reading');

-- The files of a design as OpenSCAD sees them: [{"path", "hash"}], named by the hash of the list.
CREATE TABLE scad_tree (
  hash bytea PRIMARY KEY,
  files jsonb NOT NULL,
  touched_at timestamptz NOT NULL DEFAULT now()
);

-- What was asked of the engines. The same request is the same row: it is answered once.
CREATE TABLE model_work (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- SHA-256 of kind and request
  key bytea NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('parameters', 'render', 'repair', 'orientations', 'plate')),
  request jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'working', 'done', 'failed', 'overtaken')),
  -- How often it was put in the queue: an order of an earlier time means nothing
  round integer NOT NULL DEFAULT 1,
  progress real NOT NULL DEFAULT 0,
  reason text,
  -- Whether it would fail again: what is wrong lies in the request
  fails_always boolean NOT NULL DEFAULT false,
  notes jsonb NOT NULL DEFAULT '[]',
  result jsonb,
  -- Pages that wait for it and would be content with a later request instead; null: somebody wants it in any case
  editors text[],
  asked_by bigint REFERENCES member ON DELETE SET NULL,
  touched_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((state = 'failed') = (reason IS NOT NULL)),
  CHECK ((state = 'done') = (result IS NOT NULL))
);
CREATE INDEX model_work_open ON model_work (asked_by) WHERE state IN ('waiting', 'working');
CREATE INDEX model_work_editors ON model_work USING gin (editors) WHERE state IN ('waiting', 'working');
