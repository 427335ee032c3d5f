package ticketing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"sapa/channels/bus"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// SetPresence stores what the actor chose. Whoever signs off gives the
// conversations in hand back to their old place in the queue.
func (d *Desk) SetPresence(ctx context.Context, actor access.Actor, chosen, reason string) (Presence, error) {
	if !actor.May(access.PresenceSet) {
		return Presence{}, ErrForbidden
	}
	if err := checkChoice(chosen, reason); err != nil {
		return Presence{}, err
	}
	if chosen != ChosenBreak {
		reason = ""
	}
	staff := team.StaffID(actor.ID)
	err := d.do(ctx, actor, func(ctx context.Context, w *work) error { return w.choose(ctx, staff, chosen, reason, "left") })
	if err != nil {
		return Presence{}, err
	}
	return d.PresenceOf(ctx, staff)
}

// choose stores a choice; cause says why conversations go back if it is offline.
func (w *work) choose(ctx context.Context, staff team.StaffID, chosen, reason, cause string) error {
	if chosen == ChosenOffline {
		w.agreeing = append(w.agreeing, staff)
		if err := w.giveBackAll(ctx, staff, cause); err != nil {
			return err
		}
	}
	_, err := w.NewRaw(`INSERT INTO presence AS p (staff_id, chosen, reason, state, since, heartbeat_at) VALUES (?0, ?1, ?2, 'offline', ?3, ?3)
		ON CONFLICT (staff_id) DO UPDATE SET chosen = EXCLUDED.chosen, reason = EXCLUDED.reason, heartbeat_at = EXCLUDED.heartbeat_at`,
		staff, chosen, reason, w.at).Exec(ctx)
	if err != nil {
		return fmt.Errorf("set presence: %w", err)
	}
	w.touch(staff)
	w.route = w.route || chosen == ChosenAvailable
	return nil
}

// giveBackAll returns what somebody holds: open contacts to the queue, finished
// ones to the archive.
func (w *work) giveBackAll(ctx context.Context, staff team.StaffID, cause string) error {
	var ids []ConversationID
	err := w.NewRaw(`SELECT id FROM conversations WHERE assignee_id = ? AND state IN ('ringing','agent','wrap_up') ORDER BY id FOR UPDATE`,
		staff).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("conversations of %s: %w", staff, err)
	}
	for _, id := range ids {
		c, err := w.lock(ctx, id)
		if err != nil {
			return err
		}
		if c.State == StateWrapUp {
			err = w.finish(ctx, c)
		} else {
			err = w.back(ctx, c, cause)
		}
		if err != nil {
			return err
		}
		if err := w.save(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// Heartbeat says that somebody's console is open, also of those who are offline:
// they may hold what they claimed. Without one for Pace.HeartbeatLost the
// conversations in hand go back to the queue.
func (d *Desk) Heartbeat(ctx context.Context, staff team.StaffID) error {
	_, err := d.db.NewRaw(`INSERT INTO presence (staff_id, chosen, reason, state, since, heartbeat_at) VALUES (?0, 'offline', '', 'offline', ?1, ?1)
		ON CONFLICT (staff_id) DO UPDATE SET heartbeat_at = EXCLUDED.heartbeat_at`, staff, d.now()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("heartbeat: %w", err)
	}
	return nil
}

// PresenceOf reads one person's presence; who never signed on is offline.
func (d *Desk) PresenceOf(ctx context.Context, staff team.StaffID) (Presence, error) {
	list, err := Presences(ctx, d.db, staff)
	if err != nil {
		return Presence{}, err
	}
	if len(list) == 0 {
		return Presence{}, fmt.Errorf("staff %s: %w", staff, ErrNotFound)
	}
	return list[0], nil
}

// Presences reads the presence of these members of staff, or of all active ones,
// in two index-only steps, ordered by id.
func Presences(ctx context.Context, db bun.IDB, staff ...team.StaffID) ([]Presence, error) {
	ids := make([]string, len(staff))
	for i, id := range staff {
		ids[i] = string(id)
	}
	var list []Presence
	err := db.NewRaw(`SELECT s.id AS staff, coalesce(p.state, 'offline') AS state, coalesce(p.chosen, 'offline') AS chosen,
			coalesce(p.reason, '') AS reason, coalesce(p.since, s.created_at) AS since, s.capacity,
			(SELECT count(*) FROM conversations c WHERE c.assignee_id = s.id AND c.state IN ('ringing','agent','wrap_up')) AS load
		FROM staff s LEFT JOIN presence p ON p.staff_id = s.id
		WHERE s.status = 'active' AND (?0 OR s.id = ANY(?1::uuid[])) ORDER BY s.id`, len(ids) == 0, pgdialect.Array(ids)).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("read presence: %w", err)
	}
	return list, nil
}

func chosenOf(ctx context.Context, db bun.IDB, staff team.StaffID) (string, error) {
	chosen := ChosenOffline
	err := db.NewRaw("SELECT chosen FROM presence WHERE staff_id = ?", staff).Scan(ctx, &chosen)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read presence: %w", err)
	}
	return chosen, nil
}

