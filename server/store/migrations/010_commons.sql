-- Designs of the commons: their versions, files, licences, lineage, makes; and how they come here.

-- Where the database does not allow it, names are searched by whole words only.
DO $$ BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'pg_trgm is not allowed here: %', SQLERRM;
END $$;

ALTER TABLE site ADD COLUMN catalogue_public boolean NOT NULL DEFAULT false;

CREATE TABLE design (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Its address in the catalogue; never changes
  slug text NOT NULL UNIQUE,
  owner_id bigint REFERENCES member ON DELETE SET NULL,
  is_published boolean NOT NULL DEFAULT false,
  published_at timestamptz,
  -- What the last look at its source found
  news jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Taken away; kept for what was made of it
  removed_at timestamptz
);

-- Never changed once it is here.
CREATE TABLE design_version (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  design_id bigint NOT NULL REFERENCES design ON DELETE CASCADE,
  number integer NOT NULL,
  -- As the source told it (contract/sources.ts); null: made here
  origin jsonb,
  -- Address and folder of the source, by which the same place is known again; null: an upload, or made here
  place text,
  commit text,
  name text NOT NULL,
  summary text NOT NULL,
  creators text[] NOT NULL,
  keywords text[] NOT NULL,
  materials text[] NOT NULL,
  -- contract/licences.ts
  licence jsonb NOT NULL,
  -- The rest of what was read of it
  reading jsonb NOT NULL,
  words tsvector NOT NULL,
  pulled_by bigint REFERENCES member ON DELETE SET NULL,
  pulled_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (design_id, number)
);
CREATE INDEX design_version_words ON design_version USING gin (words);
CREATE INDEX design_version_place ON design_version (place) WHERE place IS NOT NULL;
DO $$ BEGIN
  CREATE INDEX design_version_name ON design_version USING gin (name gin_trgm_ops);
EXCEPTION WHEN undefined_object THEN NULL;
END $$;

CREATE TABLE design_file (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version_id bigint NOT NULL REFERENCES design_version ON DELETE CASCADE,
  path text NOT NULL,
  blob_id bigint NOT NULL REFERENCES blob,
  kind text NOT NULL,
  is_printable boolean NOT NULL,
  -- Its own, where it differs from the design's
  licence jsonb,
  -- Git's id of the blob, where the source is a repository
  source_sha text,
  -- mm, once its mesh was measured
  size_x real,
  size_y real,
  size_z real,
  -- Where another workshop says that it came from
  said_parents jsonb NOT NULL DEFAULT '[]',
  UNIQUE (version_id, path)
);
CREATE INDEX design_file_blob ON design_file (blob_id);

-- What was made here of files: rendered, adapted, repaired, arranged, sliced.
CREATE TABLE derived_file (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('render', 'adaptation', 'repair', 'plate', 'slice', 'gcode')),
  name text NOT NULL,
  blob_id bigint REFERENCES blob,
  -- The file of the list that it is, when it is G-code
  file_id bigint UNIQUE REFERENCES file,
  parameters jsonb NOT NULL DEFAULT '{}',
  -- Of all that it was made from: who is named, and under which licence (SPDX; empty: not known)
  creators text[] NOT NULL,
  licence text NOT NULL,
  created_by bigint REFERENCES member ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX derived_file_blob ON derived_file (blob_id);

CREATE TABLE derived_parent (
  derived_id bigint NOT NULL REFERENCES derived_file ON DELETE CASCADE,
  -- Exactly one of these
  design_file_id bigint REFERENCES design_file,
  parent_id bigint REFERENCES derived_file,
  CHECK (num_nonnulls(design_file_id, parent_id) = 1),
  CHECK (parent_id < derived_id),
  UNIQUE NULLS NOT DISTINCT (derived_id, design_file_id, parent_id)
);
CREATE INDEX derived_parent_file ON derived_parent (design_file_id) WHERE design_file_id IS NOT NULL;
CREATE INDEX derived_parent_derived ON derived_parent (parent_id) WHERE parent_id IS NOT NULL;

