package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/record"
)

// The rules of one-time codes.
const (
	CodeDigits  = 6
	CodeLife    = 5 * time.Minute
	CodeTries   = 3
	ResendAfter = 60 * time.Second
	PerHour     = 5  // codes to one address
	PerDay      = 10 // codes to one address
	// LockAfter wrong tries within a day the account is locked for LockFor (our
	// choice: three codes used up).
	LockAfter = 9
	LockFor   = 24 * time.Hour
)

// ErrNoAddress: no proved phone or e-mail to send a code to.
var ErrNoAddress = errors.New("account: no proved address")

// Wait is returned when a code was asked for too early or too often.
type Wait struct {
	For time.Duration
	// Locked tells that the account is locked, not merely the address busy.
	Locked bool
}

func (w *Wait) Error() string { return fmt.Sprintf("account: wait %s", w.For.Round(time.Second)) }

// Start asks for a code.
type Start struct {
	// ParticipantID gets the code on the proved phone, or on the proved e-mail
	// when InboxID is one of e-mail.
	ParticipantID record.ParticipantID
	Channel       string // sms, whatsapp, email
	InboxID       channels.InboxID
	// Purpose binds the code: what was asked for one purpose proves no other.
	Purpose        string
	Language       string
	ConversationID string
}

// Started tells what was sent where.
type Started struct {
	CodeID        string
	OutboxID      channels.OutboxID
	AddressMasked string
	ExpiresAt     time.Time
}

// StartOTP sends a fresh code and voids an older open one. Errors: *Wait,
// ErrNoAddress, record.ErrUnknown, or what the outbox says.
func (d *Desk) StartOTP(ctx context.Context, tx bun.IDB, s Start) (Started, error) {
	now := d.options.Now().UTC()
	address, err := addressOf(ctx, tx, s)
	if err != nil {
		return Started{}, err
	}
	if err := limit(ctx, tx, s.ParticipantID, address, now); err != nil {
		return Started{}, err
	}
	code, err := newCode()
	if err != nil {
		return Started{}, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE one_time_codes SET state = 'replaced', closed_at = ? WHERE participant_id = ? AND purpose = ? AND state = 'open'`,
		now, s.ParticipantID, s.Purpose)
	if err != nil {
		return Started{}, fmt.Errorf("void older code: %w", err)
	}
	id := uuid.Must(uuid.NewV7()).String()
	if err := keep(ctx, tx, id, s, address, d.hash(id, code), now); err != nil {
		return Started{}, err
	}
	outbox, err := d.post(ctx, tx, s, address, code, now)
	if err != nil {
		return Started{}, fmt.Errorf("send code: %w", err)
	}
	return Started{CodeID: id, OutboxID: outbox, AddressMasked: mask(s.Channel, address), ExpiresAt: now.Add(CodeLife)}, nil
}

// StartDecoy takes the place of StartOTP for an address that nobody has proved, so
// that waits and tries tell nobody who is registered. Nothing is sent, and no
// answer is right. Error: *Wait.
func (d *Desk) StartDecoy(ctx context.Context, tx bun.IDB, s Start, address string) (Started, error) {
	now := d.options.Now().UTC()
	if err := wait(ctx, tx, address, now); err != nil {
		return Started{}, err
	}
	id, none := uuid.Must(uuid.NewV7()).String(), make([]byte, 32)
	_, _ = rand.Read(none) // never fails: the runtime ends the process instead
	s.ParticipantID = ""
	return Started{CodeID: id, AddressMasked: mask(s.Channel, address), ExpiresAt: now.Add(CodeLife)}, keep(ctx, tx, id, s, address, none, now)
}

func keep(ctx context.Context, tx bun.IDB, id string, s Start, address string, hash []byte, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO one_time_codes (id, participant_id, address, channel, purpose, hash, created_at, expires_at, state)
		VALUES (?, nullif(?, '')::uuid, ?, ?, ?, ?, ?, ?, 'open')`, id, string(s.ParticipantID), address, s.Channel, s.Purpose, hash, now, now.Add(CodeLife))
	if err != nil {
		return fmt.Errorf("store code: %w", err)
	}
	return nil
}

