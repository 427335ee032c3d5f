package ticketing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/program/access"
	"sapa/ticketing/team"
)

// languageGrace is how long a citizen waits for somebody who speaks their
// language while all of those are busy; then anybody of the queue helps, since
// everybody reads Indonesian and the bot's summary. Ours.
const languageGrace = 2 * time.Minute

// routeBatch is how many waiting conversations one routing looks at.
const routeBatch = 200

// routeLock serialises routing between processes: "rout" in ASCII.
const routeLock = 0x726f7574

// waiter is a conversation in a queue, server an agent with free hands.
type (
	waiter struct {
		ID         ConversationID
		Queue      team.QueueID
		Kind       string
		Skill      string
		SkillLevel int
		Wanted     []string `bun:",array"` // languages, one of which is asked for
		Limits     team.Limits
		Language   string
		Declined   Declines
		QueuedAt   time.Time
	}
	server struct {
		Staff     team.StaffID
		Name      string
		Free      int
		Load      int
		Since     time.Time
		Queues    []string       `bun:",array"`
		Languages []string       `bun:",array"`
		Skills    map[string]int // level by code
		Limits    team.Limits
		Held      map[string]int // conversations in hand by kind of channel
	}
	match struct {
		waiter waiter
		staff  team.StaffID
		name   string
	}
)

// pair gives the waiting, in their order, to whoever serves their queue, has the
// skill and free hands, and best the language. Of several, the one with the
// least in hand and the longest without is chosen. Pure.
func (p Pace) pair(waiting []waiter, servers []server, now time.Time) []match {
	servers = slices.Clone(servers)
	for i := range servers {
		servers[i].Held = maps.Clone(servers[i].Held)
	}
	var matches []match
	for _, one := range waiting {
		i := p.choose(one, servers, now)
		if i < 0 {
			continue
		}
		matches = append(matches, match{one, servers[i].Staff, servers[i].Name})
		servers[i].Free--
		servers[i].Load++
		servers[i].hold(one.Kind)
		servers[i].Since = now
	}
	return matches
}

// choose is the place of the best server for a waiter, or -1.
func (p Pace) choose(one waiter, servers []server, now time.Time) int {
	best, speakers, rest := -1, false, p.declineRest(one, servers, now)
	for i, s := range servers {
		if !s.serves(one) || one.Declined.rests(s.Staff, now, rest) {
			continue
		}
		speaker := s.speaks(one.Language)
		speakers = speakers || speaker
		if s.Free <= 0 || s.full(one) || best >= 0 && !better(s, speaker, servers[best], servers[best].speaks(one.Language)) {
			continue
		}
		best = i
	}
	if best >= 0 && !servers[best].speaks(one.Language) && speakers && now.Sub(one.QueuedAt) < languageGrace {
		return -1 // a speaker is on duty and may be free soon
	}
	return best
}

// declineRest is how long those who passed on a conversation are left in peace:
// shorter when there is nobody else, not even somebody who is busy now.
func (p Pace) declineRest(one waiter, servers []server, now time.Time) time.Duration {
	for _, s := range servers {
		if s.serves(one) && !one.Declined.rests(s.Staff, now, p.DeclineRest) {
			return p.DeclineRest
		}
	}
	return p.DeclineRestAlone
}

func (s server) serves(one waiter) bool {
	return slices.Contains(s.Queues, string(one.Queue)) &&
		(one.Skill == "" || s.Skills[one.Skill] >= max(one.SkillLevel, team.LevelLearning)) &&
		(len(one.Wanted) == 0 || slices.ContainsFunc(one.Wanted, s.speaks))
}

// full tells whether the person's own limit for this kind of channel, or that of
// the queue, is reached.
func (s server) full(one waiter) bool {
	for _, limits := range []team.Limits{s.Limits, one.Limits} {
		if most, set := limits[one.Kind]; set && s.Held[one.Kind] >= most {
			return true
		}
	}
	return false
}

func (s *server) hold(kind string) {
	if s.Held == nil {
		s.Held = map[string]int{}
	}
	s.Held[kind]++
}

func (s server) speaks(language string) bool {
	return language == "ind" || language == "" || slices.Contains(s.Languages, language)
}

func better(a server, aSpeaks bool, b server, bSpeaks bool) bool {
	if aSpeaks != bSpeaks {
		return aSpeaks
	}
	return cmp.Or(cmp.Compare(a.Load, b.Load), a.Since.Compare(b.Since), cmp.Compare(a.Staff, b.Staff)) < 0
}

// Route drains the queues: it gives waiting conversations, the urgent, then
// those of the queue to be served first, then the oldest, to available agents, and tells how many it gave. One routing
// runs at a time, so a conversation gets exactly one owner and nobody more than
// their capacity.
func (d *Desk) Route(ctx context.Context) (int, error) {
	given := 0
	err := d.do(ctx, access.Timer(), func(ctx context.Context, w *work) error {
		given = 0
		if _, err := w.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", routeLock); err != nil {
			return fmt.Errorf("routing lock: %w", err)
		}
		servers, err := freeServers(ctx, w, w.at.Add(-d.pace.HeartbeatLost))
		if err != nil || !anyFree(servers) {
			return err
		}
		waiting, err := waiters(ctx, w, staffedQueues(servers))
		if err != nil {
			return err
		}
		for _, m := range d.pace.pair(waiting, servers, w.at) {
			taken, err := w.offerApart(ctx, m)
			if err != nil {
				return err
			}
			if taken {
				given++
			}
		}
		return nil
	})
	return given, err
}

