package seed

import (
	"fmt"
	"time"

	"sapa/program/incentive"
	"sapa/program/record"
	"sapa/program/seed/draw"
	"sapa/program/survey"
)

// link links an account; holder "" means the participant's own name.
func (l *life) link(at time.Time, holder, state string) *incentive.LoadedAccount {
	list := incentive.Institutions()
	return l.linkAt(list[l.rng.IntN(len(list))], at, holder, state)
}

func (l *life) linkAt(institution incentive.Institution, at time.Time, holder, state string) *incentive.LoadedAccount {
	if holder == "" {
		holder = l.person.Name
	}
	number := "08" + fmt.Sprintf("%010d", l.g.next())
	if institution.Kind == "bank" {
		number = "99" + fmt.Sprintf("%010d", l.g.next())
	}
	l.money.Accounts = append(l.money.Accounts, incentive.LoadedAccount{
		ID: draw.ID(l.rng, at), ParticipantID: l.person.ID, Institution: institution, Number: number, Holder: holder, State: state, LinkedAt: at})
	return &l.money.Accounts[len(l.money.Accounts)-1]
}

// owe writes an incentive that waits for a condition.
func (l *life) owe(kind string, sequence int, amount int64, waitsFor string) *incentive.LoadedIncentive {
	l.money.Incentives = append(l.money.Incentives, incentive.LoadedIncentive{
		ID: draw.ID(l.rng, l.now), ParticipantID: l.person.ID, Kind: kind, Sequence: sequence, Amount: amount, State: incentive.Waiting, WaitsFor: waitsFor})
	return &l.money.Incentives[len(l.money.Incentives)-1]
}

// schedule meets the conditions: it is due five days later.
func (l *life) schedule(i *incentive.LoadedIncentive, earned time.Time) {
	i.State, i.WaitsFor, i.EarnedAt, i.DueAt = incentive.Scheduled, "", earned, earned.Add(5*24*time.Hour)
}

// order writes a payment order to the account.
func (l *life) order(i *incentive.LoadedIncentive, a *incentive.LoadedAccount, at time.Time) *incentive.LoadedTransfer {
	i.State = incentive.Ordered
	attempt := 1
	for _, t := range l.money.Transfers {
		if t.IncentiveID == i.ID {
			attempt++
		}
	}
	l.money.Transfers = append(l.money.Transfers, incentive.LoadedTransfer{
		ID: draw.ID(l.rng, at), OrderRef: "SP" + at.UTC().Format("060102") + newCode(l.rng, 10), IncentiveID: i.ID, AccountID: a.ID,
		ParticipantID: l.person.ID, Attempt: attempt, Amount: i.Amount, State: incentive.Ordered, OrderedAt: at})
	return &l.money.Transfers[len(l.money.Transfers)-1]
}

// send hands the order to the bank.
func send(t *incentive.LoadedTransfer) {
	t.State, t.SentAt = incentive.Sent, t.OrderedAt.Add(3*time.Hour)
}

// settle is the bank's good answer, bounce its bad one.
func settle(i *incentive.LoadedIncentive, t *incentive.LoadedTransfer, at time.Time) {
	send(t)
	t.State, t.SettledAt = incentive.Settled, at
	i.State, i.PaidAt = incentive.Paid, at
}

func bounce(i *incentive.LoadedIncentive, t *incentive.LoadedTransfer, code string, at time.Time) {
	send(t)
	t.State, t.ReturnedAt, t.ReturnCode = incentive.Returned, at, code
	i.State = incentive.Returned
}

// pay pays an earned incentive the ordinary way, three days after it is due.
func (l *life) pay(i *incentive.LoadedIncentive, a *incentive.LoadedAccount, earned time.Time) time.Time {
	l.schedule(i, earned)
	ordered := earned.Add(between(l.rng, 1, 3))
	arrived := ordered.Add(between(l.rng, 0.5, 2))
	settle(i, l.order(i, a, ordered), arrived)
	if i.Kind == incentive.Completion {
		l.person.Stage = record.StagePaid
	}
	return arrived
}

// invite asks for a survey; answered is zero when it is open.
func (l *life) invite(s survey.Survey, answered time.Time) {
	l.invitations = append(l.invitations, survey.Invitation{ParticipantID: l.person.ID, SurveyID: s.ID, InvitedAt: s.OpensAt, AnsweredAt: answered})
}