// touch asks for the presence of somebody to be derived anew before the commit.
func (w *work) touch(staff team.StaffID) {
	if !slices.Contains(w.touched, staff) {
		w.touched = append(w.touched, staff)
	}
}

// refreshPresence derives the state of everybody touched, in the order of ids so
// that two transactions never wait for each other.
func (w *work) refreshPresence(ctx context.Context) error {
	slices.Sort(w.touched)
	for _, staff := range w.touched {
		if err := w.refreshOne(ctx, staff); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) refreshOne(ctx context.Context, staff team.StaffID) error {
	var chosen, reason string
	err := w.NewRaw(`SELECT chosen, reason FROM presence WHERE staff_id = ? FOR UPDATE`, staff).Scan(ctx, &chosen, &reason)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // was given a conversation without ever signing on
	}
	if err != nil {
		return fmt.Errorf("read presence: %w", err)
	}
	var h hands
	err = w.NewRaw(`SELECT count(*) FILTER (WHERE state = 'ringing'), count(*) FILTER (WHERE state = 'agent'), count(*) FILTER (WHERE state = 'wrap_up')
		FROM conversations WHERE assignee_id = ? AND state IN ('ringing','agent','wrap_up')`, staff).Scan(ctx, &h.Ringing, &h.Agent, &h.WrapUp)
	if err != nil {
		return fmt.Errorf("count load: %w", err)
	}
	if chosen == ChosenOffline && h.Agent+h.Ringing > 0 && slices.Contains(w.agreeing, staff) {
		return errAgain // a contact was given while its new holder signed off: nobody would answer it
	}
	state := derive(chosen, h)
	w.signal(bus.Presence, string(staff), 0)
	return w.logPresence(ctx, staff, state, reason)
}

// logPresence writes the derived state, closing the last stretch of the log when
// it changed.
func (w *work) logPresence(ctx context.Context, staff team.StaffID, state PresenceState, reason string) error {
	_, err := w.NewRaw(`WITH changed AS (
			UPDATE presence SET state = ?1, since = ?2 WHERE staff_id = ?0 AND state <> ?1 RETURNING staff_id
		)
		UPDATE presence_log SET to_at = ?2 WHERE staff_id = ?0 AND to_at IS NULL AND (state, reason) <> (?1, ?3)`, staff, state, w.at, reason).Exec(ctx)
	if err != nil {
		return fmt.Errorf("log presence: %w", err)
	}
	_, err = w.NewRaw(`INSERT INTO presence_log (id, staff_id, state, reason, from_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (staff_id) WHERE to_at IS NULL DO NOTHING`, team.NewID(), staff, state, reason, w.at).Exec(ctx)
	if err != nil {
		return fmt.Errorf("log presence: %w", err)
	}
	return nil
}

// vanished finds whose console has not been heard of since the instant.
func vanished(ctx context.Context, db bun.IDB, since time.Time) ([]team.StaffID, error) {
	var ids []team.StaffID
	err := db.NewRaw(`SELECT staff_id FROM presence WHERE chosen <> 'offline' AND heartbeat_at < ? ORDER BY staff_id LIMIT 200`, since).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find vanished staff: %w", err)
	}
	return ids, nil
}
