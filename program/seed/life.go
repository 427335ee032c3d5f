package seed

import (
	"math/rand/v2"
	"time"

	"sapa/program/account"
	"sapa/program/attendance"
	"sapa/program/batch"
	"sapa/program/incentive"
	"sapa/program/record"
	"sapa/program/registration"
	"sapa/program/scholarship"
	"sapa/program/seed/draw"
	"sapa/program/survey"
	"sapa/program/training"
)

// life is one participant with all rows that belong to him, written step by
// step in the order in which things happen.
type life struct {
	g      *generator
	rng    *rand.Rand
	now    time.Time
	person registration.Person

	account        account.Loaded
	applications   []batch.LoadedApplication
	participation  *batch.LoadedParticipation
	ledger         string // account id, "" before the grant
	journals       []scholarship.Moved
	balance        int64
	learning       training.Learning
	marks          []attendance.Mark
	money          incentive.Batch
	invitations    []survey.Invitation
	boughtTraining shop
	boughtClass    *training.Class
}

// join writes an application and how it ended: "" while pending, "selected", or
// a reason for refusal.
func (l *life) join(in intake, result string) {
	a := batch.LoadedApplication{
		ID: draw.ID(l.rng, in.OpensAt), ParticipantID: l.person.ID, BatchID: in.ID, JoinedAt: in.OpensAt.Add(between(l.rng, 0.1, 3.8)),
		Result: "pending",
	}
	l.person.Stage = record.StageApplied
	if result != "" {
		a.DecidedAt = in.AnnouncesAt
		a.Result, a.Reason = "not_selected", result
		l.person.Stage = record.StageNotSelected
	}
	if result == "selected" {
		a.Result, a.Reason = "selected", ""
		l.seat(in)
	}
	l.applications = append(l.applications, a)
}

// seat gives the seat, the deadline and, after the videos, the scholarship.
func (l *life) seat(in intake) {
	l.person.Stage = record.StageSelected
	l.person.Scheme = in.Scheme
	l.participation = &batch.LoadedParticipation{
		ParticipantID: l.person.ID, BatchID: in.ID, SelectedAt: in.AnnouncesAt, Videos: batch.Videos, PurchaseDueAt: in.AnnouncesAt.Add(batch.FirstPurchase),
	}
	l.person.ProgrammeNumber = l.g.programmeNumber(in.Number)
	amount := int64(scholarship.NormalGrant)
	if in.Scheme == "semi_social" {
		amount = scholarship.SemiSocialGrant
	}
	l.ledger = draw.ID(l.rng, in.AnnouncesAt)
	l.move(scholarship.Grant, string(l.person.ID), l.g.fund, l.ledger, amount, in.AnnouncesAt)
	l.balance = amount
}

// move writes one journal of the scholarship.
func (l *life) move(kind scholarship.Kind, reference, from, to string, amount int64, at time.Time) {
	l.journals = append(l.journals, scholarship.Moved{ID: draw.ID(l.rng, at), Kind: kind, Reference: reference, From: from, To: to, Amount: amount, At: at})
}

// revoke takes the seat and the scholarship back at the deadline.
func (l *life) revoke() {
	p := l.participation
	p.RevokedAt, p.RevokedBecause = p.PurchaseDueAt, "first_purchase"
	l.person.Stage = record.StageRevoked
	l.move(scholarship.Revocation, string(l.person.ID), l.ledger, l.g.fund, l.balance, p.RevokedAt)
	l.balance = 0
}

// buy buys a training whose class is over before "over"; zero time means one
// that is still to come or under way. It returns the purchase.
func (l *life) buy(at, over time.Time) *training.Purchase {
	s, class := l.choose(at, over)
	return l.buyThis(s, class, at)
}

// choose looks for a training that fits the place, the purse and the time.
func (l *life) choose(at, over time.Time) (shop, *training.Class) {
	start := l.rng.IntN(len(l.g.shops))
	for i := range l.g.shops {
		s := l.g.shops[(start+i)%len(l.g.shops)]
		if s.Price > l.balance || !s.fits(l.person.RegionCode) {
			continue
		}
		if s.Mode == "self_paced" {
			return s, nil
		}
		class := s.next(at.Add(24 * time.Hour))
		if class != nil && (over.IsZero() || class.Sessions[classDays-1].EndsAt.Before(over)) {
			return s, class
		}
	}
	return l.g.selfPaced(), nil
}

