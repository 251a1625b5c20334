-- What makes accounts safe and keeps them apart: limits to printers, second factors, keys, resets, and the audit log.

-- Words by which sets of printers are named: 'resin', 'beginners'.
ALTER TABLE printer ADD COLUMN IF NOT EXISTS tags text[] NOT NULL DEFAULT '{}';

-- Whether members see the names of each other's jobs, unless a member says otherwise for his own.
ALTER TABLE site ADD COLUMN shows_names boolean NOT NULL DEFAULT false;

ALTER TABLE member
  -- Who comes by another house's door (OIDC) may have none.
  ALTER COLUMN password_hash DROP NOT NULL,
  ADD COLUMN email citext,
  ADD COLUMN language text,
  ADD COLUMN shows_jobs boolean NOT NULL DEFAULT false,
  -- [{"permission", "tags", "printerIds"}]: where a permission of the role holds; without an entry, at every printer
  ADD COLUMN limits jsonb NOT NULL DEFAULT '[]',
  -- Sealed with the key file of the workshop
  ADD COLUMN totp_secret bytea,
  ADD COLUMN totp_since timestamptz,
  -- The last half minute whose number was used: none is taken twice
  ADD COLUMN totp_step bigint NOT NULL DEFAULT 0,
  ADD COLUMN deactivated_at timestamptz,
  -- Gone, but named in past jobs
  ADD COLUMN removed_at timestamptz;
ALTER TABLE member DROP CONSTRAINT member_name_key;
CREATE UNIQUE INDEX member_name ON member (name) WHERE removed_at IS NULL;
CREATE INDEX member_email ON member (email) WHERE email IS NOT NULL;

ALTER TABLE session
  ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  ADD COLUMN browser text NOT NULL DEFAULT '',
  ADD COLUMN address text NOT NULL DEFAULT '';

ALTER TABLE invitation
  ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  ADD COLUMN note text NOT NULL DEFAULT '',
  ADD COLUMN limits jsonb NOT NULL DEFAULT '[]';

-- Who a member is in the house that vouches for him.
CREATE TABLE member_identity (
  issuer text NOT NULL,
  subject text NOT NULL,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  -- The role follows that house's groups; false: it was joined to an account of ours, whose role stays
  follows_groups boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX member_identity_member ON member_identity (member_id, issuer);

-- The key itself is shown once; here lies its SHA-256.
CREATE TABLE api_key (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  name text NOT NULL,
  key_hash bytea NOT NULL UNIQUE,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  ends_at timestamptz NOT NULL,
  used_at timestamptz,
  used_from text
);
CREATE INDEX api_key_member ON api_key (member_id);

CREATE TABLE recovery_code (
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (member_id, code_hash)
);

CREATE TABLE password_reset (
  token_hash bytea PRIMARY KEY,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  -- The steward who handed it over; null: it went by e-mail
  made_by bigint REFERENCES member ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  ends_at timestamptz NOT NULL,
  used_at timestamptz
);

-- Tries at passwords and codes that did not succeed, by what they were aimed at and from where.
CREATE TABLE guess (
  bucket text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX guess_bucket ON guess (bucket, at);
CREATE INDEX guess_at ON guess (at);

-- Browsers in which a member has signed in before: an attack from elsewhere does not lock these out.
CREATE TABLE device (
  token_hash bytea NOT NULL,
  member_id bigint NOT NULL REFERENCES member ON DELETE CASCADE,
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (token_hash, member_id)
);

-- What people changed. Written before it is carried out, so that nothing happens unwritten.
CREATE TABLE audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  member_id bigint REFERENCES member ON DELETE SET NULL,
  -- As it was then
  member_name text,
  -- The key by which it was asked; null: in person
  key_name text,
  address text NOT NULL,
  action text NOT NULL,
  summary text NOT NULL,
  target_kind text,
  target_id bigint,
  target_name text,
  details jsonb NOT NULL DEFAULT '{}',
  -- null: begun, and never heard of again
  outcome text
);
CREATE INDEX audit_member ON audit (member_id, id DESC);

-- Whoever is let in or put out, and what he may: open connections look again.
CREATE FUNCTION ring_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record := COALESCE(NEW, OLD);
BEGIN
  PERFORM pg_notify('auzolan_change', json_build_object('of', 'member', 'id', changed.member_id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER ring AFTER INSERT OR DELETE ON member FOR EACH ROW EXECUTE FUNCTION ring_change('member');
CREATE TRIGGER ring_update AFTER UPDATE OF name, role, limits, shows_jobs, deactivated_at, removed_at, password_hash,
  totp_since, email ON member FOR EACH ROW EXECUTE FUNCTION ring_change('member');
CREATE TRIGGER ring AFTER INSERT OR DELETE ON session FOR EACH ROW EXECUTE FUNCTION ring_member();
CREATE TRIGGER ring AFTER INSERT OR DELETE ON api_key FOR EACH ROW EXECUTE FUNCTION ring_member();
