package batch

import (
	"context"
	"fmt"
	"strconv"

	"github.com/uptrace/bun"

	"sapa/program/record"
)

// ExtendCode names the remedy that gives more time for the first purchase.
const ExtendCode = "extend_first_purchase_deadline"

// Extend gives a recipient who was held up by no fault of his own three or seven
// days more for the first purchase, once (our choice of numbers).
func Extend() record.Remedy {
	return record.Remedy{
		Code: ExtendCode, NeedsEvidence: false,
		Fields: extendFields, Blocked: extendBlocked, Plan: planExtend,
	}
}

func extendFields(record.Record) []record.Field {
	return []record.Field{{Name: "days", Kind: "select", Required: true, Options: []record.Option{
		{Value: "3", Label: "@days.3"}, {Value: "7", Label: "@days.7"},
	}}}
}

func extendBlocked(r record.Record) *record.Note { return refusal(r.Participation) }

func refusal(p *record.Participation) *record.Note {
	switch {
	case p == nil:
		return record.Because("remedy.blocked.no_participation")
	case !p.RevokedAt.IsZero():
		return record.Because("remedy.blocked.revoked")
	case !p.FirstBoughtAt.IsZero():
		return record.Because("remedy.blocked.already_bought")
	case p.ExtendedTimes > 0:
		return record.Because("remedy.blocked.already_extended")
	}
	return nil
}

func planExtend(ctx context.Context, tx bun.IDB, task record.Task) (record.Plan, error) {
	if faults := record.CheckForm(extendFields(task.Record), task.Input); len(faults) > 0 {
		return record.Plan{}, faults
	}
	days, err := strconv.Atoi(task.Input["days"])
	if err != nil {
		return record.Plan{}, record.Faults{{Field: "days", Rule: record.RuleFormat}}
	}
	id := task.Record.Participant.ID
	now, err := participation(ctx, tx, id, "FOR UPDATE OF p")
	if err != nil {
		return record.Plan{}, err
	}
	if because := refusal(now); because != nil {
		return record.Plan{}, &record.Refused{Because: *because}
	}
	due := now.PurchaseDueAt.AddDate(0, 0, days)
	return record.Plan{
		ObjectID: string(id),
		Before:   []record.Line{{Field: "due", Value: now.PurchaseDueAt}},
		After:    []record.Line{{Field: "due", Value: due}},
		Do: func(ctx context.Context, tx bun.IDB) error {
			result, err := tx.ExecContext(ctx, `UPDATE participations SET purchase_due_at = ?, extended_times = extended_times + 1
				WHERE participant_id = ? AND extended_times = 0 AND first_bought_at IS NULL AND revoked_at IS NULL`, due, id)
			if err != nil {
				return fmt.Errorf("extend deadline of %s: %w", id, err)
			}
			if n, _ := result.RowsAffected(); n == 0 {
				return fmt.Errorf("extend deadline of %s: %w", id, record.ErrStale)
			}
			return nil
		},
	}, nil
}
