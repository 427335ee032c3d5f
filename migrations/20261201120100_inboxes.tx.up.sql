-- What administrators set of an inbox, and whether it is alive. A closed one takes
-- and sends nothing; bot_off brings new conversations to people at once. seen_at is
-- the last webhook that proved itself and refused_at the last that did not, each
-- written at most once a minute.
ALTER TABLE inboxes
  ADD COLUMN version    bigint NOT NULL DEFAULT 1,
  ADD COLUMN bot_off    boolean NOT NULL DEFAULT false,
  ADD COLUMN seen_at    timestamptz,
  ADD COLUMN refused_at timestamptz;
ALTER TABLE inboxes DROP CONSTRAINT inboxes_status_check;
ALTER TABLE inboxes ADD CONSTRAINT inboxes_status_check CHECK (status IN ('active','paused','closed'));