// addressOf finds where the participant is proved to read.
func addressOf(ctx context.Context, tx bun.IDB, s Start) (string, error) {
	column := "phone"
	if s.Channel == "email" {
		column = "email"
	}
	var found []string
	err := tx.NewRaw(`SELECT ? FROM participants WHERE id = ? AND ? IS NOT NULL AND ? IS NOT NULL`,
		bun.Ident(column), s.ParticipantID, bun.Ident(column), bun.Ident(column+"_proved_at")).Scan(ctx, &found)
	if err != nil {
		return "", fmt.Errorf("find address of %s: %w", s.ParticipantID, err)
	}
	if len(found) == 0 {
		return "", fmt.Errorf("participant %s: %w", s.ParticipantID, ErrNoAddress)
	}
	return found[0], nil
}

// limit holds a participant to the lock of their account and the address to its
// rate.
func limit(ctx context.Context, tx bun.IDB, id record.ParticipantID, address string, now time.Time) error {
	account, err := Read(ctx, tx, id, now)
	if err != nil {
		return err
	}
	if !account.LockedUntil.IsZero() {
		return &Wait{For: account.LockedUntil.Sub(now), Locked: true}
	}
	return wait(ctx, tx, address, now)
}

// wait holds one address to its rate. The lock lets two requests for one address
// follow one another.
func wait(ctx context.Context, tx bun.IDB, address string, now time.Time) error {
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "otp:"+address); err != nil {
		return fmt.Errorf("lock address: %w", err)
	}
	var sent []time.Time
	err := tx.NewRaw(`SELECT created_at FROM one_time_codes WHERE address = ? AND created_at > ? ORDER BY created_at DESC LIMIT ?`,
		address, now.Add(-24*time.Hour), PerDay).Scan(ctx, &sent)
	if err != nil {
		return fmt.Errorf("count codes: %w", err)
	}
	return busy(sent, now)
}

// busy decides on the times of earlier codes, newest first.
func busy(sent []time.Time, now time.Time) error {
	for _, rule := range []struct {
		count  int
		within time.Duration
	}{{1, ResendAfter}, {PerHour, time.Hour}, {PerDay, 24 * time.Hour}} {
		if len(sent) < rule.count {
			continue
		}
		if wait := sent[rule.count-1].Add(rule.within).Sub(now); wait > 0 {
			return &Wait{For: wait}
		}
	}
	return nil
}

func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("draw code: %w", err)
	}
	return fmt.Sprintf("%06d", n.Int64()), nil
}

// hash is keyed, so that six digits cannot be guessed from a stolen table.
func (d *Desk) hash(id, code string) []byte {
	return d.options.Box.Sign(code, "one_time_codes:"+id)
}

// VerdictState says how a try ended.
type VerdictState string

// The verdicts. NotACode is a message that holds no six digits: it counts as no
// try.
const (
	Proved   VerdictState = "proved"
	Wrong    VerdictState = "wrong"
	Expired  VerdictState = "expired"
	Spent    VerdictState = "spent" // three wrong tries, or used already
	Locked   VerdictState = "locked"
	NotACode VerdictState = "not_a_code"
)

// Verdict is how a try ended. A wrong code is a verdict and not an error, since
// the caller must commit the count of tries.
type Verdict struct {
	State         VerdictState
	Left          int // tries left of this code
	ParticipantID record.ParticipantID
	LockedUntil   time.Time
}

// CheckOTP compares what was typed with the code. Commit the transaction
// whatever the verdict: tries and locks are rows. record.ErrUnknown when there
// is no such code for this purpose.
func (d *Desk) CheckOTP(ctx context.Context, tx bun.IDB, codeID, purpose, typed string) (Verdict, error) {
	digits := sixDigits(typed)
	if digits == "" {
		return Verdict{State: NotACode, Left: CodeTries}, nil
	}
	var rows []codeRow
	err := tx.NewRaw(`SELECT participant_id, hash, expires_at, tries, state FROM one_time_codes WHERE id = ? AND purpose = ? FOR UPDATE`, codeID, purpose).Scan(ctx, &rows)
	if err != nil {
		return Verdict{}, fmt.Errorf("read code: %w", err)
	}
	if len(rows) == 0 {
		return Verdict{}, fmt.Errorf("code %s: %w", codeID, record.ErrUnknown)
	}
	row, now := rows[0], d.options.Now().UTC()
	verdict := Verdict{ParticipantID: row.ParticipantID, Left: CodeTries - row.Tries}
	var account record.Account
	if row.ParticipantID != "" { // a decoy has none
		if account, err = Read(ctx, tx, row.ParticipantID, now); err != nil {
			return Verdict{}, err
		}
	}
	switch {
	case !account.LockedUntil.IsZero():
		verdict.State, verdict.LockedUntil = Locked, account.LockedUntil
		return verdict, nil
	case row.State != "open":
		verdict.State = Spent
		return verdict, nil
	case now.After(row.ExpiresAt):
		verdict.State = Expired
		return verdict, nil
	case subtle.ConstantTimeCompare(row.Hash, d.hash(codeID, digits)) == 1:
		verdict.State = Proved
		return verdict, closeProved(ctx, tx, codeID, row.ParticipantID, now)
	}
	return d.wrong(ctx, tx, codeID, verdict, now)
}

