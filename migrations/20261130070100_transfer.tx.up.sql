-- What was written to whoever gets a conversation next, until they have answered.
ALTER TABLE conversations
  ADD COLUMN passed_note text NOT NULL DEFAULT '',
  ADD COLUMN passed_by   text NOT NULL DEFAULT '';