// offerApart gives one conversation in a savepoint of its own, so that one that
// cannot be given holds up nobody behind it.
func (w *work) offerApart(ctx context.Context, m match) (bool, error) {
	if _, err := w.ExecContext(ctx, "SAVEPOINT offer"); err != nil {
		return false, fmt.Errorf("begin offer: %w", err)
	}
	before := *w
	err := w.offer(ctx, m)
	if err == nil {
		_, err = w.ExecContext(ctx, "RELEASE SAVEPOINT offer")
		return err == nil, err
	}
	if passing(err) || ctx.Err() != nil {
		return false, err
	}
	if _, undo := w.ExecContext(ctx, "ROLLBACK TO SAVEPOINT offer"); undo != nil {
		return false, errors.Join(err, undo)
	}
	*w = before
	delete(w.held, m.waiter.ID)
	w.desk.log.ErrorContext(ctx, "conversation cannot be given", "conversation", m.waiter.ID, "error", err)
	return false, nil
}

// offer gives one conversation as its queue says: at once, or ringing.
func (w *work) offer(ctx context.Context, m match) error {
	c, err := w.lock(ctx, m.waiter.ID)
	if err != nil {
		return err
	}
	w.agreeing = append(w.agreeing, m.staff)
	queue, err := team.QueueByID(ctx, w, c.Queue)
	if err != nil {
		return err
	}
	if queue.AutoAccept {
		if err := w.handTo(ctx, c, m.staff, m.name, "routed"); err != nil {
			return err
		}
		return w.save(ctx, c)
	}
	w.ring(c, m.staff, queue)
	if err := w.event(ctx, c, "offered", map[string]string{"staff": string(m.staff)}); err != nil {
		return err
	}
	return w.save(ctx, c)
}

func anyFree(servers []server) bool {
	return slices.ContainsFunc(servers, func(s server) bool { return s.Free > 0 })
}

// staffedQueues lists the queues that somebody with free hands serves: others
// must not fill the batch.
func staffedQueues(servers []server) []string {
	var queues []string
	for _, s := range servers {
		if s.Free > 0 {
			queues = append(queues, s.Queues...)
		}
	}
	slices.Sort(queues)
	return slices.Compact(queues)
}

// waiters holds the rows it returns; those that another transaction holds are
// left to the routing that follows it.
func waiters(ctx context.Context, db bun.IDB, queues []string) ([]waiter, error) {
	var list []waiter
	err := db.NewRaw(`SELECT c.id, c.queue_id AS queue, c.kind, q.skill, q.skill_level, q.languages AS wanted, q.limits, c.language, c.declines AS declined, c.queued_at
		FROM conversations c JOIN queues q ON q.id = c.queue_id
		WHERE c.state = 'queued' AND c.queue_id = ANY(?::uuid[])
		ORDER BY c.priority, q.priority, c.queued_at, c.id LIMIT ? FOR UPDATE OF c SKIP LOCKED`, pgdialect.Array(queues), routeBatch).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("read waiting: %w", err)
	}
	return list, nil
}

// freeServers reads everybody who is available and heard of, also those with
// full hands: they tell whether a speaker of a language is on duty.
func freeServers(ctx context.Context, db bun.IDB, alive time.Time) ([]server, error) {
	var list []server
	err := db.NewRaw(`SELECT s.id AS staff, s.name, s.capacity - load.n AS free, load.n AS load, load.last AS since, s.limits,
			coalesce((SELECT array_agg(q.id::text) FROM queue_staff m JOIN queues q ON q.id = m.queue_id
				WHERE m.staff_id = s.id AND q.status = 'active'), '{}') AS queues,
			coalesce((SELECT array_agg(k.code) FROM staff_skills k WHERE k.staff_id = s.id AND k.kind = 'language'), '{}') AS languages,
			coalesce((SELECT jsonb_object_agg(k.code, k.level) FROM staff_skills k WHERE k.staff_id = s.id AND k.kind = 'skill'), '{}') AS skills,
			coalesce((SELECT jsonb_object_agg(h.kind, h.n) FROM (SELECT c.kind, count(*) AS n FROM conversations c
				WHERE c.assignee_id = s.id AND c.state IN ('ringing','agent','wrap_up') GROUP BY c.kind) h), '{}') AS held
		FROM presence p JOIN staff s ON s.id = p.staff_id AND s.status = 'active' AND s.role = ANY(?1::text[])
		CROSS JOIN LATERAL (SELECT count(*) AS n, coalesce(max(c.assigned_at), p.since) AS last FROM conversations c
			WHERE c.assignee_id = s.id AND c.state IN ('ringing','agent','wrap_up')) load
		WHERE p.chosen = 'available' AND p.heartbeat_at >= ?0 ORDER BY s.id`, alive, pgdialect.Array(answering())).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("read available agents: %w", err)
	}
	return list, nil
}

// answering lists the roles that conversations are given to.
func answering() []string {
	var roles []string
	for _, role := range access.Roles() {
		if access.Allows(role, access.ConversationReply) && role != access.Supervisor {
			roles = append(roles, string(role))
		}
	}
	return roles
}
