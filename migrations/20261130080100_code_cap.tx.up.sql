-- One-time codes are counted by the network they were asked for from, and by what
-- was really sent, since each SMS costs. network is '' where there is none
-- (WhatsApp, SMS): there the number itself is proof.
ALTER TABLE one_time_codes
  ADD COLUMN network text NOT NULL DEFAULT '',
  ADD COLUMN sent boolean NOT NULL DEFAULT false;
CREATE INDEX one_time_codes_network ON one_time_codes (network, created_at) WHERE network <> '';
CREATE INDEX one_time_codes_sent ON one_time_codes (created_at) WHERE sent;

-- The days (WIB) on which codes were stopped for everybody: a day is told once.
CREATE TABLE code_stops (
  day date PRIMARY KEY,
  at  timestamptz NOT NULL
);

-- Where the citizen's newest message came from, while the conversation is open.
ALTER TABLE conversations ADD COLUMN network text NOT NULL DEFAULT '';
