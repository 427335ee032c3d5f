package seed

import (
	"context"
	"fmt"
	"time"

	"sapa/ticketing"
)

// trendQuery is the wallboard's headline as it stood in each minute of the last
// hour. ?0 is the last minute, ?1 the beginning of today.
const trendQuery = `
INSERT INTO wallboard_minutes (minute, waiting, longest_wait, service_level, abandoned, agents_available, csat)
SELECT m.at, s.waiting, s.longest, s.in_time::float8 / nullif(s.answered + s.abandoned, 0), s.abandoned::float8 / nullif(s.offered, 0), a.free, r.good
FROM generate_series(?0::timestamptz - interval '59 minutes', ?0::timestamptz, interval '1 minute') AS m(at)
CROSS JOIN LATERAL (
	SELECT count(*) FILTER (WHERE left_at > m.at) AS waiting,
		desk_seconds(min(counted_from) FILTER (WHERE left_at > m.at), m.at) AS longest,
		count(*) FILTER (WHERE offered_at >= ?1) AS offered,
		count(*) FILTER (WHERE offered_at >= ?1 AND left_at <= m.at AND how = 'answered') AS answered,
		count(*) FILTER (WHERE offered_at >= ?1 AND left_at <= m.at AND how = 'answered' AND left_at <= due_at) AS in_time,
		count(*) FILTER (WHERE offered_at >= ?1 AND left_at <= m.at AND how = 'abandoned') AS abandoned
	FROM queue_stays WHERE offered_at <= m.at AND offered_at >= ?1::timestamptz - interval '1 day'
) AS s
CROSS JOIN LATERAL (
	SELECT count(*) AS free FROM presence_log l JOIN staff ON staff.id = l.staff_id
	WHERE l.from_at <= m.at AND l.to_at > m.at AND l.from_at >= ?1::timestamptz - interval '1 day' AND l.state IN ('available','on_contact','wrap_up')
		AND (SELECT count(*) FROM handlings h WHERE h.staff_id = l.staff_id AND h.from_at <= m.at AND h.wrap_to > m.at) < staff.capacity
) AS a
CROSS JOIN LATERAL (
	SELECT avg((score >= 4)::int)::float8 AS good FROM csat WHERE rated_at >= ?1 AND rated_at <= m.at
) AS r
ON CONFLICT DO NOTHING`

// trend records the last hour's minutes, which the living desk would have
// recorded; where it did, they stay.
func (g *generator) trend(ctx context.Context) error {
	_, err := g.options.DB.NewRaw(trendQuery, g.now.Truncate(time.Minute), midnight(g.now)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("record the last hour of the wallboard: %w", err)
	}
	return ticketing.ForgetKeptDays(ctx, g.options.DB) // the loaded days were summed without what came now
}
