package account_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/migrations/dbtest"
	"sapa/migrations/sealtest"
	"sapa/program/account"
	"sapa/program/record"
)

var noon = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

// door is an account desk whose outgoing codes the test can read.
type door struct {
	t    *testing.T
	db   *bun.DB
	desk *account.Desk
	who  record.ParticipantID

	mu   sync.Mutex
	now  time.Time
	sent []channels.Draft
	log  bytes.Buffer
	// blocked is what the outbox answers instead of sending.
	blocked *channels.Blocked
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{t: t, db: dbtest.New(t), now: noon}
	var err error
	d.desk, err = account.New(account.Options{Box: sealtest.Box(t), Log: slog.New(slog.NewTextHandler(&d.log, nil)), Send: d.send, Daily: daily,
		Now: func() time.Time { d.mu.Lock(); defer d.mu.Unlock(); return d.now }})
	if err != nil {
		t.Fatal(err)
	}
	d.who = d.person(home)
	return d
}

func (d *door) send(_ context.Context, _ bun.IDB, draft channels.Draft) (channels.OutboxID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.blocked != nil {
		return "", d.blocked
	}
	d.sent = append(d.sent, draft)
	return channels.OutboxID(fmt.Sprint(len(d.sent))), nil
}

func (d *door) forward(span time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(span)
}

func (d *door) person(phone string) record.ParticipantID {
	d.t.Helper()
	id := record.ParticipantID(uuid.Must(uuid.NewV7()).String())
	_, err := d.db.ExecContext(d.t.Context(), `INSERT INTO participants (id, name, sex, birth_date, phone, phone_proved_at, region_code, rural, education, occupation,
		disability, returnee, language, scheme, stage, identity, identity_field, created_at, updated_at)
		VALUES (?, 'Uji Coba', 'f', '1994-03-12', ?, ?, '31.71', false, 'sma', 'none', false, false, 'ind', 'normal', 'paid', 'matched', '', ?, ?)`, id, phone, noon, noon, noon)
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// home is the phone of whom a door is made for.
const home = "+6282000000001"

// daily is how many codes a door may send in a day.
const daily = 30

func (d *door) start(address string) (account.Started, error) { return d.startFrom(address, "") }

// startFrom asks from a network, and commits whatever the answer, as the bot does.
func (d *door) startFrom(address, network string) (started account.Started, refused error) {
	d.t.Helper()
	err := d.db.RunInTx(d.t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		started, refused = d.desk.StartOTP(ctx, tx, account.Start{Address: address, Channel: "sms", InboxID: "inbox", Purpose: "verify", Language: "ind",
			Network: network})
		return nil
	})
	if err != nil {
		return account.Started{}, err
	}
	return started, refused
}

func (d *door) mustStart() account.Started {
	d.t.Helper()
	started, err := d.start(home)
	if err != nil {
		d.t.Fatal(err)
	}
	return started
}

