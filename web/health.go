package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"sapa/channels"
)

// handleHealth says that the process lives; nothing is asked of others.
func (s *Server) handleHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

// readyWithin bounds the look at all parts; a load balancer asks every few
// seconds.
const readyWithin = 3 * time.Second

// lagLimit is how late an outgoing message may be before the worker counts as
// failing: citizens are promised an acknowledgement within 60 s.
const lagLimit = time.Minute

// part is one thing the desk cannot work without.
type part struct {
	name  string
	check func(context.Context) error
}

func (s *Server) parts() []part {
	return []part{
		{"postgres", func(ctx context.Context) error { return s.options.DB.PingContext(ctx) }},
		{"redis", func(ctx context.Context) error { return s.options.Redis.Ping(ctx).Err() }},
		{"blob", s.blobReached},
		{"worker", s.workerLag},
	}
}

func (s *Server) blobReached(ctx context.Context) error {
	reached, err := s.options.Bucket.IsAccessible(ctx)
	if err == nil && !reached {
		err = errors.New("bucket is not accessible")
	}
	return err
}

func (s *Server) workerLag(ctx context.Context) error {
	now := s.options.Now()
	backlog, err := channels.CountBacklog(ctx, s.options.DB, now)
	if err != nil {
		return err
	}
	if !backlog.Oldest.IsZero() && now.Sub(backlog.Oldest) > lagLimit {
		return fmt.Errorf("%d messages wait, the oldest for %s", backlog.Queued, now.Sub(backlog.Oldest).Truncate(time.Second))
	}
	return nil
}

// handleReady names the parts that fail: 503 with any.
func (s *Server) handleReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	parts := s.parts()
	faults := make([]error, len(parts))
	done := make(chan int, len(parts))
	for i, p := range parts {
		go func() {
			faults[i] = p.check(ctx)
			done <- i
		}()
	}
	states := map[string]string{}
	status := http.StatusOK
	for range parts {
		select {
		case i := <-done:
			states[parts[i].name] = state(faults[i])
			if faults[i] != nil {
				s.options.Log.WarnContext(ctx, "not ready", "part", parts[i].name, "error", faults[i])
			}
		case <-ctx.Done(): // go-redis does not end a read with its context
		}
	}
	for _, p := range parts {
		if states[p.name] == "" {
			states[p.name] = "slow"
		}
		if states[p.name] != "ok" {
			status = http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"ready": status == http.StatusOK, "parts": states, "sealed_inboxes": s.sealedInboxes(ctx)})
}

// sealedInboxes names the inboxes that cannot be used because their settings do
// not open. The desk is ready without them: to take it out of service would stop
// the others as well.
func (s *Server) sealedInboxes(ctx context.Context) []string {
	names := []string{}
	inboxes, err := s.options.Inboxes.All(ctx)
	if err != nil {
		return names // the database is away, which its own part says
	}
	for _, inbox := range inboxes {
		if inbox.Sealed() {
			names = append(names, string(inbox.Kind)+"/"+inbox.Slug)
		}
	}
	slices.Sort(names)
	return names
}

// state is a word for the world; the error may name hosts and is for the log.
func state(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, context.DeadlineExceeded):
		return "slow"
	default:
		return "failing"
	}
}
