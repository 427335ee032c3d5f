package program_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"sapa/program"
	"sapa/program/access"
	"sapa/program/record"
)

// TestRecordLeavesATrace: no record is seen without a row, and a row without the
// read does not stay.
func TestRecordLeavesATrace(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, p := t.Context(), h.persona("all_well")
	err := h.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := h.core.Record(ctx, tx, agent(), p.ID, program.Why{Reason: "percakapan", CaseID: "c1"}); err != nil {
			return err
		}
		return errors.New("rolled back")
	})
	if log, _ := h.core.AccessLog(ctx, h.db, p.ID, 10); err == nil || len(log) != 0 {
		t.Fatalf("a read that was rolled back left %d rows", len(log))
	}
	if _, err := h.core.Record(ctx, h.db, agent(), p.ID, program.Why{Reason: "percakapan", CaseID: "c1"}); err != nil {
		t.Fatal(err)
	}
	log, err := h.core.AccessLog(ctx, h.db, p.ID, 10)
	if err != nil || len(log) != 1 || log[0].Actor.Name != "Rani" || log[0].CaseID != "c1" || log[0].Reason != "percakapan" {
		t.Errorf("ledger: %+v, %v", log, err)
	}
}

func TestWhoMayRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.persona("all_well")
	cases := []struct {
		name  string
		actor access.Actor
		want  bool
	}{
		{"agent", agent(), true}, {"bot", access.Robot(), true}, {"approver", approver(), true},
		{"the participant himself", access.Actor{Kind: access.Participant, ID: string(p.ID)}, true},
		{"another participant", access.Actor{Kind: access.Participant, ID: string(h.persona("redeem").ID)}, false},
		{"admin", staff(access.Admin, "Admin"), false}, {"wallboard reader", staff(access.WallboardReader, "TV"), false},
		{"quality reviewer", staff(access.QualityReviewer, "Tono"), false}, {"machine", access.Actor{Kind: access.Machine, ID: "k"}, false},
		{"nobody", access.Actor{}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := h.core.Record(t.Context(), h.db, c.actor, p.ID, program.Why{Reason: "test"})
			if (err == nil) != c.want || err != nil && !errors.Is(err, program.ErrForbidden) {
				t.Errorf("read: %v, want allowed %v", err, c.want)
			}
		})
	}
	if _, err := h.core.Record(t.Context(), h.db, agent(), "019b76da-a800-7000-8000-00000000ffff", program.Why{}); !errors.Is(err, program.ErrUnknown) {
		t.Errorf("nobody's record: %v", err)
	}
}

// TestNothingInClear looks for every sealed or masked value of a person in the
// JSON of the record, the events, the ledgers and the histories.
func TestNothingInClear(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, p := t.Context(), h.persona("returned_name")
	var secrets []string
	for _, field := range []string{program.FieldNIK, program.FieldKK, program.FieldPhone, program.FieldEmail, program.FieldBirthDate, program.FieldAccount} {
		got, err := h.core.Unmask(ctx, h.db, agent(), p.ID, field, program.Why{Reason: "cocokkan dengan KTP", CaseID: "c1"})
		if err != nil || got.Value == "" {
			t.Fatalf("unmask %s: %q, %v", field, got.Value, err)
		}
		secrets = append(secrets, got.Value)
	}
	if _, err := h.run(agent(), relink(p, "relink-0001")); err != nil {
		t.Fatal(err)
	}
	if _, err := h.run(agent(), h.reissue(p, "reissue-0001")); err != nil {
		t.Fatal(err)
	}
	secrets = append(secrets, "1234567890")
	raw, err := json.Marshal(h.record(p.ID))
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]string{"record": string(raw)}
	for _, table := range []string{"access_ledger", "audit_log", "program_events", "changes", "approvals", "remedy_keys", "payout_accounts", "one_time_codes"} {
		var dump string
		if err := h.db.NewRaw("SELECT coalesce(string_agg(x::text, '\n'), '') FROM ? AS x", bun.Ident(table)).Scan(ctx, &dump); err != nil {
			t.Fatal(err)
		}
		places[table] = dump
	}
	for _, secret := range secrets {
		for place, text := range places {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds a value in clear", place)
			}
		}
	}
}

