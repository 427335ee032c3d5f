-- What supervisors' reports are summed from.

-- The wait of a stay that is over, in seconds of desk hours, worked out once.
ALTER TABLE queue_stays ADD COLUMN waited_s double precision GENERATED ALWAYS AS
  (CASE WHEN left_at IS NOT NULL THEN desk_seconds(counted_from, left_at) END) STORED;

-- A conversation's language and subject without its row, for sums by them.
CREATE INDEX conversations_about ON conversations (id) INCLUDE (language, intent);
CREATE INDEX conversations_ended_day ON conversations (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX csat_asked_day ON csat (asked_at);
CREATE INDEX presence_log_end ON presence_log (coalesce(to_at, 'infinity'::timestamptz));
CREATE INDEX tickets_decided_day ON tickets (decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX tickets_due_day ON tickets (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX queue_stays_moved ON queue_stays (conversation_id) WHERE how = 'flow_out';

-- Days whose sums can change no more, so that a long report reads a few hundred
-- rows a day less than it has contacts. dimension is what they are told apart by;
-- sums stand in the order of ticketing.Sums. The row '' of dimension '' says that
-- a day is here whole. Everything can be deleted: it is summed again.
CREATE TABLE report_days (
  day       date NOT NULL,
  dimension text NOT NULL,
  code      text NOT NULL,
  sums      double precision[] NOT NULL,
  PRIMARY KEY (day, dimension, code)
);
