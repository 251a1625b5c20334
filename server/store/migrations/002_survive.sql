-- What a print needs to be gone on with after a reset; what a printer's wire has seen; the plugs that switch printers.

ALTER TABLE print
  -- The last line that the printer has accepted, with what it remembered there
  ADD COLUMN record jsonb,
  ADD COLUMN resends integer NOT NULL DEFAULT 0,
  ADD COLUMN underruns integer NOT NULL DEFAULT 0,
  -- A print that goes on with another: which one, from which byte, and the lines that are sent before
  ADD COLUMN resumes bigint REFERENCES print,
  ADD COLUMN from_byte bigint NOT NULL DEFAULT 0,
  ADD COLUMN lead_in jsonb,
  ADD CHECK ((resumes IS NULL) = (lead_in IS NULL));

-- The last lines of a printer's wire: as somebody asked for them, or as they were when its session failed.
CREATE TABLE printer_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  printer_id bigint NOT NULL REFERENCES printer ON DELETE CASCADE,
  -- Null: somebody asked
  failure text,
  lines text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX printer_log_newest ON printer_log (printer_id, id DESC);

CREATE TABLE printer_plug (
  printer_id bigint PRIMARY KEY REFERENCES printer ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('tasmota', 'shelly-1', 'shelly-2')),
  address text NOT NULL,
  outlet integer NOT NULL DEFAULT 0 CHECK (outlet BETWEEN 0 AND 7),
  user_name text,
  -- Sealed with the key in the data folder
  password bytea,
  on_before_print boolean NOT NULL DEFAULT true,
  -- Null: it stays on
  off_after_minutes integer CHECK (off_after_minutes BETWEEN 1 AND 1440),
  -- Also outside of private networks
  anywhere boolean NOT NULL DEFAULT false,
  is_on boolean,
  -- Why it could not be asked last, or null
  trouble text,
  switched_at timestamptz,
  asked_at timestamptz
);