func TestUnmask(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, p := t.Context(), h.persona("no_account")
	cases := []struct {
		name  string
		actor access.Actor
		field string
		why   program.Why
		want  error
	}{
		{"no reason", agent(), program.FieldNIK, program.Why{}, program.ErrReason},
		{"bot", access.Robot(), program.FieldNIK, program.Why{Reason: "x"}, program.ErrForbidden},
		{"quality reviewer", staff(access.QualityReviewer, "Tono"), program.FieldPhone, program.Why{Reason: "x"}, program.ErrForbidden},
		{"unknown field", agent(), "password", program.Why{Reason: "x"}, program.ErrUnknown},
		{"mother's name", agent(), "mother", program.Why{Reason: "x"}, program.ErrUnknown},
		{"no account linked", agent(), program.FieldAccount, program.Why{Reason: "x"}, program.ErrUnknown},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := h.core.Unmask(ctx, h.db, c.actor, p.ID, c.field, c.why); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	if log, _ := h.core.AccessLog(ctx, h.db, p.ID, 10); len(log) != 0 {
		t.Errorf("refused unmasking left %d rows", len(log))
	}
	for range program.UnmaskAlarm + 2 {
		if _, err := h.core.Unmask(ctx, h.db, agent(), p.ID, program.FieldPhone, program.Why{Reason: "telepon balik"}); err != nil {
			t.Fatal(err)
		}
	}
	events, _, err := h.core.Events(ctx, h.db, "", 1000)
	alarms := slices.DeleteFunc(events, func(e program.Event) bool { return e.Kind != record.EventUnmaskAlarm })
	if err != nil || len(alarms) != 1 || alarms[0].ObjectID != agent().ID {
		t.Errorf("alarms: %+v, %v, want one", alarms, err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, p := t.Context(), h.persona("returned_name")
	number := h.record(p.ID).Participant.ProgrammeNumber
	cases := []struct {
		q    string
		want int
	}{
		{"0820 0000 0001", 1}, {"+62 820-0000-0001", 1}, {"6282000000001", 1}, {"082000000099", 0},
		{"Wulandari Kusumaningrum", 1}, {"wulandari", 1}, {"KUSUMA", 1}, {"Wulandari Kusumaningrm", 1},
		{number, 1}, {number[:4] + " " + number[4:8] + " " + number[8:], 1}, {"3374015203949901", 1}, {"3374015203949902", 0},
		{"x", 0}, {"", 0}, {"%%%", 0}, {"'; DROP TABLE participants; --", 0}, {"nobody@surel.example", 0}, {"___", 0}, {"0820 0000 0017", 2},
	}
	for _, c := range cases {
		t.Run(c.q, func(t *testing.T) {
			found, err := h.core.Find(ctx, h.db, program.Search{Q: c.q}, 10)
			if err != nil || len(found) != c.want {
				t.Errorf("found %+v, %v, want %d", found, err, c.want)
			}
		})
	}
	list, err := h.core.Summaries(ctx, h.db, h.persona("redeem").ID, p.ID, "019b76da-a800-7000-8000-00000000ffff")
	if err != nil || len(list) != 2 || list[1].Name != p.Name {
		t.Errorf("summaries %+v, %v", list, err)
	}
	if list[1].PhoneMasked == p.Phone || !strings.Contains(list[1].PhoneMasked, "***") || list[1].NIKMasked != "************9901" {
		t.Errorf("summary is not masked: %+v", list[1])
	}
}

// TestEventsInOrder: an event of a transaction that commits late is neither
// skipped nor overtaken.
func TestEventsInOrder(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	emit := func(db bun.IDB, object string) {
		t.Helper()
		if err := record.Emit(ctx, db, program.Event{Kind: record.EventChanged, ObjectID: object, At: noon}); err != nil {
			t.Fatal(err)
		}
	}
	read := func(after program.Cursor) ([]string, program.Cursor) {
		t.Helper()
		events, next, err := h.core.Events(ctx, h.db, after, 100)
		if err != nil {
			t.Fatal(err)
		}
		var objects []string
		for _, e := range events {
			objects = append(objects, e.ObjectID)
		}
		return objects, next
	}
	emit(h.db, "1")
	slow, err := h.db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	emit(slow, "2")
	emit(h.db, "3")
	got, cursor := read("")
	if !slices.Equal(got, []string{"1"}) {
		t.Errorf("while one is under way: %v, want [1]", got)
	}
	if err := slow.Commit(); err != nil {
		t.Fatal(err)
	}
	got, cursor = read(cursor)
	if !slices.Equal(got, []string{"2", "3"}) {
		t.Errorf("afterwards: %v, want [2 3]", got)
	}
	if got, same := read(cursor); len(got) != 0 || same != cursor {
		t.Errorf("at the end: %v, cursor %q then %q", got, cursor, same)
	}
	if _, _, err := h.core.Events(ctx, h.db, "yesterday", 10); !errors.Is(err, program.ErrUnknown) {
		t.Errorf("broken cursor: %v", err)
	}
}
