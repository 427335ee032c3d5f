package program_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"sapa/channels/seal"
	"sapa/migrations/dbtest"
	"sapa/migrations/sealtest"
	"sapa/program"
	"sapa/program/access"
	"sapa/program/calendar"
	"sapa/program/seed"
)

// noon is a Sunday: three working days later is Wednesday.
var noon = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

// clock is a Now that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// house is a database with the demo's named participants and a Core on it.
type house struct {
	t     *testing.T
	db    *bun.DB
	core  *program.Core
	box   *seal.Box
	clock *clock
}

func newHouse(t *testing.T) *house {
	t.Helper()
	box := sealtest.Box(t)
	db, url := dbtest.NewWithURL(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seed.Load(t.Context(), conn, seed.Options{Participants: len(program.DemoPersonas()), Seed: 1, Now: noon, Box: box}); err != nil {
		t.Fatal(err)
	}
	_ = conn.Close(t.Context())
	h := &house{t: t, db: db, box: box, clock: &clock{at: noon}}
	h.core, err = program.New(program.Options{
		Box: box, Now: h.clock.now, Log: slog.New(slog.DiscardHandler),
		Calendar: func(context.Context) (*calendar.Calendar, error) {
			return calendar.New(calendar.Options{Years: []int{2026}, Holidays: calendar.Decreed(2026)}), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) persona(key string) program.Persona {
	h.t.Helper()
	for _, p := range program.DemoPersonas() {
		if p.Key == key {
			return p
		}
	}
	h.t.Fatalf("no persona %s", key)
	return program.Persona{}
}

func (h *house) record(id program.ParticipantID) program.Record {
	h.t.Helper()
	r, err := h.core.Record(h.t.Context(), h.db, access.Timer(), id, program.Why{Reason: "test"})
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func staff(role access.Role, name string) access.Actor {
	return access.Actor{Kind: access.Staff, ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String(), Name: name, Role: role}
}

func agent() access.Actor    { return staff(access.Agent, "Rani") }
func approver() access.Actor { return staff(access.Approver, "Bayu") }

// run runs a remedy in a transaction of its own.
func (h *house) run(actor access.Actor, q program.RemedyRequest) (program.Outcome, error) {
	var outcome program.Outcome
	err := h.db.RunInTx(h.t.Context(), nil, func(ctx context.Context, tx bun.Tx) (err error) {
		outcome, err = h.core.RunRemedy(ctx, tx, actor, q)
		return err
	})
	return outcome, err
}

func (h *house) decide(actor access.Actor, id string, approve bool, note string) (program.Approval, error) {
	var decided program.Approval
	err := h.db.RunInTx(h.t.Context(), nil, func(ctx context.Context, tx bun.Tx) (err error) {
		decided, err = h.core.Decide(ctx, tx, actor, id, approve, note)
		return err
	})
	return decided, err
}

// relink is a request that puts the account into the persona's own name.
func relink(p program.Persona, key string) program.RemedyRequest {
	return program.RemedyRequest{
		ParticipantID: p.ID, Code: "relink_payout_account", Key: key, Reason: "rekening atas nama sendiri", Evidence: []string{"foto-1"},
		Input: program.Input{"institution": "lentera", "number": "1234 5678 90", "holder": p.Name},
		Case:  program.CaseRef{ConversationID: "c1", TicketID: "t1"},
	}
}

// reissue is a request to pay the returned incentive again.
func (h *house) reissue(p program.Persona, key string) program.RemedyRequest {
	h.t.Helper()
	for _, i := range h.record(p.ID).Incentives {
		if i.State == "returned" {
			return program.RemedyRequest{ParticipantID: p.ID, Code: "reissue_transfer", Key: key, Reason: "rekening sudah benar",
				Input: program.Input{"incentive": i.ID}, Case: program.CaseRef{TicketID: "t1"}}
		}
	}
	h.t.Fatal("no returned incentive")
	return program.RemedyRequest{}
}

func value(lines []program.Line, field string) any {
	for _, l := range lines {
		if l.Field == field {
			return l.Value
		}
	}
	return nil
}

func diagnosed(r program.Record, code string) bool {
	for _, d := range r.Diagnoses {
		if d.Code == code {
			return true
		}
	}
	return false
}