type codeRow struct {
	ParticipantID record.ParticipantID
	Hash          []byte
	ExpiresAt     time.Time
	Tries         int
	State         string
}

func closeProved(ctx context.Context, tx bun.IDB, codeID string, id record.ParticipantID, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE one_time_codes SET state = 'proved', closed_at = ? WHERE id = ?`, now, codeID)
	if err != nil {
		return fmt.Errorf("close code: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO accounts (participant_id, last_login_at) VALUES (?, ?)
		ON CONFLICT (participant_id) DO UPDATE SET last_login_at = excluded.last_login_at, failed_codes = 0, failed_since = NULL`, id, now)
	if err != nil {
		return fmt.Errorf("note proof of %s: %w", id, err)
	}
	return nil
}

// wrong counts a try against the code and the account.
func (d *Desk) wrong(ctx context.Context, tx bun.IDB, codeID string, verdict Verdict, now time.Time) (Verdict, error) {
	verdict.State = Wrong
	verdict.Left--
	_, err := tx.ExecContext(ctx, `UPDATE one_time_codes SET tries = tries + 1,
		state = CASE WHEN tries + 1 >= ? THEN 'spent' ELSE state END, closed_at = CASE WHEN tries + 1 >= ? THEN ?::timestamptz END
		WHERE id = ?`, CodeTries, CodeTries, now, codeID)
	if err != nil {
		return Verdict{}, fmt.Errorf("count wrong try: %w", err)
	}
	if verdict.Left == 0 {
		verdict.State = Spent
	}
	if verdict.ParticipantID == "" {
		return verdict, nil
	}
	var locked []time.Time
	err = tx.NewRaw(`INSERT INTO accounts AS a (participant_id, failed_codes, failed_since) VALUES (?, 1, ?)
		ON CONFLICT (participant_id) DO UPDATE SET
			failed_codes = CASE WHEN a.failed_since > ? THEN a.failed_codes + 1 ELSE 1 END,
			failed_since = CASE WHEN a.failed_since > ? THEN a.failed_since ELSE excluded.failed_since END,
			locked_at = CASE WHEN a.failed_since > ? AND a.failed_codes + 1 >= ? THEN excluded.failed_since ELSE a.locked_at END,
			locked_until = CASE WHEN a.failed_since > ? AND a.failed_codes + 1 >= ? THEN ?::timestamptz ELSE a.locked_until END
		RETURNING locked_until`, verdict.ParticipantID, now, now.Add(-24*time.Hour), now.Add(-24*time.Hour),
		now.Add(-24*time.Hour), LockAfter, now.Add(-24*time.Hour), LockAfter, now.Add(LockFor)).Scan(ctx, &locked)
	if err != nil {
		return Verdict{}, fmt.Errorf("count wrong codes of %s: %w", verdict.ParticipantID, err)
	}
	if len(locked) == 1 && locked[0].After(now) {
		verdict.State, verdict.LockedUntil = Locked, locked[0].UTC()
	}
	return verdict, nil
}

// sixDigits takes the code out of a message such as "kodenya 123 456", "" when
// the message does not hold exactly one run of six digits.
func sixDigits(typed string) string {
	var digits strings.Builder
	for _, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r == ' ' || r == '-':
		default:
			digits.WriteRune(',')
		}
	}
	found := ""
	for part := range strings.SplitSeq(digits.String(), ",") {
		if part == "" {
			continue
		}
		if len(part) != CodeDigits || found != "" {
			return ""
		}
		found = part
	}
	return found
}
