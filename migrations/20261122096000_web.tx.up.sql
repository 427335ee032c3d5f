-- Browser sessions of staff, sign-in attempts, single-use tickets for sockets.

-- token is the hash of what the cookie holds.
CREATE TABLE web_sessions (
  token      text PRIMARY KEY,
  data       bytea NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX web_sessions_expiry ON web_sessions (expires_at);

-- Sessions begun before this instant are dead: log-out everywhere, off-boarding.
CREATE TABLE session_cutoffs (
  staff_id uuid PRIMARY KEY REFERENCES staff ON DELETE CASCADE,
  before   timestamptz NOT NULL
);

-- One failed sign-in. account is a keyed hash of the e-mail typed, so that the
-- table does not tell who has an account.
CREATE TABLE sign_in_failures (
  id      uuid PRIMARY KEY,
  account bytea NOT NULL,
  address text NOT NULL,
  at      timestamptz NOT NULL
);
CREATE INDEX sign_in_failures_account ON sign_in_failures (account, at);
CREATE INDEX sign_in_failures_address ON sign_in_failures (address, at);

-- A ticket opens one socket within 30 s; only its hash is stored. subject is
-- who may open it: staff:<id> or chat:<session>.
CREATE TABLE socket_tickets (
  token      bytea PRIMARY KEY,
  subject    text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX socket_tickets_expiry ON socket_tickets (expires_at);

-- A visitor of the live chat: the browser keeps the secret, we its hash.
CREATE TABLE chat_sessions (
  id         uuid PRIMARY KEY,
  secret     bytea NOT NULL UNIQUE,
  inbox_id   uuid NOT NULL,
  point_id   uuid NOT NULL REFERENCES contact_points,
  language   text NOT NULL,
  address    text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL
);
CREATE INDEX chat_sessions_address ON chat_sessions (address, created_at);
