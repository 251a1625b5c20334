-- From a design to its models, and from slices back to the designs they were made of.

ALTER TABLE design_version
  -- Its models were asked for
  ADD COLUMN models_asked boolean NOT NULL DEFAULT false,
  -- Its files as OpenSCAD sees them (scad_tree.hash); null: it has no script
  ADD COLUMN tree bytea;
CREATE INDEX design_version_unasked ON design_version (id) WHERE NOT models_asked;

-- What a script makes with its own values
ALTER TABLE design_file
  ADD COLUMN preview_blob_id bigint REFERENCES blob,
  -- Why it makes nothing
  ADD COLUMN preview_reason text;
CREATE INDEX design_file_preview ON design_file (preview_blob_id) WHERE preview_blob_id IS NOT NULL;

-- A shape is kept once by each who uses it.
CREATE UNIQUE INDEX derived_file_made ON derived_file (created_by, blob_id)
  WHERE kind IN ('render', 'adaptation', 'repair', 'plate') AND blob_id IS NOT NULL;

ALTER TABLE slice_wish
  -- What its parts are of: [{"designFileId": 1}, {"derivedId": 2}]
  ADD COLUMN parents jsonb NOT NULL DEFAULT '[]',
  -- Why it was not queued although that was wished
  ADD COLUMN not_queued text;

-- Whoever asks for the slices of a shape, or where a shape came from.
CREATE INDEX model_work_made ON model_work ((coalesce(result->>'rendered', result->'repair'->>'hash', result->'plate'->>'hash')))
  WHERE state = 'done' AND kind IN ('render', 'repair', 'plate');
