package web_test

import (
	"context"
	"testing"
	"time"

	"sapa/program/access"
)

// TestBoardIsNoOlderThanAskedFor: a board that somebody was given a moment before
// a change must not be pushed as the news of it.
func TestBoardIsNoOlderThanAskedFor(t *testing.T) {
	t.Parallel()
	e := open(t)
	reader := access.Actor{Kind: access.Staff, Role: access.WallboardReader}
	long := time.Now().Add(-time.Hour)
	available := func(since time.Time) int {
		t.Helper()
		board, err := e.web.Board(context.Background(), reader, "ind", since)
		must(t, err)
		return board.AgentCounts["available"]
	}
	if n := available(long); n != 0 {
		t.Fatalf("%d available before anybody is", n)
	}
	e.Agent()
	if n := available(long); n != 0 {
		t.Errorf("%d available: a board of just now was read again", n)
	}
	if n := available(time.Now()); n != 1 {
		t.Errorf("%d available after the change, want 1", n)
	}
	if n := available(long); n != 1 {
		t.Errorf("%d available: the newer board was not kept", n)
	}
}
