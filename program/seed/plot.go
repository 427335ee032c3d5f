package seed

import (
	"time"

	"sapa/program/account"
	"sapa/program/attendance"
	"sapa/program/incentive"
	"sapa/program/record"
	"sapa/program/scholarship"
)

// plot tells one kind of life. Its share is how many in a thousand live it: all
// stages occur, and all the faults citizens write about. The shares are our
// choice, wide enough that each fault is found in a few hundred people.
type plot struct {
	key   string
	share int
	tell  func(*life)
}

func plots() []plot {
	return []plot{
		// account
		{"account_new", 30, func(l *life) { l.unchecked() }},
		{"identity_mismatch", 25, func(l *life) { l.mismatch([]string{"nik", "kk", "birth_date", "mother_name"}[l.rng.IntN(4)]) }},
		{"otp_locked", 5, func(l *life) { l.registered(); l.lock() }},
		// registered
		{"registered", 60, func(l *life) { l.registered() }},
		{"no_test", 20, func(l *life) { l.registered(); l.person.TestDoneAt = time.Time{} }},
		// batch
		{"pending", 100, func(l *life) { l.join(l.g.batches[pending], "") }},
		{"quota", 85, func(l *life) { l.join(l.g.batches[fresh+l.rng.IntN(3)], "quota") }},
		{"quota_twice", 20, func(l *life) { l.join(l.g.batches[learning], "quota"); l.join(l.g.batches[fresh], "quota") }},
		{"refused", 15, func(l *life) {
			l.join(l.g.batches[fresh], []string{"ineligible", "family_limit", "earlier_recipient"}[l.rng.IntN(3)])
		}},
		// selected
		{"selected", 35, func(l *life) { l.join(l.g.batches[fresh], "selected") }},
		{"videos", 25, func(l *life) { l.videos(l.g.batches[fresh]) }},
		{"deadline_near", 20, func(l *life) { l.join(l.g.batches[nearDue], "selected") }},
		{"revoked", 30, func(l *life) { l.join(l.g.batches[learning+l.rng.IntN(2)], "selected"); l.revoke() }},
		{"blocked", 8, func(l *life) { l.block() }},
		// training
		{"in_training", 90, func(l *life) { l.inTraining() }},
		{"redeem", 15, func(l *life) { l.redeemUnused() }},
		{"attendance_face", 20, func(l *life) { l.attendanceGap("face_mismatch", 61+l.rng.IntN(30)) }},
		{"attendance_missing", 15, func(l *life) { l.attendanceGap(attendance.Missing, 61+l.rng.IntN(30)) }},
		{"attendance_absent", 8, func(l *life) { l.attendanceGap(attendance.Absent, 0) }},
		{"posttest_failed", 15, func(l *life) { l.failed(40 + l.rng.IntN(21)) }},
		{"posttest_open", 10, func(l *life) { l.failed(0) }},
		// finished
		{"waiting_rating", 25, func(l *life) { l.waitingRating() }},
		{"scheduled", 25, func(l *life) { l.scheduled(between(l.rng, 1, 4)) }},
		{"ordered", 15, func(l *life) { l.underWay(between(l.rng, 0.2, 3)) }},
		{"returned_name", 15, func(l *life) { l.returned(incentive.ReturnNameDiffers) }},
		{"returned_closed", 10, func(l *life) { l.returned(incentive.ReturnAccountClosed) }},
		{"returned_number", 5, func(l *life) { l.returned(incentive.ReturnNumberWrong) }},
		{"returned_unsaid", 4, func(l *life) { l.returned(incentive.ReturnUnsaid) }},
		{"transfer_late", 5, func(l *life) { l.underWay(between(l.rng, 8, 14)) }},
		{"no_account", 20, func(l *life) { l.noAccount() }},
		{"kyc_missing", 10, func(l *life) { l.kycMissing() }},
		{"account_name", 6, func(l *life) { l.accountName() }},
		// paid
		{"paid", 60, func(l *life) { l.paid(l.g.batches[earning]) }},
		{"survey_open", 50, func(l *life) { l.surveyOpen() }},
		{"certificate_name", 5, func(l *life) { l.certificateName() }},
		{"alumni", 70, func(l *life) { l.alumni(l.g.batches[settled+l.rng.IntN(2)]) }},
		{"semi_social", 24, func(l *life) { l.semiSocial() }},
	}
}

func (l *life) unchecked() {
	l.person.Stage, l.person.Identity = record.StageAccount, "unchecked"
	l.person.IdentityAt, l.person.TestDoneAt = time.Time{}, time.Time{}
	l.person.NIK, l.person.KK, l.person.Mother = "", "", ""
}

func (l *life) mismatch(field string) {
	l.person.Stage, l.person.Identity, l.person.IdentityField = record.StageAccount, "mismatched", field
	l.person.TestDoneAt = time.Time{}
}

func (l *life) registered() { l.person.Stage = record.StageRegistered }

