package account_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/channels"
	"sapa/program/account"
	"sapa/program/record"
)

// TestASharedPhone: one code opens all who proved the phone, and nobody who did
// not.
func TestASharedPhone(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	sibling, mistyped := d.person(home), d.person(home)
	if _, err := d.db.ExecContext(t.Context(), "UPDATE participants SET phone_proved_at = NULL WHERE id = ?", mistyped); err != nil {
		t.Fatal(err)
	}
	started := d.mustStart()
	if got := d.check(started.CodeID, d.secret()); len(got.People) != 2 || !slices.Contains(got.People, d.who) || !slices.Contains(got.People, sibling) {
		t.Errorf("opened %v, want %s and %s", got.People, d.who, sibling)
	}
}

// ageOfATry lets a few tries share a code and the rate of the hour be felt.
const ageOfATry = 25 * time.Second

// TestWhoIsRegisteredIsNotTold goes through waits, tries, a second code and the
// lock with the number of somebody, of a household and of nobody.
func TestWhoIsRegisteredIsNotTold(t *testing.T) {
	t.Parallel()
	seen := func(people int) string {
		d := newDoor(t)
		phone := "+6282000000077"
		for range people {
			d.person(phone)
		}
		var told []string
		begin := func() account.Started {
			started, err := d.start(phone)
			told = append(told, fmt.Sprint(err, started.AddressMasked, started.ExpiresAt))
			return started
		}
		try := func(id string) {
			verdict := d.check(id, "000000")
			told = append(told, fmt.Sprint(verdict))
		}
		first := begin()
		begin()
		d.forward(account.ResendAfter)
		code := begin()
		try(first.CodeID)
		for range account.LockAfter {
			try(code.CodeID)
			d.forward(ageOfATry)
			if again := begin(); again.CodeID != "" {
				code = again
			}
		}
		try(code.CodeID)
		d.forward(account.LockFor)
		begin()
		if people == 0 && len(d.sent) > 0 {
			t.Error("a code was sent to a number of nobody")
		}
		return strings.Join(told, "\n")
	}
	nobody := seen(0)
	if !strings.Contains(nobody, string(account.Locked)) {
		t.Errorf("a number of nobody was never locked:\n%s", nobody)
	}
	for _, people := range []int{1, 3} {
		if got := seen(people); got != nobody {
			t.Errorf("a number of %d is answered\n%s\none of nobody\n%s", people, got, nobody)
		}
	}
}

// TestANumberThatMayNotBeWrittenTo tells no more than another.
func TestANumberThatMayNotBeWrittenTo(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	d.blocked = &channels.Blocked{Reason: channels.OptedOut}
	if started, err := d.start(home); err != nil || started.CodeID == "" || started.OutboxID != "" {
		t.Errorf("started %+v, %v", started, err)
	}
}

// TestUnlock opens the phone for all who share it.
func TestUnlock(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	sibling := d.person(home)
	if _, err := d.db.ExecContext(t.Context(), `INSERT INTO code_locks VALUES (?, 9, ?, ?, ?)`, home, noon, noon, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	read, err := account.Read(t.Context(), d.db, sibling, noon)
	if err != nil || read.LockedUntil.IsZero() {
		t.Fatalf("account of a locked phone: %+v, %v", read, err)
	}
	task := record.Task{Record: record.Record{Participant: record.Participant{Summary: record.Summary{ID: sibling}}}}
	plan, err := account.Unlock().Plan(t.Context(), d.db, task)
	if err == nil {
		err = plan.Do(t.Context(), d.db)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.start(home); err != nil {
		t.Errorf("after unlocking: %v", err)
	}
}
