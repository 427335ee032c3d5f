package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
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
	// LockAfter wrong tries within a day the address is locked for LockFor (our
	// choice: three codes used up).
	LockAfter = 9
	LockFor   = 24 * time.Hour
	// mostPeople is how many of those who share an address one code opens: the
	// largest household, with room to spare.
	mostPeople = 20
)

// Wait is returned when a code was asked for too early or too often.
type Wait struct {
	For time.Duration
	// Locked tells that too many wrong codes locked the address.
	Locked bool
}

func (w *Wait) Error() string { return fmt.Sprintf("account: wait %s", w.For.Round(time.Second)) }

// Start asks for a code.
type Start struct {
	// Address is the phone (E.164) or e-mail that somebody says is theirs.
	Address string
	Channel string // sms, whatsapp, email
	InboxID channels.InboxID
	// Purpose binds the code: what was asked for one purpose proves no other.
	Purpose        string
	Language       string
	ConversationID string
	// Network is where the request comes from, as far as limits go; empty where the
	// message itself came from a number.
	Network string
}

// Started tells what was sent where. OutboxID is empty when nothing was.
type Started struct {
	CodeID        string
	OutboxID      channels.OutboxID
	AddressMasked string
	ExpiresAt     time.Time
}

// StartOTP sends a fresh code to the address and voids an older open one. Where
// nobody has proved that address nothing is sent, and no answer is right; in all
// that whoever asks can see, waits, tries, locks and caps, it is the same. Errors:
// *Wait and ErrCapped, after which the transaction is to be committed too, or what
// the outbox says.
func (d *Desk) StartOTP(ctx context.Context, tx bun.IDB, s Start) (Started, error) {
	now := d.options.Now().UTC()
	if err := limit(ctx, tx, s.Address, now); err != nil {
		return Started{}, err
	}
	if err := d.capped(ctx, tx, s.Network, now); err != nil {
		return Started{}, err
	}
	people, err := peopleAt(ctx, tx, s.Channel, s.Address)
	if err != nil {
		return Started{}, err
	}
	code, err := newCode()
	if err != nil {
		return Started{}, err
	}
	id := uuid.Must(uuid.NewV7()).String()
	hash := d.hash(id, code)
	if len(people) == 0 {
		_, _ = rand.Read(hash) // never fails: the runtime ends the process instead
	}
	started := Started{CodeID: id, AddressMasked: mask(s.Channel, s.Address), ExpiresAt: now.Add(CodeLife)}
	if len(people) > 0 {
		if started.OutboxID, err = d.post(ctx, tx, s, code, now); err != nil {
			return Started{}, err
		}
	}
	return started, keep(ctx, tx, started, s, hash, now)
}

// keep stores the code in place of an older one.
func keep(ctx context.Context, tx bun.IDB, started Started, s Start, hash []byte, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE one_time_codes SET state = 'replaced', closed_at = ? WHERE address = ? AND purpose = ? AND state = 'open'`,
		now, s.Address, s.Purpose)
	if err != nil {
		return fmt.Errorf("void older code: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO one_time_codes (id, address, channel, purpose, hash, created_at, expires_at, state, network, sent)
		VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)`, started.CodeID, s.Address, s.Channel, s.Purpose, hash, now, started.ExpiresAt,
		s.Network, started.OutboxID != "")
	if err != nil {
		return fmt.Errorf("store code: %w", err)
	}
	return nil
}

// peopleAt finds who has proved the address: a household may share one.
func peopleAt(ctx context.Context, tx bun.IDB, channel, address string) ([]record.ParticipantID, error) {
	column := "phone"
	if channel == "email" {
		column = "email"
	}
	var found []record.ParticipantID
	err := tx.NewRaw(`SELECT id FROM participants WHERE ? = ? AND ? IS NOT NULL ORDER BY id LIMIT ?`,
		bun.Ident(column), address, bun.Ident(column+"_proved_at"), mostPeople).Scan(ctx, &found)
	if err != nil {
		return nil, fmt.Errorf("find people of an address: %w", err)
	}
	return found, nil
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
	State VerdictState
	Left  int // tries left of this code
	// People have proved the address and are open to whoever proved it now; only
	// with Proved. Which of them speaks is for the caller to find out.
	People      []record.ParticipantID
	LockedUntil time.Time
}

