package incentive

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/program/record"
)

// ReissueCode names the remedy that pays a returned incentive again.
const ReissueCode = "reissue_transfer"

// Reissue orders a returned incentive anew, to the account in use. It moves
// money: a second person approves.
func Reissue() record.Remedy {
	return record.Remedy{
		Code: ReissueCode, Approval: record.ApprovalMoney,
		Fields: reissueFields, Blocked: reissueBlocked, Plan: planReissue,
	}
}

func reissueFields(r record.Record) []record.Field {
	options := []record.Option{}
	for _, i := range r.Incentives {
		if i.State == Returned {
			options = append(options, record.Option{Value: i.ID, Label: fmt.Sprintf("@incentive_kind.%s", i.Kind)})
		}
	}
	return []record.Field{{Name: "incentive", Kind: "select", Required: true, Options: options}}
}

func reissueBlocked(r record.Record) *record.Note {
	at := slices.IndexFunc(r.Incentives, func(i record.Incentive) bool { return i.State == Returned })
	switch {
	case at < 0:
		return record.Because("remedy.blocked.nothing_returned")
	case r.Participant.Stage == record.StageBlocked || r.Participation != nil && !r.Participation.RevokedAt.IsZero():
		return record.Because("remedy.blocked.participant_barred")
	case r.PayoutAccount == nil:
		return record.Because("remedy.blocked.no_account")
	case r.PayoutAccount.State != Linked:
		return record.Because("remedy.blocked.account_not_usable")
	case !r.PayoutAccount.NameMatches:
		return record.Because("remedy.blocked.account_name")
	}
	for _, i := range r.Incentives {
		if i.State == Returned && !accountMustChange(i, r.PayoutAccount.ID) {
			return nil
		}
	}
	return record.Because("remedy.blocked.account_unchanged")
}

// accountMustChange reports whether paying to the same account again would only
// be returned again.
func accountMustChange(i record.Incentive, account string) bool {
	t := last(i)
	return t != nil && t.AccountID == account && t.ReturnCode != ReturnUnsaid && KnownReturn(t.ReturnCode)
}

func planReissue(ctx context.Context, tx bun.IDB, task record.Task) (record.Plan, error) {
	if faults := record.CheckForm(reissueFields(task.Record), task.Input); len(faults) > 0 {
		return record.Plan{}, faults
	}
	owed, err := lockIncentive(ctx, tx, task.Input["incentive"], task.Record.Participant.ID)
	if err != nil {
		return record.Plan{}, err
	}
	at := slices.IndexFunc(task.Record.Incentives, func(i record.Incentive) bool { return i.ID == owed.ID })
	if owed.State != Returned || at < 0 {
		return record.Plan{}, &record.Refused{Because: *record.Because("remedy.blocked.nothing_returned")}
	}
	account, shown := task.Record.PayoutAccount, task.Record.Incentives[at]
	if accountMustChange(shown, account.ID) {
		return record.Plan{}, &record.Refused{Because: *record.Because("remedy.blocked.account_unchanged")}
	}
	before := last(shown)
	if before == nil {
		return record.Plan{}, fmt.Errorf("returned incentive %s has no transfer: %w", owed.ID, record.ErrStale)
	}
	order := transferOrder{
		ID: uuid.Must(uuid.NewV7()).String(), Ref: newOrderRef(task.Now), IncentiveID: owed.ID, Participant: task.Record.Participant.ID,
		AccountID: account.ID, Attempt: len(shown.Transfers) + 1, Amount: owed.Amount, At: task.Now,
	}
	return record.Plan{
		ObjectID: owed.ID, Amount: owed.Amount,
		Before: transferLines(owed.Amount, before.Institution, before.NumberMasked, before.Holder, Returned, before.ReturnCode),
		After:  transferLines(owed.Amount, account.Institution, account.NumberMasked, account.Holder, Ordered, ""),
		Do:     func(ctx context.Context, tx bun.IDB) error { return orderTransfer(ctx, tx, order, Returned) },
	}, nil
}

func transferLines(amount int64, institution, number, holder, state, code string) []record.Line {
	lines := []record.Line{
		{Field: "amount", Value: amount}, {Field: "institution", Value: institution}, {Field: "number", Value: number},
		{Field: "holder", Value: holder}, {Field: "transfer_state", Value: "@transfer_state." + state}, {Field: "return_reason", Value: ""},
	}
	if code != "" {
		lines[5].Value = returnKey(code)
	}
	return lines
}

// transferOrder is a payment to be ordered.
type transferOrder struct {
	ID, Ref, IncentiveID, AccountID string
	Participant                     record.ParticipantID
	Attempt                         int
	Amount                          int64
	At                              time.Time
}

// orderTransfer writes the order and moves its incentive on; record.ErrStale
// when the incentive was no longer in the state it was ordered from.
func orderTransfer(ctx context.Context, tx bun.IDB, o transferOrder, from string) error {
	result, err := tx.ExecContext(ctx, `UPDATE incentives SET state = 'ordered', waits_for = '' WHERE id = ? AND state = ?`, o.IncentiveID, from)
	if err != nil {
		return fmt.Errorf("order incentive %s: %w", o.IncentiveID, err)
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return fmt.Errorf("order incentive %s: %w", o.IncentiveID, record.ErrStale)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO transfers
		(id, order_ref, incentive_id, participant_id, payout_account_id, attempt, amount, state, ordered_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, 'ordered', ?)`, o.ID, o.Ref, o.IncentiveID, o.Participant, o.AccountID, o.Attempt, o.Amount, o.At)
	if err != nil {
		return fmt.Errorf("order transfer of incentive %s: %w", o.IncentiveID, err)
	}
	return record.Emit(ctx, tx, record.Event{Kind: record.EventTransferOrdered, ParticipantID: o.Participant, ObjectID: o.ID, At: o.At,
		Data: map[string]any{"incentive": o.IncentiveID, "amount": o.Amount, "attempt": o.Attempt}})
}

// newOrderRef is the reference the bank repeats in its answer: the day and 50
// random bits.
func newOrderRef(at time.Time) string {
	return "SP" + at.UTC().Format("060102") + rand.Text()[:10]
}
