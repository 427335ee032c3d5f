package program

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/access"
	"sapa/program/account"
	"sapa/program/approval"
	"sapa/program/attendance"
	"sapa/program/batch"
	"sapa/program/calendar"
	"sapa/program/incentive"
	"sapa/program/record"
	"sapa/program/registration"
	"sapa/program/scholarship"
	"sapa/program/survey"
	"sapa/program/training"
)

// Record reads everything about one participant, masked, and writes the access
// row in the same transaction: whoever has seen it stands in the ledger. A
// participant may read his own, staff and bot by permission.
func (c *Core) Record(ctx context.Context, tx bun.IDB, actor access.Actor, id ParticipantID, why Why) (Record, error) {
	if !mayRead(actor, id) {
		return Record{}, fmt.Errorf("read record %s: %w", id, ErrForbidden)
	}
	r, err := c.read(ctx, tx, id)
	if err != nil {
		return Record{}, err
	}
	err = access.Record(ctx, tx, access.Entry{
		Actor: actor, ParticipantID: string(id), Action: access.Read, Fields: []string{"record"}, Reason: why.Reason, CaseID: why.CaseID, At: r.At,
	})
	return r, err
}

// read puts the record together, without a trace: only for callers that leave
// one.
func (c *Core) read(ctx context.Context, db bun.IDB, id ParticipantID) (Record, error) {
	r := Record{At: c.now()}
	for _, fill := range []func(context.Context, bun.IDB, ParticipantID, *Record) error{
		fillPerson, fillBatch, fillTraining, fillMoney, fillHistory,
	} {
		if err := fill(ctx, db, id, &r); err != nil {
			return Record{}, err
		}
	}
	r.Journey = journey(r)
	r.Facts = facts(r)
	r.Diagnoses = record.Diagnose(r, rules())
	for _, remedy := range c.remedies() {
		r.Remedies = append(r.Remedies, remedy.Offer(r))
	}
	return r, nil
}

func fillPerson(ctx context.Context, db bun.IDB, id ParticipantID, r *Record) (err error) {
	if r.Participant, err = registration.Read(ctx, db, id); err != nil {
		return err
	}
	r.Account, err = account.Read(ctx, db, id, r.At)
	return err
}

func fillBatch(ctx context.Context, db bun.IDB, id ParticipantID, r *Record) (err error) {
	if r.Applications, err = batch.Applications(ctx, db, id); err != nil {
		return err
	}
	r.Participation, err = batch.Participation(ctx, db, id)
	return err
}

func fillTraining(ctx context.Context, db bun.IDB, id ParticipantID, r *Record) (err error) {
	if r.Trainings, err = training.Read(ctx, db, id); err != nil {
		return err
	}
	sessions, err := attendance.Sessions(ctx, db, id, r.At)
	if err != nil {
		return err
	}
	for i := range r.Trainings {
		r.Trainings[i].Sessions = sessions[r.Trainings[i].ID]
	}
	r.Surveys, err = survey.Read(ctx, db, id)
	return err
}

func fillMoney(ctx context.Context, db bun.IDB, id ParticipantID, r *Record) (err error) {
	if r.PayoutAccount, err = incentive.ReadAccount(ctx, db, id, r.Participant.Name); err != nil {
		return err
	}
	if r.Incentives, err = incentive.Read(ctx, db, id); err != nil {
		return err
	}
	r.Balance, err = scholarship.Balance(ctx, db, id)
	return err
}

func fillHistory(ctx context.Context, db bun.IDB, id ParticipantID, r *Record) (err error) {
	if r.Changes, err = changes(ctx, db, ChangeFilter{ParticipantID: id, Limit: 50}); err != nil {
		return err
	}
	open, _, err := approval.List(ctx, db, approval.Filter{List: "open", ParticipantID: id, Limit: 20})
	r.Approvals = open
	return err
}

// Fields that Unmask opens.
const (
	FieldNIK       = registration.FieldNIK
	FieldKK        = registration.FieldKK
	FieldPhone     = registration.FieldPhone
	FieldEmail     = registration.FieldEmail
	FieldBirthDate = registration.FieldBirthDate
	FieldAccount   = "account"
)

// UnmaskAlarm is how many fields one person may unmask a day before a supervisor
// is alarmed (ISO 27001 A.8.15-16).
const UnmaskAlarm = 100

// Unmasked is a field in clear, once.
type Unmasked struct {
	Value string
	// Today is how many fields the actor has unmasked today (WIB), this one
	// included. Past UnmaskAlarm an event was written for the supervisor.
	Today int
}

// Unmask opens one field for one reason. Who, when, whose, which field and why go
// into access ledger and audit log; the value goes into neither.
func (c *Core) Unmask(ctx context.Context, tx bun.IDB, actor access.Actor, id ParticipantID, field string, why Why) (Unmasked, error) {
	if !actor.May(access.RecordUnmask) {
		return Unmasked{}, fmt.Errorf("unmask %s: %w", field, ErrForbidden)
	}
	if why.Reason == "" {
		return Unmasked{}, fmt.Errorf("unmask %s: %w", field, ErrReason)
	}
	value, err := c.reveal(ctx, tx, id, field)
	if err != nil {
		return Unmasked{}, err
	}
	now := c.now()
	err = access.Record(ctx, tx, access.Entry{Actor: actor, ParticipantID: string(id), Action: access.Unmask,
		Fields: []string{field}, Reason: why.Reason, CaseID: why.CaseID, At: now})
	if err != nil {
		return Unmasked{}, err
	}
	err = access.Audit(ctx, tx, access.AuditEntry{Actor: actor, Action: "record.unmask." + field, Object: "participant", ObjectID: string(id), Reason: why.Reason, At: now})
	if err != nil {
		return Unmasked{}, err
	}
	count, err := c.countUnmask(ctx, tx, actor, now)
	return Unmasked{Value: value, Today: count}, err
}

func (c *Core) reveal(ctx context.Context, tx bun.IDB, id ParticipantID, field string) (string, error) {
	if field == FieldAccount {
		return incentive.RevealAccount(ctx, tx, c.options.Box, id)
	}
	return registration.Reveal(ctx, tx, c.options.Box, id, field)
}

// countUnmask counts today's and raises the alarm once, when the limit is passed.
func (c *Core) countUnmask(ctx context.Context, tx bun.IDB, actor access.Actor, now time.Time) (int, error) {
	count, err := access.CountUnmasks(ctx, tx, actor.ID, calendar.DateIn(now, calendar.WIB).Start(calendar.WIB))
	if err != nil || count != UnmaskAlarm+1 {
		return count, err
	}
	return count, record.Emit(ctx, tx, Event{Kind: record.EventUnmaskAlarm, ObjectID: actor.ID, At: now, Data: map[string]any{"count": count}})
}

// AccessLog returns who has seen this participant's record, newest first.
func (c *Core) AccessLog(ctx context.Context, db bun.IDB, id ParticipantID, limit int) ([]access.Entry, error) {
	return access.Entries(ctx, db, access.Filter{ParticipantID: string(id), Limit: limit})
}
