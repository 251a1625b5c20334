-- Machine time that members book, who may do what with which printer, who waits for time, and what people are told of it.

-- Gives `printer_id WITH =` in an exclusion constraint. A trusted extension: no superuser is needed.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- `timestamptz + interval` is only STABLE, because days and months hang on the time zone; seconds do not.
CREATE FUNCTION pad_range(during tstzrange, seconds_after integer) RETURNS tstzrange
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN tstzrange(lower(during), upper(during) + make_interval(secs => seconds_after), '[)');

-- A recurring booking. `rule` is the RRULE of RFC 5545; it is read in the time zone of the workshop.
CREATE TABLE claim_series (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  rule text NOT NULL,
  -- Wall time of the first one, `2026-11-21T18:00`, and how long each lasts
  local_start text NOT NULL,
  time_zone text NOT NULL,
  seconds integer NOT NULL CHECK (seconds > 0),
  -- Which printer, or what it must be able to do: contract/bookings.ts, PrinterWish
  wish jsonb NOT NULL,
  purpose text NOT NULL DEFAULT '',
  -- Local dates that are left out because a person said so
  left_out date[] NOT NULL DEFAULT '{}',
  -- [{"date", "code", "message"}]: dates on which it could not be booked
  skipped jsonb NOT NULL DEFAULT '[]',
  -- Up to this local date it has been booked or skipped; what follows comes with the advance window
  booked_to date,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz
);
CREATE INDEX claim_series_member ON claim_series (member_id) WHERE ended_at IS NULL;
CREATE INDEX claim_series_open ON claim_series (id) WHERE ended_at IS NULL;

-- A time in which a printer is somebody's, or nobody's. Those that hold a printer never overlap.
CREATE TABLE claim (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- What calendars outside know it by
  uid uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  printer_id bigint NOT NULL REFERENCES printer ON DELETE CASCADE,
  -- Whose it is; null: nobody's (maintenance, events)
  member_id bigint REFERENCES member ON DELETE SET NULL,
  kind text NOT NULL CHECK (kind IN ('booking', 'hold', 'maintenance', 'event')),
  -- `held`: a draft, a short hold or an offer, until `expires_at`. The other words below `checked_in` hold nothing any more.
  state text NOT NULL CHECK (state IN
    ('held', 'booked', 'checked_in', 'completed', 'released_early', 'no_show', 'cancelled', 'displaced', 'expired')),
  during tstzrange NOT NULL CHECK (
    NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  -- For clearing the bed. After only: two neighbours' buffers would add up otherwise.
  clear_seconds integer NOT NULL DEFAULT 0 CHECK (clear_seconds BETWEEN 0 AND 86400),
  blocks tstzrange GENERATED ALWAYS AS (pad_range(during, clear_seconds)) STORED,
  -- As it was booked last by a person, whatever was released of it since
  booked_during tstzrange NOT NULL,
  -- Wall time as it was asked for: shows what is meant when the rules of a time zone change
  local_start text NOT NULL,
  time_zone text NOT NULL,
  expires_at timestamptz,
  -- PrinterWish; where `any_printer`, the printer is a place kept, and may be another until `fixed_at`
  wish jsonb NOT NULL DEFAULT '{}',
  any_printer boolean NOT NULL DEFAULT false,
  fixed_at timestamptz,
  file_id bigint REFERENCES file ON DELETE SET NULL,
  purpose text NOT NULL DEFAULT '',
  series_id bigint REFERENCES claim_series ON DELETE SET NULL,
  -- The local date for which the series made it
  series_date date,
  -- Counts every change that people outside must hear of (SEQUENCE of RFC 5545)
  version integer NOT NULL DEFAULT 0,
  checked_in_at timestamptz,
  checked_in_by bigint REFERENCES member ON DELETE SET NULL,
  checked_in_how text CHECK (checked_in_how IN ('print', 'tap', 'code')),
  -- When it stopped holding the printer, and why, for people
  ended_at timestamptz,
  end_reason text,
  -- Seconds of machine time that it costs its member beyond what his prints in it cost; null: not settled yet
  charged_seconds double precision CHECK (charged_seconds >= 0),
  made_by bigint REFERENCES member ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((state = 'held') <= (expires_at IS NOT NULL)),
  CHECK ((state IN ('held', 'booked', 'checked_in')) = (ended_at IS NULL)),
  CHECK ((checked_in_at IS NULL) = (checked_in_how IS NULL)),
  CHECK (member_id IS NOT NULL OR kind IN ('maintenance', 'event') OR ended_at IS NOT NULL),
  CONSTRAINT claim_no_overlap EXCLUDE USING gist (printer_id WITH =, blocks WITH &&)
    WHERE (state IN ('held', 'booked', 'checked_in'))
);
CREATE INDEX claim_open ON claim (printer_id, lower(during)) WHERE ended_at IS NULL;
CREATE INDEX claim_expires ON claim (expires_at) WHERE state = 'held';
CREATE INDEX claim_member ON claim (member_id, lower(during));
CREATE INDEX claim_during ON claim USING gist (during);
CREATE UNIQUE INDEX claim_of_series ON claim (series_id, series_date) WHERE series_id IS NOT NULL AND state <> 'displaced';
CREATE INDEX claim_unsettled ON claim (id) WHERE ended_at IS NOT NULL AND charged_seconds IS NULL;

-- What was done with a claim, in turn: for its people, and for who looks into a quarrel.
CREATE TABLE claim_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  claim_id bigint NOT NULL REFERENCES claim ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  by_id bigint REFERENCES member ON DELETE SET NULL,
  kind text NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX claim_event_claim ON claim_event (claim_id, id);

-- A booking that is offered to another member, or, with `for_claim_id`, offered against one of his.
CREATE TABLE claim_handover (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  claim_id bigint NOT NULL REFERENCES claim ON DELETE CASCADE,
  from_member bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  to_member bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  for_claim_id bigint REFERENCES claim ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  answered_at timestamptz,
  answer text CHECK (answer IN ('accepted', 'refused', 'withdrawn', 'lapsed')),
  CHECK ((answer IS NULL) = (answered_at IS NULL)),
  CHECK (from_member <> to_member)
);
CREATE UNIQUE INDEX claim_handover_open ON claim_handover (claim_id) WHERE answered_at IS NULL;
CREATE INDEX claim_handover_to ON claim_handover (to_member) WHERE answered_at IS NULL;

-- A request that came twice is carried out once: what it made is answered again.
CREATE TABLE idempotency_key (
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  key text NOT NULL,
  -- Of what was asked: the same key with something else is a mistake
  asked_hash bytea NOT NULL,
  claim_id bigint REFERENCES claim ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (member_id, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

-- Who waits for time to become free.
CREATE TABLE waiting_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  wish jsonb NOT NULL,
  -- It must lie within
  within tstzrange NOT NULL CHECK (NOT isempty(within)),
  seconds integer NOT NULL CHECK (seconds > 0),
  -- He also takes less, down to this
  least_seconds integer NOT NULL CHECK (least_seconds > 0),
  purpose text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'offered', 'taken', 'withdrawn', 'lapsed')),
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CHECK (least_seconds <= seconds),
  CHECK ((state IN ('waiting', 'offered')) = (ended_at IS NULL))
);
CREATE INDEX waiting_entry_open ON waiting_entry (created_at) WHERE ended_at IS NULL;
CREATE INDEX waiting_entry_member ON waiting_entry (member_id, id DESC);