func (d *door) check(id, typed string) account.Verdict {
	d.t.Helper()
	var verdict account.Verdict
	err := d.db.RunInTx(d.t.Context(), nil, func(ctx context.Context, tx bun.Tx) (err error) {
		verdict, err = d.desk.CheckOTP(ctx, tx, id, "verify", typed)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return verdict
}

func (d *door) secret() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sent[len(d.sent)-1].Secret
}

// wrong is a code that was not sent.
func (d *door) wrong() string {
	if d.secret() == "000000" {
		return "000001"
	}
	return "000000"
}

func TestRightCode(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	started := d.mustStart()
	draft := d.sent[0]
	if draft.To != "+6282000000001" || draft.Purpose != channels.PurposeOTP || draft.Key != "notice.otp.code" || len(draft.Secret) != 6 || draft.Text != "" {
		t.Errorf("sent %+v", draft)
	}
	if started.AddressMasked == draft.To || !started.ExpiresAt.Equal(noon.Add(5*time.Minute)) {
		t.Errorf("started %+v", started)
	}
	code := d.secret()
	if got := d.check(started.CodeID, "kodenya "+code[:3]+" "+code[3:]+" ya"); got.State != account.Proved || !slices.Equal(got.People, []record.ParticipantID{d.who}) {
		t.Errorf("right code: %+v", got)
	}
	if got := d.check(started.CodeID, code); got.State != account.Spent {
		t.Errorf("the same code again: %+v, want spent", got)
	}
	if err := d.desk.SignedIn(t.Context(), d.db, d.who); err != nil {
		t.Fatal(err)
	}
	read, err := account.Read(t.Context(), d.db, d.who, noon)
	if err != nil || !read.LastLoginAt.Equal(noon) {
		t.Errorf("account: %+v, %v", read, err)
	}
	var kept int
	if err := d.db.NewRaw("SELECT count(*) FROM one_time_codes AS c WHERE c::text LIKE ?", "%"+code+"%").Scan(t.Context(), &kept); err != nil || kept != 0 {
		t.Errorf("the code stands in clear in %d rows, %v", kept, err)
	}
}

func TestCodeForAnotherPurpose(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	started := d.mustStart()
	if _, err := d.desk.CheckOTP(t.Context(), d.db, started.CodeID, "change_phone", d.secret()); !errors.Is(err, record.ErrUnknown) {
		t.Errorf("got %v, want ErrUnknown", err)
	}
}

func TestThreeTries(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	started := d.mustStart()
	for _, chat := range []string{"sebentar ya", "12345", "1234567", "123456 atau 654321", ""} {
		if got := d.check(started.CodeID, chat); got.State != account.NotACode {
			t.Errorf("%q counted as a try: %+v", chat, got)
		}
	}
	want := []account.VerdictState{account.Wrong, account.Wrong, account.Spent}
	for i, state := range want {
		if got := d.check(started.CodeID, d.wrong()); got.State != state || got.Left != 2-i {
			t.Errorf("try %d: %+v, want %s with %d left", i+1, got, state, 2-i)
		}
	}
	if got := d.check(started.CodeID, d.secret()); got.State != account.Spent {
		t.Errorf("right code after three wrong ones: %+v", got)
	}
}

func TestCodeExpires(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	started := d.mustStart()
	d.forward(account.CodeLife + time.Second)
	if got := d.check(started.CodeID, d.secret()); got.State != account.Expired {
		t.Errorf("after five minutes: %+v", got)
	}
}

func TestNewCodeReplacesOld(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	first, old := d.mustStart(), d.secret()
	d.forward(account.ResendAfter)
	second := d.mustStart()
	if got := d.check(first.CodeID, old); got.State != account.Spent {
		t.Errorf("old code: %+v", got)
	}
	if got := d.check(second.CodeID, d.secret()); got.State != account.Proved {
		t.Errorf("new code: %+v", got)
	}
}

func TestResendLimits(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	wait := func() time.Duration {
		t.Helper()
		_, err := d.start(home)
		var busy *account.Wait
		if errors.As(err, &busy) {
			return busy.For
		}
		if err != nil {
			t.Fatal(err)
		}
		return 0
	}
	if wait() != 0 || wait() != time.Minute {
		t.Error("a second code within the minute")
	}
	for range account.PerHour - 1 {
		d.forward(time.Minute)
		if got := wait(); got != 0 {
			t.Errorf("within the hour's limit: wait %s", got)
		}
	}
	d.forward(time.Minute)
	if got := wait(); got != 55*time.Minute {
		t.Errorf("sixth within the hour: wait %s, want 55m", got)
	}
	for range account.PerDay - account.PerHour {
		d.forward(time.Hour)
		if got := wait(); got != 0 {
			t.Errorf("within the day's limit: wait %s", got)
		}
	}
	d.forward(time.Hour)
	if got := wait(); got < 17*time.Hour || got > 19*time.Hour {
		t.Errorf("eleventh within the day: wait %s, want about 18h", got)
	}
	if len(d.sent) != account.PerDay {
		t.Errorf("%d codes sent, want %d", len(d.sent), account.PerDay)
	}
}

// TestManyAtOnce: of twenty requests for one phone one code leaves.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	results := make(chan error, 20)
	for range 20 {
		go func() { _, err := d.start(home); results <- err }()
	}
	won := 0
	for range 20 {
		var busy *account.Wait
		if err := <-results; err == nil {
			won++
		} else if !errors.As(err, &busy) {
			t.Error(err)
		}
	}
	if won != 1 || len(d.sent) != 1 {
		t.Errorf("%d went through and %d were sent, want 1", won, len(d.sent))
	}
}

// TestLock: three codes used up lock the account, also for a right code.
func TestLock(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	var last account.Verdict
	for range account.LockAfter / account.CodeTries {
		started := d.mustStart()
		for range account.CodeTries {
			last = d.check(started.CodeID, d.wrong())
		}
		d.forward(2 * time.Minute)
	}
	if last.State != account.Locked || last.LockedUntil.IsZero() {
		t.Fatalf("ninth wrong try: %+v, want locked", last)
	}
	_, err := d.start(home)
	var busy *account.Wait
	if !errors.As(err, &busy) || !busy.Locked {
		t.Errorf("another code while locked: %v", err)
	}
	read, _ := account.Read(t.Context(), d.db, d.who, d.now)
	if hits := account.LockedOut().Find(record.Record{Account: read}); len(hits) != 1 {
		t.Errorf("diagnosis of a locked account: %+v", hits)
	}
	d.forward(account.LockFor)
	if _, err := d.start(home); err != nil {
		t.Errorf("after the lock: %v", err)
	}
}
