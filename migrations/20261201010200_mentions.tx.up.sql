-- Whom a note calls. The name in the text is for people; who is meant is the id.
CREATE TABLE mentions (
  conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
  seq             bigint NOT NULL,
  staff_id        uuid NOT NULL REFERENCES staff,
  at              timestamptz NOT NULL,
  read_at         timestamptz,
  PRIMARY KEY (conversation_id, seq, staff_id)
);
CREATE INDEX mentions_of ON mentions (staff_id, at DESC, conversation_id DESC, seq DESC);
CREATE INDEX mentions_unread ON mentions (staff_id, conversation_id) WHERE read_at IS NULL;
