// Package account proves who is speaking: one-time codes to a registered phone
// or e-mail, one fact of the record before money is spoken of, and the lock that
// too many wrong codes bring.
package account

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/channels/seal"
	"sapa/program/intent"
	"sapa/program/record"
)

// Level is how sure we are of who speaks. Levels compare with < and >=.
type Level int

// None suffices for public rules, OTP for the state of one's own matters, and
// OTPPlusFact for money (decision 4 of the architecture).
const (
	None Level = iota
	OTP
	OTPPlusFact
)

// Need is the level at which the record may be used to answer this intent. An
// intent that only rules answer needs none.
func Need(code intent.Code) Level {
	switch code {
	case intent.IncentiveStatus, intent.IncentiveFailedTransfer, intent.IncentiveChangeAccount, intent.IncentiveLinkFailed, intent.TrainingBalance:
		return OTPPlusFact
	case intent.AccountLogin, intent.AccountOTP, intent.BatchResult, intent.BatchRevoked, intent.TrainingBuy, intent.TrainingDeadline,
		intent.TrainingRedeem, intent.TrainingAttendance, intent.TrainingAssessment, intent.TrainingCertificate, intent.TrainingScheduleChange,
		intent.SurveyEvaluation, intent.TicketStatus, intent.RegistrationIdentityMismatch:
		return OTP
	}
	return None
}

// Options of New.
type Options struct {
	Box *seal.Box
	// Send puts a draft into the outbox within the transaction: Outbox.Post.
	Send func(ctx context.Context, db bun.IDB, draft channels.Draft) (channels.OutboxID, error)
	// Daily is how many codes may be sent in a day (WIB), to all numbers together.
	Daily int
	Now   func() time.Time
	Log   *slog.Logger
}

// Desk issues and checks proofs.
type Desk struct{ options Options }

// New checks the options.
func New(o Options) (*Desk, error) {
	if o.Box == nil || o.Send == nil || o.Daily < 1 || o.Now == nil || o.Log == nil {
		return nil, fmt.Errorf("account: Box, Send, Daily, Now and Log are needed")
	}
	return &Desk{options: o}, nil
}

// Read returns the state of signing in. The lock is that of the phone, which a
// household may share.
func Read(ctx context.Context, db bun.IDB, id record.ParticipantID, now time.Time) (record.Account, error) {
	var rows []struct {
		LockedAt    time.Time
		LockedUntil time.Time
		LastLoginAt time.Time
	}
	err := db.NewRaw(`SELECT l.locked_at, l.locked_until, a.last_login_at FROM participants AS p
		LEFT JOIN accounts AS a ON a.participant_id = p.id LEFT JOIN code_locks AS l ON l.address = p.phone
		WHERE p.id = ?`, id).Scan(ctx, &rows)
	if err != nil {
		return record.Account{}, fmt.Errorf("read account of %s: %w", id, err)
	}
	if len(rows) == 0 {
		return record.Account{}, nil
	}
	account := record.Account{LastLoginAt: rows[0].LastLoginAt.UTC()}
	if rows[0].LockedUntil.After(now) {
		account.LockedSince, account.LockedUntil = rows[0].LockedAt.UTC(), rows[0].LockedUntil.UTC()
	}
	return account, nil
}
