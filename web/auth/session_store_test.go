package auth

import (
	"testing"
	"time"

	"sapa/migrations/dbtest"
)

// TestAnEndedSessionStaysEnded: a request that began before the sign-out and ends
// after it stores its session last.
func TestAnEndedSessionStaysEnded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	store := &sessionStore{db: dbtest.New(t), now: func() time.Time { return now }}
	later := now.Add(time.Hour)
	steps := []struct {
		name string
		do   func() error
		want bool
	}{
		{"begun", func() error { return store.CommitCtx(t.Context(), "a", []byte("x"), later) }, true},
		{"used", func() error { return store.CommitCtx(t.Context(), "a", []byte("y"), later) }, true},
		{"ended", func() error { return store.DeleteCtx(t.Context(), "a") }, false},
		{"a slow request ends", func() error { return store.CommitCtx(t.Context(), "a", []byte("z"), later) }, false},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if _, found, err := store.FindCtx(t.Context(), "a"); found != step.want || err != nil {
			t.Errorf("%s: found %v, %v; want %v", step.name, found, err, step.want)
		}
	}
}
