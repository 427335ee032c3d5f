package approval_test

import (
	"errors"
	"testing"
	"time"

	"sapa/program/access"
	"sapa/program/approval"
	"sapa/program/calendar"
	"sapa/program/record"
)

func TestExpiresAt(t *testing.T) {
	t.Parallel()
	days := calendar.New(calendar.Options{Years: []int{2026}, Holidays: calendar.Decreed(2026)})
	cases := []struct{ name, asked, want string }{
		{"in the week", "2026-11-23T05:00:00Z", "2026-11-26T16:59:59Z"},
		{"over a weekend", "2026-11-20T05:00:00Z", "2026-11-25T16:59:59Z"},
		{"over the holidays of March", "2026-03-16T03:00:00Z", "2026-03-26T16:59:59Z"},
		{"into a year that is not loaded", "2026-12-30T05:00:00Z", "2027-01-06T16:59:59Z"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			asked, err := time.Parse(time.RFC3339, c.asked)
			if err != nil {
				t.Fatal(err)
			}
			got, err := approval.ExpiresAt(days, asked)
			if err != nil || got.UTC().Format(time.RFC3339) != c.want {
				t.Errorf("expires %s, %v, want %s", got.UTC().Format(time.RFC3339), err, c.want)
			}
		})
	}
}

func TestCheckDecider(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)
	asker := access.Actor{Kind: access.Staff, ID: "1", Role: access.Supervisor}
	open := record.Approval{State: approval.Open, Kind: record.ApprovalMoney, RequestedBy: asker, ExpiresAt: now.Add(time.Hour)}
	with := func(change func(*record.Approval)) record.Approval { a := open; change(&a); return a }
	other := func(role access.Role) access.Actor { return access.Actor{Kind: access.Staff, ID: "2", Role: role} }
	cases := []struct {
		name  string
		a     record.Approval
		actor access.Actor
		want  error
	}{
		{"approver", open, other(access.Approver), nil},
		{"supervisor", open, other(access.Supervisor), nil},
		{"the asker", open, asker, record.ErrSamePerson},
		{"agent", open, other(access.Agent), record.ErrForbidden},
		{"supervisor on an export", with(func(a *record.Approval) { a.Kind = record.ApprovalExport }), other(access.Supervisor), record.ErrForbidden},
		{"approver on an export", with(func(a *record.Approval) { a.Kind = record.ApprovalExport }), other(access.Approver), nil},
		{"unheard-of kind", with(func(a *record.Approval) { a.Kind = "gift" }), other(access.Approver), record.ErrForbidden},
		{"decided", with(func(a *record.Approval) { a.State = approval.Approved }), other(access.Approver), record.ErrDecided},
		{"too late", with(func(a *record.Approval) { a.ExpiresAt = now.Add(-time.Second) }), other(access.Approver), record.ErrDecided},
		{"a bot with the same id", open, access.Actor{Kind: access.Bot, ID: "1"}, record.ErrForbidden},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := approval.CheckDecider(c.a, c.actor, now); !errors.Is(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
