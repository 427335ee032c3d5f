package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels/bus"
	"sapa/program/access"
)

const (
	pauseAfter = 3 * 24 * time.Hour // of failing, over a weekend
	quietMost  = 5 * time.Minute    // between looks at an endpoint that fails
)

// noteHealth remembers since when an endpoint fails, leaves it in peace for longer
// and longer, and pauses it when that has gone on for days or it wants no more.
func (h *Hooks) noteHealth(ctx context.Context, e Endpoint, good, gone bool) error {
	now := h.now().UTC()
	if good {
		if e.FailingSince == nil {
			return nil
		}
		_, err := h.db.NewRaw("UPDATE webhook_endpoints SET failing_since = NULL, failures = 0, retry_at = NULL WHERE id = ?", e.ID).Exec(ctx)
		return err
	}
	quiet := min(time.Second<<min(e.Failures, 9), quietMost)
	_, err := h.db.NewRaw(`UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, ?0), failures = failures + 1, retry_at = ?1
		WHERE id = ?2`, now, now.Add(quiet), e.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("note failure of endpoint %s: %w", e.ID, err)
	}
	switch {
	case gone:
		return h.pause(ctx, e, Gone)
	case e.FailingSince != nil && now.Sub(*e.FailingSince) >= pauseAfter:
		return h.pause(ctx, e, Failing)
	}
	return nil
}

// pause stops telling an endpoint until an administrator says otherwise; their
// screens show it.
func (h *Hooks) pause(ctx context.Context, e Endpoint, reason string) error {
	after := e
	after.State, after.PauseReason = Paused, reason
	err := h.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewRaw("UPDATE webhook_endpoints SET state = 'paused', pause_reason = ?, version = version + 1 WHERE id = ? AND state = 'active'",
			reason, e.ID).Exec(ctx)
		if err := changedOne(result, err, ErrStale); err != nil {
			return err
		}
		entry := access.AuditEntry{Actor: access.Timer(), Action: "webhook.pause", Object: Object, ObjectID: e.ID, At: h.now()}
		return access.AuditChange(ctx, tx, entry, e, after)
	})
	if errors.Is(err, ErrStale) { // somebody was quicker
		return nil
	}
	if err == nil && h.bus != nil {
		h.log.WarnContext(ctx, "webhook endpoint paused", "endpoint", e.ID, "reason", reason)
		_ = h.bus.Publish(ctx, bus.Signal{Topic: bus.Setting, ID: Object}) // a lost one is seen at the next look
	}
	return err
}
