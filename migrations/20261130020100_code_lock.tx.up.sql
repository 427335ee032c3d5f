-- Wrong one-time codes are counted, and locked, by the address that was typed,
-- whether or not anybody is registered there: a lock that only accounts have
-- would tell a stranger which numbers are ours. The columns of accounts that
-- counted before are read by nothing any more.
CREATE TABLE code_locks (
  address      text PRIMARY KEY,
  failed_codes integer NOT NULL CHECK (failed_codes > 0),
  failed_since timestamptz NOT NULL,
  locked_at    timestamptz,
  locked_until timestamptz,
  CHECK ((locked_at IS NULL) = (locked_until IS NULL))
);
CREATE INDEX code_locks_since ON code_locks (failed_since);

INSERT INTO code_locks (address, failed_codes, failed_since, locked_at, locked_until)
SELECT p.phone, max(a.failed_codes), max(a.failed_since), max(a.locked_at), max(a.locked_until)
FROM accounts AS a JOIN participants AS p ON p.id = a.participant_id
WHERE p.phone IS NOT NULL AND a.failed_codes > 0 AND a.failed_since IS NOT NULL
GROUP BY p.phone;
