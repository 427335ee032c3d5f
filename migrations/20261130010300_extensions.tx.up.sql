-- A second promise, made once by a supervisor (R-31); due_at stays the first one.
ALTER TABLE tickets ADD COLUMN extension_days smallint NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN extension_reason text NOT NULL DEFAULT '';
ALTER TABLE tickets ADD COLUMN extended_due_at timestamptz;
