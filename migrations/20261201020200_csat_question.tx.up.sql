-- The question about satisfaction as administrators write it. A change is a new
-- version and none is ever altered: each row of csat names the one that was asked.
-- texts holds a sentence a language; off the inboxes in which nobody is asked.
CREATE TABLE csat_questions (
  version bigint PRIMARY KEY,
  texts   jsonb NOT NULL CHECK (texts ? 'ind' AND texts ? 'eng'),
  off     uuid[] NOT NULL DEFAULT '{}',
  from_at timestamptz NOT NULL
);

-- What was asked until now.
INSERT INTO csat_questions (version, texts, from_at) VALUES (1, '{
  "ind": "Bagaimana layanan kami tadi?",
  "eng": "How was our service?",
  "jav": "Kadospundi layanan kula wau?",
  "sun": "Kumaha layanan kami tadi?"
}', '2026-01-01 00:00+07');

-- Empty for a rating that was given without being asked for.
ALTER TABLE csat ADD COLUMN question bigint DEFAULT 1 REFERENCES csat_questions;
ALTER TABLE csat ALTER COLUMN question DROP DEFAULT;
