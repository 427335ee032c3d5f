-- A conversation put aside: until an instant, or with none until the citizen
-- writes. It keeps its holder and takes nobody's hands.
ALTER TABLE conversations
  DROP CONSTRAINT conversations_state_check,
  ADD CONSTRAINT conversations_state_check CHECK (state IN ('bot','queued','ringing','agent','snoozed','wrap_up','ended')),
  ADD COLUMN snoozed_until timestamptz,
  ADD CONSTRAINT conversations_snoozed CHECK (state <> 'snoozed' OR assignee_id IS NOT NULL);
CREATE INDEX conversations_snoozed_mine ON conversations (assignee_id, last_at DESC, id DESC) WHERE state = 'snoozed';
CREATE INDEX conversations_snoozed_due ON conversations (snoozed_until) WHERE state = 'snoozed';