-- Freed time that is kept for one who waits, by a claim of kind `hold`, until he answers or it expires.
CREATE TABLE waiting_offer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id bigint NOT NULL REFERENCES waiting_entry ON DELETE CASCADE,
  claim_id bigint NOT NULL UNIQUE REFERENCES claim ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  answered_at timestamptz,
  answer text CHECK (answer IN ('taken', 'refused', 'expired', 'withdrawn')),
  CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE UNIQUE INDEX waiting_offer_open ON waiting_offer (entry_id) WHERE answered_at IS NULL;
CREATE INDEX waiting_offer_expires ON waiting_offer (expires_at) WHERE answered_at IS NULL;

-- What may be booked. The row without role and printer is the workshop's; what is missing in one is as the next wider says.
CREATE TABLE booking_rules (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  role text CHECK (role IN ('visitor', 'member', 'operator', 'steward')),
  printer_id bigint REFERENCES printer ON DELETE CASCADE,
  rules jsonb NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  changed_by bigint REFERENCES member ON DELETE SET NULL
);
CREATE UNIQUE INDEX booking_rules_for ON booking_rules (coalesce(role, ''), coalesce(printer_id, 0));

-- What one must have learnt before one uses certain printers or materials. Without rows, nothing is required.
CREATE TABLE qualification (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name citext NOT NULL,
  kind text NOT NULL CHECK (kind IN ('safety', 'skill', 'host')),
  -- {"models", "tags", "printerIds", "materials"}: what it covers
  covers jsonb NOT NULL DEFAULT '{}',
  expiry text NOT NULL DEFAULT 'never' CHECK (expiry IN ('never', 'after', 'disuse')),
  expiry_days integer CHECK (expiry_days BETWEEN 1 AND 3660),
  -- What somebody who lacks it is told to do
  next_step text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  removed_at timestamptz,
  CHECK ((expiry = 'never') = (expiry_days IS NULL))
);
CREATE UNIQUE INDEX qualification_name ON qualification (name) WHERE removed_at IS NULL;

