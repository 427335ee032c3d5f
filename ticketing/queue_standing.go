package ticketing

import (
	"context"
	"fmt"

	"sapa/ticketing/team"
)

// QueueStanding is an active queue with how many wait in it now and how many of
// its people are ready for another conversation.
type QueueStanding struct {
	ID        team.QueueID
	Slug      string
	Name      string
	Team      team.TeamID
	TeamName  string
	Waiting   int
	Available int
}

// QueueStandings reads all active queues in their order, in one query.
func (d *Desk) QueueStandings(ctx context.Context) ([]QueueStanding, error) {
	var list []QueueStanding
	err := d.db.NewRaw(`SELECT q.id, q.slug, q.name, q.team_id AS team, t.name AS team_name,
			(SELECT count(*) FROM conversations c WHERE c.queue_id = q.id AND c.state = 'queued') AS waiting,
			(SELECT count(*) FROM queue_staff m JOIN presence p ON p.staff_id = m.staff_id JOIN staff s ON s.id = m.staff_id
				WHERE m.queue_id = q.id AND s.status = 'active' AND p.chosen = 'available' AND p.heartbeat_at >= ?
				AND (SELECT count(*) FROM conversations c WHERE c.assignee_id = s.id AND c.state IN ('ringing','agent','wrap_up')) < s.capacity) AS available
		FROM queues q JOIN teams t ON t.id = q.team_id WHERE q.status = 'active' ORDER BY q.sort, q.name`, d.now().Add(-d.pace.HeartbeatLost)).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("read queues: %w", err)
	}
	return list, nil
}
