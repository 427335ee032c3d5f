package account

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"sapa/program/intent"
	"sapa/program/record"
)

// UnlockCode names the remedy that opens a locked account.
const UnlockCode = "unlock_account"

// Rules lists the diagnoses of this sub-room.
func Rules() []record.Rule { return []record.Rule{LockedOut()} }

// LockedOut: too many wrong one-time codes locked the phone.
func LockedOut() record.Rule {
	return record.Rule{
		Code: "otp_locked", Severity: record.Fault, Remedies: []string{UnlockCode},
		Intents: []intent.Code{intent.AccountOTP, intent.AccountLogin},
		Find: func(r record.Record) []record.Finding {
			if r.Account.LockedUntil.IsZero() {
				return nil
			}
			return []record.Finding{{Since: r.Account.LockedSince, Params: record.Params{"due": r.Account.LockedUntil, "date": r.Account.LockedSince}}}
		},
	}
}

// Facts says when the person was last proved.
func Facts(r record.Record) []record.Fact {
	if r.Account.LastLoginAt.IsZero() {
		return nil
	}
	return []record.Fact{{Code: "last_login", At: r.Account.LastLoginAt, Params: record.Params{"date": r.Account.LastLoginAt},
		Intents: []intent.Code{intent.AccountLogin, intent.AccountSecurity}}}
}

// Unlock opens the phone for everybody who shares it; the next code may be asked
// for at once, within the limits of the address.
func Unlock() record.Remedy {
	return record.Remedy{
		Code:   UnlockCode,
		Fields: func(record.Record) []record.Field { return nil },
		Blocked: func(r record.Record) *record.Note {
			if r.Account.LockedUntil.IsZero() {
				return record.Because("remedy.blocked.not_locked")
			}
			return nil
		},
		Plan: planUnlock,
	}
}

func planUnlock(_ context.Context, _ bun.IDB, task record.Task) (record.Plan, error) {
	id := task.Record.Participant.ID
	if faults := record.CheckForm(nil, task.Input); len(faults) > 0 {
		return record.Plan{}, faults
	}
	return record.Plan{
		ObjectID: string(id),
		Before:   []record.Line{{Field: "account_lock", Value: "@account_lock.locked"}},
		After:    []record.Line{{Field: "account_lock", Value: "@account_lock.open"}},
		Do: func(ctx context.Context, tx bun.IDB) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM code_locks WHERE address = (SELECT phone FROM participants WHERE id = ?)`, id)
			if err != nil {
				return fmt.Errorf("unlock account of %s: %w", id, err)
			}
			return nil
		},
	}, nil
}
