package ticketing

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/ticketing/team"
)

// Wait is a citizen's place in the queue, from 1, and the range in which their
// turn is expected. From and To are zero when too little is known to say.
type Wait struct {
	Place    int
	From, To time.Duration
}

// Known tells whether a range can be shown.
func (w Wait) Known() bool { return w.To > 0 }

// fewestSamples is below how many handled contacts no wait is told (decision 5).
const fewestSamples = 10

// expect is decision 5: place times the median handling time over the staffed
// slots. The range reaches from half to one and a half of it (ours), in whole
// minutes, since a single number would be false precision.
func expect(place, samples, slots int, median time.Duration) Wait {
	wait := Wait{Place: place}
	if samples < fewestSamples || slots <= 0 || median <= 0 {
		return wait
	}
	middle := time.Duration(place) * median / time.Duration(slots)
	wait.From = (middle / 2).Truncate(time.Minute)
	wait.To = max((middle*3/2 + time.Minute - 1).Truncate(time.Minute), wait.From+time.Minute)
	wait.From = max(wait.From, time.Minute)
	wait.To = max(wait.To, wait.From+time.Minute)
	return wait
}

// waitOf reads place, median handling time of the queue's last 200 contacts and
// the slots of its agents who are heard of since alive, in one query.
func waitOf(ctx context.Context, db bun.IDB, c *Conversation, alive time.Time) (Wait, error) {
	if c.QueuedAt == nil {
		return Wait{}, nil
	}
	var place, samples, slots int
	var median float64
	err := db.NewRaw(`SELECT
			(SELECT count(*) FROM conversations o WHERE o.state = 'queued' AND o.queue_id = ?0 AND o.id <> ?1
				AND (o.priority, o.queued_at, o.id) < (?2, ?3, ?1)) + 1,
			h.n, coalesce(h.median, 0),
			(SELECT coalesce(sum(s.capacity), 0) FROM presence p JOIN staff s ON s.id = p.staff_id
				JOIN queue_staff m ON m.staff_id = s.id WHERE m.queue_id = ?0 AND p.chosen = 'available' AND p.heartbeat_at >= ?4)
		FROM (SELECT count(*) AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM wrap_to - from_at)) AS median
			FROM (SELECT from_at, wrap_to FROM handlings WHERE queue_id = ?0 AND wrap_to IS NOT NULL AND answered
				ORDER BY wrap_to DESC LIMIT 200) AS recent) AS h`,
		c.Queue, c.ID, c.Priority, c.QueuedAt, alive).Scan(ctx, &place, &samples, &median, &slots)
	if err != nil {
		return Wait{}, fmt.Errorf("expected wait of %s: %w", c.ID, err)
	}
	return expect(place, samples, slots, time.Duration(median*float64(time.Second))), nil
}

// staffedNow tells whether anybody who serves the queue is available and heard of
// since alive.
func staffedNow(ctx context.Context, db bun.IDB, queue team.QueueID, alive time.Time) (bool, error) {
	var staffed bool
	err := db.NewRaw(`SELECT EXISTS (SELECT FROM presence p JOIN queue_staff m ON m.staff_id = p.staff_id
		WHERE m.queue_id = ? AND p.chosen = 'available' AND p.heartbeat_at >= ?)`, queue, alive).Scan(ctx, &staffed)
	if err != nil {
		return false, fmt.Errorf("look for staff of queue %s: %w", queue, err)
	}
	return staffed, nil
}
