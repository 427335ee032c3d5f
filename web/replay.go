package web

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sapa/channels"
	"sapa/channels/spool"
)

// replayEvery is how often the spool is looked at: a citizen's message that
// waited for PostgreSQL is late by no more than this.
const replayEvery = 5 * time.Second

// spooled is a proved webhook for the spool.
func spooled(inbox channels.Inbox, request channels.Request) spool.Record {
	return spool.Record{Kind: inbox.Kind, Inbox: inbox.Slug, Request: request}
}

// ReplaySpool hands what waits in the spool to the desk, until ctx ends. Run it
// in the process that takes webhooks: the spool's folder is its own.
func (s *Server) ReplaySpool(ctx context.Context) error {
	tick := time.NewTicker(replayEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if _, err := s.ReplayOnce(ctx); err != nil && ctx.Err() == nil {
				s.options.Log.WarnContext(ctx, "spool not replayed", "error", err)
			}
		}
	}
}

// ReplayOnce hands over what waits now and returns how many webhooks were taken.
// It costs one look at a folder when there are none.
func (s *Server) ReplayOnce(ctx context.Context) (int, error) {
	waiting, parked, err := s.options.Spool.Waiting()
	s.metrics.spool.WithLabelValues("waiting").Set(float64(waiting))
	s.metrics.spool.WithLabelValues("parked").Set(float64(parked))
	if err != nil || waiting == 0 {
		return 0, err
	}
	if err := s.options.DB.PingContext(ctx); err != nil {
		return 0, errors.Join(spool.ErrAway, err)
	}
	return s.options.Spool.Replay(ctx, s.replay)
}

// replay proves a spooled webhook again and stores its events; receipts see to it
// that what was stored already is not stored twice.
func (s *Server) replay(ctx context.Context, record spool.Record) error {
	inbox, err := s.options.Inboxes.BySlug(ctx, record.Kind, record.Inbox)
	if err != nil {
		return orAway(err)
	}
	adapter, err := s.options.Adapters.Of(inbox.Kind)
	if err != nil {
		return err
	}
	events, err := adapter.Parse(ctx, inbox, record.Request)
	if err != nil {
		return fmt.Errorf("parse spooled webhook: %w", err)
	}
	return orAway(s.options.Desk.Receive(ctx, inbox, events))
}

// orAway marks errors that say that the database is away, which count against no
// event.
func orAway(err error) error {
	if err != nil && away(err) {
		return errors.Join(spool.ErrAway, err)
	}
	return err
}