-- Who has learnt it, from whom. Never changed: what is no longer true is revoked, and both stay.
CREATE TABLE qualification_grant (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  qualification_id bigint NOT NULL REFERENCES qualification,
  member_id bigint NOT NULL REFERENCES member,
  level text NOT NULL CHECK (level IN ('learner', 'independent', 'overnight', 'mentor', 'host')),
  granted_by bigint NOT NULL REFERENCES member,
  method text NOT NULL CHECK (method IN ('demonstration', 'workshop', 'quiz', 'evidence', 'peer')),
  note text NOT NULL DEFAULT '',
  at timestamptz NOT NULL DEFAULT now(),
  -- Null: it does not end by itself, or by disuse
  valid_until timestamptz,
  CHECK (member_id <> granted_by OR method = 'evidence')
);
CREATE INDEX qualification_grant_member ON qualification_grant (member_id, qualification_id);

CREATE TABLE qualification_revocation (
  grant_id bigint PRIMARY KEY REFERENCES qualification_grant,
  by_id bigint NOT NULL REFERENCES member,
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION stay_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A line of % is never changed.', TG_TABLE_NAME;
END $$;
CREATE TRIGGER stay BEFORE UPDATE OR DELETE ON qualification_grant FOR EACH ROW EXECUTE FUNCTION stay_as_written();
CREATE TRIGGER stay BEFORE UPDATE OR DELETE ON qualification_revocation FOR EACH ROW EXECUTE FUNCTION stay_as_written();

-- What members are told. `key` keeps the same thing from being told twice.
CREATE TABLE notice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  -- Names of events and facts: contract/notices.ts
  event text NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}',
  key text NOT NULL,
  claim_id bigint REFERENCES claim ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT now(),
  read_at timestamptz,
  UNIQUE (member_id, key)
);
CREATE INDEX notice_member ON notice (member_id, id DESC);

-- Where a notice goes besides the dashboard, and how that went.
CREATE TABLE notice_delivery (
  notice_id bigint NOT NULL REFERENCES notice ON DELETE CASCADE,
  channel text NOT NULL,
  due_at timestamptz NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
  tries integer NOT NULL DEFAULT 0,
  failure text,
  sent_at timestamptz,
  PRIMARY KEY (notice_id, channel)
);
CREATE INDEX notice_delivery_due ON notice_delivery (due_at) WHERE state = 'waiting';

-- Which events reach a member by which channel, and when he wants to be left alone. No row: as usual.
CREATE TABLE notice_choice (
  member_id bigint PRIMARY KEY REFERENCES member ON DELETE CASCADE,
  choices jsonb NOT NULL DEFAULT '{}',
  quiet_from text,
  quiet_to text,
  CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);

-- Secret links under which calendars are read from outside; here lies the SHA-256 of each.
CREATE TABLE calendar_feed (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  -- Null: the member's own bookings; else this printer's, without names
  printer_id bigint REFERENCES printer ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX calendar_feed_member ON calendar_feed (member_id);

-- What the QR code on a printer says. Whoever reads it stands before the printer, and must sign in all the same.
CREATE TABLE printer_code (
  printer_id bigint PRIMARY KEY REFERENCES printer ON DELETE CASCADE,
  code text NOT NULL UNIQUE,
  made_at timestamptz NOT NULL DEFAULT now()
);

-- Days of imported calendars, until a steward makes an exception of the hours of one or waves it off.
CREATE TABLE holiday_suggestion (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  date date NOT NULL,
  name text NOT NULL,
  source text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  decided_at timestamptz,
  decided_by bigint REFERENCES member ON DELETE SET NULL,
  decision text CHECK (decision IN ('taken', 'waved-off')),
  UNIQUE (date, name),
  CHECK ((decision IS NULL) = (decided_at IS NULL))
);

CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON claim FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION ring_change('booking');
CREATE TRIGGER ring AFTER INSERT OR UPDATE ON claim_handover FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION ring_change('handover');
CREATE TRIGGER ring AFTER INSERT OR UPDATE ON waiting_entry FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION ring_change('waiting');
CREATE TRIGGER ring AFTER INSERT OR UPDATE ON waiting_offer FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION ring_change('waiting');
CREATE TRIGGER ring AFTER INSERT OR UPDATE OR DELETE ON booking_rules FOR EACH ROW EXECUTE FUNCTION ring_change('site');
CREATE TRIGGER ring AFTER INSERT OR UPDATE ON qualification FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION ring_change('qualification');
CREATE TRIGGER ring AFTER INSERT ON qualification_grant FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION ring_change('qualification');
CREATE FUNCTION ring_revocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('auzolan_change', json_build_object('of', 'qualification', 'id', NEW.grant_id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER ring AFTER INSERT ON qualification_revocation FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION ring_revocation();
CREATE TRIGGER ring AFTER INSERT OR UPDATE ON notice FOR EACH ROW WHEN (NOT is_restoring()) EXECUTE FUNCTION ring_change('notice');
