-- A fault of the whole programme, told to whoever meets it in one of its places
-- while the clock stands between from_at and until_at. texts holds ind and eng.
CREATE TABLE outages (
  id       uuid PRIMARY KEY,
  version  bigint NOT NULL DEFAULT 1,
  texts    jsonb NOT NULL CHECK (texts ? 'ind' AND texts ? 'eng'),
  places   text[] NOT NULL CHECK (places <@ ARRAY['widget','home','console','bot','whatsapp'] AND places <> '{}'),
  from_at  timestamptz NOT NULL,
  until_at timestamptz NOT NULL CHECK (until_at > from_at)
);
CREATE INDEX outages_until ON outages (until_at DESC);
