-- Messages that WhatsApp has approved: what may be sent when the window is closed.
CREATE TABLE message_templates (
  id           uuid PRIMARY KEY,
  name         text NOT NULL CHECK (name <> ''),
  language     text NOT NULL,
  category     text NOT NULL CHECK (category IN ('utility','marketing')),
  provider_ref text NOT NULL CHECK (provider_ref <> ''), -- the provider's id of it
  body         text NOT NULL CHECK (body <> ''),         -- as approved, with {{1}}, {{2}} ...
  status       text NOT NULL CHECK (status IN ('active','closed')),
  version      bigint NOT NULL DEFAULT 1,
  UNIQUE (name, language)
);

-- Who of the desk began a conversation; nobody when the citizen did.
ALTER TABLE conversations ADD COLUMN started_by uuid REFERENCES staff;
-- How many somebody began within the hour.
CREATE INDEX conversations_started ON conversations (started_by, opened_at) WHERE started_by IS NOT NULL;
