// Package seed makes synthetic participants, for the demo and for load tests: by
// the proportions of the programme's reports, in every stage of the journey, with
// the faults citizens write about. Nobody in it is real: identity numbers carry
// serials that are never issued, phones prefixes of no operator, addresses a
// domain no server serves. The same seed number and time give the same people.
package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"

	"sapa/channels/seal"
	"sapa/program"
	"sapa/program/account"
	"sapa/program/attendance"
	"sapa/program/batch"
	"sapa/program/incentive"
	"sapa/program/registration"
	"sapa/program/scholarship"
	"sapa/program/seed/draw"
	"sapa/program/survey"
	"sapa/program/training"
)

// DefaultParticipants is how many the demo has.
const DefaultParticipants = 5000

// group is how many participants go into one transaction: some 200,000 rows.
const group = 10_000

// Options of Load.
type Options struct {
	// Participants, named personas included; 0 means DefaultParticipants.
	Participants int
	// Seed makes another population of the same kind; 0 is one like any other.
	Seed uint64
	// Now is the day the data ends on.
	Now time.Time
	Box *seal.Box
}

// Report tells what was loaded.
type Report struct {
	Participants int
	Trainings    int
	// ByPlot counts participants by the story they live.
	ByPlot map[string]int
	Took   time.Duration
}

// ErrNotEmpty is returned when the database holds participants already.
var ErrNotEmpty = errors.New("seed: the database holds participants already")

// Load fills an empty database. Each group of participants is one transaction, so
// a load that was broken off leaves whole people and must be begun anew on an
// empty database.
func Load(ctx context.Context, conn *pgx.Conn, o Options) (Report, error) {
	began := time.Now()
	if o.Box == nil || o.Now.IsZero() {
		return Report{}, errors.New("seed: Box and Now are needed")
	}
	if o.Participants == 0 {
		o.Participants = DefaultParticipants
	}
	var found bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM participants)").Scan(&found); err != nil {
		return Report{}, fmt.Errorf("look for participants: %w", err)
	}
	if found {
		return Report{}, ErrNotEmpty
	}
	g := newGenerator(o)
	if err := inTx(ctx, conn, func(tx pgx.Tx) error { return g.loadShared(ctx, tx) }); err != nil {
		return Report{}, err
	}
	report := Report{Trainings: len(g.shops), ByPlot: map[string]int{}}
	for report.Participants < o.Participants {
		lives := g.lives(report.Participants, min(group, o.Participants-report.Participants), report.ByPlot)
		if err := inTx(ctx, conn, func(tx pgx.Tx) error { return g.load(ctx, tx, lives) }); err != nil {
			return report, err
		}
		report.Participants += len(lives)
	}
	if _, err := conn.Exec(ctx, "ANALYZE"); err != nil {
		return report, fmt.Errorf("analyze: %w", err)
	}
	report.Took = time.Since(began)
	return report, nil
}

func inTx(ctx context.Context, conn *pgx.Conn, do func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, conn, do)
}

// generator holds what all lives share.
type generator struct {
	options    Options
	places     places
	ids        *identities
	batches    []intake
	providers  []training.Provider
	shops      []shop
	surveyOver survey.Survey
	surveyOpen survey.Survey
	// fund and providerAccounts are ledger account ids, known after loadShared.
	fund             string
	providerAccounts map[string]string
	plots            []plot
	counter          int64
}

func newGenerator(o Options) *generator {
	o.Now = o.Now.UTC().Truncate(time.Minute)
	g := &generator{options: o, places: newPlaces(), ids: &identities{used: map[string]int{}}, plots: plots()}
	rng := g.source(0)
	g.batches = newBatches(rng, o.Now)
	g.providers, g.shops = newCatalogue(rng, o.Now)
	g.surveyOver, g.surveyOpen = newSurveys(rng, o.Now)
	return g
}

// source gives each participant random numbers of his own, so that the first
// ones are the same people however many follow.
func (g *generator) source(n int) *rand.Rand {
	return rand.New(rand.NewPCG(g.options.Seed, uint64(n)*0x9e3779b97f4a7c15+1))
}

// next counts account numbers: each is used once.
func (g *generator) next() int64 {
	g.counter++
	return g.counter
}

// programmeNumber begins with 00, as no identity number does.
func (g *generator) programmeNumber(batch int) string {
	return fmt.Sprintf("00%03d%011d", batch, g.next())
}

// selfPaced is the cheapest training without classes.
func (g *generator) selfPaced() shop { return g.titled("Menulis Lamaran dan Menghadapi Wawancara") }

func (g *generator) titled(title string) shop {
	for _, s := range g.shops {
		if s.Title == title {
			return s
		}
	}
	panic("seed: no training " + title)
}

// withClass is a training with sessions that fits the place and the purse.
func (g *generator) withClass(region string, balance int64) shop {
	for i := range g.shops {
		s := g.shops[(int(g.counter)+i)%len(g.shops)]
		if s.Mode != "self_paced" && s.fits(region) && s.Price <= balance {
			return s
		}
	}
	return g.titled("Berjualan di Lokapasar sampai Laku")
}

// lives tells count lives from number first on; personas come first.
func (g *generator) lives(first, count int, byPlot map[string]int) []*life {
	personas := program.DemoPersonas()
	weights := make([]int, len(g.plots))
	for i, p := range g.plots {
		weights[i] = p.share
	}
	list := make([]*life, 0, count)
	for n := first; n < first+count; n++ {
		rng := g.source(n + 1)
		l := g.newLife(rng, n)
		if n < len(personas) {
			l.dress(personas[n], g)
			l.script(personas[n].Key)
			byPlot["persona"]++
		} else {
			p := g.plots[draw.Weighted(rng, weights...)]
			p.tell(l)
			byPlot[p.key]++
		}
		l.settleTimes()
		list = append(list, l)
	}
	return list
}

