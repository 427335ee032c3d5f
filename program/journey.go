package program

import (
	"time"

	"sapa/program/attendance"
	"sapa/program/incentive"
	"sapa/program/record"
)

// The states of a step.
const (
	StepDone     = "done"
	StepCurrent  = "current"
	StepBlocked  = "blocked"
	StepUpcoming = "upcoming"
)

// journey draws the line from account to job. Each step says by itself how it
// stands; then the first one that is not done becomes the current one, unless
// it is blocked, and later ones are to come.
func journey(r Record) []Step {
	steps := []Step{
		accountStep(r), registrationStep(r), batchStep(r), trainingStep(r), attendanceStep(r), certificateStep(r), incentiveStep(r),
		{Code: "job", State: StepUpcoming, Note: note("job")},
	}
	reached := false
	for i := range steps {
		switch {
		case steps[i].State == StepDone || steps[i].State == StepBlocked:
		case !reached && steps[i].State != StepUpcoming:
			steps[i].State = StepCurrent
		default:
			steps[i].State = StepUpcoming
		}
		reached = reached || steps[i].State == StepBlocked || steps[i].State == StepCurrent
	}
	return steps
}

func note(key string, pairs ...any) Note {
	n := Note{Key: "journey." + key, Params: Params{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		n.Params[pairs[i].(string)] = pairs[i+1]
	}
	return n
}

func accountStep(r Record) Step {
	if !r.Account.LockedUntil.IsZero() {
		return Step{Code: "account", State: StepBlocked, At: r.Account.LockedSince, Note: note("account_locked", "due", r.Account.LockedUntil)}
	}
	return Step{Code: "account", State: StepDone, At: r.Participant.RegisteredAt, Note: note("account", "date", r.Participant.RegisteredAt)}
}

func registrationStep(r Record) Step {
	p := r.Participant
	switch {
	case !p.BlockedAt.IsZero():
		return Step{Code: "registration", State: StepBlocked, At: p.BlockedAt, Note: note("registration_barred", "date", p.BlockedAt)}
	case p.Identity == "mismatched":
		return Step{Code: "registration", State: StepBlocked, At: p.IdentityAt, Note: note("registration_mismatch", "mismatch", "@identity_field."+p.IdentityField)}
	case p.Identity == "unchecked":
		return Step{Code: "registration", State: StepCurrent, Note: note("registration_open")}
	case p.TestDoneAt.IsZero():
		return Step{Code: "registration", State: StepCurrent, At: p.IdentityAt, Note: note("registration_test")}
	}
	return Step{Code: "registration", State: StepDone, At: p.TestDoneAt, Note: note("registration", "date", p.TestDoneAt)}
}

func batchStep(r Record) Step {
	step := Step{Code: "batch", State: StepCurrent, Note: note("batch_open")}
	if len(r.Applications) == 0 {
		return step
	}
	a := r.Applications[0]
	switch {
	case r.Participation != nil && !r.Participation.RevokedAt.IsZero():
		return Step{Code: "batch", State: StepBlocked, At: r.Participation.RevokedAt, Note: note("batch_revoked", "date", r.Participation.RevokedAt)}
	case a.Result == "selected":
		return Step{Code: "batch", State: StepDone, At: a.DecidedAt, Note: note("batch_selected", "number", a.BatchNumber, "date", a.DecidedAt)}
	case a.Result == "pending":
		step.At, step.Note = a.JoinedAt, note("batch_pending", "number", a.BatchNumber, "due", a.AnnouncedAt)
	default:
		step.At, step.Note = a.DecidedAt, note("batch_not_selected", "number", a.BatchNumber)
	}
	return step
}

func trainingStep(r Record) Step {
	step := Step{Code: "training", State: StepUpcoming, Note: note("training_open")}
	switch {
	case r.Participation == nil:
	case len(r.Trainings) > 0:
		t := r.Trainings[len(r.Trainings)-1]
		step.State, step.At, step.Note = StepDone, t.BoughtAt, note("training", "title", t.Title, "date", t.BoughtAt)
	case r.Participation.RevokedAt.IsZero():
		step.State, step.Note = StepCurrent, note("training_due", "due", r.Participation.PurchaseDueAt)
	}
	return step
}

func attendanceStep(r Record) Step {
	step := Step{Code: "attendance", State: StepUpcoming, Note: note("attendance_open")}
	present, held, total := 0, 0, 0
	var last time.Time
	for _, t := range r.Trainings {
		for _, s := range t.Sessions {
			total++
			if s.State == attendance.Planned {
				continue
			}
			held++
			if s.State == attendance.Present {
				present++
				last = s.At
			}
		}
	}
	if len(r.Trainings) == 0 {
		return step
	}
	step.At, step.Note = last, note("attendance", "present", present, "held", held, "total", total)
	switch {
	case present < held:
		step.State = StepBlocked
	case held < total:
		step.State = StepCurrent
	default:
		step.State = StepDone
	}
	return step
}

func certificateStep(r Record) Step {
	step := Step{Code: "certificate", State: StepUpcoming, Note: note("certificate_open")}
	for _, t := range r.Trainings {
		if t.Certificate != nil {
			step.State, step.At, step.Note = StepDone, t.Certificate.IssuedAt, note("certificate", "date", t.Certificate.IssuedAt)
		}
	}
	if step.State != StepDone && len(r.Trainings) > 0 {
		step.State = StepCurrent
	}
	return step
}

func incentiveStep(r Record) Step {
	step := Step{Code: "incentive", State: StepUpcoming, Note: note("incentive_open")}
	paid := int64(0)
	for _, i := range r.Incentives {
		switch i.State {
		case incentive.Returned:
			return Step{Code: "incentive", State: StepBlocked, At: returnedAt(i), Note: note("incentive_returned", "amount", i.Amount)}
		case incentive.Paid:
			paid += i.Amount
			step.State, step.At, step.Note = StepDone, i.PaidAt, note("incentive_paid", "amount", paid, "date", i.PaidAt)
		case incentive.Scheduled:
			if paid == 0 {
				step.State, step.At, step.Note = StepCurrent, i.EarnedAt, note("incentive_scheduled", "amount", i.Amount, "due", i.DueAt)
			}
		case incentive.Ordered:
			if paid == 0 {
				step.State, step.Note = StepCurrent, note("incentive_ordered", "amount", i.Amount)
			}
		}
	}
	return step
}

func returnedAt(i record.Incentive) time.Time {
	if len(i.Transfers) == 0 {
		return time.Time{}
	}
	return i.Transfers[len(i.Transfers)-1].ReturnedAt
}
