package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	atOnce     = 4               // calls to one endpoint at the same time
	batch      = 16              // rows of one round
	lease      = 2 * time.Minute // after which a row of a dead process is due again
	snippetMax = 1 << 10         // bytes kept of an answer
)

// tries are the waits after each failed try, a day in all.
func tries() []time.Duration {
	return []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 8 * time.Hour}
}

// jitter spreads retries by this share to either side.
const jitter = 0.2

// Tell sends what is due to an endpoint until nothing is, nothing arrives or time is
// up. Of one object only the oldest event is sent, so that none overtakes.
func (h *Hooks) Tell(ctx context.Context, id string) error {
	for ctx.Err() == nil {
		e, err := ByID(ctx, h.db, id)
		if err != nil || e.State != Active || e.RetryAt != nil && h.now().Before(*e.RetryAt) {
			return err
		}
		rows, err := h.claim(ctx, id)
		if err != nil || len(rows) == 0 {
			return err
		}
		good, err := h.round(ctx, e, rows)
		if err != nil || !good {
			return err
		}
	}
	return nil
}

// claim takes the due heads of objects and holds them for the time of a call.
func (h *Hooks) claim(ctx context.Context, id string) ([]Delivery, error) {
	var rows []Delivery
	now := h.now().UTC()
	err := h.db.NewRaw(`WITH heads AS (
		SELECT d.id FROM webhook_deliveries d WHERE d.endpoint_id = ?0 AND d.state = 'pending' AND d.due_at <= ?1
			AND NOT EXISTS (SELECT FROM webhook_deliveries b WHERE b.endpoint_id = ?0 AND b.object_id = d.object_id AND b.state = 'pending' AND b.id < d.id)
		ORDER BY d.id LIMIT ?2 FOR UPDATE SKIP LOCKED)
		UPDATE webhook_deliveries d SET attempts = d.attempts + 1, due_at = ?3 FROM heads WHERE d.id = heads.id RETURNING d.*`,
		id, now, batch, now.Add(lease)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("claim deliveries of %s: %w", id, err)
	}
	return rows, nil
}

// round sends rows and stores what became of each; good says that some arrived: an
// event that a receiver chokes on is no failure of the receiver.
func (h *Hooks) round(ctx context.Context, e Endpoint, rows []Delivery) (good bool, err error) {
	keys, err := h.keys(e)
	if err != nil {
		return false, err
	}
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := range rows {
		group.Go(func() error {
			h.try(ctx, e, &rows[i], keys)
			return h.store(context.WithoutCancel(ctx), rows[i]) // the call was made, whatever ended meanwhile
		})
	}
	if err := group.Wait(); err != nil {
		return false, err
	}
	gone := false
	for _, d := range rows {
		good = good || d.State == delivered
		gone = gone || d.Status == http.StatusGone
	}
	return good, h.noteHealth(ctx, e, good, gone)
}

// message is what a receiver reads. Its shape is a contract.
type message struct {
	Version   int            `json:"version"`
	Type      string         `json:"type"`
	Timestamp time.Time      `json:"timestamp"`
	Sequence  int64          `json:"sequence"`
	Object    string         `json:"object_id"`
	Data      map[string]any `json:"data"`
}

func (h *Hooks) body(ctx context.Context, e Endpoint, d Delivery) ([]byte, error) {
	m := message{Version: 1, Type: d.Event, Timestamp: d.At.UTC(), Sequence: d.ID, Object: d.Object}
	if err := json.Unmarshal(d.Data, &m.Data); err != nil {
		return nil, fmt.Errorf("data of delivery %d: %w", d.ID, err)
	}
	if seq, ok := m.Data["seq"].(float64); ok && e.WithText && (d.Event == MessageReceived || d.Event == MessageSent) {
		text, err := h.text(ctx, d.Object, int64(seq))
		if err != nil {
			return nil, fmt.Errorf("text of delivery %d: %w", d.ID, err)
		}
		m.Data["text"] = text
	}
	return json.Marshal(m)
}

// try makes one call and writes into the row what became of it.
func (h *Hooks) try(ctx context.Context, e Endpoint, d *Delivery, keys [][]byte) {
	began := time.Now()
	status, snippet, err := h.call(ctx, e, *d, keys)
	now := h.now().UTC()
	d.Status, d.Snippet, d.LatencyMS, d.TriedAt, d.Fault = status, snippet, int(time.Since(began).Milliseconds()), &now, ""
	switch {
	case err == nil && status >= 200 && status < 300:
		d.State = delivered
		return
	case err != nil:
		d.Fault = faultOf(err)
	default:
		d.Fault = "status"
	}
	waits := tries()
	if d.Attempts > len(waits) {
		d.State = dead
		h.log.WarnContext(ctx, "webhook given up", "endpoint", e.ID, "delivery", d.ID, "event", d.Event)
		return
	}
	wait := waits[d.Attempts-1]
	d.DueAt = now.Add(wait + time.Duration((2*h.random()-1)*jitter*float64(wait)))
}

func (h *Hooks) call(ctx context.Context, e Endpoint, d Delivery, keys [][]byte) (status int, snippet string, err error) {
	if err := h.checkURL(e.URL); err != nil { // what was allowed once may be no more
		return 0, "", errNotPublic
	}
	body, err := h.body(ctx, e, d)
	if err != nil {
		return 0, "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Sapa-Webhook/1")
	sign(request.Header, d.MessageID, h.now(), body, keys)
	response, err := h.http.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(response.Body, snippetMax)) // its status counts, whatever follows
	return response.StatusCode, strings.ReplaceAll(strings.ToValidUTF8(string(answer), "\ufffd"), "\x00", "\ufffd"), nil
}

// faultOf is a code for the log: errors of the network may hold addresses inside.
func faultOf(err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, errNotPublic):
		return "not_public"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	default:
		return "unreachable"
	}
}

// store writes what became of a try, unless the row was replayed meanwhile.
func (h *Hooks) store(ctx context.Context, d Delivery) error {
	_, err := h.db.NewUpdate().Model(&d).Column("state", "due_at", "status", "fault", "latency_ms", "snippet", "tried_at").
		Where("id = ? AND attempts = ? AND state = 'pending'", d.ID, d.Attempts).Exec(ctx)
	if err != nil {
		return fmt.Errorf("store delivery %d: %w", d.ID, err)
	}
	return nil
}

// Object is what the audit log and signals call an endpoint.
const Object = "webhook"
