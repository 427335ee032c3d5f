-- Service hours as a setting. Each row holds from a day in WIB on, until the next
-- one does, so that what was counted in the past is counted the same way again.
CREATE TABLE desk_hours (
  id                 uuid PRIMARY KEY,
  from_day           date NOT NULL UNIQUE,
  closed_on_days_off boolean NOT NULL DEFAULT false,
  version            bigint NOT NULL DEFAULT 1
);

-- weekday 0 is Sunday. Minutes since midnight of the day on which a period begins;
-- one that does not close after it opens closes on the next day.
CREATE TABLE desk_periods (
  hours_id uuid NOT NULL REFERENCES desk_hours ON DELETE CASCADE,
  weekday  smallint NOT NULL CHECK (weekday BETWEEN 0 AND 6),
  opens    smallint NOT NULL CHECK (opens BETWEEN 0 AND 1439),
  closes   smallint NOT NULL CHECK (closes BETWEEN 0 AND 1440 AND closes <> opens),
  PRIMARY KEY (hours_id, weekday, opens)
);

-- What was hard-wired until now: every day 08:00 to 20:00, holidays too.
INSERT INTO desk_hours (id, from_day) VALUES ('019b0000-0000-7000-8000-000000000001', '0001-01-01');
INSERT INTO desk_periods (hours_id, weekday, opens, closes)
  SELECT '019b0000-0000-7000-8000-000000000001', day, 480, 1200 FROM generate_series(0, 6) AS day;

-- Of two rows for one day and kind the later speaks, as in package calendar.
CREATE VIEW days_off AS
  SELECT DISTINCT day FROM (
    SELECT DISTINCT ON (day, kind) day, withdrawn FROM holidays ORDER BY day, kind, valid_from DESC NULLS LAST, id DESC
  ) AS latest WHERE NOT withdrawn;

-- A wait that is over keeps the figure it was given when it ended.
ALTER TABLE queue_stays ALTER COLUMN waited_s DROP EXPRESSION;

--bun:split

-- desk_seconds counts the seconds inside service hours between two instants;
-- calendar.Desk is the same in Go. The day on which a period begins decides by
-- which hours it counts and whether it is a day off.
CREATE OR REPLACE FUNCTION desk_seconds(since timestamptz, until timestamptz) RETURNS double precision LANGUAGE sql STABLE STRICT AS $$
  SELECT coalesce(sum(extract(epoch FROM upper(open) - lower(open))), 0)::double precision
  FROM unnest((
    SELECT range_agg(tstzrange(greatest(p.from_at, since), least(p.to_at, until)))
    FROM (SELECT (since AT TIME ZONE interval '7 hours')::date - 1 + n AS day -- a night of the day before may still be open
      FROM generate_series(0, (until AT TIME ZONE interval '7 hours')::date - (since AT TIME ZONE interval '7 hours')::date + 1) AS n) AS d
    CROSS JOIN LATERAL (SELECT id, closed_on_days_off FROM desk_hours WHERE from_day <= d.day ORDER BY from_day DESC LIMIT 1) AS h
    JOIN LATERAL (
      SELECT (d.day + interval '1 minute' * opens) AT TIME ZONE interval '7 hours' AS from_at,
        (d.day + interval '1 minute' * (closes + CASE WHEN closes <= opens THEN 1440 ELSE 0 END)) AT TIME ZONE interval '7 hours' AS to_at
      FROM desk_periods WHERE hours_id = h.id AND weekday = extract(dow FROM d.day)
    ) AS p ON p.from_at < until AND p.to_at > since
    WHERE since < until AND NOT (h.closed_on_days_off AND EXISTS (SELECT FROM days_off o WHERE o.day = d.day))
  )) AS open
$$;

--bun:split

CREATE FUNCTION stay_waited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.waited_s := CASE WHEN NEW.left_at IS NOT NULL THEN desk_seconds(NEW.counted_from, NEW.left_at) END;
  RETURN NEW;
END $$;
CREATE TRIGGER stay_waited BEFORE INSERT OR UPDATE OF counted_from, left_at ON queue_stays FOR EACH ROW EXECUTE FUNCTION stay_waited();