// newLife draws the person. The slices have room for all that a life can hold,
// since the story keeps pointers into them.
func (g *generator) newLife(rng *rand.Rand, n int) *life {
	created := g.options.Now.Add(-between(rng, 280, 400))
	return &life{
		g: g, rng: rng, now: g.options.Now, person: g.newPerson(rng, n, created),
		learning: training.Learning{Purchases: make([]training.Purchase, 0, 4)},
		money: incentive.Batch{Accounts: make([]incentive.LoadedAccount, 0, 2), Incentives: make([]incentive.LoadedIncentive, 0, 8),
			Transfers: make([]incentive.LoadedTransfer, 0, 8)},
	}
}

// settleTimes makes people of early batches register before them, and gives most
// a last sign-in.
func (l *life) settleTimes() {
	p := &l.person
	for _, a := range l.applications {
		if a.JoinedAt.Before(p.CreatedAt.AddDate(0, 0, 3)) {
			shift := p.CreatedAt.AddDate(0, 0, 3).Sub(a.JoinedAt) + 24*time.Hour
			p.CreatedAt, p.PhoneProvedAt, p.EmailProvedAt = p.CreatedAt.Add(-shift), p.PhoneProvedAt.Add(-shift), p.EmailProvedAt.Add(-shift)
			p.IdentityAt = p.IdentityAt.Add(-shift)
			if !p.TestDoneAt.IsZero() {
				p.TestDoneAt = p.TestDoneAt.Add(-shift)
			}
		}
	}
	p.UpdatedAt = p.CreatedAt
	l.account.ParticipantID = p.ID
	if chance(l.rng, 85) {
		l.account.LastLoginAt = l.now.Add(-between(l.rng, 0.1, 20))
	}
}

// loadShared copies what all participants refer to.
func (g *generator) loadShared(ctx context.Context, tx pgx.Tx) error {
	var list []batch.Batch
	for _, in := range g.batches {
		list = append(list, in.Batch)
	}
	if err := batch.LoadBatches(ctx, tx, list); err != nil {
		return err
	}
	var offers []training.Offer
	var classes []training.Class
	var providers []string
	for _, s := range g.shops {
		offers = append(offers, s.Offer)
		classes = append(classes, s.classes...)
	}
	for _, p := range g.providers {
		providers = append(providers, p.ID)
	}
	if err := training.LoadCatalogue(ctx, tx, g.providers, offers, classes); err != nil {
		return err
	}
	if err := survey.LoadSurveys(ctx, tx, []survey.Survey{g.surveyOver, g.surveyOpen}); err != nil {
		return err
	}
	var err error
	g.fund, g.providerAccounts, err = scholarship.OpenShared(ctx, tx, providers)
	return err
}

// load copies one group of lives, table by table in the order of their keys.
func (g *generator) load(ctx context.Context, tx pgx.Tx, lives []*life) error {
	var all gathered
	for _, l := range lives {
		all.add(l)
	}
	for _, step := range []func() error{
		func() error { return registration.Load(ctx, tx, g.options.Box, all.people, g.options.Now) },
		func() error { return account.Load(ctx, tx, all.accounts) },
		func() error { return batch.Load(ctx, tx, all.applications, all.participations) },
		func() error { return training.Load(ctx, tx, all.learning) },
		func() error { return attendance.Load(ctx, tx, all.marks) },
		func() error { return incentive.Load(ctx, tx, g.options.Box, all.money) },
		func() error { return scholarship.Load(ctx, tx, all.ledgers, all.journals) },
		func() error { return survey.Load(ctx, tx, all.invitations) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// gathered is a group of lives sorted by table.
type gathered struct {
	people         []registration.Person
	accounts       []account.Loaded
	applications   []batch.LoadedApplication
	participations []batch.LoadedParticipation
	learning       training.Learning
	marks          []attendance.Mark
	money          incentive.Batch
	ledgers        []scholarship.Opened
	journals       []scholarship.Moved
	invitations    []survey.Invitation
}

func (a *gathered) add(l *life) {
	a.people = append(a.people, l.person)
	if !l.account.LastLoginAt.IsZero() || !l.account.LockedAt.IsZero() {
		l.account.Phone = l.person.Phone
		a.accounts = append(a.accounts, l.account)
	}
	a.applications = append(a.applications, l.applications...)
	if l.participation != nil {
		a.participations = append(a.participations, *l.participation)
		a.ledgers = append(a.ledgers, scholarship.Opened{ID: l.ledger, ParticipantID: l.person.ID})
	}
	a.learning.Purchases = append(a.learning.Purchases, l.learning.Purchases...)
	a.learning.Tests = append(a.learning.Tests, l.learning.Tests...)
	a.learning.Certificates = append(a.learning.Certificates, l.learning.Certificates...)
	a.learning.Ratings = append(a.learning.Ratings, l.learning.Ratings...)
	a.marks = append(a.marks, l.marks...)
	a.money.Accounts = append(a.money.Accounts, l.money.Accounts...)
	a.money.Incentives = append(a.money.Incentives, l.money.Incentives...)
	a.money.Transfers = append(a.money.Transfers, l.money.Transfers...)
	a.journals = append(a.journals, l.journals...)
	a.invitations = append(a.invitations, l.invitations...)
}