-- The file of a design that is what was made here, or a file of another design taken as it is.
ALTER TABLE design_file
  ADD COLUMN derived_id bigint REFERENCES derived_file,
  ADD COLUMN copy_of bigint REFERENCES design_file;

-- What a version is based on, as its manifest says or as it was made here.
CREATE TABLE design_ancestor (
  version_id bigint NOT NULL REFERENCES design_version ON DELETE CASCADE,
  place integer NOT NULL,
  title text NOT NULL,
  address text NOT NULL,
  commit text,
  -- The version here that it is, where that is known
  parent_version_id bigint REFERENCES design_version ON DELETE SET NULL,
  PRIMARY KEY (version_id, place)
);

CREATE TABLE design_approval (
  design_id bigint PRIMARY KEY REFERENCES design ON DELETE CASCADE,
  -- The decision holds for this licence; where a newer version has another, it is asked again
  licence text NOT NULL,
  question text NOT NULL DEFAULT '',
  asked_by bigint REFERENCES member ON DELETE SET NULL,
  asked_at timestamptz,
  decision text CHECK (decision IN ('allowed', 'refused')),
  note text NOT NULL DEFAULT '',
  decided_by bigint REFERENCES member ON DELETE SET NULL,
  decided_at timestamptz,
  CHECK ((decision IS NULL) = (decided_at IS NULL))
);

CREATE TABLE make (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  design_id bigint NOT NULL REFERENCES design ON DELETE CASCADE,
  version_id bigint REFERENCES design_version ON DELETE SET NULL,
  print_id bigint REFERENCES print ON DELETE SET NULL,
  outcome text NOT NULL CHECK (outcome IN ('good', 'usable', 'failed')),
  material text NOT NULL DEFAULT '',
  settings jsonb NOT NULL DEFAULT '{}',
  remarks text NOT NULL DEFAULT '',
  photo_blob_id bigint REFERENCES blob,
  photo_type text,
  member_id bigint REFERENCES member ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX make_design ON make (design_id, id DESC);

CREATE TABLE tray (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  design_id bigint REFERENCES design ON DELETE CASCADE,
  licence text,
  creator text,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  touched_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE tray_file (
  tray_id bigint NOT NULL REFERENCES tray ON DELETE CASCADE,
  path text NOT NULL,
  blob_id bigint NOT NULL REFERENCES blob,
  PRIMARY KEY (tray_id, path)
);
CREATE INDEX tray_file_blob ON tray_file (blob_id);

CREATE TABLE pull (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('pull', 'upload', 'update', 'check')),
  address text NOT NULL,
  tray_id bigint REFERENCES tray ON DELETE SET NULL,
  design_id bigint REFERENCES design ON DELETE SET NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'working', 'done', 'failed', 'cancelled')),
  step text NOT NULL DEFAULT '',
  files_done integer NOT NULL DEFAULT 0,
  files_total integer,
  bytes_done bigint NOT NULL DEFAULT 0,
  reason text,
  news jsonb,
  member_id bigint REFERENCES member ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  touched_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX pull_member ON pull (member_id, id DESC);

CREATE TABLE commons_list (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL,
  address text NOT NULL UNIQUE,
  added_by bigint REFERENCES member ON DELETE SET NULL
);

CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON design FOR EACH ROW EXECUTE FUNCTION ring_change('design');
CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON pull FOR EACH ROW EXECUTE FUNCTION ring_change('pull');
CREATE FUNCTION ring_design() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record := COALESCE(NEW, OLD);
BEGIN
  PERFORM pg_notify('auzolan_change', json_build_object('of', 'design', 'id', changed.design_id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON make FOR EACH ROW EXECUTE FUNCTION ring_design();
CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON design_approval FOR EACH ROW EXECUTE FUNCTION ring_design();
CREATE TRIGGER ring AFTER INSERT OR DELETE ON design_version FOR EACH ROW EXECUTE FUNCTION ring_design();
