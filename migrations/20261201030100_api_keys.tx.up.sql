-- Keys with which programs call the API. Only a hash of the key is kept; prefix is
-- the part that people may see, by which a key is found. A key is revoked, never
-- deleted: the audit log names it.
CREATE TABLE api_keys (
  id           uuid PRIMARY KEY,
  name         text NOT NULL CHECK (name <> ''),
  prefix       text NOT NULL UNIQUE,
  hash         bytea NOT NULL,
  scopes       text[] NOT NULL CHECK (cardinality(scopes) > 0),
  networks     text[] NOT NULL DEFAULT '{}',
  created_by   text NOT NULL,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz
);
CREATE INDEX api_keys_list ON api_keys (created_at DESC, id DESC);
