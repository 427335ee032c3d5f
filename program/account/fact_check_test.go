package account_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sapa/program/account"
	"sapa/program/intent"
	"sapa/program/record"
)

func (d *door) match(who record.ParticipantID, answer string) account.FactVerdict {
	d.t.Helper()
	var verdict account.FactVerdict
	err := d.db.RunInTx(d.t.Context(), nil, func(ctx context.Context, tx bun.Tx) (err error) {
		verdict, err = d.desk.MatchFact(ctx, tx, account.FactCheck{ParticipantID: who, Kind: account.BirthDay, Answer: answer, CaseID: "c1"})
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return verdict
}

// TestBirthDay: the person was born on 12 March 1994.
func TestBirthDay(t *testing.T) {
	t.Parallel()
	cases := []struct {
		answer string
		want   bool
	}{
		{"12 Maret", true}, {"12 maret 1994", true}, {"12/03", true}, {"12-3-94", true}, {"12.03.1994", true}, {"tanggal 12 bulan 3", true},
		{"tgl 12 bln maret", true}, {"Maret 12", true}, {"12 march", true}, {"saya lahir 12 Maret 1994 kak", true}, {"12 mrt", false},
		{"13 Maret", false}, {"12 April", false}, {"12 Maret 1995", false}, {"03/12", false}, {"12", false}, {"", false}, {"maret", false},
		{"1 2 3 4 5 6 7 8 9 10 11 12 maret", false},
	}
	d := newDoor(t)
	for i, c := range cases {
		t.Run(c.answer, func(t *testing.T) {
			who := d.person(fmt.Sprintf("+6282000001%03d", i))
			if got := d.match(who, c.answer); got.Matched != c.want {
				t.Errorf("%q matched %v, want %v", c.answer, got.Matched, c.want)
			}
		})
	}
}

// TestFactTries: after three wrong answers in a day nothing matches.
func TestFactTries(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	for left := account.FactTries - 1; left >= 0; left-- {
		if got := d.match(d.who, "1 Januari"); got.Matched || got.Left != left {
			t.Errorf("wrong answer: %+v, want %d left", got, left)
		}
	}
	if got := d.match(d.who, "12 Maret"); got.Matched || got.Left != 0 {
		t.Errorf("right answer after three wrong ones: %+v", got)
	}
	d.forward(24*time.Hour + time.Minute)
	if got := d.match(d.who, "12 Maret"); !got.Matched {
		t.Errorf("right answer a day later: %+v", got)
	}
}

func TestNeed(t *testing.T) {
	t.Parallel()
	cases := []struct {
		code intent.Code
		want account.Level
	}{
		{intent.IncentiveStatus, account.OTPPlusFact}, {intent.IncentiveFailedTransfer, account.OTPPlusFact}, {intent.BatchResult, account.OTP},
		{intent.TicketStatus, account.OTP}, {intent.ProgramAbout, account.None}, {intent.Greeting, account.None}, {intent.AgentRequest, account.None},
	}
	for _, c := range cases {
		if got := account.Need(c.code); got != c.want {
			t.Errorf("Need(%s) = %d, want %d", c.code, got, c.want)
		}
	}
}