// lock is what nine wrong codes within an hour did, three hours ago.
func (l *life) lock() {
	at := l.now.Add(-3 * time.Hour)
	l.account.FailedCodes, l.account.LockedAt, l.account.LockedUntil = account.LockAfter, at, at.Add(account.LockFor)
}

func (l *life) block() {
	l.join(l.g.batches[finishing], "selected")
	l.person.Stage, l.person.BlockedAt = record.StageBlocked, l.now.Add(-between(l.rng, 5, 30))
	l.person.BlockedBecause = []string{"shared_account", "false_data"}[l.rng.IntN(2)]
}

func (l *life) videos(in intake) {
	l.join(in, "selected")
	l.participation.Videos = l.rng.IntN(3)
	l.person.ProgrammeNumber = ""
}

// begin selects in a batch and buys within ten days; the training is over by
// now when it should be.
func (l *life) begin(in intake, over time.Time) (purchase int) {
	l.join(in, "selected")
	l.buy(in.AnnouncesAt.Add(between(l.rng, 0.5, 8)), over)
	return len(l.learning.Purchases) - 1
}

func (l *life) inTraining() {
	i := l.begin(l.g.batches[fresh], time.Time{})
	p := &l.learning.Purchases[i]
	p.BoughtAt = l.now.Add(-between(l.rng, 0.5, 2.5))
	p.RedeemedAt = p.BoughtAt.Add(2 * time.Hour)
	l.journals[len(l.journals)-1].At = p.BoughtAt
	l.participation.FirstBoughtAt = p.BoughtAt
	l.attend(p, -1, "")
	l.link(p.BoughtAt, "", incentive.Linked)
	l.owe(incentive.Completion, 1, incentive.CompletionAmount, "finish")
}

func (l *life) redeemUnused() {
	i := l.begin(l.g.batches[nearDue], time.Time{})
	p := &l.learning.Purchases[i]
	p.RedeemState, p.RedeemedAt = "issued", time.Time{}
	l.link(p.BoughtAt, "", incentive.Linked)
	l.owe(incentive.Completion, 1, incentive.CompletionAmount, "finish")
}

// inClass buys a training with sessions, all over by now.
func (l *life) inClass(in intake) int {
	l.join(in, "selected")
	at := in.AnnouncesAt.Add(between(l.rng, 0.5, 5))
	s := l.g.withClass(l.person.RegionCode, l.balance)
	class := s.next(at.Add(24 * time.Hour))
	l.buyThis(s, class, at)
	return len(l.learning.Purchases) - 1
}

// attendanceGap misses one session; with a post-test that is good enough the
// certificate follows as soon as the attendance is corrected.
func (l *life) attendanceGap(why string, post int) {
	p := &l.learning.Purchases[l.inClass(l.g.batches[learning])]
	l.attend(p, 1+l.rng.IntN(classDays-1), why)
	l.test(p, post)
	l.link(p.BoughtAt, "", incentive.Linked)
	l.owe(incentive.Completion, 1, incentive.CompletionAmount, "finish")
}

// failed has attended everything and scored this much, or not tried when 0.
func (l *life) failed(score int) {
	p := &l.learning.Purchases[l.inClass(l.g.batches[learning])]
	l.attend(p, -1, "")
	l.test(p, score)
	l.link(p.BoughtAt, "", incentive.Linked)
	l.owe(incentive.Completion, 1, incentive.CompletionAmount, "finish")
}

// finished ends the first training with a certificate and, rated, the right to
// the incentive. It returns when that was earned.
func (l *life) finished(in intake, rated bool) time.Time {
	p := &l.learning.Purchases[l.begin(in, l.now.AddDate(0, 0, -1))]
	l.attend(p, -1, "")
	at := l.finish(p, l.person.Name)
	if rated {
		at = l.rate(p, at)
	}
	return at
}

func (l *life) waitingRating() {
	at := l.finished(l.g.batches[learning], false)
	l.link(at, "", incentive.Linked)
	l.owe(incentive.Completion, 1, incentive.CompletionAmount, "rating")
}

// scheduled is due in that time.
func (l *life) scheduled(due time.Duration) {
	at := l.finished(l.g.batches[learning], true)
	l.link(at, "", incentive.Linked)
	i := l.owe(incentive.Completion, 1, incentive.CompletionAmount, "rating")
	l.schedule(i, l.now.Add(due).Add(-5*24*time.Hour))
}

// underWay was ordered so long ago and is with the bank.
func (l *life) underWay(ago time.Duration) {
	at := l.finished(l.g.batches[learning], true)
	a := l.link(at, "", incentive.Linked)
	i := l.owe(incentive.Completion, 1, incentive.CompletionAmount, "rating")
	ordered := l.now.Add(-ago)
	l.schedule(i, ordered.AddDate(0, 0, -3))
	send(l.order(i, a, ordered))
}