type codeRow struct {
	Address   string
	Channel   string
	Hash      []byte
	ExpiresAt time.Time
	Tries     int
	State     string
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
	err := tx.NewRaw(`SELECT address, channel, hash, expires_at, tries, state FROM one_time_codes WHERE id = ? AND purpose = ? FOR UPDATE`, codeID, purpose).Scan(ctx, &rows)
	if err != nil {
		return Verdict{}, fmt.Errorf("read code: %w", err)
	}
	if len(rows) == 0 {
		return Verdict{}, fmt.Errorf("code %s: %w", codeID, record.ErrUnknown)
	}
	row, now := rows[0], d.options.Now().UTC()
	locked, err := lockedUntil(ctx, tx, row.Address, now)
	if err != nil {
		return Verdict{}, err
	}
	verdict := Verdict{Left: CodeTries - row.Tries, LockedUntil: locked}
	switch {
	case !locked.IsZero():
		verdict.State = Locked
		return verdict, nil
	case row.State != "open":
		verdict.State = Spent
		return verdict, nil
	case now.After(row.ExpiresAt):
		verdict.State = Expired
		return verdict, nil
	case subtle.ConstantTimeCompare(row.Hash, d.hash(codeID, digits)) == 1:
		verdict.State = Proved
		verdict.People, err = closeProved(ctx, tx, codeID, row, now)
		return verdict, err
	}
	return wrong(ctx, tx, codeID, row, now)
}

func closeProved(ctx context.Context, tx bun.IDB, codeID string, row codeRow, now time.Time) ([]record.ParticipantID, error) {
	_, err := tx.ExecContext(ctx, `UPDATE one_time_codes SET state = 'proved', closed_at = ? WHERE id = ?`, now, codeID)
	if err != nil {
		return nil, fmt.Errorf("close code: %w", err)
	}
	if err := unlock(ctx, tx, row.Address); err != nil {
		return nil, err
	}
	return peopleAt(ctx, tx, row.Channel, row.Address)
}

// SignedIn notes that the participant has just been proved to speak.
func (d *Desk) SignedIn(ctx context.Context, tx bun.IDB, id record.ParticipantID) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO accounts (participant_id, last_login_at) VALUES (?, ?)
		ON CONFLICT (participant_id) DO UPDATE SET last_login_at = excluded.last_login_at`, id, d.options.Now().UTC())
	if err != nil {
		return fmt.Errorf("note proof of %s: %w", id, err)
	}
	return nil
}

// wrong counts a try against the code and its address.
func wrong(ctx context.Context, tx bun.IDB, codeID string, row codeRow, now time.Time) (Verdict, error) {
	verdict := Verdict{State: Wrong, Left: CodeTries - row.Tries - 1}
	_, err := tx.ExecContext(ctx, `UPDATE one_time_codes SET tries = tries + 1,
		state = CASE WHEN tries + 1 >= ? THEN 'spent' ELSE state END, closed_at = CASE WHEN tries + 1 >= ? THEN ?::timestamptz END
		WHERE id = ?`, CodeTries, CodeTries, now, codeID)
	if err != nil {
		return Verdict{}, fmt.Errorf("count wrong try: %w", err)
	}
	if verdict.Left == 0 {
		verdict.State = Spent
	}
	locked, err := countWrong(ctx, tx, row.Address, now)
	if !locked.IsZero() {
		verdict.State, verdict.LockedUntil = Locked, locked
	}
	return verdict, err
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