// buyThis debits the scholarship and issues the redeem code, used within a day.
func (l *life) buyThis(s shop, class *training.Class, at time.Time) *training.Purchase {
	p := training.Purchase{
		ID: draw.ID(l.rng, at), ParticipantID: l.person.ID, TrainingID: s.ID, Price: s.Price, BoughtAt: at,
		RedeemCode: newCode(l.rng, 12), RedeemState: "redeemed", RedeemedAt: at.Add(between(l.rng, 0.05, 0.9)),
	}
	if class != nil {
		p.ClassID = class.ID
	}
	l.boughtTraining, l.boughtClass = s, class
	l.move(scholarship.Purchase, p.ID, l.ledger, l.g.providerAccounts[s.ProviderID], s.Price, at)
	l.balance -= s.Price
	l.person.Stage = record.StageTraining
	if l.participation.FirstBoughtAt.IsZero() {
		l.participation.FirstBoughtAt = at
	}
	l.learning.Purchases = append(l.learning.Purchases, p)
	return &l.learning.Purchases[len(l.learning.Purchases)-1]
}

// attend marks all sessions held so far as attended by a verified face; miss
// names the place of one that failed, -1 for none, and why.
func (l *life) attend(p *training.Purchase, miss int, why string) {
	if l.boughtClass == nil {
		return
	}
	for place, session := range l.boughtClass.Sessions {
		if session.EndsAt.After(l.now) {
			break
		}
		mark := attendance.Mark{PurchaseID: p.ID, SessionID: session.ID, State: attendance.Present, Method: "face", At: session.StartsAt.Add(between(l.rng, -0.01, 0.01))}
		if place == miss {
			if why == attendance.Missing {
				continue
			}
			mark.State, mark.Reason = attendance.Unverified, why
			if why == attendance.Absent {
				mark.State, mark.Reason = attendance.Absent, ""
			}
		}
		l.marks = append(l.marks, mark)
	}
}

// ended is when the last session was over, or, self-paced, a few days after the
// purchase.
func (l *life) ended(p *training.Purchase) time.Time {
	if l.boughtClass != nil {
		return l.boughtClass.Sessions[classDays-1].EndsAt
	}
	return p.BoughtAt.Add(between(l.rng, 2, 5))
}

// test writes pre-test (average 53) and, unless post is 0, the post-test.
func (l *life) test(p *training.Purchase, post int) {
	l.learning.Tests = append(l.learning.Tests, training.Test{PurchaseID: p.ID, Kind: "pre", Attempt: 1, Score: 33 + l.rng.IntN(41), At: p.RedeemedAt})
	if post > 0 {
		l.learning.Tests = append(l.learning.Tests, training.Test{PurchaseID: p.ID, Kind: "post", Attempt: 1, Score: post, At: l.ended(p)})
	}
}

// finish passes the post-test and issues the certificate in this name.
func (l *life) finish(p *training.Purchase, name string) time.Time {
	at := l.ended(p)
	l.learning.Tests = append(l.learning.Tests,
		training.Test{PurchaseID: p.ID, Kind: "pre", Attempt: 1, Score: 33 + l.rng.IntN(41), At: p.RedeemedAt},
		training.Test{PurchaseID: p.ID, Kind: "post", Attempt: 1, Score: 61 + l.rng.IntN(35), At: at})
	p.FinishedAt = at.Add(2 * time.Hour)
	l.learning.Certificates = append(l.learning.Certificates, training.LoadedCertificate{
		ID: draw.ID(l.rng, p.FinishedAt), PurchaseID: p.ID, Number: "SP/" + p.FinishedAt.Format("2006") + "/" + newCode(l.rng, 10), Name: name, IssuedAt: p.FinishedAt})
	l.person.Stage = record.StageFinished
	return p.FinishedAt
}

// rate writes the verdict, mostly five stars (average 4.9).
func (l *life) rate(p *training.Purchase, at time.Time) time.Time {
	stars := 5 - draw.Weighted(l.rng, 92, 6, 1, 0, 1)
	reviews := []string{"Materinya jelas dan mudah diikuti.", "Pengajarnya sabar.", "Bermanfaat untuk usaha saya.", "Saya jadi lebih percaya diri.", ""}
	at = at.Add(between(l.rng, 0.1, 1))
	l.learning.Ratings = append(l.learning.Ratings, training.Rating{PurchaseID: p.ID, Stars: stars, Review: reviews[l.rng.IntN(len(reviews))], At: at})
	return at
}