// returned came back from the bank six days ago or so, for this reason.
func (l *life) returned(code string) {
	at := l.finished(l.g.batches[finishing], true)
	holder, institution := "", incentive.Institutions()[l.rng.IntN(3)] // banks
	if code == incentive.ReturnNameDiffers {
		holder = l.otherName()
	}
	a := l.linkAt(institution, at, holder, incentive.Linked)
	if code == incentive.ReturnAccountClosed {
		a.State = incentive.Closed
	}
	i := l.owe(incentive.Completion, 1, incentive.CompletionAmount, "rating")
	back := l.now.Add(-between(l.rng, 2, 12))
	ordered := back.Add(-between(l.rng, 1, 3))
	l.schedule(i, ordered.AddDate(0, 0, -3))
	bounce(i, l.order(i, a, ordered), code, back)
}

// otherName is a relative's or a shortened name, as people enter them.
func (l *life) otherName() string {
	c := cultureOf(l.person.RegionCode[:2])
	for {
		if name := fullName(l.rng, c, chance(l.rng, 50)); !record.SameName(name, l.person.Name) {
			return name
		}
	}
}

func (l *life) noAccount() {
	at := l.finished(l.g.batches[learning], true)
	i := l.owe(incentive.Completion, 1, incentive.CompletionAmount, "account")
	i.EarnedAt = at
}

func (l *life) kycMissing() {
	at := l.finished(l.g.batches[learning], true)
	l.linkAt(incentive.Institutions()[3+l.rng.IntN(2)], at, "", incentive.Unverified) // e-wallets
	i := l.owe(incentive.Completion, 1, incentive.CompletionAmount, "account")
	i.EarnedAt = at
}

func (l *life) accountName() {
	p := &l.learning.Purchases[l.inClass(l.g.batches[learning])]
	l.attend(p, -1, "")
	l.test(p, 0)
	l.link(p.BoughtAt, l.otherName(), incentive.Linked)
	l.owe(incentive.Completion, 1, incentive.CompletionAmount, "finish")
}

// paid has the completion incentive on the account.
func (l *life) paid(in intake) *incentive.LoadedAccount {
	at := l.finished(in, true)
	a := l.link(at, "", incentive.Linked)
	l.pay(l.owe(incentive.Completion, 1, incentive.CompletionAmount, "rating"), a, at)
	return a
}

func (l *life) surveyOpen() {
	l.paid(l.g.batches[paidOut])
	l.invite(l.g.surveyOpen, time.Time{})
	l.owe(incentive.ForSurvey, 1, incentive.SurveyAmount, "survey")
}

func (l *life) certificateName() {
	l.paid(l.g.batches[earning])
	l.learning.Certificates[0].Name = misspell(l.person.Name)
}

// misspell swaps two letters in the middle.
func misspell(name string) string {
	letters := []rune(name)
	at := len(letters) / 2
	for i := at; i+1 < len(letters); i++ {
		if letters[i] != letters[i+1] && letters[i] != ' ' && letters[i+1] != ' ' {
			letters[i], letters[i+1] = letters[i+1], letters[i]
			return string(letters)
		}
	}
	return name + "h"
}

// alumni has bought twice, answered both surveys and got everything.
func (l *life) alumni(in intake) {
	a := l.paid(in)
	if chance(l.rng, 60) {
		p := l.buy(l.participation.FirstBoughtAt.AddDate(0, 0, 20), l.now.AddDate(0, 0, -1))
		l.attend(p, -1, "")
		l.rate(p, l.finish(p, l.person.Name))
	}
	for i, round := range []time.Time{l.g.surveyOver.OpensAt, l.g.surveyOpen.OpensAt} {
		answered := round.Add(between(l.rng, 0.5, 3))
		if i == 0 {
			l.invite(l.g.surveyOver, answered)
		} else {
			l.invite(l.g.surveyOpen, answered)
		}
		l.pay(l.owe(incentive.ForSurvey, i+1, incentive.SurveyAmount, "survey"), a, answered)
	}
	l.person.Stage = record.StageAlumni
}

// semiSocial took part in 2022: four monthly incentives, three surveys.
func (l *life) semiSocial() {
	in := l.g.batches[early]
	l.join(in, "selected")
	at := in.AnnouncesAt.Add(between(l.rng, 1, 10))
	l.buyThis(l.g.selfPaced(), nil, at)
	p := &l.learning.Purchases[0]
	earned := l.rate(p, l.finish(p, l.person.Name))
	a := l.link(earned, "", incentive.Linked)
	for month := range 4 {
		l.pay(l.owe(incentive.Monthly, month+1, incentive.CompletionAmount, "rating"), a, earned.AddDate(0, month, 0))
	}
	for round := range 3 {
		l.pay(l.owe(incentive.ForSurvey, round+1, incentive.SurveyAmount, "survey"), a, earned.AddDate(0, 4+round, 0))
	}
	if l.balance > 0 {
		l.move(scholarship.Expiry, string(l.person.ID), l.ledger, l.g.fund, l.balance, in.AnnouncesAt.AddDate(1, 0, 0))
		l.balance = 0
	}
	l.person.Stage = record.StageAlumni
}
