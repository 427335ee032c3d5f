-- The bot's memory of one conversation. decided is the newest line that the
-- stored answer belongs to: a turn that died between deciding and speaking is
-- spoken from here, never decided twice.
CREATE TABLE bot_dialogues (
  conversation_id uuid PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
  decided         bigint NOT NULL,
  memory          jsonb NOT NULL,
  answer          jsonb NOT NULL,
  updated_at      timestamptz NOT NULL
);
