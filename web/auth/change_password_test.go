package auth_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"sapa/program/access"
)

// Guesses of the current password count as those of signing in do, and slow down
// with them, also when the next one is right.
func TestGuessesOfTheCurrentPasswordCount(t *testing.T) {
	t.Parallel()
	d := open(t, access.Agent, false)
	ctx := context.Background()
	d.signIn(d.staff.Email, password)
	for range 3 {
		if got := d.call("/password", "old=salah sama sekali", "new=teh manis sore hari").StatusCode; got != http.StatusUnauthorized {
			t.Fatalf("a wrong current password: %d", got)
		}
	}
	d.fresh()
	d.signIn(d.staff.Email, "salah juga")
	var counted []int
	if err := d.db.NewRaw("SELECT count(*) FROM sign_in_failures GROUP BY account").Scan(ctx, &counted); err != nil || len(counted) != 1 || counted[0] != 4 {
		t.Fatalf("failures by account %v, %v, want 4 of one", counted, err)
	}
	d.signIn(d.staff.Email, password)
	for range 96 { // the address has failed a hundred times now
		_, err := d.db.NewRaw("INSERT INTO sign_in_failures VALUES (?, ?, '192.0.2.1', ?)", uuid.NewString(), []byte("others"), d.now()).Exec(ctx)
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := d.call("/password", "old="+password, "new=teh manis sore hari").StatusCode; got != http.StatusTooManyRequests {
		t.Fatalf("from an address that fails everywhere: %d", got)
	}
}

func TestANewPasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	d := open(t, access.Agent, false)
	d.signIn(d.staff.Email, password)
	other := d.client
	d.fresh()
	d.signIn(d.staff.Email, password)
	if got := d.call("/password", "old="+password, "new=teh manis sore hari").StatusCode; got != http.StatusOK {
		t.Fatalf("change: %d", got)
	}
	if d.who() == "" {
		t.Error("the session that changed it ended")
	}
	d.client = other
	if who := d.who(); who != "" {
		t.Errorf("another session still is %s's", who)
	}
}
