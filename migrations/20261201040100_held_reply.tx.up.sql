-- What an agent has written and the desk has not said yet: a reply that may be
-- taken back for some seconds, or one for a later hour. It has no place in the
-- thread and no row in the outbox before it goes out.
CREATE TABLE held_replies (
  id              uuid PRIMARY KEY,
  conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
  staff_id        uuid NOT NULL REFERENCES staff,
  echo            text NOT NULL,
  text            text NOT NULL,
  attachments     uuid[] NOT NULL DEFAULT '{}',
  seen_seq        bigint NOT NULL,          -- newest line of the citizen it was written against
  undo            boolean NOT NULL,         -- held to be taken back, not for its hour
  due_at          timestamptz NOT NULL,
  state           text NOT NULL CHECK (state IN ('held','stopped','sent','dropped')),
  reason          text NOT NULL DEFAULT '', -- words key of why it was stopped
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  UNIQUE (conversation_id, staff_id, echo)
);
-- What is due, and what a thread shows under its last line.
CREATE INDEX held_replies_due ON held_replies (due_at) WHERE state = 'held';
CREATE INDEX held_replies_thread ON held_replies (conversation_id, due_at) WHERE state IN ('held','stopped');

-- For how long each agent's replies wait to be taken back.
ALTER TABLE staff ADD COLUMN undo_seconds int NOT NULL DEFAULT 5 CHECK (undo_seconds IN (0, 5, 10));
